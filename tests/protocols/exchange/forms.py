"""Workbooks to read and to damage, and exported forms to fill in as a form's own engine would."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from types import CodeType
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from protocols.exchange.problems import ExchangeError
from protocols.exchange.xlsform import from_xlsform

XFORMS = "{http://www.w3.org/2002/xforms}"


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def saved(book: Workbook) -> bytes:
    told = io.BytesIO()
    book.save(told)
    return told.getvalue()


def changed(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The workbook after somebody edited it in a spreadsheet program."""
    book = opened(data)
    change(book)
    return saved(book)


def column_of(sheet: Any, header: str) -> int:
    names = [cell.value for cell in sheet[1]]
    return names.index(header) + 1


def row_of(sheet: Any, name: str, column: str = "name") -> int:
    place = column_of(sheet, column)
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, place).value == name)


def put(sheet: str, name: str, header: str, value: Any) -> Callable[[Workbook], object]:
    """Writes `value` in the column `header` of the row of that name."""

    def change(book: Workbook) -> None:
        found = book[sheet]
        found.cell(row_of(found, name), column_of(found, header)).value = value

    return change


def problems_of(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ExchangeError) as refused:
        from_xlsform(data)
    return [(each.where, each.message) for each in refused.value.problems]


def repacked(
    data: bytes,
    change: Callable[[str, bytes], bytes | None],
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """The archive with its parts changed, or dropped where `change` gives None."""
    told = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(told, "w") as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part, zipfile.ZIP_DEFLATED)
        for name, part in (more or {}).items():
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return told.getvalue()


class Filled:
    """An XForm filled in: which of its nodes are relevant, given what was answered.

    Reads what `pyxform` made of a workbook, and knows nothing of how we write one. An irrelevant
    node, and what lies in it, is empty to every expression (ODK XForms, relevance).
    """

    def __init__(self, data: bytes) -> None:
        told = convert(data, file_type=".xlsx", validate=False)
        self.warnings, self.xform = told.warnings, told.xform
        binds = ET.fromstring(told.xform).iter(f"{XFORMS}bind")
        self.binds = {each.attrib["nodeset"]: dict(each.attrib) for each in binds}
        self.binds |= {
            "/".join(path.split("/")[:length]): self.binds.get(
                "/".join(path.split("/")[:length]), {}
            )
            for path in list(self.binds)
            for length in range(3, path.count("/") + 1)
        }
        self.paths = {path.rpartition("/")[2]: path for path in self.binds}

    def shown(self, answers: Mapping[str, Any]) -> set[str]:
        """The names of the relevant nodes. `answers`: name -> text, number or chosen keys."""
        given = {self.paths[name]: _as_node(value) for name, value in answers.items()}
        self._known: dict[str, bool] = {}
        return {name for name, path in self.paths.items() if self._relevant(path, given)}

    def fits(self, name: str, value: Any) -> bool:
        """Whether the node's constraint lets the value stand."""
        constraint = self.binds[self.paths[name]].get("constraint")
        return constraint is None or bool(self._value(constraint, {}, _as_node(value)))

    def _relevant(self, path: str, given: Mapping[str, str]) -> bool:
        if path not in self._known:
            parent = path.rpartition("/")[0]
            expression = self.binds[path].get("relevant")
            inside = parent not in self.binds or self._relevant(parent, given)
            self._known[path] = inside and (
                expression is None or bool(self._value(expression, given))
            )
        return self._known[path]

    def _node(self, path: str, given: Mapping[str, str]) -> str:
        if not self._relevant(path, given):
            return ""
        calculation = self.binds[path].get("calculate")
        return given.get(path, "") if calculation is None else self._value(calculation, given)

    def _value(self, expression: str, given: Mapping[str, str], own: str = "") -> Any:
        names = {
            "N": lambda path: _Node(own if path is None else self._node(path, given)),
            "selected": lambda node, key: key in node.text.split(),
            "count_selected": lambda node: len(node.text.split()),
            "negate": lambda value: not value,
            "choose": lambda test, then, other: then if test else other,
            "regex": lambda node, pattern: re.search(pattern, node.text) is not None,
            "true": lambda: True,
            "false": lambda: False,
        }
        return eval(_as_python(expression), {"__builtins__": {}}, names)


@cache
def _as_python(expression: str) -> CodeType:
    """The XPath as Python: the few forms that conditions need, each by its XPath meaning."""
    parts = re.split(r"('[^']*')", expression)
    for place in range(0, len(parts), 2):
        text = re.sub(r"/data(?:/[A-Za-z_0-9]+)+", lambda found: f'N("{found[0]}")', parts[place])
        text = re.sub(r"(?<![\w.\"])\.(?![\w.])", "N(None)", text)
        text = re.sub(r"(?<![<>!=])=", "==", text).replace("count-selected", "count_selected")
        parts[place] = re.sub(r"\bif\(", "choose(", text).replace("not(", "negate(")
    return compile("".join(parts).strip(), "<xpath>", "eval")


class _Node:
    """A node's text, compared as XPath 1.0 compares: with a number as a number, else as text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _number(self) -> float:
        try:
            return float(self.text)
        except ValueError:
            return float("nan")

    def __eq__(self, other: object) -> bool:
        return self.text == other if isinstance(other, str) else self._number() == other

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: float) -> bool:
        return self._number() < other

    def __gt__(self, other: float) -> bool:
        return self._number() > other

    def __le__(self, other: float) -> bool:
        return self._number() <= other

    def __ge__(self, other: float) -> bool:
        return self._number() >= other


def _as_node(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)
