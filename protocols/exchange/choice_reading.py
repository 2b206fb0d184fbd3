"""The lists of choices: which question uses which, and what each choice raises."""

from collections.abc import Iterable
from typing import Any

from attrs import Factory, define

from protocols.exchange import cell_reading as cell
from protocols.exchange.survey_rows import QuestionRows
from protocols.exchange.tables import Problems, Row, Table
from protocols.exchange.xlsform_columns import YES_NO
from protocols.screening.checklist_file import yes_no_unknown
from protocols.screening.model import Kind, Text


@define
class ChoiceLists:
    """The rows of `choices` by list. A list may serve several questions."""

    lists: dict[str, list[Row]]
    indicators: frozenset[str]
    problems: Problems
    _read: dict[str, list[dict[str, Any]]] = Factory(dict)

    @classmethod
    def of(cls, table: Table, indicators: frozenset[str], problems: Problems) -> "ChoiceLists":
        """The lists of the sheet."""
        lists: dict[str, list[Row]] = {}
        for row in table.rows:
            name = row.name("list_name")
            if not name:
                problems.at(row.where("list_name"), "no list; name the list that it belongs to")
            lists.setdefault(name, []).append(row)
        return cls(lists, indicators, problems)

    def keys(self, asked: QuestionRows) -> tuple[str, ...]:
        """The keys of a question's choices; none where it chooses from nothing."""
        if asked.kind is Kind.YES_NO_UNKNOWN:
            return tuple(yes_no_unknown())
        return tuple(each.name("name") for each in self.lists.get(asked.choices, ()))

    def check_use(self, questions: Iterable[QuestionRows]) -> None:
        """Notes lists that are missing, and lists that no question uses."""
        used: set[str] = set()
        for each in questions:
            used.add(each.choices)
            if each.choices not in self.lists and each.kind in (Kind.SINGLE, Kind.MULTIPLE):
                told = f"choices has no list {each.choices[:60]!r}; add it, or name another"
                self.problems.at(each.row.where("type"), told)
        for name, rows in self.lists.items():
            if name and name not in used and name != YES_NO:
                told = f"no question uses the list {name[:60]}; remove its rows"
                self.problems.at(rows[0].where("list_name"), told)
        for row in self.lists.get(YES_NO, ()):
            self._as_installed(row)

    def choices(
        self, asked: QuestionRows, key: str, alone: Iterable[str], places: dict[str, str]
    ) -> list[dict[str, Any]]:
        """The question's choices as in the checklist file. `alone`: the keys of those that cannot
        stand beside another."""
        rows, only = self.lists.get(asked.choices, []), set(alone)
        for each in only - {row.name("name") for row in rows}:
            told = f"the list has no choice {each[:60]!r}; correct the name"
            self.problems.at(asked.row.where("constraint"), told)
        for row in rows:
            places[f"{key}.{row.name('name')}"] = row.where()
        if len(rows) == 1:
            self.problems.at(rows[0].where(), "one choice is no choice; give at least two")
        return [each | {"exclusive": each["key"] in only} for each in self._plain(asked.choices)]

    def _plain(self, name: str) -> list[dict[str, Any]]:
        if name not in self._read:
            self._read[name] = self._choices(self.lists.get(name, []))
        return self._read[name]

    def _choices(self, rows: list[Row]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        first: dict[str, int] = {}
        for row in rows:
            key = cell.key(row, "name", row.name("name"), self.problems)
            if key in first:
                told = f"{key[:60]} stands in row {first[key]} of this list too; rename one"
                self.problems.at(row.where("name"), told)
            first.setdefault(key, row.number)
            text = cell.words(row, "label", self.problems)
            raised = cell.raises(row, "raises", self.indicators, self.problems)
            found.append({"key": key, "text": text, "raises": raised})
        return found

    def _as_installed(self, row: Row) -> None:
        """Yes, no and unknown are said alike in every checklist."""
        installed: dict[str, Text] = yes_no_unknown()
        text = {language: row.words(f"label::{language}") for language in ("ar", "fr", "en")}
        if installed.get(row.name("name")) != text:
            told = "these words are the same in every checklist; leave them, or make a list of"
            self.problems.at(row.where(), f"{told} your own and name it in the question's type")
        if row.name("raises"):
            told = "write it in raises_yes, raises_no or raises_unknown of the question"
            self.problems.at(row.where("raises"), told)
