"""age keys as text and identity files: each key read is written as the text it was read from."""

from collections.abc import Iterator

from protocols.errors import MalformedError
from protocols.sealing.age import KindUnavailableError
from protocols.sealing.age_keys import identity_from_text, read_identities, recipient_from_text
from protocols.sealing.bech32 import decode, encode
from tests.fuzz.target import Target, same, text_of

SECRETS = (("age-secret-key-", 32), ("age-secret-key-pq-", 32))
KEYS = (*SECRETS, ("age", 32), ("age1pq", 1216), ("fictional", 5))


def read(data: bytes) -> object:
    """The first byte makes a rightful checksum for the rest under some prefix, or leaves it."""
    kind, text = data[0] if data else 0, text_of(data[1:])
    if kind % 2:
        prefix, _ = KEYS[kind // 2 % len(KEYS)]
        text = encode(prefix, data[1:])
        text = text.upper() if prefix.startswith("age-") else text
    if "\n" in text or "#" in text:
        return [str(each.recipient.text) for each in read_identities(text)]  # type: ignore[attr-defined]
    prefix, inside = decode(text)
    same(encode(prefix.lower(), inside), text.lower())
    if prefix.lower().startswith("age-secret"):
        identity = identity_from_text(text)
        same(identity_from_text(identity.text), identity)  # type: ignore[attr-defined]
        return identity
    recipient = recipient_from_text(text)
    same(recipient.text, text)  # type: ignore[attr-defined]
    return recipient


def seeds() -> Iterator[bytes]:
    for place, (prefix, size) in enumerate(KEYS):
        inside = bytes([9]) * size
        yield bytes([2 * place + 1]) + inside
        yield b"\0" + encode(prefix, inside).encode()
    yield b"\0# fictional\n\n" + encode("age-secret-key-", bytes([7]) * 32).upper().encode()
    for text in (b"A12UEL5L", b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", b"1", b"age1"):
        yield b"\0" + text


TARGET = Target(read, (MalformedError, KindUnavailableError), seeds, json=False)
