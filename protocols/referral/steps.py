"""What the lifecycle works on: steps, where a referral stands, and the reasons to refuse."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import frozen

from protocols.errors import AmanaError
from protocols.referral.arrows import FINAL, State

RESPOND_WITHIN = (60, 240, 1440, 4320)
"""Minutes to answer an offer. Only four values, so that the number does not name the service."""

RULES: Mapping[str, str] = MappingProxyType(
    {
        "unknown_kind": "no such step exists; update this software",
        "not_submitted": "a referral starts with `submitted`; send that first",
        "already_ended": "the referral has ended; make a new one if help is still needed",
        "already_accepted": "a provider has accepted; take no further action on this offer",
        "wrong_state": "this step does not follow from the present state; sync and look again",
        "not_server": "only the country's server may record this",
        "not_sender": "only a field worker of the organisation that sent it may do this",
        "not_recipient": "only staff of the provider to which it stands offered may do this",
        "offer_ended": "this provider's offer has ended; it stands with somebody else now",
        "deadline_passed": "the time to answer is over; the server offers it to the next provider",
        "too_early": "the provider still has time to answer; wait for the deadline",
        "not_next": "offers follow the shortlist, each provider once; offer to the next untried",
        "fallback_left": "a provider of the shortlist is still untried; offer to it instead",
        "wrong_provider": "the step names another provider than the one concerned; correct it",
        "no_question": "no question is open; there is nothing to answer",
        "already_opened": "this device has opened it before; nothing more to record",
        "already_unreadable": "this device has said so before; wait until it is sealed anew",
        "not_opened": "this device has not opened the case; open it, then seal it for others",
        "nobody_asked": "no device of the provider has said that it cannot open it; wait for that",
        "bad_shortlist": "a shortlist, on `submitted` only, names at least one provider, each once",
        "bad_deadline": "minutes to answer, on `submitted` only, are 60, 240, 1440 or 4320",
        "bad_reason": "a reason is a code like `no_places`; declining and closing need one",
    }
)
"""Why a step is refused: stable slug -> what it means and what to do."""

REASON = re.compile(r"[a-z_]{1,40}")
NEEDS_REASON = frozenset({"declined", "closed"})


class StepRefusedError(AmanaError):
    """A step that is not allowed; the referral stays as it was. `rule` is a key of `RULES`."""

    code = "step_refused"

    def __init__(self, rule: str, kind: str, state: State | None) -> None:
        stands = f"a referral that is {state.value}" if state else "no referral"
        super().__init__(f"{kind[:40]} on {stands}: {RULES[rule]} ({rule})")
        self.rule = rule
        self.state = state


class AlreadyAcceptedError(StepRefusedError):
    """Two accepted at once and this one lost: `provider` (and its device `actor`) won."""

    code = "already_accepted"

    def __init__(self, provider: str, actor: str | None, kind: str, state: State) -> None:
        super().__init__("already_accepted", kind, state)
        self.args = (f"{provider} has accepted this referral; {RULES['already_accepted']}",)
        self.provider = provider
        self.actor = actor


@frozen
class Step:
    """One event as the machine needs it.

    `kind` as in the timeline, `actor` a keyid, `role` and `organisation` from the actor's
    certificate (organisation None for the server), `provider` whom the step concerns, `at` when
    the server received it, `shortlist` and `respond_within` (minutes) on `submitted` only.
    """

    kind: str
    actor: str
    role: str
    at: datetime
    organisation: str | None = None
    provider: str | None = None
    reason: str | None = None
    shortlist: tuple[str, ...] = ()
    respond_within: int | None = None


@frozen
class Referral:
    """Where a referral stands.

    `sender`: the organisation that sent it. `tried`: every provider offered to so far, in order.
    `offered_to`: the provider that holds the offer, kept once it accepted. `deadline`: until when
    an unanswered offer may be answered (exclusive), None otherwise. `accepted_by`: the provider,
    `accepted_device` the keyid. `opened_by`: keyids that opened it under the present offer.
    `unreadable_to`: keyids that hold it and said that they cannot open it, since it was last sealed
    anew. `since`: when the present state began. `reason`: the code given with the last step.
    """

    state: State
    sender: str | None = None
    shortlist: tuple[str, ...] = ()
    respond_within: int | None = None
    offered_to: str | None = None
    tried: tuple[str, ...] = ()
    deadline: datetime | None = None
    accepted_by: str | None = None
    accepted_device: str | None = None
    opened_by: tuple[str, ...] = ()
    question_open: bool = False
    since: datetime | None = None
    reason: str | None = None
    unreadable_to: tuple[str, ...] = ()

    @property
    def untried(self) -> tuple[str, ...]:
        """The fallbacks that are left, in order."""
        return tuple(each for each in self.shortlist if each not in self.tried)

    @property
    def ended(self) -> bool:
        """Nothing but feedback (once closed) can follow."""
        return self.state in FINAL


@frozen
class ServerStep:
    """What the server must append now: `kind` offered, expired or returned."""

    kind: str
    provider: str | None
