"""Joining an organisation: from the invitation's QR code to a certified device."""

from collections.abc import Callable
from typing import Literal

from attrs import evolve

from mobile.casework.desk import Desk
from mobile.casework.errors import (
    ClockWrongError,
    EnrolmentAnswerError,
    EnrolmentRefusedError,
    InvitationUnusableError,
    WrongRootError,
)
from mobile.casework.invitation import read_invitation
from mobile.casework.records import ENROLMENT_ROW, IDENTITY_ROW, SELF, KeptEnrolment, KeptIdentity
from mobile.sync.server import Programme
from protocols.errors import AmanaError
from protocols.messages import (
    ENROLMENT_FILE,
    EnrolmentAnswer,
    EnrolmentFile,
    EnrolmentRequest,
    EnrolmentStatus,
    Invitation,
    Snapshot,
)
from protocols.plain import from_json, from_plain, to_json, to_plain
from protocols.sealing.age import decrypt
from protocols.sealing.certificate import Certificate, UntrustedError
from protocols.sealing.comparing import Joining, SecondContributionError, read_contribution
from protocols.sealing.enrolment import (
    NONCE_BYTES,
    Claim,
    commit,
    file_code,
    proof,
)
from protocols.sealing.request import TOLERANCE
from protocols.sealing.truststore import TrustStore

State = Literal["pending", "approved", "refused"]
LONGEST_LABEL = 100
TWO_NUMBERS = "second_contribution"
"""Why this phone itself stopped an enrolment, beside `messages.REFUSALS`."""


