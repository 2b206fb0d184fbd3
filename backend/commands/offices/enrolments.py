"""Inviting devices and letting them in: what the authority's keeper does and compares."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import frozen

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
from protocols.errors import AmanaError, MalformedError
from protocols.messages import EnrolmentRequest, Invitation, PendingEnrolment
from protocols.sealing.certificate import PERSONAL, Role, certify, revoke
from protocols.sealing.enrolment import EnrolmentProofError, check_proof
from protocols.sealing.statement import Statement, keyid

SECRET_BYTES = 32
VALID_HOURS = 72
KEPT_AFTER = timedelta(days=30)
"""How long after its end an unused invitation stays in the folder."""


class InvitationRoleError(AmanaError):
    """A role that no device can be invited to."""

    code = "invitation_role"


@frozen
class Waiting:
    """One enrolment as the keeper sees it. `invited` is None when the invitation is not ours or
    its proof fails: such a request must not be approved, unless a coordinator endorsed it.
    `step`: asked, contributed or opened."""

    enrolment: str
    invitation: str
    device: str
    label: str
    received: datetime
    invited: Invitation | None
    step: str


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
    for old in folder.invitations(state.country).values():
        if old.admission is None and old.invitation.expires + KEPT_AFTER <= now:
            folder.forget_invitation(old.invitation)
    folder.keep_invitation(KeptInvitation(invitation, now))
    return invitation


def waiting(
    folder: ProgrammeFolder, country: str, pending: Iterable[PendingEnrolment]
) -> list[Waiting]:
    """What waits at the server, held against the invitations made here."""
    made = folder.invitations(country)
    return [_held_against(each, made) for each in pending]


def _held_against(pending: PendingEnrolment, made: dict[str, KeptInvitation]) -> Waiting:
    request = pending.request
    kept = made.get(request.invitation)
    invited = None
    if kept is not None:
        try:
            check_proof(request.proof, kept.invitation.secret, request.claim)
            invited = kept.invitation
        except (EnrolmentProofError, MalformedError):
            invited = None
    return Waiting(
        enrolment=pending.id,
        invitation=request.invitation,
        device=keyid(request.device_key),
        label=request.label,
        received=pending.received,
        invited=invited,
        step=_step(pending),
    )


def _step(pending: PendingEnrolment) -> str:
    if pending.opening is not None:
        return "opened"
    return "asked" if pending.contribution is None else "contributed"


def find_invitation(folder: ProgrammeFolder, invitation: str) -> Invitation:
    """The invitation of this id, in whichever country. Raises UnknownInvitationError."""
    for country in folder.countries:
        kept = folder.invitations(country).get(invitation)
        if kept is not None:
            return kept.invitation
    raise UnknownInvitationError(
        f"no unused invitation {invitation[:64]} was made here; invite the device anew"
    )


def certificate_of(
    request: EnrolmentRequest,
    *,
    role: str,
    country: str,
    organisation: str,
    uplink: Uplink,
    now: datetime,
) -> Statement:
    """The certificate of the device that asks, signed as far as the keys at hand reach."""
    body = device_certificate(
        request.device_key, Role(role), country, organisation, request.label, now
    )
    return certify(body, *uplink.keys)


def let_in(folder: ProgrammeFolder, kept: KeptInvitation, uplink: Uplink, now: datetime) -> Outcome:
    """Publish the directory that lists the admitted device and approve it at its server, or
    propose that to the other keepers.

    The admission is kept before; the same again after a line broke mends what broke off.
    """
    admission, country = kept.admission, kept.invitation.country
    if admission is None:
        raise ValueError("only who was admitted is let in")
    state = send_unsent(folder, folder.read_state(country), uplink)
    if kept.invitation.id not in folder.invitations(country):
        return published_already(state)
    return settle(folder, listing(state, admission), uplink, now)


def listing(state: AuthorityState, admission: Admission) -> AuthorityState:
    """`state` with the admitted device's certificate, once."""
    certificate = admission.certificate
    if any(each.digest == certificate.digest for each in state.statements):
        return state
    return adding(state, [certificate])


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
