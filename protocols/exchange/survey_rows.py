"""The rows of `survey`, sorted: which row begins a section, asks a question, states a gate.

Only the shape is read here; what the cells say is read in `survey_reading`.
"""

import re

from attrs import Factory, define

from protocols.exchange.tables import Problems, Row
from protocols.exchange.xlsform_columns import GATE, SECTION, YES_NO
from protocols.exchange.xpath import END
from protocols.screening.model import Kind

TYPES = {
    "integer": Kind.NUMBER,
    "int": Kind.NUMBER,
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "date": Kind.DATE,
    "note": Kind.NOTICE,
}
ALLOWED_TYPES = (
    "select_one LIST, select_multiple LIST, integer, text, date, note, calculate, begin_group, "
    "end_group"
)
_BEGIN, _FINISH, _CALCULATE = "begin_group", "end_group", "calculate"
_SELECT = re.compile(r"select[_ ](one|multiple)\s+(\S+)")
_KEEPS = {
    "section": ("relevant", "purpose"),
    "around": ("relevant",),
    "end": ("calculation",),
    "gate": ("relevant", "checklist"),
    "question": ("relevant", "constraint", "voice", "fills", "basis", "partial_date"),
}
_WORDS = {
    "section": ("label",),
    "gate": ("label",),
    "question": ("label", "hint", "constraint_message"),
}


@define
class GateRows:
    """A gate's note, and for an end gate the row that calculates whether it holds."""

    note: Row
    end: Row | None


@define
class QuestionRows:
    """A question's row with its kind, its list of choices if it has one, the group around it, and
    its gates."""

    row: Row
    kind: Kind
    choices: str
    around: Row | None
    gates: list[GateRows] = Factory(list)


@define
class SectionRows:
    """A section's row and the questions in it."""

    row: Row
    questions: list[QuestionRows] = Factory(list)


@define
class _Sorter:
    """Where in the form the next row stands."""

    problems: Problems
    sections: list[SectionRows] = Factory(list)
    section: SectionRows | None = None
    around: Row | None = None
    empty: bool = False
    ends: dict[str, Row] = Factory(dict)

    def take(self, row: Row) -> None:
        kind = re.sub(r"\s+", " ", row.name("type").casefold())
        joined = kind.replace(" ", "_")
        if joined == _BEGIN:
            self._begin(row)
        elif joined == _FINISH:
            self._finish(row)
        elif self.section is None:
            self.problems.at(row.where(), "it stands in no group; put it in a section's group")
        elif kind == _CALCULATE:
            self._end(row)
        elif kind == "note" and row.name("name").startswith(GATE):
            self._gate(row, self.section)
        else:
            self._question(row, kind, self.section)

    def _begin(self, row: Row) -> None:
        if self.section is not None and row.name("purpose"):
            for open_ in (self.around, self.section.row):
                if open_ is not None:
                    told = f"its end_group is missing before row {row.number}; add it"
                    self.problems.at(open_.where(), told)
            self.section, self.around, self.empty = None, None, False
        if self.section is None:
            self._only(row, "section")
            self.section = SectionRows(row)
            self.sections.append(self.section)
        elif self.around is None:
            self._only(row, "around")
            self.around, self.empty = row, True
        else:
            self.problems.at(row.where(), "groups nest too deeply; end the groups above first")

    def _finish(self, row: Row) -> None:
        if self.around is not None:
            if self.empty:
                self.problems.at(self.around.where(), "a group without a question; remove it")
            self.around, self.empty = None, False
        elif self.section is not None:
            self.section = None
        else:
            self.problems.at(row.where(), "it ends a group that was not begun; remove it")

    def _end(self, row: Row) -> None:
        self._only(row, "end")
        name = row.name("name")
        if not name.startswith(END):
            told = f"only rows of end gates calculate; name it {END}… or remove it"
            self.problems.at(row.where("name"), told)
        elif name in self.ends:
            self.problems.at(row.where("name"), f"{name} stands twice; rename one")
        else:
            self.ends[name] = row

    def _gate(self, row: Row, section: SectionRows) -> None:
        self._only(row, "gate")
        end = self.ends.pop(END + row.name("name").removeprefix(GATE), None)
        if not section.questions or self.empty:
            self.problems.at(row.where(), "a gate before any question; move it below its question")
            return
        section.questions[-1].gates.append(GateRows(row, end))

    def _question(self, row: Row, kind: str, section: SectionRows) -> None:
        chosen = _SELECT.fullmatch(kind)
        if chosen is None and kind not in TYPES:
            shown = row.name("type")[:40]
            told = f"the type {shown!r} is not read" if shown else "no type"
            self.problems.at(row.where("type"), f"{told}; write one of {ALLOWED_TYPES}")
            return
        choices = row.name("type").split()[-1] if chosen else ""
        found = TYPES.get(kind, Kind.SINGLE)
        if chosen:
            found = Kind.MULTIPLE if chosen[1] == "multiple" else Kind.SINGLE
            found = Kind.YES_NO_UNKNOWN if choices == YES_NO else found
        if kind == "text" and row.name("partial_date"):
            found = Kind.DATE
        self._only(row, "question", found)
        if self.around is not None and not self.empty:
            told = f"a second question in the group {self.around.name('name')[:60]}, which is for"
            self.problems.at(row.where(), f"{told} one question and its gates; end the group above")
        section.questions.append(QuestionRows(row, found, choices, self.around))
        self.empty = False

    def _only(self, row: Row, part: str, kind: Kind | None = None) -> None:
        """A cell that this kind of row has no use for would be lost without a word."""
        keeps = {"type", "name", *_KEEPS[part]}
        for column in row.filled():
            base = column.partition("::")[0]
            fits = base in keeps or base in _WORDS.get(part, ())
            if kind is Kind.YES_NO_UNKNOWN:
                fits = fits or base.startswith("raises_")
            if not fits:
                self.problems.at(row.where(column), "it says nothing in this row; empty the cell")


def sort_rows(rows: tuple[Row, ...], problems: Problems) -> list[SectionRows]:
    """The form's sections with their questions and gates; rows out of place are problems."""
    sorter = _Sorter(problems)
    for row in rows:
        sorter.take(row)
    for begun in (sorter.around, sorter.section.row if sorter.section else None):
        if begun is not None:
            problems.at(begun.where(), "the group is not ended; add its end_group")
    for name, row in sorter.ends.items():
        key = name.removeprefix(END)
        problems.at(
            row.where(), f"no note {GATE}{key} follows it; add the gate's words, or remove it"
        )
    return sorter.sections


def section_key(row: Row) -> str:
    """The section's key: its name without `Section_`."""
    return row.name("name").removeprefix(SECTION)


def gate_key(row: Row) -> str:
    """The gate's key: its note's name without `Gate_`."""
    return row.name("name").removeprefix(GATE)
