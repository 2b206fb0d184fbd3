"""From PIN to key: Argon2id (RFC 9106) makes the key that wraps the vault's random key.

A six-digit PIN alone falls to an offline search in about a day of one core at 64 MiB. `Protection`
says which secret stands in the way, so that a screen can say it too.
"""

import time
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from itertools import pairwise

from attrs import evolve, frozen
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.encoding import RawEncoder
from nacl.hash import blake2b
from nacl.pwhash import argon2id

from mobile.vault.errors import WeakParametersError, WeakPinError

KEY_BYTES: int = crypto_aead_xchacha20poly1305_ietf_KEYBYTES
NONCE_BYTES: int = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
SALT_BYTES: int = argon2id.SALTBYTES
MIB = 1024 * 1024
LEAST_OPERATIONS = 3
LEAST_MEMORY = 64 * MIB
MOST_OPERATIONS, MOST_MEMORY = 64, 2048 * MIB
"""More was never written by this app."""
SHORTEST_PIN = 6
SHORTEST_PASSPHRASE = 10


class Protection(StrEnum):
    """What an attacker who copied the vault's files must find."""

    PIN_ALONE = "pin_alone"
    """A short PIN: hours to days of search. Ask for a passphrase where no device secret exists."""
    PASSPHRASE = "passphrase"  # noqa: S105 names a kind, holds no secret
    """A longer phrase with more than digits."""
    DEVICE_SECRET = "device_secret"  # noqa: S105 names a kind, holds no secret
    """The PIN and a secret that the phone's hardware does not give out."""


@frozen
class Parameters:
    """Argon2id's passes and bytes of memory (one lane, as libsodium fixes it). The floor is RFC
    9106's second recommended option, t=3 and 64 MiB; `for_tests` alone may go below."""

    operations: int = LEAST_OPERATIONS
    memory: int = LEAST_MEMORY
    for_tests: bool = False

    @property
    def usable(self) -> bool:
        """Whether this device could derive with them at all."""
        least, most = argon2id.MEMLIMIT_MIN, MOST_MEMORY
        return 1 <= self.operations <= MOST_OPERATIONS and least <= self.memory <= most

    def check(self) -> None:
        """Raises WeakParametersError below the floor."""
        weak = self.operations < LEAST_OPERATIONS or self.memory < LEAST_MEMORY
        if weak and not self.for_tests:
            raise WeakParametersError(
                f"Argon2id with {self.operations} passes over {self.memory // MIB} MiB is below "
                f"{LEAST_OPERATIONS} over {LEAST_MEMORY // MIB} MiB; use measure_parameters()"
            )


TEST_PARAMETERS = Parameters(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN, for_tests=True)


def normalise_pin(pin: str) -> str:
    """The same PIN however it was typed: Unicode NFKC, decimal digits of any script as 0-9."""
    folded = unicodedata.normalize("NFKC", pin)
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in folded)


def check_pin(pin: str) -> None:
    """Raises WeakPinError for fewer than six characters, one repeated, or a straight run."""
    if len(pin) < SHORTEST_PIN:
        raise WeakPinError(f"choose at least {SHORTEST_PIN} characters")
    steps = {ord(second) - ord(first) for first, second in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise WeakPinError("a repeated digit or a straight run is tried first; choose another")


def protection_of(pin: str, *, in_hardware: bool) -> Protection:
    """Which protection `pin` gives with or without a secret that stays in the phone's hardware."""
    if in_hardware:
        return Protection.DEVICE_SECRET
    long_enough = len(pin) >= SHORTEST_PASSPHRASE and not pin.isdecimal()
    return Protection.PASSPHRASE if long_enough else Protection.PIN_ALONE


def derive(pin: str, salt: bytes, parameters: Parameters, device_secret: bytes | None) -> bytes:
    """The 32-byte key-encryption key: Argon2id v1.3 (RFC 9106) of the PIN's UTF-8 and 16 bytes of
    salt, one lane; where there is a device secret (16 to 64 bytes), that result again through
    BLAKE2b-256 keyed with it (RFC 7693, personalised "amana-kek")."""
    stretched: bytes = argon2id.kdf(
        KEY_BYTES,
        pin.encode(),
        salt,
        opslimit=parameters.operations,
        memlimit=parameters.memory,
    )
    if device_secret is None:
        return stretched
    mixed: bytes = blake2b(
        stretched, digest_size=KEY_BYTES, key=device_secret, person=b"amana-kek", encoder=RawEncoder
    )
    return mixed


@frozen
class Measured:
    """Parameters and the seconds that one derivation took with them on this device."""

    parameters: Parameters
    seconds: float


def measure_parameters(
    target_seconds: float = 0.8,
    memories: tuple[int, ...] = (256 * MIB, 128 * MIB, LEAST_MEMORY),
    clock: Callable[[], float] = time.perf_counter,
) -> Measured:
    """The strongest parameters that stay within `target_seconds` here, never below the floor.

    Memory first, then passes, as RFC 9106 section 4 advises.
    """
    for memory in memories:
        base = Parameters(LEAST_OPERATIONS, memory)
        seconds = _time(base, clock)
        if seconds > target_seconds and memory != memories[-1]:
            continue
        passes = max(LEAST_OPERATIONS, int(LEAST_OPERATIONS * target_seconds / max(seconds, 1e-6)))
        chosen = evolve(base, operations=min(passes, 16))
        return Measured(chosen, _time(chosen, clock))
    raise WeakParametersError("no memory size to measure; pass at least one")


def _time(parameters: Parameters, clock: Callable[[], float]) -> float:
    started = clock()
    derive("000000", bytes(argon2id.SALTBYTES), parameters, None)
    return clock() - started
