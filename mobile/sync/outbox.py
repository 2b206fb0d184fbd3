"""What waits to leave the phone: signed submissions, sent in order, acknowledged by proof.

An item is waiting, acknowledged or refused, and moves only in a vault transaction. Sending the
same bytes twice changes nothing at the server, so a kill at any point costs at most a repeat.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from attrs import evolve, frozen

from mobile.sync import backoff
from mobile.vault.errors import VaultDamagedError
from mobile.vault.records import OpenVault
from protocols.messages import Submission
from protocols.plain import from_json, to_json

ITEMS = "outbox"
BODIES = "outbox-body"
ORDER_DIGITS = 12


class ItemState(StrEnum):
    """Where an item stands; only these three exist."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


@frozen
class Trouble:
    """The last failure of an item: a stable `code`, and `detail` for the log on the screen."""

    code: str
    detail: str
    provider: str | None = None
    """Who had accepted already, when that is why."""


@frozen
class Item:
    """One submission's place in the queue; its bytes are kept apart (see `body`). `digest` is
    the event's, `moved` that the timeline went on without it and it must be signed anew."""

    id: str
    referral: str
    what: str
    digest: str
    created: datetime
    next_try: datetime
    state: ItemState = ItemState.WAITING
    attempts: int = 0
    moved: bool = False
    trouble: Trouble | None = None


class Outbox:
    """The queue in an open vault."""

    def __init__(self, vault: OpenVault, jitter: backoff.Jitter) -> None:
        self._vault = vault
        self._jitter = jitter

    def add(self, referral: str, what: str, submission: Submission, now: datetime) -> Item:
        """Queue `submission` last; durable with the transaction that it is called in."""
        with self._vault.transaction():
            known = self._vault.list(ITEMS)
            number = int(known[-1]) + 1 if known else 0
            item = Item(
                id=f"{number:0{ORDER_DIGITS}d}",
                referral=referral,
                what=what,
                digest=submission.event.digest,
                created=now,
                next_try=now,
            )
            self.replace(item, submission)
        return item

    def items(self) -> tuple[Item, ...]:
        """Every item, oldest first."""
        return tuple(from_json(body, Item) for _, body in self._vault.items(ITEMS))

    def waiting(self, referral: str | None = None) -> tuple[Item, ...]:
        """What has not left yet, oldest first; of one referral or of all."""
        return tuple(
            item
            for item in self.items()
            if item.state is ItemState.WAITING and referral in (None, item.referral)
        )

    def body(self, item: Item) -> Submission:
        """The submission of a waiting item."""
        data = self._vault.get(BODIES, item.id)
        if data is None:
            raise VaultDamagedError(f"outbox item {item.id} has lost its content; restore or wipe")
        return from_json(data, Submission)

    def replace(self, item: Item, submission: Submission) -> None:
        """Write a waiting item with its submission, new or signed anew."""
        with self._vault.transaction():
            self._vault.put(ITEMS, item.id, to_json(item))
            self._vault.put(BODIES, item.id, to_json(submission))

    def acknowledge(self, item: Item) -> None:
        """The log holds it; its envelopes need not be kept any longer."""
        self._end(evolve(item, state=ItemState.ACKNOWLEDGED, trouble=None, moved=False))

    def refuse(self, item: Item, trouble: Trouble) -> None:
        """It will never be taken; the screen says why."""
        self._end(evolve(item, state=ItemState.REFUSED, trouble=trouble, moved=False))

    def move(self, item: Item, trouble: Trouble) -> None:
        """The timeline went on without it: it waits to be signed anew."""
        self._put(evolve(item, moved=True, trouble=trouble))

    def fail(
        self, item: Item, trouble: Trouble, now: datetime, at_least: int | None = None
    ) -> None:
        """It stays, and is tried again after a growing wait."""
        attempts = item.attempts + 1
        later = now + backoff.wait(attempts, self._jitter, at_least)
        self._put(evolve(item, attempts=attempts, next_try=later, trouble=trouble))

    def due(self, now: datetime, hurry: bool) -> Iterator[Item]:
        """What may leave now, oldest first, within a referral strictly in order: an item that
        waits (unless in a `hurry`) or must be signed anew holds back only its own referral.
        The queue is read anew after each item; none comes twice."""
        seen: set[str] = set()
        while True:
            heads = {item.referral: item for item in reversed(self.waiting())}
            fresh = sorted(
                (each for each in heads.values() if each.id not in seen), key=lambda each: each.id
            )
            if not fresh:
                return
            item = fresh[0]
            seen.add(item.id)
            if not item.moved and (hurry or backoff.is_over(item.next_try, now)):
                yield item

    def _put(self, item: Item) -> None:
        self._vault.put(ITEMS, item.id, to_json(item))

    def _end(self, item: Item) -> None:
        with self._vault.transaction():
            self._put(item)
            self._vault.delete(BODIES, item.id)
