"""One sync: keys out, outbox out, directory refreshed, events in, overtaken steps signed anew."""

from datetime import timedelta

from mobile.casework.desk import Desk
from mobile.casework.editions import refresh_editions
from mobile.casework.errors import (
    ClockWrongError,
    SealingKeyWithheldError,
    TimelineUnprovenError,
)
from mobile.casework.expiring import destroy_old_secrets
from mobile.casework.heads import refresh_servers
from mobile.casework.inbox import forget_case
from mobile.casework.keyring import KeptSealing
from mobile.casework.lookback import look_back, withheld
from mobile.casework.messages import collect_messages
from mobile.casework.opening import learn_holders
from mobile.casework.receiving import take_in
from mobile.casework.records import OPENED, TOUCHED
from mobile.casework.screenings import unreadable
from mobile.casework.sending import empty_outbox
from mobile.casework.signing import resign_waiting, withdraw_what_arrived_late
from mobile.casework.views import Problem, SyncReport
from mobile.casework.watching import watch
from mobile.sync.errors import HostileAnswerError, LogForkError, RefusedError
from mobile.sync.server import Server
from protocols.referral.lifecycle import State
from protocols.sealing.certificate import Role, UntrustedError
from protocols.sealing.request import TOLERANCE

ROUNDS = 4
CLOCK_DEFIES_DATES = timedelta(hours=12)
"""A clock off by more than this is the likelier reason for certificates not to hold than a lie."""
NO_DIRECTORY_YET = "directory_unpublished"


def synchronise(desk: Desk, *, hurry: bool) -> SyncReport:
    """See `Phone.sync`."""
    try:
        return _synchronise(desk, hurry=hurry)
    except (HostileAnswerError, UntrustedError) as error:
        if isinstance(error, LogForkError) or abs(desk.clock_off) < CLOCK_DEFIES_DATES:
            raise
        raise ClockWrongError(desk.clock_off) from error


def _synchronise(desk: Desk, *, hurry: bool) -> SyncReport:
    sent, received = 0, 0
    problems: list[Problem] = []
    with desk.online() as server:
        if not desk.trust.servers(desk.me.country, desk.clock()):
            refresh_servers(desk, server)
        for round_ in range(ROUNDS):
            count, troubles = empty_outbox(desk, server, hurry=hurry)
            sent += count
            problems = list(troubles)
            if round_ == 0:
                problems += _refresh_directory(desk, server) + _publish_keys(desk, server)
            received += take_in(desk, server)
            if not _sign_anew(desk):
                break
        received += look_back(desk, server)
        problems += refresh_editions(desk, server)
        problems += watch(desk, server)
    for referral in desk.vault.list(TOUCHED):
        problems += _follow_up(desk, referral)
    destroy_old_secrets(desk, all_came=not withheld(desk))
    return SyncReport(sent, received, (*problems, *_standing_problems(desk)))


def _refresh_directory(desk: Desk, server: Server) -> list[Problem]:
    country, kept = desk.me.country, desk.directory.kept
    snapshot = desk.directory.snapshot
    try:
        fetched = server.directory(
            country, snapshot.number if snapshot else 0, kept.etag if kept else None
        )
    except RefusedError as error:
        if error.problem.code != NO_DIRECTORY_YET:
            raise
        return [Problem(error.problem.code, str(error))]
    if fetched is not None:
        desk.directory.take(fetched.answer, fetched.etag, desk.clock())
    return []


def _publish_keys(desk: Desk, server: Server) -> list[Problem]:
    """Announce the sealing keys of the coming weeks. Coordinators receive no envelopes."""
    if desk.me.role == Role.COORDINATOR:
        return []
    destroy_old_secrets(desk, all_came=False)
    desk.keyring.renew(desk.clock())
    problems, hidden = [], _hidden_keys(desk)
    if hidden:
        detail = "the directory holds none of the sealing keys that this phone had published"
        problems.append(Problem(SealingKeyWithheldError.code, detail))
    for key in (*hidden, *desk.keyring.unpublished(desk.clock())):
        try:
            server.publish_sealing_key(key.statement)
        except RefusedError as error:
            problems.append(Problem(error.problem.code, f"sealing key not published: {error}"))
        else:
            desk.keyring.mark_published(key)
    return problems


def _hidden_keys(desk: Desk) -> list[KeptSealing]:
    """This phone's published keys, where the directory gives out none of them: nobody could seal
    to it. The server was told of them before the directory came."""
    kept, now = desk.directory.kept, desk.clock()
    mine = [each for each in desk.keyring.sealing() if each.published and each.not_after > now]
    if kept is None or any(each.statement in kept.live for each in mine):
        return []
    return mine


def _sign_anew(desk: Desk) -> bool:
    referrals = dict.fromkeys(item.referral for item in desk.outbox.waiting())
    changed = [referral for referral in referrals if resign_waiting(desk, referral)]
    return bool(changed)


def _follow_up(desk: Desk, referral: str) -> tuple[Problem, ...]:
    """What new events ask for, done again at each sync until it has succeeded."""
    problems = collect_messages(desk, referral) or _unproven(desk, referral)
    problems = (*problems, *_learn_holders(desk, referral))
    _forget_what_is_not_ours(desk, referral)
    withdraw_what_arrived_late(desk, referral)
    if not problems:
        desk.vault.delete(TOUCHED, referral)
    return problems


def _unproven(desk: Desk, referral: str) -> tuple[Problem, ...]:
    fault = desk.proven(referral).fault
    return () if fault is None else (Problem(TimelineUnprovenError.code, fault, referral),)


def _learn_holders(desk: Desk, referral: str) -> tuple[Problem, ...]:
    """To which devices a case that is open here was sealed since."""
    standing = desk.proven(referral)
    if desk.vault.get(OPENED, referral) is None or standing.fault is not None:
        return ()
    return tuple(
        Problem(each.code, f"a colleague's share of the case: {each}", referral)
        for each in learn_holders(desk, referral, standing)
    )


def _forget_what_is_not_ours(desk: Desk, referral: str) -> None:
    """A provider keeps a case only while it is offered to it or in its hands: once it declined,
    let it lapse or the person withdrew, the words are gone from this phone."""
    me, standing = desk.me, desk.standing(referral)
    if me.role != Role.PROVIDER_STAFF or standing.referral is None or standing.fault:
        return
    ours = standing.referral.offered_to == me.organisation
    if ours and standing.referral.state is not State.WITHDRAWN:
        return
    with desk.vault.transaction():
        forget_case(desk, referral)


def _standing_problems(desk: Desk) -> tuple[Problem, ...]:
    """What stays visible until somebody has dealt with it."""
    found = []
    if abs(desk.clock_off) > TOLERANCE:
        found.append(Problem(ClockWrongError.code, str(ClockWrongError(desk.clock_off))))
    if (fork := desk.ledger.fork) is not None:
        found.append(
            Problem(
                "log_fork",
                f"on {fork.seen:%Y-%m-%d} the server showed a log that contradicts the one seen"
                " before; both checkpoints are kept, show them to a coordinator",
            )
        )
    snapshot = desk.directory.snapshot
    if snapshot is not None and snapshot.expires <= desk.clock():
        found.append(
            Problem("directory_expired", f"the directory expired on {snapshot.expires:%Y-%m-%d}")
        )
    return (*found, *withheld(desk), *unreadable(desk))
