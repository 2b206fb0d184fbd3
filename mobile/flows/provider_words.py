"""One provider of a ranking in words: why it is offered, or why not."""

from attrs import frozen

from mobile.flows.parts import Row
from mobile.flows.routing_words import reason_text
from mobile.locale import Words
from protocols.referral.reasons import Excluded, Ranked


@frozen
class ProviderView:
    """A provider that can be asked. `place`: 1 for the first choice, 2 on for fallbacks, 0 while
    not chosen; `place_text` says so."""

    id: str
    name: str
    reasons: tuple[str, ...]
    place: int
    place_text: str


def provider_view(
    words: Words, found: Ranked, name: str, shortlist: tuple[str, ...]
) -> ProviderView:
    """A provider that can be asked, with its place on the shortlist."""
    place = shortlist.index(found.provider) + 1 if found.provider in shortlist else 0
    text = words("First choice") if place == 1 else words("Fallback {n}", n=place - 1)
    return ProviderView(
        id=found.provider,
        name=name,
        reasons=tuple(reason_text(words, each) for each in found.reasons),
        place=place,
        place_text=text if place else "",
    )


def excluded_row(words: Words, found: Excluded, name: str) -> Row:
    """A provider that cannot be asked, with every reason against it."""
    reasons = (found.reason, *found.others)
    said = "\n".join(reason_text(words, each) for each in reasons)
    return Row(found.provider, name, said)
