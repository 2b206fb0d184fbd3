"""The sheets of an XLSForm as a checklist: every cell first, then the rules of the file."""

import json
import re
from typing import Any

from protocols.exchange import cell_reading as cell
from protocols.exchange.checklist_json import condition_plain
from protocols.exchange.choice_reading import ChoiceLists
from protocols.exchange.problems import ExchangeError, Problem
from protocols.exchange.survey_reading import SurveyReader
from protocols.exchange.survey_rows import sort_rows
from protocols.exchange.tables import Problems, Row, Table, languages_of, tables_of
from protocols.exchange.workbook_guard import AGAIN, NOT_READ
from protocols.exchange.workbook_reading import read_workbook
from protocols.exchange.xpath_meaning import Meaning
from protocols.exchange.xpath_reading import ExpressionError
from protocols.screening.checklist_file import FORMAT, read_checklist
from protocols.screening.checklist_rules import COVERAGES, POPULATIONS, STATUSES
from protocols.screening.errors import ChecklistError
from protocols.screening.model import Checklist
from protocols.screening.tables import SETS

_TITLE = (("ar", "title_ar"), ("fr", "title_fr"), ("en", "form_title"))
_PLACE = re.compile(r"[a-z][a-z0-9_.-]*")
Plain = dict[str, Any]


def read_sheets(data: bytes) -> Checklist:
    """The checklist that the workbook states. Raises ExchangeError, and nothing else."""
    problems = Problems()
    tables = tables_of(read_workbook(data), problems)
    if problems.broken:
        raise ExchangeError(NOT_READ, problems.found, AGAIN)
    places: dict[str, str] = {}
    plain = _file(tables, problems, places)
    if problems.found:
        raise ExchangeError(NOT_READ, problems.found, AGAIN)
    try:
        return read_checklist(json.dumps(plain, ensure_ascii=False).encode())
    except ChecklistError as error:
        found = Problem(_place(str(error), places), str(error))
        raise ExchangeError(NOT_READ, [found], AGAIN) from error


def _place(message: str, places: dict[str, str]) -> str:
    """Where the part stands that a rule's message begins with."""
    named = _PLACE.match(message)
    parts = named[0].rstrip(".").split(".") if named else []
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((places[each] for each in names if each in places), "workbook")


def _file(tables: dict[str, Table], problems: Problems, places: dict[str, str]) -> Plain:
    header = _header(tables, problems, places)
    indicators = cell.known_indicators(each["name"] for each in header["sets"])
    lists = ChoiceLists.of(tables["choices"], indicators, problems)
    sections = sort_rows(tables["survey"].rows, problems)
    reader = SurveyReader(sections, lists, tables["bands"], indicators, problems, places)
    lists.check_use(reader.questions)
    return {
        **header,
        "sections": reader.read(),
        "combinations": _combinations(
            tables["combinations"], reader.meaning(), indicators, problems, places
        ),
        "not_observed": _not_observed(tables["not_observed"], indicators, problems),
    }


def _header(tables: dict[str, Table], problems: Problems, places: dict[str, str]) -> Plain:
    settings = _single(tables["settings"], problems)
    validation = _single(tables["validation"], problems)
    identity = cell_id(settings, problems)
    role, _, population = identity.rpartition("-")
    places |= {"title": settings.where(), identity: settings.where()}
    places["validation"] = validation.where()
    return {
        "format": FORMAT,
        "id": identity,
        "version": _version(settings, problems),
        "role": role,
        "population": population,
        "languages": list(languages_of(tables["survey"], "label")),
        "title": cell.title(settings, _TITLE, problems),
        "sets": _sets(tables["indicator_sets"], population, problems),
        "sources": _sources(tables["sources"], problems),
        "reviewers": [each.words("name") or "" for each in tables["reviewers"].rows],
        "validation": {
            "status": cell.one_of(validation, "status", STATUSES, problems),
            "text": cell.words(validation, "label", problems),
        },
    }


def _single(table: Table, problems: Problems) -> Row:
    """The one row of a sheet that has one."""
    for extra in table.rows[1:]:
        problems.at(extra.where(), "one row is read here; remove this one")
    return table.rows[0] if table.rows else Row(table.sheet, 2, {})


def cell_id(settings: Row, problems: Problems) -> str:
    """The checklist's id, role-population."""
    found = settings.name("form_id")
    role, _, population = found.rpartition("-")
    if not role or population not in POPULATIONS:
        told = f"{found[:60]!r} is not role-population, such as labour_inspector-adult"
        problems.at(settings.where("form_id"), f"{told}; the population is adult or child")
    return found


def _version(settings: Row, problems: Problems) -> int:
    found = cell.whole(settings, "version", problems)
    if found is None or found < 1:
        problems.at(settings.where("version"), "the version is a whole number from 1; write it")
    return found or 1


def _sets(table: Table, population: str, problems: Problems) -> list[Plain]:
    if not table.rows:
        problems.at(table.sheet, f"no set is named; name one of {', '.join(SETS)}")
    fitting = [each for each in SETS if each.startswith(population)]
    return [
        {
            "name": cell.one_of(row, "name", fitting, problems),
            "coverage": cell.one_of(row, "coverage", COVERAGES, problems),
        }
        for row in table.rows
    ]


def _sources(table: Table, problems: Problems) -> list[Plain]:
    return [
        {
            "title": row.words("title") or "",
            "used_for": row.words("used_for") or "",
            "confirmed": cell.yes(row, "confirmed", problems),
            "url": row.words("url"),
        }
        for row in table.rows
    ]


def _not_observed(table: Table, indicators: frozenset[str], problems: Problems) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table.rows:
        named = cell.raises(row, "indicator", indicators, problems)
        indicator = named[0] if len(named) == 1 and ":" not in named[0] else ""
        if not indicator or indicator in found:
            problems.at(row.where("indicator"), "name one indicator, and each once")
        found[indicator] = row.words("reason") or ""
    return found


def _combinations(
    table: Table,
    meaning: Meaning,
    indicators: frozenset[str],
    problems: Problems,
    places: dict[str, str],
) -> list[Plain]:
    found: list[Plain] = []
    first: dict[str, int] = {}
    for row in table.rows:
        key = cell.key(row, "name", row.name("name"), problems)
        if key in first:
            problems.at(row.where("name"), f"{key[:60]} stands in row {first[key]} too; rename one")
        first.setdefault(key, row.number)
        places.setdefault(key, row.where())
        raised = cell.raises(row, "raises", indicators, problems)
        try:
            when = meaning.when(row.words("relevant") or "", len(meaning.asked))
            found.append({"key": key, "when": condition_plain(when), "raises": raised})
        except ExpressionError as error:
            problems.at(row.where("relevant"), str(error))
    return found
