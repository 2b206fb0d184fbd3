"""age files of either kind of key: the header is read as written or refused; a file opens to
authentic bytes or to none, and every bit of one counts.

An input is a whole age file.
"""

from collections.abc import Iterator
from io import BytesIO

from protocols.sealing.age import Identity, KindUnavailableError, NoMatchError, decrypt, encrypt
from protocols.sealing.age_header import (
    AgeFormatError,
    AgeIntegrityError,
    Header,
    read_header,
    write_header,
)
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_scrypt import ScryptPassphrase
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.bech32 import encode
from tests.fuzz.fictional import entropy
from tests.fuzz.target import Target, same

FILE_KEY = b"fictional key 16"
X25519 = X25519Identity.from_text(encode("age-secret-key-", bytes([7]) * 32).upper())
HYBRID = HybridIdentity.from_text(encode("age-secret-key-pq-", bytes([8]) * 32).upper())
"""What is sealed to it differs each time: the committed inputs have files for it."""
IDENTITIES: tuple[Identity, ...] = (X25519, HYBRID)


def read(data: bytes) -> object:
    reader = BytesIO(data)
    header = read_header(reader)
    again = _again(header)
    same(again.stanzas, header.stanzas)
    again.check(FILE_KEY)
    for identity in IDENTITIES:
        for stanza in header.stanzas:
            identity.unwrap(stanza)
    return decrypt(data, IDENTITIES)


def _again(header: Header) -> Header:
    return read_header(BytesIO(write_header(header.stanzas, FILE_KEY)))


def seeds() -> Iterator[bytes]:
    recipient = X25519.recipient
    for count in (1, 2):
        yield encrypt(b"fictional" * count, [recipient] * count, entropy())
    yield write_header([], FILE_KEY)
    yield encrypt(b"fictional", [ScryptPassphrase("fictional", 1)], entropy())


TARGET = Target(
    read,
    (AgeFormatError, AgeIntegrityError, NoMatchError, KindUnavailableError),
    seeds,
    json=False,
)
