"""Replays judged events: whether each follows the one before, and what the lifecycle says."""

from datetime import datetime, timedelta

from attrs import frozen

from protocols.audit.judge import Judged, Problem
from protocols.audit.report import Fault, Overdue, Seen
from protocols.errors import AmanaError
from protocols.referral.lifecycle import Referral, Step, StepRefusedError, apply
from protocols.sealing.certificate import Certificate
from protocols.timeline.event import Event, Kind

CLOCK_SLACK = timedelta(minutes=5)
"""How far an actor's clock may run ahead of the server's, or behind the event it follows."""


def step_of(event: Event, signer: Certificate, at: datetime) -> Step:
    """The event as the lifecycle's machine needs it; `at` is when the server received it."""
    first = event.kind is Kind.SUBMITTED
    return Step(
        kind=str(event.kind),
        actor=event.actor,
        role=str(signer.role),
        at=at,
        organisation=signer.organisation,
        provider=event.provider,
        reason=event.reason,
        shortlist=tuple(each.recipient for each in event.envelopes) if first else (),
        respond_within=event.respond_within,
    )


@frozen
class _Standing:
    """Where one referral's chain stands. The next event may claim no time before its own actor's
    last `claimed` (steps may wait together offline), or before another's was `received`."""

    referral: Referral | None = None
    sequence: int = -1
    digest: str | None = None
    actor: str | None = None
    claimed: datetime | None = None
    received: datetime | None = None


class Replay:
    """Takes a log's leaves one after the other and remembers a line a referral."""

    def __init__(self, country: str) -> None:
        self.faults: list[Fault] = []
        self.signers: set[str] = set()
        self.last_received: datetime | None = None
        self._country = country
        self._standings: dict[str, _Standing] = {}

    def take(self, index: int, found: Judged | str) -> Seen | None:
        """Judge the leaf at `index`; None where its bytes are no event at all."""
        if isinstance(found, str):
            self.faults.append(Fault("bad_leaf", f"leaf {index}", f"not an event: {found}"))
            return None
        event, signer = found.event, found.signer
        if signer is not None:
            self.signers.add(signer.subject)
        wrong = [*self._times(event, found.received), *found.problems, *self._follows(found)]
        self.faults += [
            Fault(rule, f"leaf {index}, referral {event.referral}, {event.kind}", message)
            for rule, message in wrong
        ]
        standing = self._standings[event.referral]
        return Seen(
            index=index,
            event=event,
            received=found.received,
            role=str(signer.role) if signer else None,
            organisation=signer.organisation if signer else None,
            name=signer.name if signer else None,
            deadline=standing.referral.deadline if standing.referral else None,
            faults=tuple(rule for rule, _ in wrong),
        )

    def referrals(self) -> int:
        """How many referrals the log holds."""
        return len(self._standings)

    def states(self) -> dict[str, int]:
        """How many referrals stand where."""
        counts: dict[str, int] = {}
        for each in self._standings.values():
            name = str(each.referral.state) if each.referral else "broken"
            counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items()))

    def overdue(self, now: datetime) -> tuple[Overdue, ...]:
        """Offers past their deadline at `now`, the longest wait first."""
        late = [
            Overdue(referral, each.referral.offered_to, each.referral.deadline)
            for referral, each in self._standings.items()
            if each.referral and each.referral.deadline and each.referral.deadline <= now
        ]
        return tuple(sorted(late, key=lambda each: (each.deadline, each.referral)))

    def _times(self, event: Event, received: datetime) -> list[Problem]:
        found = []
        if self.last_received is not None and received < self.last_received:
            found.append(("time_reversed", "received before the leaf that precedes it in the log"))
        self.last_received = max(received, self.last_received or received)
        if event.claimed > received + CLOCK_SLACK:
            found.append(("claimed_in_future", "claims to have happened after it was received"))
        before = self._standings.get(event.referral, _Standing())
        earliest = before.claimed if event.actor == before.actor else before.received
        if earliest is not None and event.claimed < earliest - CLOCK_SLACK:
            found.append(("back_dated", "claims to have happened before the event it follows"))
        if event.country != self._country:
            found.append(("wrong_country", f"an event of {event.country} in this country's log"))
        return found

    def _follows(self, judged: Judged) -> list[Problem]:
        """Chain and lifecycle; the referral moves on with whatever of both holds."""
        event, signer, received = judged.event, judged.signer, judged.received
        standing = self._standings.get(event.referral, _Standing())
        found = []
        if (event.sequence, event.previous) != (standing.sequence + 1, standing.digest):
            found.append(
                (
                    "broken_chain",
                    f"event {event.sequence} does not follow event {standing.sequence}:"
                    " one was dropped, doubled, reordered or altered",
                )
            )
        referral = standing.referral
        if signer is not None:
            try:
                referral = apply(referral, step_of(event, signer, received))
            except StepRefusedError as error:
                found.append((error.rule, str(error)))
            except AmanaError as error:
                found.append((error.code, str(error)))
        self._standings[event.referral] = _Standing(
            referral=referral,
            sequence=event.sequence,
            digest=judged.digest,
            actor=signer.subject if signer else event.actor,
            claimed=event.claimed,
            received=received,
        )
        return found
