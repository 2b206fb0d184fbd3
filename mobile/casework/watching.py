"""Who watches the country's record besides its server, and two phones that compare what they see.

Every phone asks whose cosignatures the server has and holds them against its own history; a
coordinator's phone cosigns as well. Nothing here stops a referral: what fails is tried again at the
next sync, and what contradicts is kept as evidence and told.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import frozen

from mobile.casework.desk import Desk
from mobile.casework.heads import prover
from mobile.casework.leaves import LocalTree
from mobile.casework.views import Problem
from mobile.sync.errors import (
    HostileAnswerError,
    LogForkError,
    OfflineError,
    RefusedError,
    ServerTroubleError,
)
from mobile.sync.ledger import Fork
from mobile.sync.server import Server
from mobile.sync.watchers import Own, Watchers
from protocols.plain import dump_json, format_time, to_plain
from protocols.sealing.certificate import Role, UntrustedError
from protocols.timeline.cosignature import cosign, without_cosignatures, witness_name
from protocols.timeline.headline import head_from_text, head_to_text

AGAIN_AFTER = timedelta(hours=1)
"""A head that has not grown is cosigned anew only after this long."""
CLOCK_SLACK = timedelta(minutes=5)
MOST_HEADS = 64
CODE_BYTES = 8
FRESH = timedelta(days=7)
"""Where no other witness cosigned for longer, the record counts as unwatched."""


@frozen
class WatcherView:
    """A witness by its certified name and role, how many entries it saw, and when."""

    name: str
    role: str
    size: int
    at: datetime


@frozen
class WatchView:
    """`others`: every other witness whose cosignature fits this phone's history, the latest first;
    `own`: when this phone cosigned last (coordinators'). `fresh`: whether another did of late.
    `size`: how many entries this phone knows of; 0 before its first sync."""

    size: int
    others: tuple[WatcherView, ...]
    own: datetime | None
    fresh: bool
    forked: bool

    @property
    def newest(self) -> datetime | None:
        """When another witness cosigned last."""
        return self.others[0].at if self.others else None


class Match(StrEnum):
    """How another phone's head stands to this one's."""

    SAME = "same"
    THEIRS_OLDER = "theirs_older"
    THEIRS_NEWER = "theirs_newer"
    NOT_COMPARED = "not_compared"
    """Theirs is newer, and without a connection this phone cannot tell."""
    FORKED = "forked"


@frozen
class Comparison:
    """The verdict, with both sizes in entries."""

    match: Match
    own: int
    theirs: int


class Watching:
    """`Phone.watching`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def view(self) -> WatchView:
        """Who watches, as far as this phone has seen."""
        desk = self._desk()
        me, now = desk.me, desk.clock()
        known = {each.subject: each for each in desk.trust.store.witnesses(me.country, now)}
        watchers = Watchers(desk.vault, me.country)
        others = [
            WatcherView(known[each.witness].name, str(known[each.witness].role), each.size, each.at)
            for each in watchers.list()
            if each.witness in known and each.witness != me.keyid
        ]
        others.sort(key=lambda each: (each.at, each.name), reverse=True)
        head = desk.ledger.head
        return WatchView(
            size=head.size if head else 0,
            others=tuple(others),
            own=watchers.own.at if watchers.own else None,
            fresh=bool(others) and now - others[0].at <= FRESH,
            forked=desk.ledger.fork is not None,
        )

    def head_text(self) -> str | None:
        """What this phone knows of the record, as a text for another coordinator's phone; None
        before the first sync."""
        head = self._desk().ledger.head
        return None if head is None else head_to_text(without_cosignatures(head.note))

    def code(self) -> tuple[int, str] | None:
        """How many entries this phone has seen, and the first 64 bits of the record's root in
        groups of four: two phones with one number must have one code."""
        head = self._desk().ledger.head
        if head is None:
            return None
        digits = head.root[:CODE_BYTES].hex().upper()
        return head.size, " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    def compare(self, text: str) -> Comparison:
        """Hold another phone's text against what this one has seen. Older ones are judged without
        a connection where every entry is on this phone. A newer head that continues ours is kept:
        the server can never again show less.

        Raises HeadTextError, and UnknownServerError for a head no server of the country signed.
        """
        desk = self._desk()
        ledger, now, note = desk.ledger, desk.clock(), head_from_text(text)
        own = ledger.head
        size = own.size if own else 0
        tree = LocalTree(desk)

        def fetch(first: int, second: int) -> Sequence[bytes]:
            proof = tree.consistency(first, second)
            if proof is not None:
                return proof
            with desk.online() as server:
                return prover(desk, server)(first, second)

        theirs = ledger.size_of(note)
        try:
            head, _ = ledger.hold_against(note, None, fetch, now)
        except LogForkError:
            return Comparison(Match.FORKED, size, theirs)
        except (OfflineError, ServerTroubleError):
            return Comparison(Match.NOT_COMPARED, size, theirs)
        if head.size > size:
            ledger.keep(head)
            return Comparison(Match.THEIRS_NEWER, size, theirs)
        match = Match.SAME if head.size == size else Match.THEIRS_OLDER
        return Comparison(match, size, theirs)

    def fork(self) -> Fork | None:
        """The two contradicting checkpoints, once there are such."""
        return self._desk().ledger.fork

    def evidence(self) -> bytes | None:
        """Both checkpoints of a fork with the certificates that show who signed them, as JSON to
        pass on; None while there is no contradiction."""
        desk = self._desk()
        fork = desk.ledger.fork
        if fork is None:
            return None
        return dump_json(
            {
                "format": "amana-fork/1",
                "country": desk.me.country,
                "seen": format_time(fork.seen),
                "notes": [fork.kept, fork.offered],
                "statements": [to_plain(each) for each in desk.trust.store.statements],
            }
        )


def watch(desk: Desk, server: Server) -> list[Problem]:
    """See who cosigned the history that this phone has taken in, and cosign it where this is a
    coordinator's; what is wrong with it. Raises nothing that a sync should stop for."""
    try:
        return _see_others(desk, server) or _cosign(desk, server)
    except (OfflineError, ServerTroubleError, RefusedError):
        return []


def _see_others(desk: Desk, server: Server) -> list[Problem]:
    head, now = desk.ledger.head, desk.clock()
    if head is None or head.size == 0:
        return []
    country = desk.me.country
    watchers = Watchers(desk.vault, country)
    known = {each.subject for each in desk.trust.store.witnesses(country, now)}
    try:
        for each in server.witnessed(country, head.size)[:MOST_HEADS]:
            theirs, by = desk.ledger.hold_against(
                each.checkpoint, each.consistency, prover(desk, server), now
            )
            if theirs.size <= head.size:
                dated = [one for one in by if one.at <= now + CLOCK_SLACK]
                with desk.vault.transaction():
                    watchers.take(dated, theirs.size)
    except LogForkError:
        return []  # kept, and told with what stands of every sync
    except HostileAnswerError as error:
        return [Problem(error.code, str(error))]
    with desk.vault.transaction():
        watchers.forget_others(known)
    return []


def _cosign(desk: Desk, server: Server) -> list[Problem]:
    """What is cosigned is in the vault before the signature is made: a phone that dies in between
    has promised nothing else."""
    me, head = desk.me, desk.ledger.head
    if me.role != Role.COORDINATOR or head is None or not head.size:
        return []
    if desk.ledger.fork is not None:
        return []
    try:
        if desk.certificate.role is not Role.COORDINATOR:
            return []
    except UntrustedError:
        return []
    watchers, at = Watchers(desk.vault, me.country), desk.surely
    before = watchers.own
    if before is not None and not _follows(before, head.size, head.root, at):
        return []
    with desk.vault.transaction():
        watchers.promise(Own(head.size, head.root, at))
    note = without_cosignatures(head.note)
    line = cosign(note, witness_name(me.keyid), desk.keyring.signing, at)
    server.cosign(me.country, note + line)
    return []


def _follows(before: Own, size: int, root: bytes, at: datetime) -> bool:
    """Whether a head is worth cosigning after `before`, which the ledger has shown it to extend."""
    if size == before.size:
        return root == before.root and at - before.at >= AGAIN_AFTER
    return size > before.size
