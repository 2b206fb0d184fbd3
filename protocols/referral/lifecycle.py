"""The life of one referral as a pure machine: `apply` a step, or be told why not.

Server, phone and audit run the same machine over the same steps, so they cannot disagree on where
a referral stands. It knows no events, clocks or storage: a step's time is the moment the server
received it. States and arrows are in `arrows.py`, drawn in `docs/lifecycle.md`.
"""

from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from protocols.referral.arrows import (
    ARROWS,
    FINAL,
    UNANSWERED,
    WAITING_FOR_OFFER,
    State,
    Who,
)
from protocols.referral.steps import (
    NEEDS_REASON,
    REASON,
    RESPOND_WITHIN,
    RULES,
    AlreadyAcceptedError,
    Referral,
    ServerStep,
    Step,
    StepRefusedError,
)

__all__ = [
    "FINAL",
    "RESPOND_WITHIN",
    "RULES",
    "AlreadyAcceptedError",
    "Referral",
    "ServerStep",
    "State",
    "Step",
    "StepRefusedError",
    "apply",
    "may",
    "next_server_step",
    "start",
]

_ENDS_OFFER = frozenset({"declined", "expired", "unreadable"})
_NAMES_PROVIDER = frozenset({"expired", "resealed"})
_ABOUT_HOLDING = frozenset({"unreadable", "resealed"})
_ANSWER = frozenset({Who.RECIPIENT, Who.EITHER})
"""Whose steps come too late once the time to answer is over."""


def start(sender: str | None = None) -> Referral:
    """A draft on the phone, of the organisation `sender`; nothing of it has left."""
    return Referral(State.DRAFTED, sender=sender)


def apply(referral: Referral | None, step: Step) -> Referral:
    """The referral after `step`. `None` is a referral that no server knows yet.

    Raises StepRefusedError (its `rule` says which), or AlreadyAcceptedError for a lost race.
    """
    if referral is None and step.kind != "submitted":
        raise StepRefusedError(
            "not_submitted" if step.kind in ARROWS else "unknown_kind", step.kind, None
        )
    before = referral or Referral(State.SEALED)
    _check_race(before, step)
    for rule, broken in (
        ("unknown_kind", step.kind not in ARROWS),
        *_actor_rules(before, step),
        *_state_rules(before, step),
        *_field_rules(before, step),
    ):
        if broken:
            raise StepRefusedError(rule, step.kind, before.state)
    return _moved(before, step)


def may(referral: Referral | None, step: Step) -> bool:
    """Whether `apply` would take the step."""
    try:
        apply(referral, step)
    except StepRefusedError:
        return False
    return True


def next_server_step(referral: Referral, now: datetime) -> ServerStep | None:
    """What the server must append to this referral at `now`, or None. Call until None.

    Depends on nothing but its arguments, so a server that was down catches up by asking again.
    """
    if referral.state in WAITING_FOR_OFFER:
        untried = referral.untried
        return ServerStep("offered", untried[0]) if untried else ServerStep("returned", None)
    if referral.state in UNANSWERED and _is_late(referral, now):
        return ServerStep("expired", referral.offered_to)
    return None


def _is_late(referral: Referral, at: datetime) -> bool:
    return referral.deadline is not None and at >= referral.deadline


def _check_race(before: Referral, step: Step) -> None:
    known = step.role == "provider_staff" and step.organisation in before.tried
    if step.kind == "accepted" and before.accepted_by and known:
        raise AlreadyAcceptedError(
            before.accepted_by, before.accepted_device, step.kind, before.state
        )


def _actor_rules(before: Referral, step: Step) -> list[tuple[str, bool]]:
    if step.kind not in ARROWS:
        return []
    who = ARROWS[step.kind].who
    if who is Who.SERVER:
        return [("not_server", step.role != "server")]
    if who is Who.SENDER:
        own = step.organisation is not None and before.sender in (None, step.organisation)
        return [("not_sender", step.role != "field_worker" or not own)]
    if who is Who.EITHER and step.role == "field_worker":
        own = step.organisation is not None and before.sender == step.organisation
        return [("not_sender", not own)]
    staff = step.role == "provider_staff" and step.organisation is not None
    holds = staff and step.organisation == before.offered_to
    return [
        ("offer_ended", staff and not holds and step.organisation in before.tried),
        ("not_recipient", not holds),
    ]


