"""Emptying the outbox: one submission at a time, and nothing acknowledged without proof."""

from http import HTTPStatus

from mobile.casework.desk import Desk
from mobile.casework.heads import checked_head
from mobile.casework.signing import refuse
from mobile.casework.views import Problem
from mobile.sync.errors import (
    BadReceiptError,
    HostileAnswerError,
    OfflineError,
    RefusedError,
    ServerTroubleError,
)
from mobile.sync.events import keep_event, read_proven
from mobile.sync.outbox import Item, Trouble
from mobile.sync.server import Server
from protocols.messages import Receipt, Submission
from protocols.timeline.event import Kind

TO_BE_PROVEN = frozenset({"timeline_moved", "step_refused", "already_accepted"})
"""Refusals that the timeline must bear out: the item waits to be judged by it, not by the server's
word alone."""
NOT_THE_ITEMS_FAULT = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
    }
)
"""Refusals of the caller or of the moment: the item waits, for they can pass."""
PASSING = frozenset({"expired", "revoked", "claimed_in_future"})


def empty_outbox(desk: Desk, server: Server, *, hurry: bool) -> tuple[int, tuple[Problem, ...]]:
    """Send what is due; how many were acknowledged, and what went wrong with single items.

    Raises OfflineError, ServerTroubleError and HostileAnswerError after noting them on the item.
    """
    sent, problems = 0, []
    for item in desk.outbox.due(desk.clock(), hurry):
        problem = _send_one(desk, server, item)
        if problem is None:
            sent += 1
        else:
            problems.append(problem)
    return sent, tuple(problems)


def _send_one(desk: Desk, server: Server, item: Item) -> Problem | None:
    submission = desk.outbox.body(item)
    first = item.what == Kind.SUBMITTED
    try:
        receipt = server.submit(item.referral, first, submission)
        _acknowledge(desk, server, item, submission, receipt)
    except RefusedError as error:
        return _refused(desk, item, error)
    except ServerTroubleError as error:
        trouble = Trouble(error.code, str(error))
        desk.outbox.fail(item, trouble, desk.clock(), error.retry_after)
        raise
    except (OfflineError, HostileAnswerError) as error:
        desk.outbox.fail(item, Trouble(error.code, str(error)), desk.clock())
        raise
    return None


def _acknowledge(
    desk: Desk, server: Server, item: Item, submission: Submission, receipt: Receipt
) -> None:
    """Hold the receipt against the log, then end the item with what the receipt proved, in one
    transaction. Raises BadReceiptError or LogForkError; the item waits on."""
    head = checked_head(desk, server, receipt.checkpoint, None)
    held = [read_proven(each, head) for each in receipt.events]
    if not any(each.statement == submission.event for each in held):
        raise BadReceiptError("a receipt for something else than what was sent; it waits on")
    with desk.vault.transaction():
        desk.ledger.keep(head)
        for logged, each in zip(receipt.events, held, strict=True):
            if each.event.referral == item.referral:
                keep_event(desk.vault, logged, each)
        desk.outbox.acknowledge(item)


def _refused(desk: Desk, item: Item, error: RefusedError) -> Problem:
    """Note on the item what the server's refusal means for it."""
    problem, extras = error.problem, error.problem.extras or {}
    winner, rule = extras.get("provider"), extras.get("rule")
    code = rule if isinstance(rule, str) and problem.code == "step_refused" else problem.code
    trouble = Trouble(code, str(error), winner if isinstance(winner, str) else None)
    if problem.code in TO_BE_PROVEN:
        desk.outbox.move(item, trouble)
    elif problem.status in NOT_THE_ITEMS_FAULT or problem.code in PASSING:
        desk.outbox.fail(item, trouble, desk.clock())
    else:
        refuse(desk, item, trouble)
    return Problem(trouble.code, trouble.detail, item.referral)
