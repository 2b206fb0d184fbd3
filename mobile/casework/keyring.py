"""This device's own keys: the signing key for life, sealing keys for a week each.

Each sealing key is an X25519 key and, where the device has the library, a hybrid one beside it
under the same signature. They are made ahead, so that mail can be sealed to this device while it
is away, and their secrets are destroyed after a grace period: a phone seized later cannot open
old envelopes.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from io import BytesIO

from attrs import evolve, field, frozen
from nacl.signing import SigningKey

from mobile.vault.errors import VaultDamagedError
from mobile.vault.records import OpenVault
from protocols.errors import AmanaError
from protocols.plain import Entropy, from_json, to_json
from protocols.sealing.age import Identity
from protocols.sealing.age_header import read_header
from protocols.sealing.age_hybrid import HybridIdentity, is_available
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import SealingKey, publish_sealing_key
from protocols.sealing.statement import Statement, keyid

KEYS = "device-key"
SEALING = "sealing-secret"
SIGNING_ROW = "signing"
LIFE = timedelta(days=8)
WEEK = timedelta(days=7)
WEEKS_AHEAD = 3
GRACE = timedelta(days=30)
HELD = timedelta(days=30)
"""How long after its grace a secret still waits for mail that came in time to be opened."""
SEED_BYTES = 32
ANEW = timedelta(minutes=1)
"""How much later than the key that it replaces a key of the same days begins: the newest counts."""


@frozen
class KeptSeed:
    """The device's Ed25519 seed."""

    seed: bytes = field(repr=False)


@frozen
class KeptSealing:
    """One sealing secret, and the hybrid one of the same days if any, with the statement that
    announces them, and whether the server has it."""

    secret: str = field(repr=False)
    statement: Statement
    not_before: datetime
    not_after: datetime
    published: bool = False
    hybrid: str | None = field(default=None, repr=False)


class Keyring:
    """The keys in an open vault."""

    def __init__(self, vault: OpenVault, entropy: Entropy) -> None:
        self._vault = vault
        self._entropy = entropy

    def make(self, now: datetime) -> SigningKey:
        """This device's signing key, made on first call, with its first sealing key."""
        with self._vault.transaction():
            if self._vault.get(KEYS, SIGNING_ROW) is None:
                seed = KeptSeed(self._entropy(SEED_BYTES))
                self._vault.put(KEYS, SIGNING_ROW, to_json(seed))
                self._add_sealing(now - timedelta(minutes=5), now + LIFE)
        return self.signing

    @property
    def signing(self) -> SigningKey:
        """The signing key. Raises VaultDamagedError before `make`."""
        data = self._vault.get(KEYS, SIGNING_ROW)
        if data is None:
            raise VaultDamagedError("this device has no key yet; enrol it")
        return SigningKey(from_json(data, KeptSeed).seed)

    @property
    def keyid(self) -> str:
        """The id of the signing key: this device's name."""
        return keyid(bytes(self.signing.verify_key))

    def forget(self) -> None:
        """Drop every key, for an enrolment that starts anew."""
        with self._vault.transaction():
            for collection in (KEYS, SEALING):
                for row in self._vault.list(collection):
                    self._vault.delete(collection, row)

    def sealing(self) -> tuple[KeptSealing, ...]:
        """Every sealing secret kept, oldest first."""
        return tuple(from_json(body, KeptSealing) for _, body in self._vault.items(SEALING))

    def identities(self) -> tuple[Identity, ...]:
        """What can open envelopes sealed to this device, of both kinds."""
        kept = self.sealing()
        both = [_identities_of(each) for each in kept]
        return (*(each[0] for each in both), *(each[1] for each in both if len(each) > 1))

    def is_due(self, passed: datetime) -> bool:
        """Whether `destroy` would find a secret past its grace."""
        return any(each.not_after + GRACE <= passed for each in self.sealing())

    def destroy(
        self, passed: datetime, *, unopened: Collection[bytes] = (), all_came: bool = True
    ) -> None:
        """Destroy the secrets past their grace. `passed` is a moment that has passed by this
        phone's clock and by the server's: a clock that jumped ahead must not destroy what opens
        last week's mail.

        A secret that opens one of `unopened`, envelopes that are here and not read yet, stays
        while it is `HELD`, and so does each while it is not certain that all mail has come.
        """
        with self._vault.transaction():
            for row, body in self._vault.items(SEALING):
                key = from_json(body, KeptSealing)
                since = passed - key.not_after - GRACE
                if since < timedelta(0):
                    continue
                needed = not all_came or any(_opens(key, each) for each in unopened)
                if since >= HELD or not needed:
                    self._vault.delete(SEALING, row)

    def renew(self, now: datetime) -> None:
        """Make the keys of the coming weeks. Where the device gained or lost the library for
        hybrid keys, the keys of these weeks are made anew. The keys that a clock which ran ahead
        made for its mistaken date do not count."""
        ahead = now + WEEKS_AHEAD * WEEK
        with self._vault.transaction():
            begun = [each.not_before for each in self.sealing() if each.not_before <= ahead]
            newest = max(begun, default=now - WEEK)
            while newest + WEEK <= ahead:
                newest = max(newest + WEEK, now - timedelta(minutes=5))
                self._add_sealing(newest, newest + LIFE)
            self._follow_library(now, ahead)

    def unpublished(self, now: datetime) -> tuple[KeptSealing, ...]:
        """Keys of today and the coming weeks that the server does not have yet."""
        return tuple(
            each
            for each in self.sealing()
            if not each.published
            and each.not_after > now
            and each.not_before <= now + WEEKS_AHEAD * WEEK
        )

    def mark_published(self, key: KeptSealing) -> None:
        """The server has it."""
        self._put(evolve(key, published=True))

    def _follow_library(self, now: datetime, ahead: datetime) -> None:
        """For each key of today and up to `ahead` that nobody should seal to any more, or that
        could be stronger, one of the same days that counts in its stead."""
        newest = {each.not_after: each for each in self.sealing()}
        for each in newest.values():
            of_now = each.not_after > now and each.not_before <= ahead
            if of_now and (each.hybrid is not None) != is_available():
                self._add_sealing(each.not_before + ANEW, each.not_after)

    def _add_sealing(self, not_before: datetime, not_after: datetime) -> None:
        identity = X25519Identity.generate()
        hybrid = HybridIdentity.generate() if is_available() else None
        announced = SealingKey(
            self.keyid,
            identity.recipient.text,
            not_before,
            not_after,
            hybrid.recipient.text if hybrid else None,
        )
        statement = publish_sealing_key(announced, self.signing)
        self._put(
            KeptSealing(
                identity.text,
                statement,
                not_before,
                not_after,
                hybrid=hybrid.text if hybrid else None,
            )
        )

    def _put(self, key: KeptSealing) -> None:
        row = f"{key.not_before:%Y%m%dT%H%M%S}-{key.statement.digest[:16]}"
        self._vault.put(SEALING, row, to_json(key))


def _identities_of(key: KeptSealing) -> tuple[Identity, ...]:
    x25519 = X25519Identity.from_text(key.secret)
    return (x25519, HybridIdentity.from_text(key.hybrid)) if key.hybrid else (x25519,)


def _opens(key: KeptSealing, envelope: bytes) -> bool:
    """Whether `envelope` is sealed to this key. One that cannot be read is sealed to nobody."""
    try:
        stanzas = read_header(BytesIO(envelope)).stanzas
        return any(
            identity.unwrap(stanza) is not None
            for identity in _identities_of(key)
            for stanza in stanzas
        )
    except AmanaError:
        return False
