"""`rank`: who can help this person, best first, and why everybody else cannot.

Pure: the same request, directory and moment give the same answer on a phone and on a server.
Formats, filters and order are described in `docs/formats/routing.md`.
"""

from collections.abc import Iterable
from datetime import datetime

from protocols.referral.filters import (
    EXCLUSIONS,
    STALE_AFTER,
    Asked,
    distance_from_match,
    reasons_against,
)
from protocols.referral.opening import TIME_ZONES, zone
from protocols.referral.preferences import Weighed, tie_break, weigh
from protocols.referral.provider import Status
from protocols.referral.reasons import Excluded, Ranked, Ranking, Reason, Share
from protocols.referral.request import (
    InvalidDirectoryError,
    InvalidRequestError,
    Person,
    Request,
    RoutingDirectory,
)
from protocols.referral.services import Service, Urgency
from protocols.referral.wording import routing_text, service_text

__all__ = [
    "EXCLUSIONS",
    "STALE_AFTER",
    "Excluded",
    "InvalidDirectoryError",
    "InvalidRequestError",
    "Person",
    "Ranked",
    "Ranking",
    "Reason",
    "Request",
    "RoutingDirectory",
    "Share",
    "Urgency",
    "rank",
    "routing_text",
    "service_text",
    "tie_break",
]

NEAREST = 5
"""So many nearest misses are named at most."""
_PLACE = {code: place for place, code in enumerate(EXCLUSIONS)}


def rank(request: Request, directory: RoutingDirectory, now: datetime) -> Ranking:
    """Every provider of `directory` once: ranked best first, or excluded with its reason.

    `now` must be aware. Raises InvalidRequestError if it is not.
    """
    if now.tzinfo is None:
        raise InvalidRequestError("a time without a zone; pass an aware datetime")
    asked = Asked(request, directory.trusted, now, request.bundle)
    local = {country: now.astimezone(zone(country)) for country in TIME_ZONES}
    weighed: list[Weighed] = []
    excluded: list[Excluded] = []
    for provider in directory.providers:
        if against := reasons_against(provider, asked):
            excluded.append(Excluded(provider.id, against[0], against[1:]))
        else:
            weighed.append(weigh(provider, asked, local[provider.country]))
    weighed.sort(key=lambda each: each.key)
    excluded.sort(key=lambda each: (_PLACE[each.reason.code], each.provider))
    split = _split(weighed)
    met = {service for each in split for service in each.services}
    return Ranking(
        ranked=tuple(Ranked(w.provider.id, w.reasons, w.services, w.left) for w in weighed),
        excluded=tuple(excluded),
        split=split,
        unmet=tuple(each for each in asked.bundle if each not in met),
        nearest=() if weighed else _nearest(excluded, request.referral),
        focal_points=_focal_points(directory, request),
    )


def _split(weighed: Iterable[Weighed]) -> tuple[Share, ...]:
    """Each service to the first provider down the ranking that gives it."""
    met: set[Service] = set()
    shares: list[Share] = []
    for each in weighed:
        if new := tuple(service for service in each.services if service not in met):
            shares.append(Share(each.provider.id, new))
            met.update(new)
    return tuple(shares)


def _nearest(excluded: Iterable[Excluded], referral: str) -> tuple[str, ...]:
    """The misses with the least in the way, least first; equal ones by the same keyed hash."""
    misses = []
    for each in excluded:
        distance = distance_from_match((each.reason, *each.others))
        if distance is not None:
            misses.append((distance, tie_break(referral, each.provider), each.provider))
    return tuple(provider for _, _, provider in sorted(misses)[:NEAREST])


def _focal_points(directory: RoutingDirectory, request: Request) -> tuple[str, ...]:
    """The country's active, trusted focal points, save those that must not know of this person."""
    return tuple(
        sorted(
            each.id
            for each in directory.providers
            if each.focal_point
            and each.country == request.country
            and each.status is Status.ACTIVE
            and each.id in directory.trusted
            and each.id not in request.excluded_providers
        )
    )
