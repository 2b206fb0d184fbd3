"""Letting a device in without a network: its request comes as a file, the answer goes as one.

Nothing goes back and forth before the decision, so no commitment helps: instead the digits compared
are so many that nobody can search for a key that shows the same.
"""

import os
from datetime import datetime
from pathlib import Path

from attrs import evolve, frozen

from backend.commands.offices.certifying import is_revoked
from backend.commands.offices.comparing import (
    BY_FILE,
    Agree,
    device_of,
    fix,
    hosting_of,
    judge,
)
from backend.commands.offices.enrolments import certificate_of, find_invitation, let_in, listing
from backend.commands.offices.folder import (
    Admission,
    KeptInvitation,
    ProgrammeFolder,
    UnknownInvitationError,
)
from backend.commands.offices.snapshots import Outcome
from backend.commands.offices.uplink import ServerUnreachableError, Uplink
from backend.services.server import PROGRAMME_FILE, Bundle
from protocols.errors import AmanaError, MalformedError
from protocols.messages import (
    ENROLMENT_ANSWER,
    DirectoryAnswer,
    EnrolmentAnswer,
    EnrolmentFile,
    EnrolmentRequest,
    Snapshot,
)
from protocols.plain import from_json, to_json
from protocols.sealing.age import Recipient, encrypt
from protocols.sealing.age_hybrid import HybridRecipient, is_available
from protocols.sealing.age_x25519 import X25519Recipient
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    SEALING_KEY_TYPE,
    Certificate,
    SealingKey,
)
from protocols.sealing.comparing import DeadInvitationError
from protocols.sealing.enrolment import EnrolmentProofError, check_proof, file_code
from protocols.sealing.statement import Statement, verify
from protocols.sealing.truststore import TrustStore

LARGEST_REQUEST = 64 * 1024


class EnrolmentFileError(AmanaError):
    """A file that is no request to be enrolled."""

    code = "enrolment_file"


@frozen
class LetIn:
    """A device let in by file, as what and where, and the answer to carry back to it. `answer` is
    None while keepers' signatures are missing: `outcome` then names the proposal."""

    device: str
    role: str
    organisation: str
    answer: bytes | None
    outcome: Outcome | None


def read_request(path: Path) -> EnrolmentRequest:
    """The request in a file. Raises EnrolmentFileError."""
    try:
        with path.open("rb") as file:
            found = from_json(file.read(LARGEST_REQUEST + 1), EnrolmentFile, LARGEST_REQUEST)
        request = found.request
        verify(
            request.sealing_key,
            {request.claim.device: request.device_key},
            payload_type=SEALING_KEY_TYPE,
        )
        _recipient(request)
    except OSError as error:
        raise EnrolmentFileError(
            f"{path} can't be read ({error.strerror}); check where the phone's file was put"
        ) from error
    except AmanaError as error:
        raise EnrolmentFileError(
            f"{path} is not a whole request to be enrolled ({error}); have the phone write it again"
        ) from error
    if not (0 < len(request.label) <= 100 and request.label.isprintable()):
        raise EnrolmentFileError(f"{path}: a device's name has up to 100 characters that print")
    return request


def let_in_by_file(
    folder: ProgrammeFolder,
    request: EnrolmentRequest,
    agree: Agree,
    *,
    uplink: Uplink,
    now: datetime,
) -> LetIn:
    """Certify the device whose 24 digits `agree` finds the same, publish the directory that lists
    it (without a network it waits for the next publishing), and make the answer. For a device
    that is certified already the answer is made again, and nobody is asked.

    Raises EnrolmentFileError, UnknownInvitationError, WrongCodeError, DeadInvitationError.
    """
    country = country_of(folder, request)
    again = _answer(folder, country, request, now)
    if again is not None:
        return again
    invitation = find_invitation(folder, request.invitation)
    kept = folder.invitations(country)[invitation.id]
    try:
        check_proof(request.proof, invitation.secret, request.claim)
    except EnrolmentProofError as error:
        raise EnrolmentFileError(str(error)) from error
    if kept.admission is None:
        if invitation.expires <= now:
            raise UnknownInvitationError(
                "the invitation has expired; invite the device anew, and check this machine's clock"
            )
        kept = _admit(folder, kept, request, agree, uplink=uplink, now=now)
    elif device_of(kept) != request.claim.device:
        raise DeadInvitationError("two_devices")
    outcome = _publish(folder, kept, uplink, now)
    made = _answer(folder, country, request, now)
    if made is not None:
        return evolve(made, outcome=outcome)
    device = device_of(kept)
    return LetIn(device, invitation.role, invitation.organisation, None, outcome)


