"""Why a finding was made: the rule in plain words, where it is published, what it rests on."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from protocols.screening.dimensions import DimensionResult, SetAssessment
from protocols.screening.forced_labour import ForcedLabourSigns, forced_labour
from protocols.screening.instruments import source_of_finding, source_of_form
from protocols.screening.model import Text
from protocols.screening.raised import AnswerRef, Raised, Refs
from protocols.screening.tables import rule as published_rule
from protocols.screening.unodc import unodc
from protocols.screening.vocabulary import split
from protocols.screening.words import form_rule, rule_words

PALERMO = (
    "United Nations, Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially "
    "Women and Children (Palermo Protocol, 2000), article 3"
)
SOURCES = {
    "adult_exploitation_and_means": f"{PALERMO} (a), (b)",
    "child_exploitation_alone": f"{PALERMO} (c)",
    "treated_as_child": f"{PALERMO} (d); unknown age treated as a child's: Amana's design",
    "palermo_elements": PALERMO,
    "form_without_means": f"{PALERMO} (a), (b)",
}


@frozen
class Reason:
    """One rule that led to a finding. `rule`: a stable slug; `text`: it in plain words; `source`:
    where it is published; `indicators`: "dimension.key"; `names`: what the rule speaks of, a form,
    one of the eleven, or signs "sector.key"."""

    rule: str
    text: Text
    source: str
    answers: tuple[AnswerRef, ...] = ()
    indicators: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def palermo(rule: str, answers: Refs = ()) -> Reason:
    """A reason that an element of the Palermo Protocol gives."""
    return Reason(rule, rule_words(rule), SOURCES[rule], answers)


def named_form(form: str, answers: Refs) -> Reason:
    """An answer named this form of exploitation: what the texts that name it say of it."""
    rule, says = "form_named", form_rule(form) or {}
    text = {
        language: f"{words} {says.get(language, '')}".strip()
        for language, words in rule_words(rule, form=form).items()
    }
    return Reason(rule, text, source_of_form(form), answers, names=(form,))


def without_means(form: str, answers: Refs) -> Reason:
    """Of an adult no means was said or seen: what would change the finding."""
    rule = "form_without_means"
    return Reason(rule, rule_words(rule, form=form), SOURCES[rule], answers, names=(form,))


def positive_dimension(dimension: DimensionResult) -> Reason:
    """Which branch of the published rule makes the dimension positive."""
    branch = dimension.branch or "no_rule_met"
    source = PALERMO if branch == "any_one" else f"{published_rule().source.citation}, page 3"
    return Reason(
        rule=branch,
        text=rule_words(branch, dimension=dimension.name),
        source=source,
        answers=_distinct(each.answers for each in dimension.indicators),
        indicators=tuple(f"{dimension.name}.{each.key}" for each in dimension.indicators),
    )


def exploitation_alone(assessed: SetAssessment) -> Reason:
    """Exploitation in work, and no means so far."""
    dimension = assessed.dimension("exploitation")
    return Reason(
        rule="exploitation_alone",
        text=rule_words("exploitation_alone"),
        source="A labour force survey's use of the ILO method (Moldova), read in a secondary "
        "compilation",
        answers=_distinct(each.answers for each in dimension.indicators),
        indicators=tuple(f"{dimension.name}.{each.key}" for each in dimension.indicators),
    )


def forced_labour_definition(signs: ForcedLabourSigns, raised: Raised) -> Reason:
    """The Convention's definition, by signs of the eleven."""
    table = forced_labour()
    return Reason(
        rule="forced_labour_definition",
        text=rule_words("forced_labour_definition"),
        source=f"{table.definition.title}; {table.source.citation}",
        answers=_distinct(raised.indicators[each] for each in signs.indicators),
        indicators=signs.indicators,
    )


def shown(kind: str, answers: Refs, where: str) -> Reason:
    """An answer shows the finding by itself, or for want of it. `where`: the checklist that says
    that it does."""
    source = "; ".join(each for each in (source_of_finding(kind), where) if each)
    if not answers:
        rule = "shown_by_a_missing_answer"
        return Reason(rule, rule_words(rule), where or source)
    return Reason("shown_by_an_answer", rule_words(f"shown_{kind}"), source, answers)


def one_of_eleven(name: str, references: Iterable[str], raised: Raised) -> Reason:
    """One of the ILO's eleven indicators of forced labour is there, by these "dimension.key"."""
    there = tuple(references)
    return Reason(
        rule="ilo_eleven",
        text=rule_words("ilo_eleven", eleven=name),
        source=forced_labour().source.citation,
        answers=_distinct(raised.indicators[each] for each in there),
        indicators=there,
        names=(name,),
    )


def unodc_signs(sector: str, seen: Mapping[str, Iterable[str]], raised: Raised) -> Reason:
    """Signs of one sector of UNODC. `seen`: "sector.key" -> what feeds it, "dimension.key" or with
    the prefix of `vocabulary`."""
    fed = tuple(dict.fromkeys(each for feeds in seen.values() for each in feeds))
    return Reason(
        rule="unodc_signs",
        text=rule_words("unodc_signs", sector=sector, signs=seen),
        source=unodc().citation(sector),
        answers=_distinct(raised.kind(prefix)[value] for prefix, value in map(split, fed)),
        indicators=tuple(each for each in fed if ":" not in each),
        names=tuple(seen),
    )


def signs_short(references: Iterable[str], raised: Raised) -> Reason:
    """Signs that meet no rule together, of which the ILO says that one can be enough to act."""
    there = tuple(references)
    return Reason(
        rule="signs_short_of_a_rule",
        text=rule_words("signs_short_of_a_rule"),
        source=forced_labour().source.citation,
        answers=_distinct(raised.indicators[each] for each in there),
        indicators=there,
    )


def further(references: Iterable[str], raised: Raised) -> Reason:
    """Indicators that are there beside those that a finding rests on."""
    there = tuple(references)
    return Reason(
        rule="further_indicators",
        text=rule_words("further_indicators"),
        source=published_rule().source.citation,
        answers=_distinct(raised.indicators[each] for each in there),
        indicators=there,
    )


def no_rule_met() -> Reason:
    """None of the published rules is met so far."""
    source = published_rule().source.citation
    return Reason("no_rule_met", rule_words("no_rule_met"), f"{source}; {PALERMO}")


def _distinct(refs: Iterable[Refs]) -> Refs:
    return tuple(dict.fromkeys(ref for each in refs for ref in each))
