"""Who could open a case now: reckoned here, from what was sealed to whom, what the log shows to
have been opened, and whose certificates hold today. No server is asked; none can say otherwise.
"""

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from mobile.casework.desk import Desk
from mobile.casework.keyring import GRACE
from mobile.casework.records import OPENED, KeptHolders, holders_in
from mobile.casework.replay import Standing
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Certificate, Role
from protocols.timeline.event import EnvelopeRef, Event, Kind

CARRIES_CASE = (Kind.SUBMITTED, Kind.RESEALED)


@frozen
class Holder:
    """A device of a provider: keyid, its name and the day as certified. `here`: this phone."""

    keyid: str
    name: str
    since: datetime
    here: bool = False


@frozen
class Custody:
    """Who of `provider`'s devices could open a case now.

    `holders` can; `others` are certified too but cannot, as far as is known here; `asking` are
    those of the others that have said so. `sure`: every envelope said to whom it was sealed.
    """

    provider: str
    holders: tuple[Holder, ...]
    others: tuple[Holder, ...]
    asking: tuple[Holder, ...]
    sure: bool

    @property
    def only(self) -> Holder | None:
        """The one device that can, where there is but one."""
        return self.holders[0] if len(self.holders) == 1 else None


def custody_of(desk: Desk, referral: str, standing: Standing, provider: str) -> Custody:
    """Who of `provider`'s devices could open the case of `referral` at this moment."""
    now = desk.clock()
    sealed = _sealed(desk, referral, standing, provider)
    known = standing.referral
    held = known is not None and known.offered_to == provider
    opened = set(known.opened_by) if known and held else set()
    asking = set(known.unreadable_to) if known and held else set()
    fresh = {each for row in sealed if now < row.sealed + GRACE for each in row.devices}
    me = desk.me
    if me.organisation == provider and desk.vault.get(OPENED, referral) is not None:
        opened.add(me.keyid)
    staff = [_holder(each, me.keyid) for each in staff_of(desk, provider)]
    can = [each for each in staff if each.keyid in opened | (fresh - asking)]
    cannot = [each for each in staff if each not in can]
    return Custody(
        provider=provider,
        holders=tuple(can),
        others=tuple(cannot),
        asking=tuple(each for each in cannot if each.keyid in asking),
        sure=bool(sealed) and all(row.devices for row in sealed),
    )


def staff_of(desk: Desk, provider: str) -> tuple[Certificate, ...]:
    """The devices of the provider's staff whose certificates hold now, by keyid."""
    devices = desk.trust.store.devices_of(provider, desk.clock())
    return tuple(each for each in devices if each.role is Role.PROVIDER_STAFF)


def case_refs(events: Iterable[Event], provider: str) -> tuple[tuple[Event, EnvelopeRef], ...]:
    """The envelopes that carried the case to `provider`, with their events, oldest first."""
    return tuple(
        (event, ref)
        for event in events
        if event.kind in CARRIES_CASE
        for ref in event.envelopes
        if ref.recipient == provider
    )


def keep_holders(desk: Desk, referral: str, sha256: str, holders: KeptHolders) -> None:
    """Remember to which devices the case was sealed in the ciphertext of that hash."""
    desk.vault.put(holders_in(referral), sha256, to_json(holders))


def _sealed(
    desk: Desk, referral: str, standing: Standing, provider: str
) -> tuple[KeptHolders, ...]:
    """What is known of each envelope that carried the case to the provider."""
    found = (
        desk.vault.get(holders_in(referral), ref.sha256)
        for _, ref in case_refs(standing.events, provider)
    )
    return tuple(from_json(body, KeptHolders) for body in found if body is not None)


def _holder(device: Certificate, me: str) -> Holder:
    return Holder(device.subject, device.name, device.not_before, here=device.subject == me)
