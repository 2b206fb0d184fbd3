"""The end of a sealing secret: on schedule, yet not before the mail that it opens was read."""

from mobile.casework.custody import case_refs
from mobile.casework.desk import Desk
from mobile.casework.records import ENVELOPES, OPENED
from mobile.sync.events import events_of
from protocols.timeline.event import Event


def destroy_old_secrets(desk: Desk, *, all_came: bool) -> None:
    """Destroy the sealing secrets past their grace; call in a sync, once an honest server would
    have objected to this phone's clock. `all_came`: it has given all it has for this phone, and
    what this phone opens by itself is opened."""
    if desk.keyring.is_due(desk.surely):
        desk.keyring.destroy(desk.surely, unopened=_unopened(desk), all_came=all_came)


def _unopened(desk: Desk) -> tuple[bytes, ...]:
    """The envelopes on this phone that it has not read yet: of a case that was read, those that
    carried it stay beside its words."""
    read = {
        ref.sha256
        for referral in desk.vault.list(OPENED)
        for _, ref in case_refs(_events(desk, referral), desk.me.organisation)
    }
    return tuple(data for sha256, data in desk.vault.items(ENVELOPES) if sha256 not in read)


def _events(desk: Desk, referral: str) -> list[Event]:
    return [held.event for held in events_of(desk.vault, referral)]
