"""What every use case of an unlocked phone works with: its vault and what stands on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx

from mobile.casework.errors import NotEnrolledError
from mobile.casework.keyring import Keyring
from mobile.casework.records import (
    IDENTITY_ROW,
    OFFSET_ROW,
    SELF,
    KeptIdentity,
    KeptOffset,
)
from mobile.casework.replay import Standing, pending, replay
from mobile.sync.backoff import Jitter
from mobile.sync.client import Client
from mobile.sync.directory import Directory
from mobile.sync.editions import Shelf
from mobile.sync.events import events_of
from mobile.sync.ledger import Ledger
from mobile.sync.outbox import Outbox
from mobile.sync.patience import Patience
from mobile.sync.server import Server
from mobile.sync.trust import Trust
from mobile.vault.records import OpenVault
from protocols.plain import Entropy, from_json, to_json
from protocols.referral.lifecycle import StepRefusedError
from protocols.sealing.certificate import Certificate, UntrustedError
from protocols.timeline.checkpoint import origin_for

Clock = Callable[[], datetime]
HttpFactory = Callable[[], httpx.Client]


class Desk:
    """The rooms' shared ground. Lives from unlock to lock."""

    def __init__(
        self,
        vault: OpenVault,
        *,
        clock: Clock,
        entropy: Entropy,
        http: HttpFactory,
        jitter: Jitter,
        patience: Patience | None = None,
    ) -> None:
        self.vault = vault
        self.clock = clock
        self.entropy = entropy
        self.keyring = Keyring(vault, entropy)
        self.trust = Trust(vault)
        self.outbox = Outbox(vault, jitter)
        self.shelf = Shelf(vault)
        self._http = http
        self._patience = patience

    @property
    def identity(self) -> KeptIdentity | None:
        """Who this phone is, or None before it is enrolled."""
        data = self.vault.get(SELF, IDENTITY_ROW)
        return None if data is None else from_json(data, KeptIdentity)

    @property
    def me(self) -> KeptIdentity:
        """Who this phone is. Raises NotEnrolledError."""
        identity = self.identity
        if identity is None:
            raise NotEnrolledError("this phone is not enrolled; scan an invitation first")
        return identity

    @property
    def certificate(self) -> Certificate:
        """This device's certificate. Raises UntrustedError once it ended or was revoked."""
        return self.trust.store.device(self.me.keyid, self.clock())

    @property
    def directory(self) -> Directory:
        """The directory of this phone's country."""
        return Directory(self.vault, self.trust, self.me.country)

    @property
    def ledger(self) -> Ledger:
        """The log of this phone's country."""
        country = self.me.country
        origin = origin_for(self.trust.root.programme, country)
        return Ledger(
            self.vault,
            country,
            origin,
            lambda: self.trust.servers(country, self.clock()),
            lambda keyids: self.trust.witnesses(country, self.clock(), keyids),
        )

    @contextmanager
    def online(self, base: str | None = None) -> Iterator[Server]:
        """The server, spoken to as this device."""
        with self._http() as http:
            client = Client(
                base or self.me.server,
                self.keyring.signing,
                http,
                clock=self.clock,
                entropy=self.entropy,
                offset=self.clock_off,
                learned=self._learn,
                patience=self._patience,
            )
            yield Server(client)

    @contextmanager
    def online_unsigned(self, base: str) -> Iterator[Server]:
        """A server's open endpoints, before this device has a key."""
        with self._http() as http:
            yield Server(
                Client(
                    base,
                    None,
                    http,
                    clock=self.clock,
                    entropy=self.entropy,
                    patience=self._patience,
                )
            )

    def proven(self, referral: str) -> Standing:
        """Where the log shows the referral to stand."""
        return replay(events_of(self.vault, referral), self.trust.store)

    def standing(self, referral: str) -> Standing:
        """The same with this phone's own waiting steps on top, as far as they still fit and this
        device may still sign."""
        standing = self.proven(referral)
        for item in self.outbox.waiting(referral):
            try:
                standing = pending(standing, self.outbox.body(item).event, self.certificate)
            except (StepRefusedError, UntrustedError):
                break
        return standing

    @property
    def surely(self) -> datetime:
        """The earlier of this phone's time and the server's, as last learned from it."""
        return self.clock() + min(self.clock_off, timedelta(0))

    def names(self) -> dict[str, str]:
        """Organisations' certified names by id."""
        found = self.trust.store.organisations(self.me.country, self.clock())
        return {each.subject: each.name for each in found}

    @property
    def clock_off(self) -> timedelta:
        """How far the server's clock is ahead of this phone's, as last learned from it."""
        data = self.vault.get(SELF, OFFSET_ROW)
        return timedelta(seconds=from_json(data, KeptOffset).seconds if data else 0)

    def _learn(self, offset: timedelta) -> None:
        self.vault.put(SELF, OFFSET_ROW, to_json(KeptOffset(int(offset.total_seconds()))))
