"""What casework keeps in the vault, as wire values: identity, enrolment, referrals, messages."""

from datetime import datetime
from typing import Any

from attrs import field, frozen

from mobile.casework.sealing import Strength
from mobile.vault.records import OpenVault
from protocols.plain import from_json, to_json
from protocols.sealing.comparing import Hosting, Joining
from protocols.sealing.statement import Statement

SELF = "self"
SCREENINGS = "screening"
REFERRALS = "referral"
OPENED = "opened"
ENVELOPES = "envelope"
CURSOR = "cursor"
TOUCHED = "touched"
"""Referrals with new events whose messages are not collected yet, or that are not forgotten yet."""
IDENTITY_ROW = "identity"
ENROLMENT_ROW = "enrolment"
HOSTED = "invitation"
OFFSET_ROW = "clock-offset"


@frozen
class KeptIdentity:
    """Who this phone is, and where its server is."""

    role: str
    organisation: str
    organisation_name: str
    country: str
    keyid: str
    label: str
    server: str


@frozen
class KeptEnrolment:
    """An enrolment that waits: the invitation, how far the comparison is, the id the server gave it
    (None until it answered), whether the server has this phone's number (`opened`), whether it goes
    by file, and how it stands: why it was refused is `reason`."""

    invitation: dict[str, Any] = field(repr=False)
    joining: Joining = field(repr=False)
    id: str | None = None
    opened: bool = False
    by_file: bool = False
    state: str = "pending"
    reason: str | None = None


@frozen
class KeptHosted:
    """An invitation that this phone, a coordinator's, made: how far its comparison is, the request
    that was met, and this phone's word for the device until the server has it (`handed`)."""

    invitation: dict[str, Any] = field(repr=False)
    made: datetime
    hosting: Hosting = field(repr=False)
    enrolment: str | None = None
    endorsement: Statement | None = None
    handed: bool = False


@frozen
class KeptOffset:
    """How far the server's clock is ahead, in seconds; for request freshness only."""

    seconds: int


@frozen
class KeptCursor:
    """The log index from which the next sync asks, and the devices that this phone's organisation
    had lost by then (keyids): when another is lost, its referrals are asked for from the start."""

    after: int
    former: tuple[str, ...] = ()


@frozen
class KeptScreening:
    """A ScreeningRecord as the vault holds it. `edition`: the SHA-256 of the checklist's file that
    it runs under."""

    id: str
    referral: str
    checklist: str
    interview: dict[str, Any] = field(repr=False)
    language: str
    started: datetime
    practice: bool
    division: str | None
    sent: bool
    saved: datetime
    edition: str | None = None
    carried_from: int | None = None


@frozen
class KeptReferral:
    """A referral that this phone sent, with the whole case and the consent it rests on."""

    id: str
    screening: str
    created: datetime
    shortlist: tuple[str, ...]
    services: tuple[str, ...]
    urgency: str
    case: dict[str, Any] = field(repr=False)
    consent: dict[str, Any] = field(repr=False)
    consent_digest: str
    strengths: dict[str, Strength] = field(factory=dict)
    """How the case was sealed for each provider; empty for what an earlier app sent."""


def kept_referral(vault: OpenVault, referral: str) -> KeptReferral | None:
    """What this phone kept of a referral it made."""
    data = vault.get(REFERRALS, referral)
    return None if data is None else from_json(data, KeptReferral)


@frozen
class KeptOpened:
    """A case that this phone opened. `envelope`: the SHA-256 of the ciphertext in which its sender
    sealed it; `statement`: what the sender signed inside (None: opened by an earlier app)."""

    referral: str
    content: dict[str, Any] = field(repr=False)
    sender: str
    sender_name: str
    sender_organisation: str
    created: datetime
    consent: str | None
    envelope: str | None = None
    statement: Statement | None = field(default=None, repr=False)


@frozen
class KeptHolders:
    """To which devices (keyids; none: not said) a case was sealed for `provider`, and when."""

    provider: str
    devices: tuple[str, ...]
    sealed: datetime


def holders_in(referral: str) -> str:
    """The vault collection of a referral's KeptHolders, by the SHA-256 of the ciphertext."""
    return f"holders/{referral}"


def tried_in(referral: str) -> str:
    """The vault collection that names the ciphertexts of a case which this phone cannot open."""
    return f"tried/{referral}"


@frozen
class KeptMessage:
    """A question, answer or feedback, opened or written here; `event` is its event's digest."""

    event: str
    purpose: str
    sender: str
    sender_name: str
    created: datetime
    content: dict[str, Any] = field(repr=False)
    own: bool
    organisation: str | None = None
    strength: Strength | None = None
    """How it was sealed, where this phone did."""


def messages_in(referral: str) -> str:
    """The vault collection of one referral's messages."""
    return f"messages/{referral}"


def keep_message(vault: OpenVault, referral: str, message: KeptMessage) -> None:
    """Keep a message; the same event's message only once."""
    vault.put(messages_in(referral), message.event, to_json(message))


def forget_messages(vault: OpenVault, referral: str) -> None:
    """Remove every message of a referral, one's own too."""
    for row in vault.list(messages_in(referral)):
        vault.delete(messages_in(referral), row)


def messages_of(vault: OpenVault, referral: str) -> tuple[KeptMessage, ...]:
    """A referral's messages, oldest first."""
    found = (from_json(body, KeptMessage) for _, body in vault.items(messages_in(referral)))
    return tuple(sorted(found, key=lambda each: (each.created, each.event)))
