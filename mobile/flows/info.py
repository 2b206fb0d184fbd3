"""Information and hotlines of the country, each with its source and whether anybody verified it."""

from attrs import frozen

from mobile.flows.flow import Flow
from mobile.flows.parts import Section
from mobile.locale import Words
from protocols.countries.country import country
from protocols.countries.model import Fact, Hotline


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
class InfoView:
    """Hotlines first, then what the country's package knows, and what it does not know."""

    title: str
    hotlines_title: str
    hotlines: tuple[HotlineView, ...]
    sections: tuple[Section, ...]


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
            sections=tuple(each for each in _sections(words, code) if each.lines),
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
            "Verified by {name} on {date}.", name=fact.verified_by or "?", date=fact.verified_on
        )
    if published:
        return words(
            "Not verified: nobody has tried it for us. Published {date} by {source}.",
            date=published,
            source=source,
        )
    return words("Not verified. Source: {source}.", source=source)


def _sections(words: Words, code: str) -> tuple[Section, ...]:
    if not code:
        return ()
    found, language = country(code), words.language
    laws = tuple(f"{each.titles[language]}. {_standing(words, each, None)}" for each in found.laws)
    bodies = tuple(
        f"{each.names[language]}: {each.role[language]} {_standing(words, each, None)}"
        for each in found.bodies
    )
    period = found.reflection_period
    time = (f"{period.about[language]} {_standing(words, period, None)}",) if period else ()
    return (
        Section(words("Bodies"), bodies),
        Section(words("Laws"), laws),
        Section(words("Time to recover and think"), time),
        Section(words("What is not known"), tuple(each.text[language] for each in found.gaps)),
    )
