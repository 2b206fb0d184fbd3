"""age keys as text, whatever their type: the one place that knows which types there are."""

from protocols.sealing.age import Identity, Recipient
from protocols.sealing.age_header import AgeFormatError
from protocols.sealing.age_hybrid import IDENTITY_PREFIX as HYBRID_IDENTITY_PREFIX
from protocols.sealing.age_hybrid import RECIPIENT_PREFIX as HYBRID_RECIPIENT_PREFIX
from protocols.sealing.age_hybrid import HybridIdentity, HybridRecipient
from protocols.sealing.age_x25519 import IDENTITY_PREFIX, X25519Identity, X25519Recipient


def recipient_from_text(text: str) -> Recipient:
    """The recipient that `age1…` or, hybrid, `age1pq1…` names. Raises AgeFormatError, Bech32Error
    or KindUnavailableError."""
    if text.startswith(f"{HYBRID_RECIPIENT_PREFIX}1"):
        return HybridRecipient.from_text(text)
    return X25519Recipient.from_text(text)


def identity_from_text(text: str) -> Identity:
    """The identity that `AGE-SECRET-KEY-1…` or, hybrid, `AGE-SECRET-KEY-PQ-1…` holds. Raises
    AgeFormatError or Bech32Error."""
    if text.startswith(f"{HYBRID_IDENTITY_PREFIX}1"):
        return HybridIdentity.from_text(text)
    if not text.startswith(f"{IDENTITY_PREFIX}1"):
        raise AgeFormatError(
            "an identity of a type that is not read here; use AGE-SECRET-KEY-1… or"
            " AGE-SECRET-KEY-PQ-1…"
        )
    return X25519Identity.from_text(text)


def read_identities(text: str) -> tuple[Identity, ...]:
    """Every identity of an identity file, as age-keygen writes it: one a line, with `#` comments
    and empty lines. Raises AgeFormatError naming the line, or when there is none."""
    found: list[Identity] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(identity_from_text(line.strip()))
        except AgeFormatError as error:
            raise AgeFormatError(f"line {number} of the identity file: {error}") from error
    if not found:
        raise AgeFormatError("an identity file without an identity; make one with amana keygen")
    return tuple(found)
