"""An invitation's text, judged before anything is asked of its server."""

from datetime import datetime

from mobile.casework.errors import InvitationUnusableError
from protocols.errors import MalformedError
from protocols.messages import Invitation
from protocols.plain import from_plain
from protocols.sealing.certificate import PERSONAL
from protocols.sealing.enrolment import address_fault, invitation_from_uri


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
        raise InvitationUnusableError(
            f"this invitation has expired on {invitation.expires:%Y-%m-%d %H:%M} UTC; set this"
            " phone's clock if it is wrong, or ask for a new one"
        )
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
