"""A referral's timeline, judged: who signed, does each event follow, what does the lifecycle say.

The same machine as the server's and the audit's runs here, over events the log has proven. Nothing
is believed for being in a database: a signature or a link that fails leaves the timeline unproven.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, field, frozen

from mobile.casework.views import TimelineProof, TimelineRow
from mobile.sync.events import HeldEvent
from protocols.errors import AmanaError, MalformedError
from protocols.plain import from_json
from protocols.referral.lifecycle import Referral, Step, StepRefusedError, apply
from protocols.sealing.certificate import Certificate, UntrustedError
from protocols.sealing.statement import Statement, verify
from protocols.sealing.truststore import TrustStore
from protocols.timeline.event import EVENT_TYPE, Event, Kind


@frozen
class Standing:
    """Where a referral stands after its events. `tip` is the digest and `sequence` the number of
    the newest event, `signers` each event's signer by digest, `fault` the first thing that does
    not hold (None: all proven)."""

    referral: Referral | None = None
    sequence: int = -1
    tip: str | None = None
    received: datetime | None = None
    events: tuple[Event, ...] = ()
    digests: tuple[str, ...] = ()
    signers: tuple[Certificate | None, ...] = field(default=(), repr=False)
    times: tuple[datetime | None, ...] = ()
    late: tuple[bool, ...] = ()
    fault: str | None = None

    @property
    def whole(self) -> bool:
        """Every event from the first on is here and holds."""
        return self.fault is None and bool(self.events)

    @property
    def first(self) -> Event | None:
        """The submission."""
        return self.events[0] if self.events and self.events[0].sequence == 0 else None


def step_of(event: Event, signer: Certificate, at: datetime) -> Step:
    """The event as the lifecycle's machine needs it."""
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


def replay(held: Iterable[HeldEvent], trust: TrustStore) -> Standing:
    """The referral's standing after the events held, oldest first."""
    standing = Standing()
    for each in held:
        standing = _after(standing, each, trust)
    return standing


def pending(standing: Standing, statement: Statement, signer: Certificate) -> Standing:
    """The standing after an event of this device that has not left yet.

    Raises StepRefusedError or AlreadyAcceptedError when the lifecycle would not take it. Deadlines
    are left to the server: its clock decides, not this phone's.
    """
    event = from_json(statement.payload, Event)
    since = standing.referral.since if standing.referral else None
    at = standing.received or since or event.claimed
    after = apply(standing.referral, step_of(event, signer, at))
    return _grown(standing, event, statement.digest, signer=signer, referral=after, received=None)


def _after(standing: Standing, held: HeldEvent, trust: TrustStore) -> Standing:
    event, received = held.event, held.leaf.received
    fault, signer, referral = standing.fault, None, standing.referral
    late = _is_late(referral, received) and event.kind is Kind.EXPIRED
    try:
        signer = trust.device(event.actor, received)
        verify(held.statement, signer.key_map, payload_type=EVENT_TYPE)
        _demand_follows(standing, event, received)
        referral = apply(referral, step_of(event, signer, received))
    except AmanaError as error:
        fault = fault or f"{event.kind} (entry {held.index}): {error}"
        if isinstance(error, UntrustedError):
            signer = None
    grown = _grown(
        standing, event, held.digest, signer=signer, referral=referral, received=received, late=late
    )
    return evolve(grown, fault=fault)


def _demand_follows(standing: Standing, event: Event, received: datetime) -> None:
    """Raises unless the event is the next one and was not received before the last: a time turned
    back would pass off a revoked device's step, or a late one, as made in time."""
    if standing.received is not None and received < standing.received:
        raise MalformedError("received before the event that it follows; tell a coordinator")
    if (event.sequence, event.previous) != (standing.sequence + 1, standing.tip):
        state = standing.referral.state if standing.referral else None
        raise StepRefusedError("wrong_state", str(event.kind), state)


def _grown(
    standing: Standing,
    event: Event,
    digest: str,
    *,
    signer: Certificate | None,
    referral: Referral | None,
    received: datetime | None,
    late: bool = False,
) -> Standing:
    return evolve(
        standing,
        referral=referral,
        sequence=event.sequence,
        tip=digest,
        received=received or standing.received,
        events=(*standing.events, event),
        digests=(*standing.digests, digest),
        signers=(*standing.signers, signer),
        times=(*standing.times, received),
        late=(*standing.late, late),
    )


def _is_late(referral: Referral | None, at: datetime) -> bool:
    return referral is not None and referral.deadline is not None and at >= referral.deadline


def rows(standing: Standing, names: dict[str, str]) -> tuple[TimelineRow, ...]:
    """The timeline as a screen shows it; `names` gives organisations' names by id."""
    found = []
    before: datetime | None = None
    for event, signer, received, late in zip(
        standing.events, standing.signers, standing.times, standing.late, strict=True
    ):
        moment = received or event.claimed
        waited: timedelta | None = moment - before if before is not None else None
        organisation = signer.organisation if signer else None
        proof = TimelineProof.WAITING if received is None else TimelineProof.PROVEN
        if received is not None and (signer is None or standing.fault is not None):
            proof = TimelineProof.UNPROVEN
        found.append(
            TimelineRow(
                sequence=event.sequence,
                kind=str(event.kind),
                actor=event.actor,
                role=str(signer.role) if signer else "unknown",
                organisation=organisation,
                organisation_name=names.get(organisation or "", organisation),
                provider=event.provider,
                claimed=event.claimed,
                received=received,
                reason=event.reason,
                waited=waited,
                late=late,
                proof=proof,
            )
        )
        before = moment
    return tuple(found)
