"""How strongly an envelope is sealed: with hybrid keys where everybody concerned has one.

An envelope is one file for all of a recipient's devices, and age forbids both kinds in one file.
One device without a hybrid key therefore decides for its colleagues, and the sender is told.
"""

from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from mobile.sync.directory import SealTo
from protocols.sealing.age import Recipient
from protocols.sealing.age_header import AgeFormatError
from protocols.sealing.age_hybrid import HybridRecipient, is_available
from protocols.sealing.age_x25519 import X25519Recipient
from protocols.sealing.bech32 import Bech32Error


class Strength(StrEnum):
    """How an envelope is sealed, and who could not do better."""

    HYBRID = "hybrid"
    X25519_OURS = "x25519_ours"
    """With X25519: this phone lacks the library for more."""
    X25519_THEIRS = "x25519_theirs"
    """With X25519: a device of the recipient has no hybrid key that can be sealed to."""


@frozen
class SealWith:
    """The age recipients of one envelope, all of one kind, and what to tell its sender."""

    recipients: tuple[Recipient, ...]
    strength: Strength
    devices: tuple[str, ...] = ()
    """The keyids of the devices whose keys these are."""


def seal_with(devices: Sequence[SealTo]) -> SealWith:
    """The strongest keys that all of `devices` share. A device whose own hybrid key nobody could
    seal to counts as one that has none: its X25519 key is as much its own."""
    keyids = tuple(each.device.subject for each in devices)
    if not is_available():
        return SealWith(_x25519(devices), Strength.X25519_OURS, keyids)
    hybrid = [_hybrid(each.hybrid) for each in devices]
    usable = tuple(each for each in hybrid if each is not None)
    if len(usable) < len(devices):
        return SealWith(_x25519(devices), Strength.X25519_THEIRS, keyids)
    return SealWith(usable, Strength.HYBRID, keyids)


def _x25519(devices: Sequence[SealTo]) -> tuple[Recipient, ...]:
    return tuple(X25519Recipient.from_text(each.recipient) for each in devices)


def _hybrid(text: str | None) -> HybridRecipient | None:
    try:
        return None if text is None else HybridRecipient.from_text(text)
    except (AgeFormatError, Bech32Error):
        return None
