"""An invitation's text, as scanned or typed: read as written, or told to scan again."""

from collections.abc import Iterator

from protocols.errors import MalformedError
from protocols.messages import Invitation
from protocols.plain import from_plain, to_plain
from protocols.sealing.enrolment import (
    Claim,
    InvitationError,
    address_fault,
    check_proof,
    commit,
    file_code,
    invitation_from_uri,
    invitation_to_uri,
    proof,
    short_code,
)
from tests.fuzz.fictional import NOW, ORGANISATION
from tests.fuzz.target import Target, same, text_of

DIGEST = "0" * 64


def read(data: bytes) -> object:
    uri = text_of(data)
    found = invitation_from_uri(uri)
    same(invitation_from_uri(invitation_to_uri(found)), found)
    address_fault(found["server"])
    invitation = from_plain(found, Invitation)
    same(from_plain(to_plain(invitation), Invitation), invitation)
    named = (invitation.id, bytes(32), DIGEST, "Fictional phone")
    claim = Claim(*named, commit(*named, bytes(32)))
    check_proof(proof(invitation.secret, claim), invitation.secret, claim)
    return short_code(invitation.secret, claim, bytes(32), bytes(32)), file_code(
        invitation.secret, claim
    )


def seeds() -> Iterator[bytes]:
    for server in ("https://fictional.example", "http://127.0.0.1:8000", "https://[::1]:1/x"):
        made = Invitation(
            "a" * 26, bytes(range(32)), server, DIGEST, ORGANISATION, "field_worker", "TN", NOW
        )
        yield invitation_to_uri(to_plain(made)).encode()


TARGET = Target(read, (InvitationError, MalformedError), seeds, json=False, longest=1500)
