"""The country's directory on this phone: verified, numbered, never older than one seen before."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, frozen

from mobile.sync.errors import (
    DirectoryInvalidError,
    DirectoryRollbackError,
    ForgedSealingKeyError,
)
from mobile.sync.trust import Trust
from mobile.vault.records import OpenVault
from protocols.errors import AmanaError, MalformedError
from protocols.messages import CAPACITY_TYPE, SNAPSHOT_TYPE, DirectoryAnswer, FreePlaces, Snapshot
from protocols.plain import from_json, to_json
from protocols.referral.provider import Capacity, Provider
from protocols.sealing.age_x25519 import X25519Recipient
from protocols.sealing.certificate import (
    SEALING_KEY_TYPE,
    Certificate,
    Role,
    SealingKey,
    UntrustedError,
    WrongIssuerError,
    read_sealing_key,
)
from protocols.sealing.statement import Statement, verify
from protocols.sealing.truststore import TrustStore

DIRECTORY = "directory"
FURTHEST_AHEAD = timedelta(days=1)
"""How far ahead of this phone's clock a capacity may be stated: one of the two clocks is wrong."""


@frozen
class KeptDirectory:
    """The newest directory verified: its snapshot statement, the live statements beside it, the
    entity tag to ask with, and when it was fetched."""

    snapshot: Statement
    live: tuple[Statement, ...]
    etag: str | None
    fetched: datetime


@frozen
class SealTo:
    """A device and its age recipients, X25519 and, where it has one, hybrid. They stand in one
    statement of the device: a server that holds back the one holds back both."""

    device: Certificate
    recipient: str
    hybrid: str | None = None


class Directory:
    """One country's directory in an open vault."""

    def __init__(self, vault: OpenVault, trust: Trust, country: str) -> None:
        self._vault = vault
        self._trust = trust
        self._country = country

    @property
    def kept(self) -> KeptDirectory | None:
        """What is here, or None before the first refresh."""
        data = self._vault.get(DIRECTORY, self._country)
        return None if data is None else from_json(data, KeptDirectory)

    @property
    def snapshot(self) -> Snapshot | None:
        """The verified snapshot's content."""
        kept = self.kept
        return None if kept is None else from_json(kept.snapshot.payload, Snapshot)

    def take(self, answer: DirectoryAnswer, etag: str | None, now: datetime) -> bool:
        """Keep a directory once it is verified; False if its snapshot was known already.

        Raises DirectoryInvalidError or DirectoryRollbackError; nothing is changed then.
        """
        inside = _read_snapshot(answer.snapshot)
        store = self._trust.with_((answer.authority, *inside.statements))
        try:
            authority = store.authority(self._country, now)
            verify(
                answer.snapshot,
                authority.key_map,
                authority.threshold,
                payload_type=SNAPSHOT_TYPE,
            )
        except AmanaError as error:
            raise DirectoryInvalidError(
                f"a directory that the authority of {self._country} did not sign ({error}); refused"
            ) from error
        if inside.country != self._country:
            raise DirectoryInvalidError(f"a directory of {inside.country[:8]!r}; refused")
        known = self._demand_not_older(answer.snapshot, inside)
        _demand_own_keys(answer.live, store, now)
        kept = KeptDirectory(answer.snapshot, answer.live, etag, now)
        with self._vault.transaction():
            self._trust.keep(store)
            self._vault.put(DIRECTORY, self._country, to_json(kept))
        return not known

    def _demand_not_older(self, statement: Statement, inside: Snapshot) -> bool:
        kept, seen = self.kept, self.snapshot
        if kept is None or seen is None:
            return False
        same = kept.snapshot.digest == statement.digest
        if inside.number < seen.number or (inside.number == seen.number and not same):
            raise DirectoryRollbackError(
                f"the server offers directory {inside.number}, this phone has seen {seen.number};"
                " refused, tell a coordinator"
            )
        return same

    def providers(self, now: datetime) -> tuple[Provider, ...]:
        """The snapshot's providers, with the newest capacity their own devices stated."""
        snapshot = self.snapshot
        if snapshot is None:
            return ()
        stated = self._capacities(now)
        return tuple(
            evolve(each, capacity=newer)
            if (newer := stated.get(each.id)) and _is_newer(newer, each.capacity)
            else each
            for each in snapshot.providers
        )

    def trusted(self, now: datetime) -> tuple[str, ...]:
        """The organisations whose certificates hold now, by id."""
        found = self._trust.store.organisations(self._country, now)
        return tuple(each.subject for each in found)

    def seal_to(self, organisation: str, now: datetime) -> tuple[SealTo, ...]:
        """Every active device of the provider's staff that has a current sealing key, its newest.
        A case is not for what other devices the organisation holds (a coordinator's, say)."""
        devices = self._trust.store.devices_of(organisation, now)
        staff = [each for each in devices if each.role is Role.PROVIDER_STAFF]
        return self._newest_keys(staff, now)

    def seal_to_workers(self, organisation: str, now: datetime) -> tuple[SealTo, ...]:
        """The same of a field service's workers, for what is meant for one of them who lost the
        phone."""
        devices = self._trust.store.devices_of(organisation, now)
        return self._newest_keys([e for e in devices if e.role is Role.FIELD_WORKER], now)

    def seal_to_device(self, keyid: str, now: datetime) -> tuple[SealTo, ...]:
        """The same for one device. Raises UntrustedError if it is not to be trusted now."""
        return self._newest_keys([self._trust.store.device(keyid, now)], now)

    def _newest_keys(self, devices: Iterable[Certificate], now: datetime) -> tuple[SealTo, ...]:
        by_subject = {each.subject: each for each in devices}
        newest: dict[str, SealingKey] = {}
        for statement in self._live(SEALING_KEY_TYPE):
            key = _own_key(statement, by_subject, now)
            if key is None:
                continue
            known = newest.get(key.device)
            if known is None or key.not_before > known.not_before:
                newest[key.device] = key
        return tuple(
            SealTo(device, newest[subject].recipient, newest[subject].hybrid)
            for subject, device in sorted(by_subject.items())
            if subject in newest
        )

    def _live(self, kind: str) -> tuple[Statement, ...]:
        kept = self.kept
        return tuple(each for each in kept.live if each.payloadType == kind) if kept else ()

    def _capacities(self, now: datetime) -> dict[str, Capacity]:
        newest: dict[str, Capacity] = {}
        for statement in self._live(CAPACITY_TYPE):
            stated = self._free_places(statement, now)
            if stated is None:
                continue
            provider, capacity = stated
            known = newest.get(provider)
            if known is None or _is_newer(capacity, known):
                newest[provider] = capacity
        return newest

    def _free_places(self, statement: Statement, now: datetime) -> tuple[str, Capacity] | None:
        """What a device says of its own organisation; None where it may not be believed. What is
        stated far ahead of now would hide everything stated later."""
        try:
            signer = self._trust.store.device(statement.signatures[0].keyid, now)
            payload = verify(statement, signer.key_map, payload_type=CAPACITY_TYPE)
            found = from_json(payload, FreePlaces)
            capacity = Capacity(found.free_places, found.stated)
        except (AmanaError, IndexError):
            return None
        own = found.provider == signer.organisation
        return (found.provider, capacity) if own and found.stated <= now + FURTHEST_AHEAD else None


