"""The key file as it is first made, and as it is after a PIN was changed: pure functions.

A key-encryption key is made by `keys.derive` alone. What it opens is random: the vault's key, the
practice vault's, and the key of the terms' MAC.
"""

from attrs import evolve

from mobile.vault import keyfile
from mobile.vault.keyfile import SLOTS, Contents, KeyFile, Slot, Terms
from mobile.vault.keys import KEY_BYTES, Parameters, Protection
from protocols.plain import Entropy

DATABASES = {1: "vault.db", 2: "vault-2.db"}


def toss(entropy: Entropy) -> int:
    """0 or 1, by chance: which slot and which database is the real one."""
    return entropy(1)[0] & 1


def other_database(database: int) -> int:
    """The practice vault's where `database` is the real one, and the other way round."""
    return sum(DATABASES) - database


def real_contents(key: bytes, database: int, protection: Protection, entropy: Entropy) -> Contents:
    """Of a vault without a duress PIN. The practice vault's key is made with it, always."""
    return Contents(
        practice=False,
        destroys=False,
        database=database,
        protection=protection,
        key=key,
        terms_key=entropy(KEY_BYTES),
        other_key=entropy(KEY_BYTES),
    )


def practice_contents(real: Contents, protection: Protection, entropy: Entropy) -> Contents:
    """Of the slot that the duress PIN opens. Nothing in it leads to the real vault's key."""
    return Contents(
        practice=True,
        destroys=real.destroys,
        database=other_database(real.database),
        protection=protection,
        key=real.other_key,
        terms_key=real.terms_key,
        other_key=entropy(KEY_BYTES),
    )


def blank_file(
    parameters: Parameters, salt: bytes, terms: Terms, *, device_secret: bool
) -> KeyFile:
    """A key file before anything is sealed into it."""
    return KeyFile(keyfile.FORMAT, parameters, device_secret, salt, terms, b"", ())


def filled(blank: KeyFile, real: Contents, kek: bytes, other: Slot, entropy: Entropy) -> KeyFile:
    """`blank` with the real slot and the `other` one, in an order that chance decides."""
    slots = [keyfile.seal(real, blank.header(), kek, entropy), other]
    if toss(entropy):
        slots.reverse()
    return keyfile.with_terms(evolve(blank, slots=tuple(slots)), blank.terms, real.terms_key)


def other_slot(at: int) -> int:
    """The place of the slot that is not at `at`."""
    return SLOTS - 1 - at
