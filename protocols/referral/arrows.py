"""The lifecycle's states and arrows as one table: which kind of step leads from where to where,
and who may take it. `docs/lifecycle.md` draws the same arrows; a test holds both together."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen


class State(StrEnum):
    """Where a referral stands. `submitted` also means: waiting for its next offer."""

    DRAFTED = "drafted"
    SEALED = "sealed"
    SUBMITTED = "submitted"
    OFFERED = "offered"
    OPENED = "opened"
    ACCEPTED = "accepted"
    ASKED = "asked"
    IN_SERVICE = "in_service"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    UNREADABLE = "unreadable"


class Who(StrEnum):
    """Who may take a step: the country's server, a field worker of the organisation that sent
    the referral, staff of the provider to which it stands offered (or which accepted it), or
    whoever of these two sides holds the case."""

    SERVER = "server"
    SENDER = "sender"
    RECIPIENT = "recipient"
    EITHER = "either"


FINAL = frozenset({State.CLOSED, State.WITHDRAWN, State.RETURNED})
UNANSWERED = frozenset({State.OFFERED, State.OPENED, State.ASKED})
WAITING_FOR_OFFER = frozenset({State.SUBMITTED, State.UNREADABLE})
TAKEN = frozenset({State.ACCEPTED, State.IN_SERVICE, State.HANDED_OVER})
OPEN = frozenset({State.OPENED, State.ASKED, *TAKEN})
"""Some device of the provider has opened the case, and the referral goes on."""


@frozen
class Arrow:
    """One kind of step: who may take it, and for each state it may start from, the state after.

    A step whose state after equals the one before is only recorded (a further opening, a message,
    a case sealed again for colleagues).
    """

    who: Who
    moves: Mapping[State, State]


def _to(target: State, *sources: State) -> dict[State, State]:
    return dict.fromkeys(sources, target)


_STAYS = {state: state for state in TAKEN}
_STAYS_OPEN = {state: state for state in sorted(OPEN)}

ARROWS: Mapping[str, Arrow] = MappingProxyType(
    {
        "sealed": Arrow(Who.SENDER, _to(State.SEALED, State.DRAFTED)),
        "submitted": Arrow(Who.SENDER, _to(State.SUBMITTED, State.SEALED)),
        "offered": Arrow(Who.SERVER, _to(State.OFFERED, *WAITING_FOR_OFFER)),
        "opened": Arrow(
            Who.RECIPIENT,
            {
                State.OFFERED: State.OPENED,
                State.OPENED: State.OPENED,
                State.ASKED: State.ASKED,
                **_STAYS,
            },
        ),
        "accepted": Arrow(Who.RECIPIENT, _to(State.ACCEPTED, State.OPENED, State.ASKED)),
        "declined": Arrow(Who.RECIPIENT, _to(State.SUBMITTED, *UNANSWERED)),
        "asked": Arrow(Who.RECIPIENT, {**_to(State.ASKED, State.OPENED, State.ASKED), **_STAYS}),
        "answered": Arrow(Who.SENDER, {State.ASKED: State.OPENED, **_STAYS}),
        "expired": Arrow(Who.SERVER, _to(State.SUBMITTED, *UNANSWERED)),
        "unreadable": Arrow(Who.RECIPIENT, {State.OFFERED: State.UNREADABLE, **_STAYS_OPEN}),
        "resealed": Arrow(Who.EITHER, _STAYS_OPEN),
        "in_service": Arrow(Who.RECIPIENT, _to(State.IN_SERVICE, State.ACCEPTED)),
        "handed_over": Arrow(
            Who.RECIPIENT, _to(State.HANDED_OVER, State.ACCEPTED, State.IN_SERVICE)
        ),
        "closed": Arrow(Who.RECIPIENT, _to(State.CLOSED, *TAKEN)),
        "feedback": Arrow(Who.RECIPIENT, {**_STAYS, State.CLOSED: State.CLOSED}),
        "withdrawn": Arrow(Who.SENDER, _to(State.WITHDRAWN, *(set(State) - FINAL))),
        "returned": Arrow(Who.SERVER, _to(State.RETURNED, *WAITING_FOR_OFFER)),
    }
)
