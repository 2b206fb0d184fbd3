"""The office's side of an enrolment's comparison: one random number a device, digits, an answer.

Every step is kept in the folder before the server hears of it; so whatever breaks in between, the
same command again goes on where it stood.
"""

import hmac
import os
from collections.abc import Callable
from datetime import datetime

from attrs import evolve

from backend.commands.offices.enrolments import certificate_of, let_in
from backend.commands.offices.folder import (
    Admission,
    KeptInvitation,
    ProgrammeFolder,
    UnknownInvitationError,
)
from backend.commands.offices.snapshots import Outcome
from backend.commands.offices.uplink import ServerRefusedError, Uplink
from protocols.errors import AmanaError, MalformedError
from protocols.messages import Invitation, PendingEnrolment
from protocols.plain import Entropy, from_json
from protocols.sealing.comparing import (
    MOST_FAILED,
    ComparisonError,
    Contribution,
    DeadInvitationError,
    Hosting,
)
from protocols.sealing.enrolment import Claim, EnrolmentProofError, check_proof

BY_FILE = "file"
"""In the place of a server's id for an enrolment that none has seen."""
Agree = Callable[[str], bool]
"""Asked with the digits that the device must show: whether it does."""


class WrongCodeError(AmanaError):
    """Digits other than those that this device must show."""

    code = "wrong_code"


class NothingPendingError(AmanaError):
    """No device asks to be let in with this invitation, or it has shown no digits yet."""

    code = "nothing_pending"


def look(
    folder: ProgrammeFolder,
    invitation: Invitation,
    uplink: Uplink,
    now: datetime,
    entropy: Entropy = os.urandom,
) -> KeptInvitation:
    """One round with the server: fix on the device that asks, draw and send this side's number,
    take the device's. The digits are `code_of` what this gives.

    Raises UnknownInvitationError once it has expired, DeadInvitationError (every device that asks
    with it is then refused), ComparisonError, and as `Uplink` does.
    """
    kept = folder.invitations(invitation.country)[invitation.id]
    if kept.admission is not None:
        return kept
    if invitation.expires <= now:
        raise UnknownInvitationError(
            "the invitation has expired; invite the device anew, and check this machine's clock"
        )
    offers = _offers(uplink.pending(invitation.country, invitation.id))
    kept = fix(folder, kept, [(claim, each.request.proof) for claim, each in offers], entropy)
    hosting = hosting_of(kept)
    if hosting.dead is not None:
        _refuse_all(invitation, offers, uplink, hosting.dead)
        raise DeadInvitationError(hosting.dead)
    for claim, each in offers:
        if claim == hosting.claim:
            return _advance(folder, kept, each, uplink)
    return kept


def fix(
    folder: ProgrammeFolder,
    kept: KeptInvitation,
    offers: list[tuple[Claim, bytes]],
    entropy: Entropy = os.urandom,
) -> KeptInvitation:
    """`kept` with the one device fixed that asks with it, as the folder keeps it from now on."""
    hosting = hosting_of(kept).meet(kept.invitation.secret, offers, entropy)
    return _keep(folder, kept, hosting)


def hosting_of(kept: KeptInvitation) -> Hosting:
    """How far the comparison is."""
    return kept.hosting or Hosting(kept.invitation.id)


def code_of(kept: KeptInvitation) -> str | None:
    """The digits that the device must show, None before it opened."""
    return hosting_of(kept).code(kept.invitation.secret)


def approve(
    folder: ProgrammeFolder, invitation: Invitation, agree: Agree, uplink: Uplink, now: datetime
) -> tuple[str, Outcome]:
    """Certify the device of which `agree` says that it shows the digits; its key id, and whether
    that is published or still waits for keepers' signatures.

    Raises as `look` does, NothingPendingError, WrongCodeError.
    """
    kept = look(folder, invitation, uplink, now)
    before = kept.admission
    if before is not None and before.enrolment == BY_FILE:
        raise NothingPendingError(
            "this device was let in by file; carry the answer to it, or make it again with"
            " --request"
        )
    if before is None:
        kept = _admit(folder, kept, agree, uplink, now)
    elif not agree(before.code):
        raise WrongCodeError(
            "these are not the digits with which the device was certified before; if it is not the"
            " one, revoke it"
        )
    return device_of(kept), let_in(folder, kept, uplink, now)