class Enrolment:
    """`Phone.enrolment`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def begin(self, invitation_uri: str, label: str) -> None:
        """Make this device's keys, check the server's root against the invitation's fingerprint,
        prove possession, and commit to a random number; `poll` goes on from here.

        `label` is what colleagues will see of this device, such as "Blue phone". Calling it again
        with the same invitation repeats the request with the same keys and number; with another
        one it starts anew. Raises InvitationUnusableError (or its reader's InvitationError),
        WrongRootError, OfflineError, RefusedError.
        """
        desk = self._desk()
        invitation = _usable(desk, invitation_uri, label)
        with desk.online_unsigned(invitation.server) as server:
            programme = server.programme()
        if programme.root.fingerprint != invitation.root:
            raise WrongRootError(
                "this server belongs to another programme than the invitation; do not enrol here"
            )
        request, kept = _prepare(desk, invitation, label.strip(), programme)
        with desk.online(invitation.server) as server:
            status = server.enrol(request)
        kept = _noted(evolve(kept, id=status.id), status)
        self._keep(desk, kept)

    def request_file(self, invitation_uri: str, label: str) -> bytes:
        """The same request as a file to carry to the office, where there is no network; nothing
        in it is secret. Its 24 digits are `file_code`. Raises InvitationUnusableError (or its
        reader's InvitationError)."""
        desk = self._desk()
        invitation = _usable(desk, invitation_uri, label)
        request, kept = _prepare(desk, invitation, label.strip(), None)
        self._keep(desk, evolve(kept, by_file=True))
        return to_json(EnrolmentFile(ENROLMENT_FILE, request))

    def take_answer(self, data: bytes) -> None:
        """Join with the file that the office gave back: certificates up to the invitation's root,
        and the directory. The phone works from then on, and syncs later.

        Raises EnrolmentAnswerError, WrongRootError, EnrolmentRefusedError, ClockWrongError,
        DirectoryInvalidError.
        """
        desk = self._desk()
        kept = self._waiting(desk)
        invitation = from_plain(kept.invitation, Invitation)
        answer = _read_answer(desk, data)
        if answer.root.fingerprint != invitation.root:
            raise WrongRootError(
                "this answer is of another programme than the invitation; do not enrol with it"
            )
        listed = from_json(answer.directory.snapshot.payload, Snapshot).statements
        shown = (answer.directory.authority, *listed, *answer.statements)
        with desk.vault.transaction():
            desk.trust.pin(answer.root)
            store = desk.trust.with_(shown)
            _join(desk, invitation, store)
            desk.directory.take(answer.directory, None, desk.clock())

    @property
    def short_code(self) -> str | None:
        """The digits to read aloud while an enrolment is waiting and both sides have drawn their
        numbers, else None."""
        kept = _kept(self._desk())
        if kept is None or kept.state != "pending" or not kept.opened:
            return None
        return kept.joining.code(from_plain(kept.invitation, Invitation).secret)

    @property
    def file_code(self) -> str | None:
        """The 24 digits to read aloud while an enrolment by file is waiting, else None."""
        kept = _kept(self._desk())
        if kept is None or kept.state != "pending" or not kept.by_file:
            return None
        return file_code(from_plain(kept.invitation, Invitation).secret, kept.joining.claim)

    @property
    def invitation(self) -> Invitation | None:
        """The invitation of the enrolment begun last, so that a screen can name what it joins."""
        kept = _kept(self._desk())
        return None if kept is None else from_plain(kept.invitation, Invitation)

    @property
    def asked(self) -> bool:
        """Whether a server has this phone's request, and has not refused it."""
        kept = _kept(self._desk())
        return kept is not None and kept.id is not None and kept.state == "pending"

    @property
    def refused(self) -> bool:
        """Whether the enrolment begun last is over without being let in."""
        kept = _kept(self._desk())
        return kept is not None and kept.state == "refused"

    @property
    def refusal(self) -> str | None:
        """Why the enrolment begun last was refused: a code of `messages.REFUSALS`, TWO_NUMBERS, or
        None where it was not, or nobody said why."""
        kept = _kept(self._desk())
        return None if kept is None else kept.reason

    def poll(self) -> State:
        """Go on: take the coordinator's random number and show this phone's, then ask whether it
        is decided. Once approved, the certificate chain is verified up to the root before anything
        is kept.

        Raises EnrolmentRefusedError if the certificate is not for this device's key and this
        invitation's role, SecondContributionError if the server offers another number than the
        one taken; the enrolment is then over.
        """
        desk = self._desk()
        if desk.identity is not None:
            return "approved"
        kept = self._waiting(desk)
        enrolment = kept.id
        if enrolment is None:
            raise InvitationUnusableError("no enrolment is waiting; scan an invitation first")
        invitation = from_plain(kept.invitation, Invitation)
        with desk.online(invitation.server) as server:
            status = server.enrolment(enrolment)
            if status.state == "pending" and kept.state == "pending" and status.contribution:
                kept = self._take(desk, kept, invitation, status)
                if not kept.opened and kept.joining.opening is not None:
                    status = server.open_enrolment(enrolment, kept.joining.opening)
                    kept = evolve(kept, opened=True)
                    self._keep(desk, kept)
        if status.state == "approved":
            _join_online(desk, invitation, status)
            return "approved"
        after = _noted(kept, status)
        if after != kept:
            self._keep(desk, after)
        return "refused" if after.state == "refused" else "pending"

    def _take(
        self, desk: Desk, kept: KeptEnrolment, invitation: Invitation, status: EnrolmentStatus
    ) -> KeptEnrolment:
        """With the coordinator's number taken and kept, before this phone's is shown."""
        given = status.contribution
        if given is None:
            return kept
        store = desk.trust.with_(status.statements)
        try:
            number = read_contribution(
                given, store, kept.joining.claim, invitation.country, desk.clock()
            )
            joining = kept.joining.take(number)
        except SecondContributionError:
            self._keep(desk, evolve(kept, state="refused", reason=TWO_NUMBERS))
            raise
        except UntrustedError as error:
            raise _clock_or(
                desk,
                EnrolmentRefusedError(
                    f"somebody else than the coordinator answered ({error}); stop, and ask for a"
                    " new invitation"
                ),
            ) from error
        kept = evolve(kept, joining=joining)
        self._keep(desk, kept)
        return kept

    @staticmethod
    def _waiting(desk: Desk) -> KeptEnrolment:
        if desk.identity is not None:
            raise InvitationUnusableError("this phone is enrolled already; wipe it to enrol anew")
        kept = _kept(desk)
        if kept is None:
            raise InvitationUnusableError("no enrolment is waiting; scan an invitation first")
        return kept

    @staticmethod
    def _keep(desk: Desk, kept: KeptEnrolment) -> None:
        desk.vault.put(SELF, ENROLMENT_ROW, to_json(kept))


def _usable(desk: Desk, uri: str, label: str) -> Invitation:
    invitation = read_invitation(uri, desk.clock())
    if desk.identity is not None:
        raise InvitationUnusableError("this phone is enrolled already; wipe it to enrol anew")
    if not 0 < len(label.strip()) <= LONGEST_LABEL or not label.strip().isprintable():
        raise InvitationUnusableError("give this device a name of up to 100 characters")
    return invitation


def _kept(desk: Desk) -> KeptEnrolment | None:
    data = desk.vault.get(SELF, ENROLMENT_ROW)
    return None if data is None else from_json(data, KeptEnrolment)


def _noted(kept: KeptEnrolment, status: EnrolmentStatus) -> KeptEnrolment:
    """With what the server says of it; what this phone stopped itself stays stopped."""
    if status.state != "refused" or kept.state == "refused":
        return kept
    return evolve(kept, state="refused", reason=status.reason)


def _prepare(
    desk: Desk, invitation: Invitation, label: str, programme: Programme | None
) -> tuple[EnrolmentRequest, KeptEnrolment]:
    """Keys, random number, pinned root and the enrolment itself, in the vault before anything is
    asked. A number is drawn once for the same keys and name."""
    with desk.vault.transaction():
        before = _kept(desk)
        if before is not None and before.invitation != to_plain(invitation):
            desk.keyring.forget()
            desk.trust.clear()
            before = None
        if programme is not None:
            desk.trust.pin(programme.root)
            desk.trust.keep(desk.trust.with_((*programme.authorities, *programme.servers)))
        device = bytes(desk.keyring.make(desk.clock()).verify_key)
        sealing = desk.keyring.sealing()[0].statement
        if before is None:
            joining = _joining(desk, invitation, device, sealing.digest, label)
            before = KeptEnrolment(to_plain(invitation), joining)
        desk.vault.put(SELF, ENROLMENT_ROW, to_json(before))
    claim = before.joining.claim
    made = proof(invitation.secret, claim)
    return EnrolmentRequest(
        invitation.id, device, claim.label, sealing, made, claim.commitment
    ), before


def _joining(
    desk: Desk, invitation: Invitation, device: bytes, sealing_digest: str, label: str
) -> Joining:
    nonce = desk.entropy(NONCE_BYTES)
    commitment = commit(invitation.id, device, sealing_digest, label, nonce)
    return Joining(Claim(invitation.id, device, sealing_digest, label, commitment), nonce)


def _read_answer(desk: Desk, data: bytes) -> EnrolmentAnswer:
    try:
        return from_json(decrypt(data, desk.keyring.identities()), EnrolmentAnswer)
    except AmanaError as error:
        raise EnrolmentAnswerError(
            f"this file is no answer to this phone ({error}); ask the office for the one it made"
            " for this phone's own request"
        ) from error


def _join_online(desk: Desk, invitation: Invitation, status: EnrolmentStatus) -> None:
    store = desk.trust.with_(status.statements)
    with desk.vault.transaction():
        _join(desk, invitation, store)
        desk.keyring.mark_published(desk.keyring.sealing()[0])


def _join(desk: Desk, invitation: Invitation, store: TrustStore) -> None:
    """Become the device that the authority certified, once all of it holds; call inside a
    transaction."""
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
    desk.trust.keep(store)
    desk.vault.put(SELF, IDENTITY_ROW, to_json(identity))
    desk.vault.delete(SELF, ENROLMENT_ROW)


def _own_certificate(desk: Desk, invitation: Invitation, store: TrustStore) -> Certificate:
    try:
        certificate = store.device(desk.keyring.keyid, desk.clock())
    except UntrustedError as error:
        raise _clock_or(
            desk,
            EnrolmentRefusedError(
                f"it is said to be approved but no valid certificate is shown ({error}); check"
                " this phone's date and time, then tell the coordinator"
            ),
        ) from error
    got = (certificate.role, certificate.organisation, certificate.country)
    if got != (invitation.role, invitation.organisation, invitation.country):
        raise EnrolmentRefusedError(
            "the certificate is for another role or organisation than the invitation; tell the"
            " coordinator"
        )
    return certificate


def _clock_or(desk: Desk, error: AmanaError) -> AmanaError:
    """What is wrong where a certificate seems over or not begun: the clock, if the server's showed
    another time."""
    off = desk.clock_off
    return ClockWrongError(off) if abs(off) > TOLERANCE else error
