"""Sealed words between the two sides of a referral: questions, answers, feedback."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mobile.casework.desk import Desk
from mobile.casework.errors import NobodyCanOpenError, TimelineUnprovenError, UnreadableError
from mobile.casework.records import ENVELOPES, KeptMessage, keep_message, messages_in, messages_of
from mobile.casework.sealing import seal_with
from mobile.casework.signing import queue_step
from mobile.casework.views import Message, Problem
from mobile.sync.directory import SealTo
from mobile.sync.events import HeldEvent, events_of
from protocols.errors import AmanaError
from protocols.messages import SealedPart
from protocols.sealing.age import NoMatchError
from protocols.sealing.envelope import open_envelope, seal
from protocols.timeline.event import EnvelopeRef, Kind

PURPOSES = {Kind.ASKED: "question", Kind.ANSWERED: "answer", Kind.FEEDBACK: "feedback"}


def send_message(
    desk: Desk,
    referral: str,
    kind: Kind,
    content: dict[str, Any],
    *,
    to: Iterable[SealTo],
    recipient: str,
    reason: str | None = None,
) -> None:
    """Seal `content` for `recipient` (an organisation's id or a device's keyid) at the devices
    `to`, and queue the step that carries it. Raises NobodyCanOpenError, NotAllowedNowError."""
    me, devices = desk.me, tuple(to)
    if not devices:
        raise NobodyCanOpenError(
            f"{recipient} has no device with a current sealing key; connect, sync, try again"
        )
    how = seal_with(devices)
    sealed = seal(
        content,
        referral=referral,
        sender_key=desk.keyring.signing,
        recipients=[recipient],
        purpose=PURPOSES[kind],
        consent=None,
        age_recipients=how.recipients,
        now=desk.clock(),
        entropy=desk.entropy,
        devices=how.devices,
    )
    part = SealedPart(recipient, sealed)
    with desk.vault.transaction():
        statement = queue_step(desk, referral, kind, reason=reason, envelopes=[part])
        message = KeptMessage(
            event=statement.digest,
            purpose=PURPOSES[kind],
            sender=me.keyid,
            sender_name=me.organisation_name,
            created=desk.clock(),
            content=content,
            own=True,
            organisation=me.organisation,
            strength=how.strength,
        )
        keep_message(desk.vault, referral, message)


def collect_messages(desk: Desk, referral: str) -> tuple[Problem, ...]:
    """Open every message that came and keep its words in its envelope's place; what cannot be
    opened stays and is named, and one that comes a second time is let go of. Nothing is opened of a
    timeline that does not hold: whoever put an event into it that the lifecycle forbids is not to
    be heard."""
    standing = desk.proven(referral)
    problems = []
    collected = set(desk.vault.list(messages_in(referral)))
    for held in events_of(desk.vault, referral):
        if held.event.kind not in PURPOSES or not _waiting(desk, held):
            continue
        if held.digest in collected:
            for ref, _ in _waiting(desk, held):
                desk.vault.delete(ENVELOPES, ref.sha256)
            continue
        if standing.fault is not None:
            detail = f"messages are not opened, the timeline does not hold: {standing.fault}"
            return (Problem(TimelineUnprovenError.code, detail, referral),)
        try:
            _collect(desk, held)
        except AmanaError as error:
            if isinstance(error, NoMatchError) and held.leaf.received < joined(desk):
                continue
            problems.append(Problem(error.code, f"a message not opened: {error}", referral))
    return tuple(problems)


def joined(desk: Desk) -> datetime:
    """When this device was first certified: what was sealed before was never meant to open here."""
    return desk.certificate.not_before


def _waiting(desk: Desk, held: HeldEvent) -> tuple[tuple[EnvelopeRef, bytes], ...]:
    """The event's envelopes for this device that are here unopened."""
    mine = (desk.me.organisation, desk.me.keyid)
    found = (
        (ref, desk.vault.get(ENVELOPES, ref.sha256))
        for ref in held.event.envelopes
        if ref.recipient in mine
    )
    return tuple((ref, data) for ref, data in found if data is not None)


def _collect(desk: Desk, held: HeldEvent) -> None:
    for ref, data in _waiting(desk, held):
        opened = open_envelope(
            data,
            desk.keyring.identities(),
            trust=desk.trust.store,
            referral=held.event.referral,
            me=ref.recipient,
            now=held.leaf.received,
        )
        if opened.sender.subject != held.event.actor:
            raise UnreadableError("another device sealed this message than the one that sent it")
        if opened.payload.purpose != PURPOSES[held.event.kind]:
            raise UnreadableError(f"a sealed {opened.payload.purpose} in another's place")
        organisation = opened.sender.organisation or opened.sender.subject
        message = KeptMessage(
            event=held.digest,
            purpose=opened.payload.purpose,
            sender=opened.sender.subject,
            sender_name=desk.names().get(organisation, organisation),
            created=opened.payload.created,
            content=opened.payload.content,
            own=False,
            organisation=organisation,
        )
        with desk.vault.transaction():
            keep_message(desk.vault, held.event.referral, message)
            desk.vault.delete(ENVELOPES, ref.sha256)


def show_messages(desk: Desk, referral: str) -> tuple[Message, ...]:
    """A referral's messages as a screen shows them, oldest first; those of one second in the
    timeline's order."""
    places = {held.digest: held.index for held in events_of(desk.vault, referral)}
    last = max(places.values(), default=0) + 1
    ordered = sorted(
        messages_of(desk.vault, referral),
        key=lambda each: (each.created, places.get(each.event, last)),
    )
    return tuple(
        Message(
            referral=referral,
            purpose=each.purpose,
            sender=each.sender,
            sender_name=each.sender_name,
            created=each.created,
            content=each.content,
            own=each.own,
            organisation=each.organisation,
            strength=each.strength,
        )
        for each in ordered
    )