def device_of(kept: KeptInvitation) -> str:
    """The key id of the device that was admitted."""
    if kept.admission is None:
        raise ValueError("nobody was admitted yet")
    return kept.admission.device


def typed(code: str) -> Agree:
    """Says yes to the digits `code`, whatever is between them."""
    given = "".join(each for each in code if each.isdigit())
    return lambda digits: hmac.compare_digest(given, digits)


def judge(
    folder: ProgrammeFolder, kept: KeptInvitation, *, same: bool, by_file: bool = False
) -> KeptInvitation:
    """`kept` with one comparison made. Raises WrongCodeError where it failed, and
    DeadInvitationError where that was the last."""
    hosting = hosting_of(kept).compared(same=same, by_file=by_file)
    kept = _keep(folder, kept, hosting)
    if hosting.dead is not None:
        raise DeadInvitationError(hosting.dead)
    if not same:
        raise WrongCodeError(
            "the digits differ; do not approve it, have its holder read them again, digit by digit"
            f" ({MOST_FAILED - hosting.failed} more tries, then invite anew)"
        )
    return kept


def _admit(
    folder: ProgrammeFolder, kept: KeptInvitation, agree: Agree, uplink: Uplink, now: datetime
) -> KeptInvitation:
    invitation, digits = kept.invitation, code_of(kept)
    if digits is None:
        raise NothingPendingError(
            "no device shows digits with this invitation yet; have its holder scan it and wait"
            " online, then try again"
        )
    try:
        kept = judge(folder, kept, same=agree(digits))
    except DeadInvitationError as error:
        offers = _offers(uplink.pending(invitation.country, invitation.id))
        _refuse_all(invitation, offers, uplink, error.why)
        raise
    claim = hosting_of(kept).claim
    pending = next(
        (
            each
            for known, each in _offers(uplink.pending(invitation.country, invitation.id))
            if known == claim
        ),
        None,
    )
    if pending is None:
        raise NothingPendingError("the device asks no longer; have its holder scan again")
    certificate = certificate_of(
        pending.request,
        role=invitation.role,
        country=invitation.country,
        organisation=invitation.organisation,
        uplink=uplink,
        now=now,
    )
    admission = Admission(pending.id, digits, pending.request.claim.device, certificate)
    kept = evolve(kept, admission=admission)
    folder.keep_invitation(kept)
    return kept


def _advance(
    folder: ProgrammeFolder, kept: KeptInvitation, pending: PendingEnrolment, uplink: Uplink
) -> KeptInvitation:
    hosting = hosting_of(kept)
    if pending.contribution is None:
        uplink.contribute(pending.id, hosting.contribution(uplink.key))
    elif from_json(pending.contribution.payload, Contribution).nonce != hosting.nonce:
        raise ComparisonError(
            "another number than this folder's was drawn for the device: its digits will differ;"
            " invite it anew, and use one folder and one server"
        )
    if pending.opening is None or hosting.opening is not None:
        return kept
    return _keep(folder, kept, hosting.open(pending.opening))


def _keep(folder: ProgrammeFolder, kept: KeptInvitation, hosting: Hosting) -> KeptInvitation:
    if hosting == kept.hosting:
        return kept
    kept = evolve(kept, hosting=hosting)
    folder.keep_invitation(kept)
    return kept


def _offers(pending: tuple[PendingEnrolment, ...]) -> list[tuple[Claim, PendingEnrolment]]:
    """What can be read of what a server shows."""
    found = []
    for each in pending:
        try:
            found.append((each.request.claim, each))
        except MalformedError:
            continue
    return found


def _refuse_all(
    invitation: Invitation,
    offers: list[tuple[Claim, PendingEnrolment]],
    uplink: Uplink,
    reason: str,
) -> None:
    """Tell every device that holds the secret; one that was decided meanwhile is left."""
    for claim, each in offers:
        try:
            check_proof(each.request.proof, invitation.secret, claim)
            uplink.refuse(each.id, reason)
        except (EnrolmentProofError, ServerRefusedError):
            continue