def _read_snapshot(statement: Statement) -> Snapshot:
    """The snapshot inside, not yet verified. Raises DirectoryInvalidError."""
    try:
        return from_json(statement.payload, Snapshot)
    except MalformedError as error:
        raise DirectoryInvalidError(f"a directory that cannot be read ({error})") from error


def _own_key(
    statement: Statement, devices: dict[str, Certificate], now: datetime
) -> SealingKey | None:
    """The sealing key, where one of `devices` itself signed it, it is for today, and it is one
    that can be sealed to."""
    signer = statement.signatures[0].keyid if statement.signatures else ""
    device = devices.get(signer)
    if device is None:
        return None
    try:
        key = read_sealing_key(statement, device, now)
        X25519Recipient.from_text(key.recipient)
    except AmanaError:
        # A key judged only now, since its device was not to be trusted when the directory came.
        return None
    return key


def _demand_own_keys(live: Iterable[Statement], store: TrustStore, now: datetime) -> None:
    """Raises ForgedSealingKeyError for a sealing key that its device did not sign. One of a device
    not trusted now is left for later: it is never sealed to."""
    for statement in live:
        if statement.payloadType != SEALING_KEY_TYPE or not statement.signatures:
            continue
        try:
            device = store.device(statement.signatures[0].keyid, now)
            read_sealing_key(statement, device, now)
        except UntrustedError as error:
            if isinstance(error, WrongIssuerError):
                raise ForgedSealingKeyError(f"{error}; the directory was refused") from error
        except AmanaError as error:
            raise ForgedSealingKeyError(
                f"a forged sealing key in the directory ({error}); refused"
            ) from error


def _is_newer(one: Capacity, other: Capacity) -> bool:
    if one.stated is None:
        return False
    return other.stated is None or one.stated > other.stated
