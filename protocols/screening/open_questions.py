"""Which questions, not asked or not known, could still change a finding: a missing answer is not
a "no"."""

from collections.abc import Callable, Collection, Iterable

from attrs import evolve, frozen

from protocols.screening.conditions import Answers, questions_of
from protocols.screening.findings import NOTHING_YET, OTHER, Finding
from protocols.screening.model import Checklist, Kind, Purpose, Question
from protocols.screening.raised import Raised
from protocols.screening.tables import SEXUAL_EXPLOITATION
from protocols.screening.vocabulary import split
from protocols.screening.words import finding_words

UNKNOWN = "unknown"
TRAFFICKING = "trafficking_indicated"
BECOMES_TRAFFICKING = ("forced_labour_indicated", "labour_rights_violation", OTHER)
"""What more answers could make trafficking of; whatever an answer shows by itself is settled."""


@frozen
class Open:
    """What is still open. `asks`: question key -> what its answer may raise anew; `ages`: the
    questions that decide whether the child's rule applies, where none is answered."""

    asks: dict[str, tuple[str, ...]]
    ages: tuple[str, ...] = ()


def open_questions(
    checklist: Checklist, shown: Iterable[Question], answers: Answers, ages: Collection[str]
) -> Open:
    """The shown questions without a known answer. `ages`: as in Open."""
    keys = [
        each.key
        for each in shown
        if each.kind is not Kind.NOTICE
        and checklist.sections_by_question[each.key].purpose is not Purpose.CLOSING
        and answers.get(each.key, UNKNOWN) == UNKNOWN
    ]
    return Open(
        {key: may_raise(checklist, key) for key in keys},
        tuple(key for key in keys if key in ages),
    )


def may_raise(checklist: Checklist, question: str) -> tuple[str, ...]:
    """Everything that some answer to the question raises, alone or in a combination."""
    combined = (
        each
        for combination in checklist.combinations
        if question in questions_of(combination.when)
        for each in combination.raises
    )
    return tuple(dict.fromkeys((*checklist.by_key[question].may_raise(), *combined)))


def with_all(raised: Raised, more: Iterable[str]) -> Raised:
    """`raised` and everything in `more`, as if some answer had raised it."""
    parts: dict[str, dict[str, tuple[object, ...]]] = {}
    for what in more:
        prefix, value = split(what)
        parts.setdefault(prefix, {})[value] = ()
    return Raised(
        indicators={**_new(parts, "indicator"), **raised.indicators},
        needs=raised.needs,
        findings={**_new(parts, "finding"), **raised.findings},
        forms={**_new(parts, "form"), **raised.forms},
        windows=raised.windows,
    )


def _new(parts: dict[str, dict[str, tuple[object, ...]]], prefix: str) -> dict[str, tuple[()]]:
    return dict.fromkeys(parts.get(prefix, {}), ())


def say_what_would_change(
    findings: tuple[Finding, ...],
    open_: Open,
    raised: Raised,
    decide: Callable[[Raised, bool], tuple[Finding, ...]],
) -> tuple[Finding, ...]:
    """The findings, each with its `would_change`. `decide` gives the findings for what is raised;
    its second argument says whether the age would be known to be an adult's."""
    most = decide(with_all(raised, (each for asks in open_.asks.values() for each in asks)), False)
    age_matters = bool(open_.ages) and _said(decide(raised, True)) != _said(findings)
    found: list[Finding] = []
    for finding in findings:
        turns = _turns_on(finding, findings, most)
        keys = [
            key
            for key, asks in open_.asks.items()
            if any(turns(what) and not _known(what, raised) for what in asks)
            or (age_matters and key in open_.ages)
        ]
        opened = finding.kind == NOTHING_YET and keys
        text = finding_words(NOTHING_YET, "open") if opened else finding.text
        found.append(evolve(finding, would_change=tuple(keys), text=text))
    return tuple(found)


def _said(findings: Iterable[Finding]) -> frozenset[tuple[str, tuple[str, ...]]]:
    return frozenset((each.kind, each.forms) for each in findings)


def _known(what: str, raised: Raised) -> bool:
    prefix, value = split(what)
    return value in raised.kind(prefix)


def _turns_on(
    finding: Finding, findings: tuple[Finding, ...], most: tuple[Finding, ...]
) -> Callable[[str], bool]:
    """Whether something raised could turn the finding into another. `most`: the findings if every
    open question raised all that it may; where they are the same, nothing could."""
    now, then = _forms(findings), _forms(most)
    if finding.kind == NOTHING_YET and _said(most) != _said(findings):
        return lambda what: split(what)[0] in ("indicator", "form", "finding")
    if finding.kind in BECOMES_TRAFFICKING and not now and then:
        return lambda what: split(what)[0] in ("indicator", "form")
    if finding.kind == TRAFFICKING:
        gained = {*then} - {*now}
        return lambda what: bool(gained) and _names(what, gained)
    return lambda what: False


def _forms(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The forms of trafficking that are indicated."""
    return tuple(form for each in findings if each.kind == TRAFFICKING for form in each.forms)


def _names(what: str, forms: Collection[str]) -> bool:
    """Whether it speaks of one of these further forms of exploitation."""
    prefix, value = split(what)
    if what == SEXUAL_EXPLOITATION:
        return "sexual" in forms
    return value in forms or (prefix == "indicator" and "labour" in forms)
