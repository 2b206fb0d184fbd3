"""Information and hotlines of the country, each with its source and whether anybody verified it."""

from attrs import frozen

from mobile.flows.flow import Flow
from mobile.flows.watch import standing_kind, standing_text
from mobile.locale import Words, mark
from protocols.countries.country import country
from protocols.countries.model import Fact, Hotline, PathwayStep, Population

FOR = {Population.ADULT: mark("For adults"), Population.CHILD: mark("For children")}


@frozen
class HotlineView:
    """A number to call. `standing`: whether somebody verified it, and when it was published;
    `verified` False must be seen as such."""

    number: str
    name: str
    purpose: str
    free: str
    standing: str
    verified: bool


@frozen
class FactView:
    """One thing that is known, or (`standing` empty) that is not: `standing` says who says it, and
    whether anybody verified it. `caution`: what to beware of."""

    title: str
    text: str
    standing: str
    verified: bool
    caution: str = ""


@frozen
class FactsView:
    """Facts of one kind."""

    title: str
    facts: tuple[FactView, ...]


@frozen
class InfoView:
    """Hotlines first, then what the country's package knows, and what it does not know."""

    title: str
    hotlines_title: str
    hotlines: tuple[HotlineView, ...]
    sections: tuple[FactsView, ...]
    watch_title: str
    watch: str
    watch_kind: str
    watch_button: str


class InfoFlow(Flow):
    """Information of the phone's own country. Raises NotEnrolledError before enrolment."""

    @property
    def view(self) -> InfoView:
        """What the screen shows."""
        words, me = self.words, self.phone.identity
        code = me.country if me else ""
        return InfoView(
            title=words("Information and hotlines"),
            hotlines_title=words("Who to call"),
            hotlines=hotline_views(words, code),
            sections=tuple(each for each in _sections(words, code) if each.facts),
            watch_title=words("Who watches the record") if me else "",
            watch=standing_text(words, self.phone.watching.view(), self.phone.now) if me else "",
            watch_kind=standing_kind(self.phone.watching.view()) if me else "notice",
            watch_button=words("See who, and compare") if me else "",
        )


def hotline_views(words: Words, code: str) -> tuple[HotlineView, ...]:
    """The country's hotlines; none where no number was read anywhere."""
    if not code:
        return ()
    return tuple(_hotline(words, each) for each in country(code).hotlines)


def _hotline(words: Words, line: Hotline) -> HotlineView:
    language = words.language
    free = {True: words("free call"), False: words("not a free call"), None: ""}[line.free]
    return HotlineView(
        number=line.number,
        name=line.operator[language],
        purpose=line.purpose[language],
        free=free,
        standing=_standing(words, line, line.published),
        verified=line.verified,
    )


def _standing(words: Words, fact: Fact, published: str | None) -> str:
    source = fact.source.publisher or fact.source.title
    if fact.verified:
        return words(
            "Verified by {name} on {date}.",
            name=fact.verified_by or "?",
            date=fact.verified_on,
        )
    if published:
        return words(
            "Not verified: nobody has tried it for us. Published {date} by {source}.",
            date=published,
            source=source,
        )
    return words("Not verified. Source: {source}.", source=source)


def _step(words: Words, step: PathwayStep) -> FactView:
    language = words.language
    said = (step.texts, step.who, step.within)
    text = "\n".join(each[language] for each in said if each)
    whom = FOR.get(step.population)
    return FactView(
        title=words(whom) if whom else "",
        text=text,
        standing=_standing(words, step, None),
        verified=step.verified,
        caution=step.cautions[language] if step.cautions else "",
    )


def _sections(words: Words, code: str) -> tuple[FactsView, ...]:
    if not code:
        return ()
    found, language = country(code), words.language

    def fact(each: Fact, title: str, text: str) -> FactView:
        return FactView(title, text, _standing(words, each, None), each.verified)

    rests_on = fact(found.mechanism, "", found.mechanism.text[language])
    way = (rests_on, *(_step(words, each) for each in found.pathway))
    bodies = tuple(fact(each, each.names[language], each.role[language]) for each in found.bodies)
    laws = tuple(fact(each, each.titles[language], each.about[language]) for each in found.laws)
    period = found.reflection_period
    time = (fact(period, "", period.about[language]),) if period else ()
    gaps = tuple(FactView("", each.text[language], "", verified=False) for each in found.gaps)
    return (
        FactsView(words("The way to protection"), way),
        FactsView(words("Bodies"), bodies),
        FactsView(words("Laws"), laws),
        FactsView(words("Time to recover and think"), time),
        FactsView(words("What is not known"), gaps),
    )
