"""Opening a case: as its sender sealed it, or as a colleague or the sender sealed it anew."""

from datetime import datetime

from attrs import field, frozen

from mobile.casework.custody import case_refs, keep_holders
from mobile.casework.desk import Desk
from mobile.casework.errors import UnknownRecordError, UnreadableError
from mobile.casework.records import ENVELOPES, KeptHolders, holders_in, tried_in
from mobile.casework.replay import Standing
from protocols.errors import AmanaError
from protocols.sealing.age import NoMatchError
from protocols.sealing.certificate import Role
from protocols.sealing.envelope import Opened, open_envelope
from protocols.sealing.sharing import PURPOSE as SHARE
from protocols.sealing.sharing import check_shared, read_shared
from protocols.timeline.event import Event, Kind

REFERRAL = "referral"


@frozen
class CaseEnvelope:
    """One envelope that carried the case to this organisation. `data` None: not on this phone."""

    event: Event
    received: datetime | None
    sha256: str
    data: bytes | None = field(repr=False)


@frozen
class OpenedEnvelope:
    """The case as its sender signed it, and the SHA-256 of the ciphertext in which that sender
    sealed it."""

    case: Opened
    origin: str


def envelopes_of_case(desk: Desk, standing: Standing) -> tuple[CaseEnvelope, ...]:
    """Every envelope that carried the case to this organisation, newest first."""
    received = dict(zip(standing.events, standing.times, strict=True))
    found = [
        CaseEnvelope(event, received[event], ref.sha256, desk.vault.get(ENVELOPES, ref.sha256))
        for event, ref in case_refs(standing.events, desk.me.organisation)
    ]
    return tuple(reversed(found))


def open_case(desk: Desk, referral: str, standing: Standing) -> OpenedEnvelope:
    """The case out of the newest envelope that this phone can open and that is what it says.

    Raises UnknownRecordError where no envelope is here. Where none opens, the first error that is
    more than another device's envelope, else NoMatchError; what was tried is remembered.
    """
    here = [each for each in envelopes_of_case(desk, standing) if each.data is not None]
    if not here:
        raise UnknownRecordError("the case is not on this phone (not offered now?); sync first")
    problem: AmanaError | None = None
    for each in here:
        try:
            return read_case(desk, referral, standing, each)
        except AmanaError as error:
            if problem is None or isinstance(problem, NoMatchError):
                problem = error
            desk.vault.put(tried_in(referral), each.sha256, b"")
    assert problem is not None
    raise problem


def read_case(
    desk: Desk, referral: str, standing: Standing, envelope: CaseEnvelope
) -> OpenedEnvelope:
    """The case in `envelope`, checked to the end: who sealed it is who took the step, and who
    signed the case is of the sender's side (see `_senders`). To whom it was sealed is remembered.

    Raises what `open_envelope` and `check_shared` raise, and UnreadableError.
    """
    opened = open_envelope(
        envelope.data or b"",
        desk.keyring.identities(),
        trust=desk.trust.store,
        referral=referral,
        me=desk.me.organisation,
        now=envelope.received or desk.clock(),
    )
    if opened.sender.subject != envelope.event.actor:
        raise UnreadableError("another device sealed this case than the one that submitted it")
    found = OpenedEnvelope(opened, envelope.sha256)
    if opened.payload.purpose == SHARE:
        found = _shared(desk, standing, opened)
    if found.case.payload.purpose != REFERRAL:
        purpose = found.case.payload.purpose
        raise UnreadableError(f"a sealed {purpose} stands in the case's place")
    if found.case.sender.subject not in _senders(desk, standing):
        raise UnreadableError("another device sealed this case than the one that submitted it")
    sealed = opened.payload
    holders = KeptHolders(desk.me.organisation, sealed.devices, sealed.created)
    keep_holders(desk, referral, envelope.sha256, holders)
    return found


def _shared(desk: Desk, standing: Standing, opened: Opened) -> OpenedEnvelope:
    """What a colleague's device sealed on, from an envelope that this referral truly had."""
    me = desk.me.organisation
    shared = read_shared(opened, me)
    origins = (
        each
        for each in envelopes_of_case(desk, standing)
        if each.sha256 == shared.envelope and each.event.actor in _senders(desk, standing)
    )
    origin = next(origins, None)
    if origin is None or origin.received is None:
        raise UnreadableError("a colleague shared a case that this referral never had; ask again")
    case = check_shared(opened, shared, trust=desk.trust.store, me=me, now=origin.received)
    if case.sender.subject != origin.event.actor:
        raise UnreadableError("a colleague shared a case under another's envelope; ask again")
    return OpenedEnvelope(case, shared.envelope)


def _senders(desk: Desk, standing: Standing) -> set[str]:
    """The devices that may seal this case for its provider: the one that submitted it, and where
    that one was lost by then, devices of its organisation that sealed it anew (from a spare copy).
    """
    first, signer = standing.events[0].actor, standing.signers[0]
    found = {first}
    steps = zip(standing.events, standing.signers, standing.times, strict=True)
    for event, by, at in steps:
        if event.kind is not Kind.RESEALED or by is None or signer is None or at is None:
            continue
        same = by.role is Role.FIELD_WORKER and by.organisation == signer.organisation
        if same and first in desk.trust.store.former_devices_of(signer.organisation or "", at):
            found.add(event.actor)
    return found


def learn_holders(desk: Desk, referral: str, standing: Standing) -> tuple[AmanaError, ...]:
    """Read to whom the envelopes were sealed that came after this phone opened the case; what is
    wrong with any."""
    problems = []
    known = set(desk.vault.list(holders_in(referral)))
    for each in envelopes_of_case(desk, standing):
        if each.data is None or each.sha256 in known:
            continue
        try:
            read_case(desk, referral, standing, each)
        except NoMatchError:
            continue
        except AmanaError as error:
            problems.append(error)
    return tuple(problems)


def is_stuck(desk: Desk, referral: str, envelopes: tuple[CaseEnvelope, ...]) -> bool:
    """Whether envelopes are here, and this phone could open none of them."""
    here = [each.sha256 for each in envelopes if each.data is not None]
    return bool(here) and set(here) <= set(desk.vault.list(tried_in(referral)))
