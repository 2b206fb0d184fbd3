"""A case sealed on: a device of the provider hands what it opened to colleagues who cannot open it.

Nothing is said anew. The sharing device signs for whom it seals and which envelope it opened,
around the statement that the case's own sender signed; a reader checks both, so that a colleague
can pass a case on, but neither change it nor make one up.
"""

from collections.abc import Sequence
from datetime import datetime

from attrs import field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import Entropy, from_plain, to_plain
from protocols.sealing.age import Recipient
from protocols.sealing.certificate import Role
from protocols.sealing.envelope import (
    CASE_TYPE,
    Opened,
    SenderRoleError,
    check_envelope,
    seal,
)
from protocols.sealing.statement import Statement, WrongTypeError
from protocols.sealing.truststore import TrustStore

PURPOSE = "share"


class AnotherCaseError(AmanaError):
    """What a colleague shared is not the case that it says."""

    code = "another_case"


@frozen
class Shared:
    """The content of an envelope of purpose `share`: the hex SHA-256 of the ciphertext in which the
    case came to the provider, and the statement inside it, as its sender signed it."""

    envelope: str
    case: Statement = field(repr=False)


def share(
    shared: Shared,
    *,
    referral: str,
    provider: str,
    consent: str | None,
    key: SigningKey,
    devices: Sequence[str],
    age_recipients: Sequence[Recipient],
    now: datetime,
    entropy: Entropy,
) -> bytes:
    """A case of `provider` sealed on to its `devices` (keyids; `age_recipients` their keys).

    Raises MalformedError or MixedRecipientsError.
    """
    return seal(
        to_plain(shared),
        referral=referral,
        sender_key=key,
        recipients=[provider],
        purpose=PURPOSE,
        consent=consent,
        age_recipients=age_recipients,
        now=now,
        entropy=entropy,
        devices=devices,
    )


def read_shared(opened: Opened, me: str) -> Shared:
    """What an envelope opened for the provider `me` shares; the case itself is not checked yet.

    Raises WrongTypeError for an envelope of another purpose, SenderRoleError unless a device of the
    provider's own staff sealed it, MalformedError.
    """
    if opened.payload.purpose != PURPOSE:
        raise WrongTypeError("this envelope shares no case; refuse it")
    if opened.sender.role is not Role.PROVIDER_STAFF or opened.sender.organisation != me:
        raise SenderRoleError("only the provider's own staff passes its cases on; refuse it")
    return from_plain(opened.payload.content, Shared)


def check_shared(
    opened: Opened, shared: Shared, *, trust: TrustStore, me: str, now: datetime
) -> Opened:
    """The case itself, as its sender signed it for `me` under the consent that the sharing device
    names. `now`: when the server received the case's envelope.

    Raises as `check_envelope` does, and AnotherCaseError where the two name different consents.
    """
    if shared.case.payloadType != CASE_TYPE:
        raise WrongTypeError("a colleague shared something that is no case; refuse it")
    case = check_envelope(
        shared.case, trust=trust, referral=opened.payload.referral, me=me, now=now
    )
    if case.payload.consent != opened.payload.consent:
        raise AnotherCaseError("a colleague shared a case under another consent; refuse it")
    return case


def as_shared(envelope: str, statement: Statement) -> Shared:
    """What a device that opened `envelope` (hex SHA-256) may share. Raises MalformedError for what
    is no case."""
    if statement.payloadType != CASE_TYPE:
        raise MalformedError("only a case is sealed on; messages stay with who received them")
    return Shared(envelope, statement)