def country_of(folder: ProgrammeFolder, request: EnrolmentRequest) -> str:
    """The country in which it was invited. Raises UnknownInvitationError."""
    for country in folder.countries:
        if request.invitation.startswith(f"{country.lower()}-"):
            return country
    return find_invitation(folder, request.invitation).country


def _publish(
    folder: ProgrammeFolder, kept: KeptInvitation, uplink: Uplink, now: datetime
) -> Outcome | None:
    """What came of publishing; None where no server was reached: what is signed waits in the
    folder. A snapshot that was not sent yet stays the newest, so that no number is given twice."""
    try:
        return let_in(folder, kept, uplink, now)
    except ServerUnreachableError:
        state = folder.read_state(kept.invitation.country)
        if kept.admission is not None:
            folder.write_state(listing(state, kept.admission))
        return None


def _admit(
    folder: ProgrammeFolder,
    kept: KeptInvitation,
    request: EnrolmentRequest,
    agree: Agree,
    *,
    uplink: Uplink,
    now: datetime,
) -> KeptInvitation:
    invitation = kept.invitation
    kept = fix(folder, kept, [(request.claim, request.proof)])
    dead = hosting_of(kept).dead
    if dead is not None:
        raise DeadInvitationError(dead)
    digits = file_code(invitation.secret, request.claim)
    kept = judge(folder, kept, same=agree(digits), by_file=True)
    certificate = certificate_of(
        request,
        role=invitation.role,
        country=invitation.country,
        organisation=invitation.organisation,
        uplink=uplink,
        now=now,
    )
    admission = Admission(BY_FILE, digits, request.claim.device, certificate)
    kept = evolve(kept, admission=admission)
    folder.keep_invitation(kept)
    return kept


def _answer(
    folder: ProgrammeFolder, country: str, request: EnrolmentRequest, now: datetime
) -> LetIn | None:
    """The answer for a device whose certificate holds and bears enough signatures, else None."""
    state, root = folder.read_state(country), folder.read_root()
    if state.published is None:
        return None
    inside = from_json(state.published.payload, Snapshot)
    own = [each for each in state.statements if _is_of(each, request.claim.device)]
    try:
        trust = TrustStore.build(root, (*inside.statements, *own))
        device = trust.device(request.claim.device, now)
        trust.organisation(device.organisation or "", now)
        authority = trust.authority(country, now)
    except AmanaError:
        return None
    if is_revoked(state.statements, device):
        return None
    answer = EnrolmentAnswer(
        format=ENROLMENT_ANSWER,
        root=root,
        statements=(*_bundle(folder), *own),
        directory=DirectoryAnswer(_statement_of(trust, authority), state.published, ()),
    )
    sealed = encrypt(to_json(answer), [_recipient(request)], os.urandom)
    return LetIn(device.subject, str(device.role), device.organisation or "", sealed, None)


def _is_of(statement: Statement, device: str) -> bool:
    if statement.payloadType != CERTIFICATE_TYPE:
        return False
    return from_json(statement.payload, Certificate).subject == device


def _bundle(folder: ProgrammeFolder) -> tuple[Statement, ...]:
    """What a server tells everybody: certificates of authorities and servers, if kept here."""
    file = folder.server / PROGRAMME_FILE
    return from_json(file.read_bytes(), Bundle).statements if file.is_file() else ()


def _statement_of(trust: TrustStore, certificate: Certificate) -> Statement:
    wanted = to_json(certificate)
    return next(
        each
        for each in trust.statements
        if each.payloadType == CERTIFICATE_TYPE
        and to_json(from_json(each.payload, Certificate)) == wanted
    )


def _recipient(request: EnrolmentRequest) -> Recipient:
    """Where to seal the answer: the stronger of the device's keys that this machine can use."""
    key = from_json(request.sealing_key.payload, SealingKey)
    if key.device != request.claim.device:
        raise MalformedError("a sealing key of another device; have the phone write it again")
    if key.hybrid is not None and is_available():
        return HybridRecipient.from_text(key.hybrid)
    return X25519Recipient.from_text(key.recipient)
