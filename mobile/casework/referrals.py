"""Choosing providers for a person who consents, and sending the sealed case."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from mobile.casework.custody import keep_holders
from mobile.casework.desk import Desk
from mobile.casework.directory import snapshot_of
from mobile.casework.errors import (
    AlreadySentError,
    CaseElsewhereError,
    ConsentMismatchError,
    DirectoryExpiredError,
    NobodyCanOpenError,
    NotAllowedNowError,
    PracticeError,
    UnknownRecordError,
)
from mobile.casework.messages import send_message, show_messages
from mobile.casework.records import REFERRALS, KeptHolders, KeptReferral, kept_referral
from mobile.casework.screenings import kept_screening, mark_sent
from mobile.casework.sealing import SealWith, Strength, seal_with
from mobile.casework.showing import followed_referrals, is_our_side, show_referral
from mobile.casework.signing import hold_back, queue_step, reference
from mobile.casework.views import Message, ReferralView, ScreeningRecord
from mobile.sync.outbox import ItemState
from protocols.countries.country import country
from protocols.messages import SealedPart
from protocols.plain import to_json, to_plain
from protocols.referral.consent import STANDS_IN, Consent, Purpose, filter_case
from protocols.referral.lifecycle import StepRefusedError
from protocols.referral.routing import (
    Person,
    Ranking,
    Request,
    RoutingDirectory,
    Urgency,
    rank,
)
from protocols.referral.services import Service, respond_within
from protocols.sealing.envelope import seal
from protocols.timeline.event import Kind

PURPOSE = Purpose.REFERRAL.value


class Referrals:
    """`Phone.referrals`, for the referrals that this phone sends."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def route(
        self,
        record: ScreeningRecord,
        services: Sequence[Service],
        urgency: Urgency,
        division: str | None,
        person: Person,
        *,
        excluded: Sequence[str] = (),
    ) -> Ranking:
        """Rank the cached directory's providers for this person; offline, the person unnamed.

        `division` None: not known. `excluded` are provider ids with a conflict of
        interest. Raises NoDirectoryError.
        """
        desk = self._desk()
        snapshot, now = snapshot_of(desk), desk.clock()
        request = Request(
            referral=record.referral,
            country=snapshot.country,
            division=division,
            within=country(snapshot.country).lineage(division)[1:] if division else (),
            services=tuple(services),
            urgency=urgency,
            person=person,
            excluded_providers=tuple(excluded),
        )
        directory = RoutingDirectory(desk.directory.providers(now), desk.directory.trusted(now))
        return rank(request, directory, now)

    def strengths(self, shortlist: Sequence[str]) -> dict[str, Strength]:
        """How the case would be sealed now for each provider of `shortlist`, by id; without those
        that have no device to seal to."""
        desk = self._desk()
        found = {each: desk.directory.seal_to(each, desk.clock()) for each in shortlist}
        return {each: seal_with(to).strength for each, to in found.items() if to}

    def send(  # noqa: PLR0917 - in the order in which the work is done
        self,
        record: ScreeningRecord,
        case: dict[str, Any],
        shortlist: Sequence[str],
        consent: Consent,
        services: Sequence[Service],
        urgency: Urgency,
    ) -> str:
        """Seal the case for each provider of `shortlist` (first choice first), as much as each may
        know, and queue the signed submission; returns the referral id. Works offline.

        Case, consent, submission and the screening's state are written in one transaction. Where
        nobody could consent, the submission names the ground's code, so that the coordinator sees
        that it was sent without.
        Raises PracticeError, AlreadySentError, ConsentMismatchError, NoConsentError,
        NobodyCanOpenError, DirectoryExpiredError, NotAllowedNowError.
        """
        desk = self._desk()
        _check_sendable(desk, record, shortlist, consent)
        digest = consent_digest(consent)
        keys = {each: _keys_of(desk, each) for each in shortlist}
        parts = [
            _seal_for(desk, record.referral, each, case, consent, keys[each]) for each in shortlist
        ]
        kept = KeptReferral(
            id=record.referral,
            screening=record.id,
            created=desk.clock(),
            shortlist=tuple(shortlist),
            services=tuple(str(each) for each in services),
            urgency=str(urgency),
            case=case,
            consent=to_plain(consent),
            consent_digest=digest,
            strengths={each: how.strength for each, how in keys.items()},
        )
        minutes = respond_within(urgency, services)
        ground = str(consent.basis) if consent.basis in STANDS_IN else None
        with desk.vault.transaction():
            _demand_unsent(desk, record.referral)
            desk.vault.put(REFERRALS, kept.id, to_json(kept))
            for part in parts:
                holders = KeptHolders(part.recipient, keys[part.recipient].devices, kept.created)
                keep_holders(desk, kept.id, reference(part).sha256, holders)
            queue_step(
                desk,
                kept.id,
                Kind.SUBMITTED,
                envelopes=parts,
                respond_within=minutes,
                reason=ground,
            )
            mark_sent(desk, record)
        return kept.id

    def answer(self, referral: str, text: str) -> None:
        """Answer the provider's question, sealed to every device of its organisation. Raises
        UnknownRecordError, NotAllowedNowError, NobodyCanOpenError."""
        desk = self._desk()
        standing = desk.proven(referral)
        now = standing.referral
        asked = any(event.kind is Kind.ASKED for event in standing.events)
        if standing.fault is not None or not asked or now is None or now.offered_to is None:
            raise UnknownRecordError("no question about this referral is here; sync, look again")
        organisation = now.offered_to
        to = desk.directory.seal_to(organisation, desk.clock())
        send_message(desk, referral, Kind.ANSWERED, {"text": text}, to=to, recipient=organisation)

    def withdraw(self, referral: str, reason: str = "consent_withdrawn") -> None:
        """Stop all offers; `reason` is a code. A submission that has not been acknowledged yet is
        held back at once: the next sync asks whether it had arrived all the same, and if not,
        nothing of it ever leaves. Raises UnknownRecordError, NotAllowedNowError."""
        desk = self._desk()
        if kept_referral(desk.vault, referral) is None and not is_our_side(desk, referral):
            raise UnknownRecordError("this organisation sent no such referral; look in the list")
        with desk.vault.transaction():
            queue_step(desk, referral, Kind.WITHDRAWN, reason=reason)
            hold_back(desk, referral)

    def list(self) -> tuple[ReferralView, ...]:
        """Newest first; those of a lost phone of this organisation too, without their cases."""
        desk = self._desk()
        views = (show_referral(desk, each) for each in followed_referrals(desk))
        return tuple(sorted(views, key=lambda each: (each.created, each.id), reverse=True))

    def get(self, referral: str) -> ReferralView:
        """Raises UnknownRecordError."""
        return show_referral(self._desk(), referral)

    def case(self, referral: str) -> dict[str, Any]:
        """The case as it was sent, before each provider's consented part was cut from it."""
        kept = kept_referral(self._desk().vault, referral)
        if kept is None:
            raise CaseElsewhereError("the case is only on the phone that sent it; look there")
        return kept.case

    def messages(self, referral: str) -> tuple[Message, ...]:
        """Questions, answers and feedback, oldest first."""
        return show_messages(self._desk(), referral)


