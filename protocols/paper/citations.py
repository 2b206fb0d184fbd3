"""Numbers for the sources of a page, in the order in which its facts name them."""

from attrs import Factory, define

from protocols.countries.model import Fact, Source

UNVERIFIED, VERIFIED = "○", "●"


@define
class Citations:
    """Gives each source its number as it is cited, and remembers who verified what."""

    numbers: dict[Source, int] = Factory(dict)
    verifiers: dict[tuple[str, str], None] = Factory(dict)

    def cite(self, fact: Fact) -> str:
        """The mark of a fact, whether anybody verified it, and the number of its source."""
        if fact.verified and fact.verified_by and fact.verified_on:
            self.verifiers[fact.verified_by, fact.verified_on] = None
            return f"{VERIFIED} {self._number(fact.source)}"
        return f"{UNVERIFIED} {self._number(fact.source)}"

    def cite_sources(self, sources: tuple[Source, ...]) -> str:
        """The mark of something that rests on several sources and that nobody verified."""
        return " ".join((UNVERIFIED, *map(self._number, sources)))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources by their numbers, from 1."""
        return tuple(self.numbers)

    def _number(self, source: Source) -> str:
        return f"[{self.numbers.setdefault(source, len(self.numbers) + 1)}]"
