"""Devices that a coordinator compared and vouched for: what the authority checks before it signs.

The invitation and its secret stay on the coordinator's phone; here arrives a signed statement that
names the very keys. It counts only while the coordinator's own certificate holds.
"""

import re
from datetime import datetime, timedelta

from attrs import frozen

from backend.commands.offices.certifying import certificates, is_revoked
from backend.commands.offices.enrolments import certificate_of, let_in
from backend.commands.offices.folder import (
    Admission,
    AuthorityState,
    KeptInvitation,
    ProgrammeFolder,
)
from backend.commands.offices.proposal import NoAuthorityYetError
from backend.commands.offices.snapshots import Outcome
from backend.commands.offices.uplink import Uplink
from protocols.errors import AmanaError
from protocols.messages import Invitation, PendingEnrolment, Snapshot
from protocols.plain import from_json
from protocols.sealing.certificate import CERTIFICATE_TYPE, Certificate, RevokedError
from protocols.sealing.comparing import ComparisonError, Endorsement, read_endorsement
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore

INVITATION = re.compile(r"[a-z]{2}-[0-9a-f]{16}")
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=5)
"""How far ahead of this machine's clock a coordinator's may be."""


class EndorsementTooOldError(AmanaError):
    """A coordinator's word from too long ago, or from tomorrow."""

    code = "endorsement_date"


class CertifiedBeforeError(AmanaError):
    """A device that was certified here before and is no longer: its key is not used again."""

    code = "certified_before"


@frozen
class Endorsed:
    """A waiting device with a coordinator's word. `fault` says why it does not count, None where
    it does."""

    pending: PendingEnrolment
    endorsement: Endorsement | None
    coordinator: str
    fault: str | None


def endorsed(
    folder: ProgrammeFolder, country: str, pending: tuple[PendingEnrolment, ...], now: datetime
) -> tuple[Endorsed, ...]:
    """Every waiting device that bears an endorsement, judged by what is published."""
    state, found = folder.read_state(country), []
    for each in pending:
        if each.endorsement is None:
            continue
        try:
            trust = published_trust(folder, state)
            said, coordinator = judge(state, trust, each, each.endorsement, now)
        except AmanaError as error:
            found.append(Endorsed(each, None, "", str(error)))
        else:
            found.append(Endorsed(each, said, coordinator.name, None))
    return tuple(found)


def published_trust(folder: ProgrammeFolder, state: AuthorityState) -> TrustStore:
    """Whom the newest complete snapshot vouches for. Raises NoAuthorityYetError before one."""
    if state.published is None:
        raise NoAuthorityYetError(f"{state.country} has published nothing yet; publish first")
    inside = from_json(state.published.payload, Snapshot)
    return TrustStore.build(folder.read_root(), inside.statements)


def judge(
    state: AuthorityState,
    trust: TrustStore,
    pending: PendingEnrolment,
    endorsement: Statement,
    now: datetime,
) -> tuple[Endorsement, Certificate]:
    """What the coordinator says and who it is, once it counts at `now`.

    Raises as `read_endorsement` does, EndorsementTooOldError, CertifiedBeforeError.
    """
    claim = pending.request.claim
    said, coordinator = read_endorsement(endorsement, trust, claim, state.country, now)
    if is_revoked(state.statements, coordinator):
        raise RevokedError(f"{coordinator.name} is being revoked; have another coordinator invite")
    if not INVITATION.fullmatch(said.invitation):
        raise ComparisonError("an endorsement at no invitation of an office or phone; refuse it")
    if not now - OLDEST <= said.endorsed <= now + AHEAD:
        raise EndorsementTooOldError(
            f"endorsed on {said.endorsed:%Y-%m-%d %H:%M}, while it is {now:%Y-%m-%d %H:%M} here;"
            " check both clocks, or have the coordinator invite the device anew"
        )
    for each in certificates(state.statements):
        same = (each.role, each.organisation) == (said.role, said.organisation)
        if each.subject == claim.device and (not same or is_revoked(state.statements, each)):
            raise CertifiedBeforeError(
                "this device's key was certified before; have the phone wiped and invited anew"
            )
    return said, coordinator


def approve_endorsed(
    folder: ProgrammeFolder, found: Endorsed, country: str, uplink: Uplink, now: datetime
) -> Outcome:
    """Certify a device that `endorsed` found no fault with. The same again mends what broke off.
    Raises as `let_in` does, CertifiedBeforeError for an invitation that let another device in."""
    said, pending = found.endorsement, found.pending
    if said is None:
        raise ValueError("only what bears a judged endorsement is approved")
    kept = folder.invitations(country).get(said.invitation)
    if kept is None:
        kept = _keep(folder, said, pending, uplink, now)
    if kept.admission is None or kept.admission.device != said.device:
        raise CertifiedBeforeError(
            "another device was compared at this invitation; have both invited anew"
        )
    return let_in(folder, kept, uplink, now)


def _keep(
    folder: ProgrammeFolder,
    said: Endorsement,
    pending: PendingEnrolment,
    uplink: Uplink,
    now: datetime,
) -> KeptInvitation:
    """The coordinator's invitation as one of this folder, without the secret, which is not known
    here: so no request can be proven with it."""
    state = folder.read_state(said.country)
    certificate = _certificate_in(state, said.device) or certificate_of(
        pending.request,
        role=said.role,
        country=said.country,
        organisation=said.organisation,
        uplink=uplink,
        now=now,
    )
    invitation = Invitation(
        id=said.invitation,
        secret=b"",
        server=state.server,
        root=folder.read_root().fingerprint,
        organisation=said.organisation,
        role=said.role,
        country=said.country,
        expires=said.endorsed + OLDEST,
    )
    admission = Admission(pending.id, "", said.device, certificate)
    kept = KeptInvitation(invitation, said.endorsed, admission)
    folder.keep_invitation(kept)
    return kept


def _certificate_in(state: AuthorityState, device: str) -> Statement | None:
    own = (each for each in state.statements if each.payloadType == CERTIFICATE_TYPE)
    return next(
        (each for each in own if from_json(each.payload, Certificate).subject == device), None
    )