def _state_rules(before: Referral, step: Step) -> list[tuple[str, bool]]:
    arrow = ARROWS.get(step.kind)
    fits = arrow is not None and before.state in arrow.moves
    answers = arrow is not None and arrow.who in _ANSWER and before.state in UNANSWERED
    return [
        ("already_ended", not fits and before.ended),
        ("wrong_state", not fits),
        ("deadline_passed", answers and _is_late(before, step.at)),
        ("too_early", step.kind == "expired" and not _is_late(before, step.at)),
        ("no_question", step.kind == "answered" and not before.question_open),
        ("already_opened", step.kind == "opened" and step.actor in before.opened_by),
        *(_holding_rules(before, step) if step.kind in _ABOUT_HOLDING else ()),
    ]


def _holding_rules(before: Referral, step: Step) -> list[tuple[str, bool]]:
    """Who may say that it cannot open the case, and who may seal it anew: a device of the provider
    that has opened it, or the sender once a device of the provider has asked."""
    if step.kind == "unreadable":
        return [("already_unreadable", step.actor in before.unreadable_to)]
    own = step.role == "provider_staff"
    return [
        ("not_opened", own and step.actor not in before.opened_by),
        ("nobody_asked", not own and not before.unreadable_to),
    ]


def _field_rules(before: Referral, step: Step) -> list[tuple[str, bool]]:
    first = step.kind == "submitted"
    listed = len(step.shortlist)
    good_list = listed > 0 and len(set(step.shortlist)) == listed if first else listed == 0
    good_deadline = step.respond_within in RESPOND_WITHIN if first else step.respond_within is None
    shaped = step.reason is None or REASON.fullmatch(step.reason) is not None
    return [
        ("bad_shortlist", not good_list),
        ("bad_deadline", not good_deadline),
        ("bad_reason", not shaped or (step.kind in NEEDS_REASON and step.reason is None)),
        ("not_next", step.kind == "offered" and (step.provider,) != before.untried[:1]),
        ("fallback_left", step.kind == "returned" and bool(before.untried)),
        ("wrong_provider", not _names_right_provider(before, step)),
    ]


def _names_right_provider(before: Referral, step: Step) -> bool:
    if step.kind in _NAMES_PROVIDER:
        return step.provider == before.offered_to
    arrow = ARROWS.get(step.kind)
    names_itself = arrow is not None and arrow.who is Who.RECIPIENT and step.kind != "handed_over"
    return not names_itself or step.provider in (None, before.offered_to)


def _moved(before: Referral, step: Step) -> Referral:
    target = ARROWS[step.kind].moves[before.state]
    since = step.at if target is not before.state or before.since is None else before.since
    left = _left_behind(before, step, target)
    if target not in UNANSWERED:
        left["deadline"] = None
    return evolve(before, state=target, since=since, reason=step.reason, **left)


def _left_behind(before: Referral, step: Step, target: State) -> dict[str, Any]:
    """What this kind of step changes beyond the state."""
    if step.kind in _ENDS_OFFER and target is not before.state:
        return {
            "offered_to": None,
            "opened_by": (),
            "question_open": False,
            "unreadable_to": (),
        }
    changes: dict[str, Any] = {}
    match step.kind:
        case "sealed":
            changes = {"sender": step.organisation}
        case "submitted":
            changes = {
                "sender": step.organisation,
                "shortlist": step.shortlist,
                "respond_within": step.respond_within,
            }
        case "offered" if before.respond_within is not None and step.provider:
            changes = {
                "offered_to": step.provider,
                "tried": (*before.tried, step.provider),
                "deadline": step.at + timedelta(minutes=before.respond_within),
            }
        case "asked" | "answered":
            changes = {"question_open": step.kind == "asked"}
        case "accepted":
            changes = {"accepted_by": step.organisation, "accepted_device": step.actor}
        case "opened" | "unreadable" | "resealed":
            changes = _held_by(before, step)
    return changes


def _held_by(before: Referral, step: Step) -> dict[str, Any]:
    """Which devices have opened the case, and which wait for it to be sealed anew."""
    if step.kind == "resealed":
        return {"unreadable_to": ()}
    if step.kind == "unreadable":
        return {"unreadable_to": (*before.unreadable_to, step.actor)}
    return {
        "opened_by": (*before.opened_by, step.actor),
        "unreadable_to": tuple(each for each in before.unreadable_to if each != step.actor),
    }
