"""Which questions, not asked or not known, could still change a finding: a missing answer is not
a "no".

Named for a finding is every shown question without a known answer whose answer could, alone, take
the finding away or give it another form: by what it may raise, by what its want raises now, or by
the age. Not named is what an answer does by hiding or ending other questions, by taking back an
answer that is known, or to a finding that is not there yet; nor what only another checklist asks.
"""

from collections.abc import Callable, Collection, Iterable

from attrs import evolve, field, frozen

from protocols.screening.conditions import Answers, Value, questions_of
from protocols.screening.findings import EXPLAINS_SIGNS, LABOUR, NOTHING_YET, OTHER, Finding
from protocols.screening.model import Checklist, Kind, Purpose, Question
from protocols.screening.raised import Raised, parts_of, raised_by_answers
from protocols.screening.tables import SEXUAL_EXPLOITATION
from protocols.screening.vocabulary import split
from protocols.screening.words import finding_words

NOT_KNOWN = frozenset({"unknown", "not_said", "not_seen", "not_known"})
"""Keys of choices that say that an answer is missing."""
TRAFFICKING = "trafficking_indicated"
OF_EXPLOITATION = (*EXPLAINS_SIGNS, OTHER)
BECOMES_TRAFFICKING = ("forced_labour_indicated", "labour_rights_violation")
"""What more answers could make trafficking of; whatever an answer shows by itself is settled."""


@frozen
class Open:
    """What is still open. `asks`: question key -> what its answer may raise anew; `ages`: the
    questions that decide whether the child's rule applies, where none is answered; `wanting`:
    question key -> everything raised once its missing answer counts no more, where that differs."""

    asks: dict[str, tuple[str, ...]]
    ages: tuple[str, ...] = ()
    wanting: dict[str, Raised] = field(factory=dict)


def open_questions(
    checklist: Checklist, shown: Iterable[Question], answers: Answers, ages: Collection[str]
) -> Open:
    """The shown questions without a known answer. `ages`: as in Open."""
    keys = [
        each.key
        for each in shown
        if each.kind is not Kind.NOTICE
        and checklist.sections_by_question[each.key].purpose is not Purpose.CLOSING
        and is_missing(answers.get(each.key))
    ]
    raised = raised_by_answers(checklist, answers)
    without = {key: raised_by_answers(checklist, answers, key) for key in keys}
    return Open(
        {key: may_raise(checklist, key) for key in keys},
        tuple(key for key in keys if key in ages),
        {key: each for key, each in without.items() if each != raised},
    )


def is_missing(value: Value | None) -> bool:
    """Whether there is no answer, or one that says only that it is not known."""
    return value is None or NOT_KNOWN.issuperset(map(str, parts_of(value)))


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
        signs={**_new(parts, "sign"), **raised.signs},
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
    less = {key: _said(decide(each, False)) for key, each in open_.wanting.items()}
    found: list[Finding] = []
    for finding in findings:
        turns = _turns_on(finding, findings, most, raised)
        here = (finding.kind, finding.forms)
        keys = [
            key
            for key, asks in open_.asks.items()
            if any(turns(what) and not _known(what, raised) for what in asks)
            or (age_matters and key in open_.ages)
            or here not in less.get(key, {here})
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
    finding: Finding, findings: tuple[Finding, ...], most: tuple[Finding, ...], raised: Raised
) -> Callable[[str], bool]:
    """Whether something raised could turn the finding into another. `most`: the findings if every
    open question raised all that it may; where they are the same, nothing could, since more never
    takes exploitation back."""
    now = _forms(findings)
    gained = {*_forms(most)} - {*now}
    if finding.kind == NOTHING_YET and _said(most) != _said(findings):
        return lambda what: split(what)[0] in ("indicator", "form", "finding", "sign")
    if finding.kind in BECOMES_TRAFFICKING and gained and (not now or LABOUR in gained):
        return lambda what: split(what)[0] in ("indicator", "form")
    if finding.kind == OTHER and _exploitation(most) != _exploitation(findings):
        return lambda what: split(what)[0] in ("indicator", "form")
    if finding.kind == TRAFFICKING and gained:
        return lambda what: _names(what, gained, raised)
    return lambda what: False


def _exploitation(findings: Iterable[Finding]) -> frozenset[tuple[str, tuple[str, ...]]]:
    return _said(each for each in findings if each.kind in OF_EXPLOITATION)


def _forms(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The forms of trafficking that are indicated."""
    return tuple(form for each in findings if each.kind == TRAFFICKING for form in each.forms)


def _names(what: str, forms: Collection[str], raised: Raised) -> bool:
    """Whether it could show one of these further forms of exploitation."""
    prefix, value = split(what)
    if what == SEXUAL_EXPLOITATION:
        return "sexual" in forms
    if prefix == "form":
        return value in forms
    wants_means = "sexual" in forms and SEXUAL_EXPLOITATION in raised.indicators
    return prefix == "indicator" and (LABOUR in forms or wants_means)
