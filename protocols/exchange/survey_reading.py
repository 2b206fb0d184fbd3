"""The survey's sections, questions and gates as the checklist file states them."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from attrs import define, evolve

from protocols.exchange import cell_reading as cell
from protocols.exchange.checklist_json import condition_plain
from protocols.exchange.choice_reading import ChoiceLists
from protocols.exchange.survey_rows import (
    GateRows,
    QuestionRows,
    SectionRows,
    gate_key,
    section_key,
)
from protocols.exchange.tables import Problems, Row, Table
from protocols.exchange.xlsform_columns import PARTIAL_DATE, RAISES_YES_NO
from protocols.exchange.xpath import END
from protocols.exchange.xpath_meaning import Asked, Meaning, alone, is_end, limits
from protocols.exchange.xpath_reading import ExpressionError
from protocols.screening.conditions import Condition
from protocols.screening.model import Effect, Kind, Purpose, Voice
from protocols.screening.vocabulary import CASE_FIELDS

T = TypeVar("T")
Plain = dict[str, Any]


@define
class SurveyReader:
    """Reads one survey. `places` collects where each part stands, by the names that the rules of
    the checklist file use for it."""

    sections: list[SectionRows]
    lists: ChoiceLists
    bands: Table
    indicators: frozenset[str]
    problems: Problems
    places: dict[str, str]

    def read(self) -> list[Plain]:
        """The sections, as in the checklist file."""
        self._unique()
        self._ordered()
        self._bands_of_nothing()
        return list(self._sections())

    def meaning(self) -> Meaning:
        """What conditions may say of this survey's questions."""
        asked = {
            each.row.name("name"): Asked(each.kind, self.lists.keys(each), place)
            for place, each in enumerate(self.questions)
        }
        named = {each.row.name("name") for each in self.sections}
        named |= {gate.note.name("name") for each in self.questions for gate in each.gates}
        return Meaning(asked, frozenset(named))

    @property
    def questions(self) -> list[QuestionRows]:
        """Every question, in order."""
        return [each for section in self.sections for each in section.questions]

    def _unique(self) -> None:
        gates = [gate.note for each in self.questions for gate in each.gates]
        for rows in (
            [each.row for each in self.sections],
            [each.row for each in self.questions],
            gates,
        ):
            first: dict[str, int] = {}
            for row in rows:
                name = row.name("name")
                if name in first:
                    told = f"{name[:60]} stands in row {first[name]} too; rename one"
                    self.problems.at(row.where("name"), told)
                first.setdefault(name, row.number)

    def _ordered(self) -> None:
        order = [each.value for each in Purpose]
        furthest = 0
        for section in self.sections:
            purpose = section.row.name("purpose")
            place = order.index(purpose) if purpose in order else furthest
            if place < furthest:
                told = f"sections keep the order {', '.join(order)}; move this one up"
                self.problems.at(section.row.where("purpose"), told)
            furthest = max(furthest, place)
        present = {each.row.name("purpose") for each in self.sections}
        for absent in (each for each in order if each not in present):
            self.problems.at("survey", f"no section has the purpose {absent}; add one")

    def _bands_of_nothing(self) -> None:
        numbers = {each.row.name("name") for each in self.questions if each.kind is Kind.NUMBER}
        for row in self.bands.rows:
            if row.name("question") not in numbers:
                told = "no integer question of this name; name one, or remove the row"
                self.problems.at(row.where("question"), told)

    def _sections(self) -> Iterator[Plain]:
        whole, place = self.meaning(), 0
        for section in self.sections:
            row = section.row
            closes = row.name("purpose") == Purpose.CLOSING
            meaning = evolve(whole, closing=closes)
            key = cell.key(row, "name", section_key(row), self.problems)
            self.places.setdefault(key, row.where())
            yield {
                "key": key,
                "title": cell.words(row, "label", self.problems),
                "purpose": cell.one_of(row, "purpose", list(Purpose), self.problems),
                "show_if": self._shown_if(row, meaning, place),
                "questions": [
                    self._question(each, meaning, place + number)
                    for number, each in enumerate(section.questions)
                ],
            }
            if not section.questions:
                self.problems.at(row.where(), "a section without questions; remove it")
            place += len(section.questions)

    def _said(self, row: Row, column: str, read: Callable[[], T]) -> T | None:
        """What an expression says, or None and a problem."""
        try:
            return read()
        except ExpressionError as error:
            self.problems.at(row.where(column), str(error))
            return None

    def _shown_if(self, row: Row, meaning: Meaning, before: int) -> Plain | None:
        """The condition in the row's `relevant`; None when it is empty or wrong."""
        text = row.words("relevant") or ""
        if not text.strip():
            return None
        found = self._said(row, "relevant", lambda: meaning.relevant(text, before))
        return None if found is None else condition_plain(found)

    def _question(self, asked: QuestionRows, meaning: Meaning, place: int) -> Plain:
        row, problems = asked.row, self.problems
        key = cell.key(row, "name", row.name("name"), problems)
        self.places[key] = row.where()
        plain: Plain = {
            "key": key,
            "kind": asked.kind.value,
            "voice": cell.one_of(row, "voice", list(Voice), problems),
            "text": cell.words(row, "label", problems),
            "help": cell.words(row, "hint", problems, needed=False),
            "show_if": self._shown_if(self._shown(asked), meaning, place),
            "gates": [self._gate(each, key, meaning, place + 1) for each in asked.gates],
            "basis": row.words("basis"),
            "fills": cell.one_of(row, "fills", CASE_FIELDS, problems)
            if row.name("fills")
            else None,
        }
        return plain | self._answers(asked, key)

    def _shown(self, asked: QuestionRows) -> Row:
        """The row whose `relevant` says when the question is shown."""
        around = asked.around
        if around is None or not around.name("relevant"):
            return asked.row
        if asked.row.name("relevant"):
            told = f"row {around.number} says when the question is shown; write both parts there"
            self.problems.at(asked.row.where("relevant"), told)
        return around

    def _answers(self, asked: QuestionRows, key: str) -> Plain:
        """What depends on how the question is answered."""
        row, text = asked.row, asked.row.words("constraint") or ""
        if asked.kind is Kind.NUMBER:
            low, high = self._limits(row, text)
            return {"minimum": low, "maximum": high, "bands": self._bands(key)}
        if asked.kind is Kind.MULTIPLE:
            only = self._said(row, "constraint", lambda: alone(text)) if text.strip() else ()
            return {"choices": self.lists.choices(asked, key, only or (), self.places)}
        if asked.kind is Kind.DATE:
            self._date(row, text)
        elif text.strip():
            self.problems.at(row.where("constraint"), "this type takes none; empty the cell")
        if asked.kind is Kind.SINGLE:
            return {"choices": self.lists.choices(asked, key, (), self.places)}
        return {"raises": self._raised(row)} if asked.kind is Kind.YES_NO_UNKNOWN else {}

    def _limits(self, row: Row, constraint: str) -> tuple[int | None, int | None]:
        found = self._said(row, "constraint", lambda: limits(constraint))
        if found is None:
            return None, None
        low, high = found
        if low is None or high is None or low >= high:
            told = "a number needs a least and a greater most; write . >= 0 and . <= 168"
            self.problems.at(row.where("constraint"), told)
        return found

    def _date(self, row: Row, constraint: str) -> None:
        if constraint.strip() and "".join(constraint.split()) != "".join(PARTIAL_DATE.split()):
            self.problems.at(row.where("constraint"), f"leave it empty, or write {PARTIAL_DATE}")
        if row.name("partial_date") and not cell.yes(row, "partial_date", self.problems):
            told = "write yes for a date or part of one; empty the cell for any other text"
            self.problems.at(row.where("partial_date"), told)

    def _raised(self, row: Row) -> dict[str, list[str]]:
        found = {
            column.removeprefix("raises_"): cell.raises(row, column, self.indicators, self.problems)
            for column in RAISES_YES_NO
        }
        return {answer: raised for answer, raised in found.items() if raised}

    def _bands(self, key: str) -> list[Plain]:
        return [
            {
                "minimum": cell.whole(row, "minimum", self.problems),
                "maximum": cell.whole(row, "maximum", self.problems),
                "raises": cell.raises(row, "raises", self.indicators, self.problems),
            }
            for row in self.bands.rows
            if row.name("question") == key
        ]

    def _gate(self, gate: GateRows, question: str, meaning: Meaning, place: int) -> Plain:
        row, end = gate.note, gate.end
        key = cell.key(row, "name", gate_key(row), self.problems)
        self.places[f"{question}.{key}"] = row.where()
        plain: Plain = {
            "key": key,
            "effect": (Effect.NOTICE if end is None else Effect.END).value,
            "text": cell.words(row, "label", self.problems),
            "checklist": row.name("checklist") or None,
        }
        read = self._notice if end is None else self._end
        when = read(gate, key, meaning, place)
        return plain | {"when": condition_plain(when) if when else None}

    def _notice(self, gate: GateRows, key: str, meaning: Meaning, place: int) -> Condition | None:
        """The condition of a gate that only shows words: its note's `relevant`."""
        text = gate.note.words("relevant") or ""

        def read() -> Condition:
            if text.strip() and is_end(text, key):
                raise ExpressionError(f"the row {END}{key} is missing above; add it again")
            return meaning.when(text, place)

        return self._said(gate.note, "relevant", read)

    def _end(self, gate: GateRows, key: str, meaning: Meaning, place: int) -> Condition | None:
        """The condition of a gate that ends the way: what its own row calculates."""
        row, text = gate.end, gate.note.words("relevant") or ""
        if row is None:
            return None
        if self._said(gate.note, "relevant", lambda: is_end(text, key)) is False:
            told = f"write ${{{END}{key}}} = 'yes'; the condition itself stands in row {row.number}"
            self.problems.at(gate.note.where("relevant"), told)
        said = row.words("calculation") or ""
        return self._said(row, "calculation", lambda: meaning.calculation(said, place))
