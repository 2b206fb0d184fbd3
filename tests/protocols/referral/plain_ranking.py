"""Ranking as one would first write it: every rule asked of every provider, everything in order."""

from datetime import datetime

from protocols.referral.filters import EXCLUSIONS, HARDNESS, Asked, reasons_against
from protocols.referral.opening import TIME_ZONES, zone
from protocols.referral.preferences import NUMBERS, left_of, reasons_for, tie_break
from protocols.referral.provider import Status
from protocols.referral.reasons import Excluded, Ranked, Ranking, Share
from protocols.referral.request import Request, RoutingDirectory
from protocols.referral.routing import NEAREST


def plain_rank(request: Request, directory: RoutingDirectory, now: datetime) -> Ranking:
    """What `rank` must answer."""
    local = {country: now.astimezone(zone(country)) for country in TIME_ZONES}
    asked = Asked(request, directory.trusted, now, request.bundle, local)
    against = {each.id: reasons_against(each, asked) for each in directory.providers}
    able = [each for each in directory.providers if not against[each.id]]
    able.sort(key=lambda each: (*_numbers(each, asked), tie_break(request.referral, each.id)))
    barred = [Excluded(each, found[0], found[1:]) for each, found in against.items() if found]
    barred.sort(key=lambda each: (EXCLUSIONS.index(each.reason.code), each.provider))
    split, met = [], set()
    for each in able:
        new = tuple(service for service in asked.gives(each) if service not in met)
        if new:
            split.append(Share(each.id, new))
            met.update(new)
    return Ranking(
        ranked=tuple(_ranked(each, asked) for each in able),
        excluded=tuple(barred),
        split=tuple(split),
        unmet=tuple(each for each in asked.bundle if each not in met),
        nearest=() if able else _nearest(barred, request.referral),
        focal_points=_focal_points(directory, request),
    )


def _numbers(provider, asked: Asked) -> list[int]:
    return [number(provider, asked) for number in NUMBERS]


def _ranked(provider, asked: Asked) -> Ranked:
    gives = asked.gives(provider)
    return Ranked(provider.id, reasons_for(provider, asked), gives, left_of(asked.bundle, gives))


def _nearest(barred: list[Excluded], referral: str) -> tuple[str, ...]:
    misses = []
    for each in barred:
        codes = [reason.code for reason in (each.reason, *each.others)]
        if all(code in HARDNESS for code in codes):
            distance = sum(HARDNESS[code] for code in codes)
            misses.append((distance, tie_break(referral, each.provider), each.provider))
    return tuple(provider for _, _, provider in sorted(misses)[:NEAREST])


def _focal_points(directory: RoutingDirectory, request: Request) -> tuple[str, ...]:
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
