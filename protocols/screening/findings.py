"""Dimensions and answers -> findings, by the Palermo Protocol and the ILO's definitions.

Adult: exploitation and any means is trafficking indicated; exploitation in work alone is a case of
labour rights. Child, or age not known: exploitation alone is trafficking indicated. Forms that no
published list weighs (and sets of unconfirmed strengths) rest on the Protocol's elements alone and
say so. Nothing here ever says that somebody is not a victim.
"""

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from protocols.screening import reasons as why
from protocols.screening import support
from protocols.screening.dimensions import SetAssessment
from protocols.screening.forced_labour import signs_of
from protocols.screening.model import Text
from protocols.screening.raised import AnswerRef, Raised
from protocols.screening.reasons import Reason
from protocols.screening.tables import MEANS, Strength
from protocols.screening.vocabulary import ALL_FORMS, FINDINGS
from protocols.screening.words import finding_words, ic_tip

LABOUR = "labour"
OTHER = "other_protection_need"
NOTHING_YET = "no_indicators_now"


@frozen
class Finding:
    """One thing found. `forms`: of exploitation; `text`: one plain sentence per language;
    `unconfirmed`: rests on strengths that no source at hand confirms; `would_change`: keys of the
    shown questions, not asked or not known, whose answer could change it; `ic_tip`: form -> its
    code in the IC-TIP, None while no text of that classification was read."""

    kind: str
    forms: tuple[str, ...]
    reasons: tuple[Reason, ...]
    unconfirmed: bool
    text: Text
    would_change: tuple[str, ...] = ()
    ic_tip: dict[str, str | None] = field()

    @ic_tip.default
    def _codes(self) -> dict[str, str | None]:
        return {form: ic_tip(form) for form in self.forms}


@frozen
class Ground:
    """What findings stand on. `child`: the child's rule applies; `treated`: why, when the
    checklist is an adult's; `where`: the source that answers themselves have; `met_at_work`: people
    are met at their work."""

    sets: tuple[SetAssessment, ...]
    raised: Raised
    child: bool
    treated: Reason | None = None
    where: str = ""
    met_at_work: bool = True


def findings_of(ground: Ground) -> tuple[Finding, ...]:
    """Every finding, in the order of `vocabulary.FINDINGS` (emergency first); never empty."""
    trafficking = _trafficking(ground)
    found = [each for each in (trafficking, _forced_labour(ground)) if each]
    found += _labour_rights(ground, trafficking)
    found += [_shown(ground, kind) for kind in ground.raised.findings if kind != OTHER]
    signs_said = any(each.kind in EXPLAINS_SIGNS for each in found)
    found += _other_needs(ground, trafficking, signs_said, _answers(found))
    found = [*_supported(ground, found)]
    if not found:
        nothing = finding_words(NOTHING_YET)
        found.append(Finding(NOTHING_YET, (), (why.no_rule_met(),), False, nothing))
    return tuple(sorted(found, key=lambda each: FINDINGS.index(each.kind)))


EXPLAINS_SIGNS = ("trafficking_indicated", "forced_labour_indicated", "labour_rights_violation")
"""Findings of exploitation, which take up the signs that alone are a need for protection."""


@frozen
class _Base:
    """One way in which trafficking is indicated."""

    form: str
    reasons: tuple[Reason, ...]
    unconfirmed: bool


def _trafficking(ground: Ground) -> Finding | None:
    bases: dict[str, _Base] = {}
    for base in (*_by_sets(ground), *_by_named_forms(ground)):
        bases.setdefault(base.form, base)
    if not bases:
        return None
    rule = "child_exploitation_alone" if ground.child else "adult_exploitation_and_means"
    reasons = [why.palermo(rule), *([ground.treated] if ground.treated else [])]
    for base in bases.values():
        reasons += [each for each in base.reasons if each not in reasons]
    return Finding(
        kind="trafficking_indicated",
        forms=_in_order(bases),
        reasons=tuple(reasons),
        unconfirmed=all(base.unconfirmed for base in bases.values()),
        text=finding_words("trafficking_indicated", "child" if ground.child else "text"),
    )


def _in_order(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(forms, key=ALL_FORMS.index))


def _by_sets(ground: Ground) -> Iterator[_Base]:
    for assessed in ground.sets:
        if assessed.exploited and (ground.child or assessed.means):
            yield _Base(
                assessed.exploitation_form, tuple(_set_reasons(assessed)), assessed.unconfirmed
            )


def _set_reasons(assessed: SetAssessment) -> Iterator[Reason]:
    if assessed.unconfirmed:
        yield why.palermo("palermo_elements")
    for dimension in (assessed.dimension("exploitation"), *assessed.means):
        if dimension.positive:
            yield why.positive_dimension(dimension)


def _by_named_forms(ground: Ground) -> Iterator[_Base]:
    means = [each for each in ground.raised.indicators if each.partition(".")[0] in MEANS]
    if not ground.child and not means:
        return
    refs = tuple(dict.fromkeys(ref for each in means for ref in ground.raised.indicators[each]))
    elements = evolve(
        why.palermo("palermo_elements"), answers=refs, indicators=tuple(sorted(means))
    )
    for form, answers in ground.raised.forms.items():
        yield _Base(form, (why.named_form(form, answers), elements), True)


