"""What a phone shows of its own work: frozen values, free of storage, network and presentation."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from mobile.casework.sealing import Strength
    from protocols.referral.provider import Provider
    from protocols.screening.interview import Interview
    from protocols.screening.model import Checklist


@frozen
class Identity:
    """Who this phone is once enrolled. `keyid` is the device's, `label` what its owner called it;
    `role` is a `protocols.sealing.certificate.Role`."""

    role: str
    organisation: str
    organisation_name: str
    country: str
    keyid: str
    label: str


@frozen
class Problem:
    """Something that went wrong without stopping the rest: `code` is an AmanaError's stable slug
    (or the server's), `where` the referral or outbox item concerned."""

    code: str
    detail: str
    where: str | None = None


@frozen
class SyncReport:
    """What one `Phone.sync()` did: `sent` items acknowledged, `received` events taken in."""

    sent: int
    received: int
    problems: tuple[Problem, ...] = ()


@frozen
class DirectoryView:
    """The newest directory snapshot this phone has verified, with the providers' live capacity.

    `trusted` are the provider ids whose certificates hold now; `expired` says the snapshot is too
    old to rely on, `age_days` how many whole days ago it was issued.
    """

    country: str
    number: int
    issued: datetime
    expires: datetime
    age_days: int
    expired: bool
    providers: tuple[Provider, ...]
    trusted: tuple[str, ...]
    focal_points: tuple[str, ...]
    checklists: tuple[str, ...]
    organisations: dict[str, str]

    def provider(self, provider_id: str) -> Provider | None:
        """The provider of that organisation id, or None."""
        return next((each for each in self.providers if each.id == provider_id), None)

    def name(self, organisation: str, language: str) -> str:
        """The organisation's name in `language`, else English, else as certified, else its id."""
        provider = self.provider(organisation)
        names = provider.names if provider else {}
        known = self.organisations.get(organisation, organisation)
        return names.get(language) or names.get("en") or known


@frozen
class EditionView:
    """An edition of a checklist. `since`: when it came to this phone, None where the app carries
    it; `newer_unusable`: the country has published a newer one that this app cannot use."""

    checklist: Checklist
    since: datetime | None = None
    newer_unusable: bool = False


@frozen
class ScreeningRecord:
    """One screening as the vault keeps it. `referral` is the id that its referral will have, made
    at the start so that consent and routing can name it; `sent` says that it was sent; `edition`
    is the SHA-256 of the checklist's file that it runs under; `carried_from` the version it began
    under, where that edition is gone and its answers were carried over to another.

    Change it with `attrs.evolve(record, interview=...)` and hand it to `Screenings.save`.
    """

    id: str
    referral: str
    checklist: str
    interview: Interview = field(repr=False)
    language: str
    started: datetime
    practice: bool = False
    division: str | None = None
    sent: bool = False
    saved: datetime | None = None
    edition: str | None = None
    carried_from: int | None = None


class TimelineProof(StrEnum):
    """How far one row of a timeline is proven."""

    PROVEN = "proven"
    """Signed by a certified actor and included under a checkpoint this phone verified."""
    WAITING = "waiting"
    """Signed here, not yet acknowledged by the server."""
    UNPROVEN = "unproven"
    """In the log, but its signer or its place in the timeline could not be verified here."""


@frozen
class TimelineRow:
    """One event of a referral. `received` is the server's time (None while it waits in the
    outbox), `waited` the time since the previous event; `reason` is a code, never free text."""

    sequence: int
    kind: str
    actor: str
    role: str
    organisation: str | None
    organisation_name: str | None
    provider: str | None
    claimed: datetime
    received: datetime | None
    reason: str | None
    waited: timedelta | None
    late: bool
    proof: TimelineProof


@frozen
class Message:
    """A sealed question, answer or feedback that this phone opened or wrote. `organisation`: the
    sender's, and `sender_name` its name as certified."""

    referral: str
    purpose: str
    sender: str
    sender_name: str
    created: datetime
    content: dict[str, Any] = field(repr=False)
    own: bool = False
    organisation: str | None = None
    strength: Strength | None = None
    """How this phone sealed it; None for what others did."""


@frozen
class ReferralView:
    """One referral as this phone knows it. `state` is a `protocols.referral.lifecycle.State`
    ("sealed" until the submission is proven to have arrived), with this phone's own waiting steps
    counted in; `waiting` names those, so that a screen can say "not sent yet". `verified`: every
    event held here is proven and the chain is whole."""

    id: str
    state: str
    created: datetime
    offered_to: str | None
    accepted_by: str | None
    deadline: datetime | None
    shortlist: tuple[str, ...]
    timeline: tuple[TimelineRow, ...]
    messages: tuple[Message, ...]
    verified: bool
    waiting: tuple[str, ...] = ()
    problem: Problem | None = None
    screening: str | None = None
    fault: str | None = None
    """The first thing in its timeline that does not hold, in English, for a coordinator."""
    strengths: dict[str, Strength] = field(factory=dict)
    """How this phone sealed the case for each provider, by id; empty where it did not."""
    holds_case: bool = False
    """Whether the whole case is on this phone, as it was sent from it."""
    unreadable_to: tuple[str, ...] = ()
    """The provider's devices that said they cannot open it, since it was last sealed anew."""


@frozen
class InboxItem:
    """A referral offered to this phone's organisation. `received` is when it was offered;
    `readable` says that its envelope is here and not yet found unopenable."""

    referral: str
    state: str
    deadline: datetime | None
    received: datetime
    from_organisation: str
    from_name: str
    late: bool
    readable: bool
    opened: bool
    mine: bool
    """Accepted by this phone's organisation."""
    waiting: tuple[str, ...] = ()
    """The kinds of this phone's own steps that have not left yet."""
    ours: bool = True
    """Whether it still stands offered to this organisation or in its hands. Otherwise the
    organisation declined or let it lapse, `deadline` is None, and `state` is how it stands
    elsewhere."""
    stuck: bool = False
    """Its envelopes are here, and this phone can open none of them."""
    asked: bool = False
    """This phone has said so, and nobody has sealed it anew since."""
    withheld: bool = False
    """It was sealed anew, the log says, but that envelope is not here."""


@frozen
class OpenedCase:
    """A case as its sender sealed it for this organisation: `content` holds only what the person
    consented to, by kind of information (identity, contact, ..., notes)."""

    referral: str
    content: dict[str, Any] = field(repr=False)
    sender: str
    sender_name: str
    sender_organisation: str
    created: datetime
    consent: str | None
    messages: tuple[Message, ...] = ()


class ItemState(StrEnum):
    """Where an outbox item stands; only these three exist."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


@frozen
class OutboxItem:
    """Something signed on this phone for the server. `what` is the event's kind, `problem` the
    last failure (while waiting) or the refusal."""

    id: str
    referral: str
    what: str
    created: datetime
    state: ItemState
    attempts: int
    next_try: datetime
    problem: Problem | None = None


@frozen
class OverdueItem:
    """A referral past its deadline (or returned with nobody left to ask), longest wait first."""

    referral: str
    state: str
    waiting_on: str | None
    waiting_on_name: str | None
    deadline: datetime
    overdue_by: timedelta
