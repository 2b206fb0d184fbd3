"""A complete snapshot's way to the server: together with the devices that it lets in."""

from collections.abc import Callable

from backend.commands.offices.editions import with_files
from backend.commands.offices.folder import AuthorityState, KeptInvitation, ProgrammeFolder
from backend.commands.offices.uplink import ServerRefusedError, Uplink
from protocols.messages import Approval, Snapshot
from protocols.plain import from_json
from protocols.sealing.statement import Statement

GONE = ("unknown_enrolment", "enrolment_decided", "invitation_used")
"""The server's word that an enrolment can no longer be approved; the directory goes on."""


def deliver(
    folder: ProgrammeFolder, state: AuthorityState, uplink: Uplink, snapshot: Statement
) -> None:
    """Publish `snapshot`, approving each device that was compared here and that it certifies for
    the first time; then forget their invitations. Doing it again changes nothing."""
    admitted = _admitted(folder, state.country, from_json(snapshot.payload, Snapshot))
    if not admitted:
        with_files(folder, state, uplink, lambda: uplink.publish(state.country, snapshot))
    for enrolment, certificate, _ in admitted:
        approval = Approval(certificate, snapshot)
        with_files(folder, state, uplink, _approving(uplink, state.country, enrolment, approval))
    for *_, kept in admitted:
        folder.forget_invitation(kept.invitation)


NOT_KNOWN = ("unknown_country", "wrong_role")
"""Its word for a keeper of whom it has not heard yet: the snapshot itself tells it."""


def _approving(
    uplink: Uplink, country: str, enrolment: str, approval: Approval
) -> Callable[[], None]:
    def send() -> None:
        try:
            uplink.approve(enrolment, approval)
        except ServerRefusedError as refusal:
            if refusal.problem_code not in (*GONE, *NOT_KNOWN):
                raise
            uplink.publish(country, approval.snapshot)
            if refusal.problem_code in NOT_KNOWN:
                uplink.approve(enrolment, approval)

    return send


def _admitted(
    folder: ProgrammeFolder, country: str, snapshot: Snapshot
) -> list[tuple[str, Statement, KeptInvitation]]:
    """(enrolment, certificate as the snapshot lists it, invitation) of each device to let in."""
    listed = {each.digest: each for each in snapshot.statements}
    return [
        (kept.admission.enrolment, listed[kept.admission.certificate.digest], kept)
        for kept in folder.invitations(country).values()
        if kept.admission is not None and kept.admission.certificate.digest in listed
    ]
