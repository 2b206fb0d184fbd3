"""The signed events of a timeline, and the log's leaves that carry them.

An event holds codes, ids, hashes, sizes and times: by construction no personal data and no free
text. It travels as a DSSE statement of type EVENT_TYPE.
"""

import base64
import re
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import frozen

from protocols.errors import MalformedError
from protocols.plain import Entropy

EVENT_TYPE = "application/vnd.amana.event.v1+json"

_REFERRAL = re.compile(r"[a-z2-7]{26}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEYID = re.compile(r"[a-z2-7]{32}")
_ORGANISATION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_REASON = re.compile(r"[a-z_]{1,40}")
MOST_ENVELOPES = 32
LARGEST_ENVELOPE = 4 * 1024 * 1024
LONGEST_ANSWER = 7 * 24 * 60
"""Minutes; the lifecycle allows fewer values, this bounds what is read at all."""


class Kind(StrEnum):
    """What a step did. Who may do it when is the lifecycle's to say."""

    SUBMITTED = "submitted"
    OFFERED = "offered"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED = "asked"
    ANSWERED = "answered"
    EXPIRED = "expired"
    IN_SERVICE = "in_service"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    FEEDBACK = "feedback"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    UNREADABLE = "unreadable"
    RESEALED = "resealed"


def _need(holds: bool, wrong: str) -> None:
    if not holds:
        raise MalformedError(f"event: {wrong}; refuse it")


@frozen
class EnvelopeRef:
    """One envelope by the SHA-256 (hex) and size in bytes of its ciphertext, and its recipient:
    a provider's organisation id, or a device's keyid for a message back."""

    recipient: str
    sha256: str
    size: int

    def __attrs_post_init__(self) -> None:
        _need(bool(_ORGANISATION.fullmatch(self.recipient)), "a recipient that is no id")
        _need(bool(_DIGEST.fullmatch(self.sha256)), "a hash that is not 64 hex digits")
        _need(0 < self.size <= LARGEST_ENVELOPE, f"an envelope of {self.size} bytes")


@frozen
class Event:
    """One step of one referral, signed by the device or server that took it.

    `sequence` counts from 0, `previous` is the digest of the statement before (None at 0).
    On `submitted`, `envelopes` is the shortlist in order of preference and `respond_within` the
    minutes each provider has to answer; on `resealed`, `provider` is whom its one envelope is for.
    `reason` is a code. `claimed` is the actor's own clock.
    Raises MalformedError when a field breaks its form.
    """

    referral: str
    kind: Kind
    sequence: int
    previous: str | None
    actor: str
    provider: str | None
    claimed: datetime
    reason: str | None
    envelopes: tuple[EnvelopeRef, ...]
    respond_within: int | None
    country: str

    def __attrs_post_init__(self) -> None:
        _need(is_referral_id(self.referral), "a referral id of another form")
        _need(bool(_KEYID.fullmatch(self.actor)), "an actor that is no key id")
        _need(bool(_COUNTRY.fullmatch(self.country)), "a country that is no ISO 3166-1 code")
        self._check_chain()
        self._check_codes()
        self._check_envelopes()

    def _check_chain(self) -> None:
        first = self.sequence == 0
        _need(self.sequence >= 0, "a negative sequence")
        _need(first == (self.previous is None), "a first event with a predecessor, or none")
        _need(first == (self.kind is Kind.SUBMITTED), "submitted anywhere but first")
        if self.previous is not None:
            _need(bool(_DIGEST.fullmatch(self.previous)), "a predecessor that is no digest")

    def _check_codes(self) -> None:
        if self.reason is not None:
            _need(bool(_REASON.fullmatch(self.reason)), "a reason that is not a code")
        if self.provider is not None:
            _need(bool(_ORGANISATION.fullmatch(self.provider)), "a provider that is no id")
        submitted = self.kind is Kind.SUBMITTED
        _need(submitted == (self.respond_within is not None), "a time to answer out of place")
        if self.respond_within is not None:
            _need(0 < self.respond_within <= LONGEST_ANSWER, "an impossible time to answer")

    def _check_envelopes(self) -> None:
        recipients = [each.recipient for each in self.envelopes]
        _need(len(recipients) <= MOST_ENVELOPES, "too many envelopes")
        _need(len(set(recipients)) == len(recipients), "two envelopes for one recipient")
        if self.kind is Kind.SUBMITTED:
            _need(bool(recipients), "a submission without an envelope")
        if self.kind is Kind.RESEALED:
            _need(recipients == [self.provider], "a case sealed anew for another than it names")


@frozen
class Leaf:
    """What the log holds of one event: the DSSE statement as a JSON object, and the moment the
    server received it. The leaf's bytes are this as JSON, stored and hashed verbatim."""

    event: dict[str, Any]
    received: datetime


def new_referral_id(entropy: Entropy) -> str:
    """A random referral id: 128 bits as 26 lower-case base32 characters (RFC 4648, unpadded)."""
    return base64.b32encode(entropy(16)).decode("ascii").rstrip("=").lower()


def is_referral_id(text: str) -> bool:
    """Whether `text` has the one form of a referral id (16 bytes leave two bits unused: 0)."""
    return bool(_REFERRAL.fullmatch(text)) and text[-1] in "aeimquy4"