def _forced_labour(ground: Ground) -> Finding | None:
    if not any(each.exploitation_form == LABOUR for each in ground.sets):
        return None
    signs = signs_of(ground.raised.indicators, ground.met_at_work)
    if not signs.indicated:
        return None
    reason = why.forced_labour_definition(signs, ground.raised)
    kind = "forced_labour_indicated"
    return Finding(kind, (LABOUR,), (reason,), False, finding_words(kind))


def _labour_rights(ground: Ground, trafficking: Finding | None) -> Iterator[Finding]:
    kind = "labour_rights_violation"
    if trafficking and LABOUR in trafficking.forms:
        return
    for assessed in ground.sets:
        if assessed.exploitation_form == LABOUR and assessed.exploited:
            reasons = (why.exploitation_alone(assessed), *_set_reasons(assessed))
            yield Finding(kind, (LABOUR,), reasons, False, finding_words(kind))
            return


def _shown(ground: Ground, kind: str) -> Finding:
    reason = why.shown(kind, ground.raised.findings[kind], ground.where)
    return Finding(kind, (), (reason,), False, finding_words(kind))


def _other_needs(
    ground: Ground, trafficking: Finding | None, signs_said: bool, said: frozenset[AnswerRef]
) -> Iterator[Finding]:
    """`signs_said`: a finding of exploitation takes up the signs; `said`: the answers that have
    shown something already, of which a sign of UNODC shows nothing more."""
    forms: list[str] = []
    reasons: list[Reason] = []
    if OTHER in ground.raised.findings:
        reasons.append(why.shown(OTHER, ground.raised.findings[OTHER], ground.where))
    known = trafficking.forms if trafficking else ()
    for form, answers in ground.raised.forms.items():
        if form not in known:
            forms.append(form)
            reasons += [why.named_form(form, answers), why.without_means(form, answers)]
    for assessed in ground.sets:
        form = assessed.exploitation_form
        if assessed.exploited and form not in (LABOUR, *known, *forms):
            forms.append(form)
            refs = why.positive_dimension(assessed.dimension("exploitation")).answers
            reasons += [*_set_reasons(assessed), why.without_means(form, refs)]
    words = finding_words(OTHER, "text" if reasons else "signs")
    signs = () if signs_said else _signs(ground)
    if signs:
        reasons += [why.signs_short(signs, ground.raised), *_positive(ground)]
    named = support.unodc(ground.raised, ground.child)
    more = not signs_said and any(not said.issuperset(each.answers) for each in named)
    if reasons or more:
        unconfirmed = bool(forms) or not reasons
        yield Finding(OTHER, _in_order(forms), tuple(reasons), unconfirmed, words)


def _supported(ground: Ground, found: list[Finding]) -> Iterator[Finding]:
    """The findings, and once each, beside the finding that they speak for most, further indicators
    and by name the ILO's eleven and UNODC's signs. They take nothing away and make no other
    finding."""
    kinds = [each.kind for each in found]
    of_exploitation = [each for each in (*EXPLAINS_SIGNS, OTHER) if each in kinds]
    most = (*of_exploitation, *kinds)[:1]
    labour = any(each.exploitation_form == LABOUR for each in ground.sets)
    eleven = [each for each in TAKES_ELEVEN if each in kinds and labour][:1]
    said = {each for one in found for reason in one.reasons for each in reason.indicators}
    for each in found:
        more: list[Reason] = []
        if each.kind in most and each.kind in EXPLAINS_SIGNS:
            more += support.further(ground.raised, said)
        if each.kind in eleven:
            more += support.eleven(ground.raised)
        if each.kind in most:
            more += support.unodc(ground.raised, ground.child)
        yield evolve(each, reasons=(*each.reasons, *more))


def _answers(found: Iterable[Finding]) -> frozenset[AnswerRef]:
    return frozenset(ref for each in found for reason in each.reasons for ref in reason.answers)


TAKES_ELEVEN = (
    "forced_labour_indicated",
    "trafficking_indicated",
    "labour_rights_violation",
    OTHER,
)


def _signs(ground: Ground) -> tuple[str, ...]:
    """Indicators of dimensions that the published rule makes positive, any coercion, and those that
    are more than a vulnerability and not weak: the ILO says that one of its eleven can be enough
    to act."""
    return tuple(
        dict.fromkeys(
            f"{dimension.name}.{each.key}"
            for assessed in ground.sets
            for dimension in assessed.dimensions
            for each in dimension.indicators
            if (dimension.positive and not assessed.unconfirmed)
            or _is_a_sign(dimension.name, each.strength)
        )
    )


def _is_a_sign(dimension: str, strength: str | None) -> bool:
    if dimension.startswith("coerci"):
        return True
    return "vulnerability" not in dimension and strength != Strength.WEAK


def _positive(ground: Ground) -> Iterator[Reason]:
    for assessed in ground.sets:
        if not assessed.unconfirmed:
            yield from (why.positive_dimension(each) for each in assessed.means)
