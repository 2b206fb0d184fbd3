"""A checklist as the rows of an XLSForm's sheets, by column.

A question with gates and a condition stands in a group of its own with its gates, so that a hidden
question's gates are hidden too. Everything after an end gate, but for the close, is open only while
the gate's row does not say "yes".
"""

from collections.abc import Iterable, Iterator, Mapping

from protocols.exchange.xlsform_columns import (
    AROUND,
    GATE,
    HINT,
    LABEL,
    LANGUAGE_NAMES,
    MESSAGE,
    PARTIAL_DATE,
    SECTION,
    YES_NO,
    end_row,
)
from protocols.exchange.xlsform_words import alone_words, date_words, limit_words
from protocols.exchange.xpath import ENDED, calculation, relevant, to_xpath
from protocols.exchange.xpath_meaning import standing_alone, within
from protocols.screening.checklist_file import yes_no_unknown
from protocols.screening.model import (
    Checklist,
    Effect,
    Gate,
    Kind,
    Purpose,
    Question,
    Section,
    Text,
)

Row = dict[str, str | int]
"""column (as in `xlsform_columns.SHEETS`) -> what stands there; an empty cell has no entry."""
_TYPES = {
    Kind.NUMBER: "integer",
    Kind.DATE: "text",
    Kind.TEXT: "text",
    Kind.NOTICE: "note",
    Kind.YES_NO_UNKNOWN: f"select_one {YES_NO}",
}


def sheets_of(checklist: Checklist) -> dict[str, list[Row]]:
    """sheet -> its rows, without the header."""
    return {
        "survey": list(_survey(checklist)),
        "choices": list(_choices(checklist)),
        "settings": [_settings(checklist)],
        "bands": [
            _kept(
                question=question.key,
                minimum=band.minimum,
                maximum=band.maximum,
                raises=_listed(band.raises),
            )
            for question in checklist.questions
            for band in question.bands
        ],
        "combinations": [
            _kept(name=each.key, relevant=to_xpath(each.when), raises=_listed(each.raises))
            for each in checklist.combinations
        ],
        "indicator_sets": [
            _kept(name=each.name, coverage=each.coverage) for each in checklist.sets
        ],
        "not_observed": [
            _kept(indicator=indicator, reason=reason)
            for indicator, reason in checklist.not_observed.items()
        ],
        "sources": [
            _kept(
                title=each.title,
                used_for=each.used_for,
                confirmed="yes" if each.confirmed else "no",
                url=each.url,
            )
            for each in checklist.sources
        ],
        "reviewers": [_kept(name=each) for each in checklist.reviewers],
        "validation": [
            _kept(status=checklist.validation.status) | _words(LABEL, checklist.validation.text)
        ],
    }


def _kept(**cells: str | int | None) -> Row:
    return {name: value for name, value in cells.items() if value not in (None, "")}


def _words(column: str, text: Text | None) -> Row:
    return {f"{column}::{language}": words for language, words in (text or {}).items()}


def _listed(raises: Iterable[str]) -> str:
    return ", ".join(raises)


def _settings(checklist: Checklist) -> Row:
    return _kept(
        form_title=checklist.title["en"],
        title_ar=checklist.title["ar"],
        title_fr=checklist.title["fr"],
        form_id=checklist.id,
        version=checklist.version,
        default_language=LANGUAGE_NAMES[checklist.languages[0]],
    )


def _survey(checklist: Checklist) -> Iterator[Row]:
    ended: list[str] = []
    for section in checklist.sections:
        yield from _section(section, () if _is_close(section) else tuple(ended))
        ended += [
            gate.key
            for question in section.questions
            for gate in question.gates
            if gate.effect is Effect.END
        ]


def _is_close(section: Section) -> bool:
    return section.purpose is Purpose.CLOSING


def _section(section: Section, ended: tuple[str, ...]) -> Iterator[Row]:
    name = SECTION + section.key
    yield (
        _kept(
            type="begin_group",
            name=name,
            relevant=relevant(section.show_if, ended),
            purpose=section.purpose.value,
        )
        | _words(LABEL, section.title)
    )
    inside: list[str] = []
    for question in section.questions:
        yield from _step(question, relevant(question.show_if, inside))
        if not _is_close(section):
            inside += [each.key for each in question.gates if each.effect is Effect.END]
    yield _kept(type="end_group", name=name)


def _step(question: Question, shown: str) -> Iterator[Row]:
    """The question and its gates, in a group when they are hidden together."""
    together = bool(question.gates and shown)
    around = AROUND + question.key
    if together:
        yield _kept(type="begin_group", name=around, relevant=shown)
    yield _question(question) | _kept(relevant="" if together else shown)
    for gate in question.gates:
        yield from _gate(gate)
    if together:
        yield _kept(type="end_group", name=around)


def _gate(gate: Gate) -> Iterator[Row]:
    when = to_xpath(gate.when)
    if gate.effect is Effect.END:
        row = end_row(gate.key)
        yield _kept(type="calculate", name=row, calculation=calculation(gate.when))
        when = f"${{{row}}} = '{ENDED}'"
    yield (
        _kept(type="note", name=GATE + gate.key, relevant=when, checklist=gate.checklist)
        | _words(LABEL, gate.text)
    )


def _question(question: Question) -> Row:
    row = _kept(
        type=_TYPES.get(question.kind, ""),
        name=question.key,
        voice=question.voice.value,
        fills=question.fills,
        basis=question.basis,
    )
    row |= _words(LABEL, question.text) | _words(HINT, question.help)
    if question.kind in (Kind.SINGLE, Kind.MULTIPLE):
        several = "multiple" if question.kind is Kind.MULTIPLE else "one"
        row["type"] = f"select_{several} {question.key}"
    if question.kind is Kind.YES_NO_UNKNOWN:
        row |= _kept(**{f"raises_{each.key}": _listed(each.raises) for each in question.choices})
    if question.kind is Kind.DATE:
        row["partial_date"] = "yes"
    return row | _constraint(question)


def _constraint(question: Question) -> Row:
    exclusive = [each for each in question.choices if each.exclusive]
    if question.kind is Kind.NUMBER:
        said = within(question.minimum, question.maximum)
        message = limit_words(question.minimum, question.maximum)
    elif question.kind is Kind.DATE:
        said, message = PARTIAL_DATE, date_words()
    elif exclusive:
        said = standing_alone(each.key for each in exclusive)
        message = alone_words(each.text for each in exclusive)
    else:
        return {}
    return {"constraint": said} | _words(MESSAGE, message)


def _choices(checklist: Checklist) -> Iterator[Row]:
    if any(each.kind is Kind.YES_NO_UNKNOWN for each in checklist.questions):
        for key, text in yes_no_unknown().items():
            yield _kept(list_name=YES_NO, name=key) | _words(LABEL, text)
    for question in checklist.questions:
        if question.kind in (Kind.SINGLE, Kind.MULTIPLE):
            for choice in question.choices:
                yield (
                    _kept(list_name=question.key, name=choice.key, raises=_listed(choice.raises))
                    | _words(LABEL, choice.text)
                )


def cells(rows: Mapping[str, list[Row]]) -> Iterator[tuple[str, int, str, str | int]]:
    """(sheet, row number as shown, column, value) of every filled cell."""
    for sheet, each in rows.items():
        for number, row in enumerate(each, start=2):
            for column, value in row.items():
                yield sheet, number, column, value
