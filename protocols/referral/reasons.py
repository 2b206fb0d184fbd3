"""What routing answers: every provider with its reasons, as codes and values.

The words for a reason are in `wording.py`; `docs/formats/routing.md` lists every code.
"""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from protocols.referral.services import Service


@frozen
class Reason:
    """Why a provider stands where it stands. `code` is stable; `values` are codes and numbers as
    text, never the person's name; several codes in one value are joined with a comma."""

    code: str
    values: Mapping[str, str] = field(factory=dict)


@frozen
class Ranked:
    """A provider that can be asked. `services` of the bundle it gives, `left` those it does not,
    `reasons` in the order in which they count."""

    provider: str
    reasons: tuple[Reason, ...]
    services: tuple[Service, ...]
    left: tuple[Service, ...] = ()


@frozen
class Excluded:
    """A provider that cannot be asked: `reason` is the first hard filter it fails in the
    documented order, `others` every further one."""

    provider: str
    reason: Reason
    others: tuple[Reason, ...] = ()


@frozen
class Share:
    """One part of a bundle split over providers: who is asked for which services."""

    provider: str
    services: tuple[Service, ...]


@frozen
class Ranking:
    """Every provider of the directory, once: `ranked` best first, `excluded` by filter.

    `split`: the bundle shared out down the ranking, each service to the first provider that gives
    it. `unmet`: services that nobody ranked gives. `nearest`: ids of the nearest misses, only when
    nobody is ranked. `focal_points`: ids of the country's focal points to turn to at any time.
    """

    ranked: Sequence[Ranked]
    excluded: Sequence[Excluded]
    split: tuple[Share, ...] = ()
    unmet: tuple[Service, ...] = ()
    nearest: tuple[str, ...] = ()
    focal_points: tuple[str, ...] = ()
