"""Joining an organisation: from the invitation's QR code to a certified device."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from attrs import evolve

from mobile.casework.desk import Desk
from mobile.casework.errors import EnrolmentRefusedError, InvitationUnusableError, WrongRootError
from mobile.casework.records import ENROLMENT_ROW, IDENTITY_ROW, SELF, KeptEnrolment, KeptIdentity
from mobile.sync.server import Programme
from protocols.errors import MalformedError
from protocols.messages import EnrolmentRequest, EnrolmentStatus, Invitation
from protocols.plain import from_json, from_plain, to_json, to_plain
from protocols.sealing.certificate import PERSONAL, Certificate, UntrustedError
from protocols.sealing.enrolment import (
    address_fault,
    invitation_from_uri,
    proof,
    short_code,
)
from protocols.sealing.truststore import TrustStore

State = Literal["pending", "approved", "refused"]
LONGEST_LABEL = 100


class Enrolment:
    """`Phone.enrolment`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def begin(self, invitation_uri: str, label: str) -> str:
        """Make this device's keys, check the server's root against the invitation's fingerprint,
        prove possession; returns the eight-digit short code to read to the coordinator.

        `label` is what colleagues will see of this device, such as "Blue phone". Calling it again
        with the same invitation repeats the request with the same keys and code; with another one
        it starts anew. Raises InvitationUnusableError (or its reader's InvitationError),
        WrongRootError, OfflineError, RefusedError.
        """
        desk = self._desk()
        invitation = read_invitation(invitation_uri, desk.clock())
        if desk.identity is not None:
            raise InvitationUnusableError("this phone is enrolled already; wipe it to enrol anew")
        if not 0 < len(label.strip()) <= LONGEST_LABEL:
            raise InvitationUnusableError("give this device a name of up to 100 characters")
        with desk.online_unsigned(invitation.server) as server:
            programme = server.programme()
        if programme.root.fingerprint != invitation.root:
            raise WrongRootError(
                "this server belongs to another programme than the invitation; do not enrol here"
            )
        request, kept = _prepare(desk, invitation, label.strip(), programme)
        with desk.online(invitation.server) as server:
            status = server.enrol(request)
        self._keep(desk, evolve(kept, id=status.id))
        return kept.code

    @property
    def short_code(self) -> str | None:
        """The short code while an enrolment is waiting, else None."""
        kept = _kept(self._desk())
        return kept.code if kept is not None and kept.state == "pending" else None

    @property
    def invitation(self) -> Invitation | None:
        """The invitation of the enrolment begun last, so that a screen can name what it joins."""
        kept = _kept(self._desk())
        return None if kept is None else from_plain(kept.invitation, Invitation)

    def poll(self) -> State:
        """Ask whether the coordinator has decided; once approved, the certificate chain is
        verified up to the root before anything is kept. Raises EnrolmentRefusedError if the
        certificate is not for this device's key and this invitation's role."""
        desk = self._desk()
        if desk.identity is not None:
            return "approved"
        kept = _kept(desk)
        if kept is None or kept.id is None:
            raise InvitationUnusableError("no enrolment is waiting; scan an invitation first")
        invitation = from_plain(kept.invitation, Invitation)
        with desk.online(invitation.server) as server:
            status = server.enrolment(kept.id)
        if status.state == "approved":
            _join(desk, kept, invitation, status)
            return "approved"
        state: State = "refused" if status.state == "refused" else "pending"
        if state != kept.state:
            self._keep(desk, evolve(kept, state=state))
        return state

    @staticmethod
    def _keep(desk: Desk, kept: KeptEnrolment) -> None:
        desk.vault.put(SELF, ENROLMENT_ROW, to_json(kept))


def read_invitation(uri: str, now: datetime) -> Invitation:
    """The invitation inside a QR code's text, if it can still be used at `now`.

    Raises InvitationUnusableError, or the reader's InvitationError for text that is none.
    """
    plain = invitation_from_uri(uri.strip())
    try:
        invitation = from_plain(plain, Invitation)
    except MalformedError as error:
        raise InvitationUnusableError(
            "this invitation has a date or secret that cannot be read; ask for a new one"
        ) from error
    if invitation.expires <= now:
        raise InvitationUnusableError("this invitation has expired; ask for a new one")
    if invitation.role not in PERSONAL:
        raise InvitationUnusableError("this invitation is not for a phone; ask for another")
    _check_address(invitation.server)
    return invitation


def _check_address(server: str) -> None:
    """Raises InvitationUnusableError for what is no plain address, or one without encryption."""
    match address_fault(server):
        case "unreachable":
            raise InvitationUnusableError(
                "this invitation names a server that cannot be reached; ask for another"
            )
        case "unencrypted":
            raise InvitationUnusableError(
                "this invitation names a server without encryption; ask for another"
            )


def _kept(desk: Desk) -> KeptEnrolment | None:
    data = desk.vault.get(SELF, ENROLMENT_ROW)
    return None if data is None else from_json(data, KeptEnrolment)


def _prepare(
    desk: Desk, invitation: Invitation, label: str, programme: Programme
) -> tuple[EnrolmentRequest, KeptEnrolment]:
    """Keys, pinned root and the enrolment itself, in the vault before anything is asked."""
    with desk.vault.transaction():
        before = _kept(desk)
        if before is not None and before.invitation != to_plain(invitation):
            desk.keyring.forget()
            desk.trust.clear()
        desk.trust.pin(programme.root)
        desk.trust.keep(desk.trust.with_((*programme.authorities, *programme.servers)))
        device = bytes(desk.keyring.make(desk.clock()).verify_key)
        sealing = desk.keyring.sealing()[0].statement
        bound = (invitation.secret, invitation.id, device, sealing.digest)
        kept = KeptEnrolment(to_plain(invitation), label, short_code(*bound))
        desk.vault.put(SELF, ENROLMENT_ROW, to_json(kept))
    return EnrolmentRequest(invitation.id, device, label, sealing, proof(*bound)), kept


def _join(desk: Desk, kept: KeptEnrolment, invitation: Invitation, status: EnrolmentStatus) -> None:
    """Become the device that the authority certified, once all of it holds."""
    store = desk.trust.with_(status.statements)
    certificate = _own_certificate(desk, invitation, store)
    organisation = store.organisation(invitation.organisation, desk.clock())
    identity = KeptIdentity(
        role=str(certificate.role),
        organisation=organisation.subject,
        organisation_name=organisation.name,
        country=certificate.country,
        keyid=certificate.subject,
        label=certificate.name,
        server=invitation.server,
    )
    with desk.vault.transaction():
        desk.trust.keep(store)
        desk.vault.put(SELF, IDENTITY_ROW, to_json(identity))
        desk.vault.delete(SELF, ENROLMENT_ROW)
        desk.keyring.mark_published(desk.keyring.sealing()[0])


def _own_certificate(desk: Desk, invitation: Invitation, store: TrustStore) -> Certificate:
    try:
        certificate = store.device(desk.keyring.keyid, desk.clock())
    except UntrustedError as error:
        raise EnrolmentRefusedError(
            f"the server says approved but shows no valid certificate ({error}); tell the"
            " coordinator"
        ) from error
    got = (certificate.role, certificate.organisation, certificate.country)
    if got != (invitation.role, invitation.organisation, invitation.country):
        raise EnrolmentRefusedError(
            "the certificate is for another role or organisation than the invitation; tell the"
            " coordinator"
        )
    return certificate