def consent_digest(consent: Consent) -> str:
    """Hex SHA-256 of the consent record's JSON: what every envelope names."""
    return sha256(to_json(consent)).hexdigest()


def _check_sendable(
    desk: Desk, record: ScreeningRecord, shortlist: Sequence[str], consent: Consent
) -> None:
    """Raises the refusals that can be known before anything is sealed."""
    kept = kept_screening(desk, record.id)
    if kept is None or kept.referral != record.referral:
        raise UnknownRecordError("no such screening is on this phone; look in the list")
    if record.practice or kept.practice:
        raise PracticeError("this is practice: nothing of it is sent; start a real screening")
    _demand_unsent(desk, record.referral)
    if not shortlist or len(set(shortlist)) < len(shortlist):
        raise NotAllowedNowError(StepRefusedError("bad_shortlist", str(Kind.SUBMITTED), None))
    if consent.referral != record.referral:
        raise ConsentMismatchError("the consent is for another referral; ask the person again")
    granted = {each.recipient for each in consent.grants}
    if missing := [each for each in shortlist if each not in granted]:
        raise ConsentMismatchError(
            f"the person did not consent to {', '.join(missing)}; ask, or take it off the list"
        )
    snapshot = snapshot_of(desk)
    if snapshot.expires <= desk.clock():
        raise DirectoryExpiredError(snapshot.expires)


def _demand_unsent(desk: Desk, referral: str) -> None:
    """Raises AlreadySentError, unless what was sent before was refused and never arrived."""
    if kept_referral(desk.vault, referral) is None:
        return
    items = [each for each in desk.outbox.items() if each.referral == referral]
    refused = bool(items) and all(each.state is ItemState.REFUSED for each in items)
    if not refused or desk.proven(referral).events:
        raise AlreadySentError("this screening was sent already; look at its referral")


def _keys_of(desk: Desk, provider: str) -> SealWith:
    """The strongest keys that all the provider's devices share. Raises NobodyCanOpenError."""
    to = desk.directory.seal_to(provider, desk.clock())
    if not to:
        raise NobodyCanOpenError(
            f"{provider} has no device with a current sealing key; sync, or choose another"
        )
    return seal_with(to)


def _seal_for(  # noqa: PLR0917 - what is sealed, for whom, by what right and how
    desk: Desk,
    referral: str,
    provider: str,
    case: dict[str, Any],
    consent: Consent,
    keys: SealWith,
) -> SealedPart:
    """The case as this provider may know it, sealed to all its devices' current keys."""
    now = desk.clock()
    sealed = seal(
        filter_case(case, consent, provider, PURPOSE, now),
        referral=referral,
        sender_key=desk.keyring.signing,
        recipients=[provider],
        purpose=PURPOSE,
        consent=consent_digest(consent),
        age_recipients=keys.recipients,
        now=now,
        entropy=desk.entropy,
        devices=keys.devices,
    )
    return SealedPart(provider, sealed)
