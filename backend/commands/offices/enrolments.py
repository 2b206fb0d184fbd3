"""Inviting devices and letting them in: what the authority's keeper does and compares."""

import hmac
import secrets
from datetime import datetime, timedelta

from attrs import evolve, frozen

from backend.commands.offices.certifying import (
    device_certificate,
    is_revoked,
    newest_of,
    revocation_of,
)
from backend.commands.offices.folder import (
    Admission,
    AuthorityState,
    KeptInvitation,
    ProgrammeFolder,
    UnknownInvitationError,
)
from backend.commands.offices.snapshots import (
    Outcome,
    adding,
    published_already,
    send_unsent,
    settle,
)
from backend.commands.offices.uplink import Uplink
from protocols.errors import AmanaError
from protocols.messages import Invitation, PendingEnrolment
from protocols.sealing.certificate import PERSONAL, Role, certify, revoke
from protocols.sealing.enrolment import EnrolmentProofError, check_proof, short_code
from protocols.sealing.statement import keyid

_WRONG_CODE = (
    "the code is not that of a device waiting with this invitation; do not approve it, ask its"
    " holder to read the code again, and if it still differs invite anew"
)
SECRET_BYTES = 32
VALID_HOURS = 72


class InvitationRoleError(AmanaError):
    """A role that no device can be invited to."""

    code = "invitation_role"


class WrongCodeError(AmanaError):
    """A short code other than the one this device must show."""

    code = "wrong_code"


class StolenInvitationError(AmanaError):
    """Two devices hold one invitation's secret and show one code: one of them was made to."""

    code = "stolen_invitation"


class NothingPendingError(AmanaError):
    """No device asks to be let in with this invitation."""

    code = "nothing_pending"


@frozen
class Waiting:
    """One enrolment as the keeper sees it. `invited` is None when the invitation is not ours or
    its proof fails: such a request must not be approved."""

    enrolment: str
    invitation: str
    device: str
    label: str
    received: datetime
    invited: Invitation | None


def invite(
    folder: ProgrammeFolder,
    state: AuthorityState,
    *,
    organisation: str,
    role: str,
    now: datetime,
    hours: int = VALID_HOURS,
) -> Invitation:
    """Make and keep a one-time invitation. Raises NotCertifiedError, InvitationRoleError."""
    newest_of(state.statements, organisation)
    if role not in PERSONAL:
        raise InvitationRoleError(f"{role!r} is no device's role; choose {', '.join(PERSONAL)}")
    invitation = Invitation(
        id=f"{state.country.lower()}-{secrets.token_hex(8)}",
        secret=secrets.token_bytes(SECRET_BYTES),
        server=state.server,
        root=folder.read_root().fingerprint,
        organisation=organisation,
        role=role,
        country=state.country,
        expires=now.replace(microsecond=0) + timedelta(hours=hours),
    )
    folder.keep_invitation(KeptInvitation(invitation, now))
    return invitation


def waiting(folder: ProgrammeFolder, country: str, uplink: Uplink) -> list[Waiting]:
    """What waits at the server, held against the invitations made here."""
    made = folder.invitations(country)
    return [_held_against(each, made) for each in uplink.pending(country)]


def _held_against(pending: PendingEnrolment, made: dict[str, KeptInvitation]) -> Waiting:
    request = pending.request
    kept = made.get(request.invitation)
    invited = None
    if kept is not None:
        try:
            check_proof(
                request.proof,
                kept.invitation.secret,
                request.invitation,
                request.device_key,
                request.sealing_key.digest,
            )
            invited = kept.invitation
        except EnrolmentProofError:
            invited = None
    return Waiting(
        enrolment=pending.id,
        invitation=request.invitation,
        device=keyid(request.device_key),
        label=request.label,
        received=pending.received,
        invited=invited,
    )


def find_invitation(folder: ProgrammeFolder, invitation: str) -> Invitation:
    """The invitation of this id, in whichever country. Raises UnknownInvitationError."""
    for country in folder.countries:
        kept = folder.invitations(country).get(invitation)
        if kept is not None:
            return kept.invitation
    raise UnknownInvitationError(
        f"no unused invitation {invitation[:64]} was made here; invite the device anew"
    )


def approve(
    folder: ProgrammeFolder, invitation: Invitation, code: str, uplink: Uplink, now: datetime
) -> tuple[str, Outcome]:
    """Certify the device that shows `code` for `invitation`; its key id, and whether that is
    published or still waits for keepers' signatures.

    Raises UnknownInvitationError, NothingPendingError, WrongCodeError, StolenInvitationError; a
    request that does not fit the invitation's secret is never approved.
    """
    admission = _admission(folder, invitation, code, uplink, now)
    state = send_unsent(folder, folder.read_state(invitation.country), uplink)
    if invitation.id not in folder.invitations(invitation.country):
        return admission.device, published_already(state)
    if all(each.digest != admission.certificate.digest for each in state.statements):
        state = adding(state, [admission.certificate])
    return admission.device, settle(folder, state, uplink, now)


def _admission(
    folder: ProgrammeFolder, invitation: Invitation, code: str, uplink: Uplink, now: datetime
) -> Admission:
    """The device that this code lets in. One compared and certified before, of which the server's
    answer was lost, is let in with the same certificate."""
    kept = folder.invitations(invitation.country)[invitation.id]
    given = "".join(each for each in code if each.isdigit())
    if kept.admission is not None:
        if not hmac.compare_digest(given, kept.admission.code):
            raise WrongCodeError(_WRONG_CODE)
        return kept.admission
    if invitation.expires <= now:
        raise UnknownInvitationError("the invitation has expired; invite the device anew")
    pending = _request_with_code(invitation, given, uplink)
    request = pending.request
    certificate = certify(
        device_certificate(
            request.device_key,
            Role(invitation.role),
            invitation.country,
            invitation.organisation,
            request.label,
            now,
        ),
        *uplink.keys,
    )
    admission = Admission(pending.id, given, keyid(request.device_key), certificate)
    folder.keep_invitation(evolve(kept, admission=admission))
    return admission


def _request_with_code(invitation: Invitation, given: str, uplink: Uplink) -> PendingEnrolment:
    requests = [
        each
        for each in uplink.pending(invitation.country)
        if each.request.invitation == invitation.id
    ]
    if not requests:
        raise NothingPendingError(
            "no device waits with this invitation; have its holder scan it, then try again"
        )
    fitting = []
    for each in requests:
        request = each.request
        parts = (
            invitation.secret,
            invitation.id,
            request.device_key,
            request.sealing_key.digest,
        )
        try:
            check_proof(request.proof, *parts)
        except EnrolmentProofError:
            continue
        if hmac.compare_digest(given, short_code(*parts)):
            fitting.append(each)
    if not fitting:
        raise WrongCodeError(_WRONG_CODE)
    if len(fitting) > 1:
        raise StolenInvitationError(
            "two devices wait with this invitation and the same code, which chance does not do:"
            " somebody else has it; approve neither, invite anew where nobody sees or hears"
        )
    return fitting[0]


def take_back(
    folder: ProgrammeFolder,
    state: AuthorityState,
    subject: str,
    *,
    reason: str,
    uplink: Uplink,
    now: datetime,
) -> Outcome:
    """Revoke a device or organisation, and publish it or propose it to the other keepers."""
    state = send_unsent(folder, state, uplink)
    certificate = newest_of(state.statements, subject)
    if not is_revoked(state.statements, certificate):
        state = adding(state, [revoke(revocation_of(certificate, reason, now), *uplink.keys)])
    return settle(folder, state, uplink, now)
