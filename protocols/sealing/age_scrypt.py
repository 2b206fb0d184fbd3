"""age's passphrase recipients (C2SP age, "The scrypt recipient type"; scrypt is RFC 7914)."""

import hashlib
import re

from attrs import field, frozen
from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from protocols.errors import MalformedError
from protocols.plain import Entropy
from protocols.sealing.age_header import (
    FILE_KEY_BYTES,
    AgeFormatError,
    Stanza,
    decode_unpadded,
    encode_unpadded,
)
from protocols.sealing.age_stream import TAG_BYTES

KIND = "scrypt"
SALT_BYTES = 16
SALT_LABEL = b"age-encryption.org/v1/scrypt"
KEY_BYTES = 32
BLOCK_SIZE = 8
WORK_FACTOR = 18
"""log2 of scrypt's N when sealing: 256 MiB, about a second of one core, as age's command has it."""
MAX_WORK_FACTOR = 20
"""The most that a stranger's file may cost to open: 1 GiB."""
_WORK_FACTOR = re.compile(r"[1-9][0-9]?")
_ZERO_NONCE = bytes(12)


def _derive(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    count = 1 << work_factor
    return hashlib.scrypt(
        passphrase.encode(),
        salt=SALT_LABEL + salt,
        n=count,
        r=BLOCK_SIZE,
        p=1,
        maxmem=128 * BLOCK_SIZE * (count + 16),
        dklen=KEY_BYTES,
    )


@frozen
class ScryptPassphrase:
    """A passphrase, which both seals and opens; always a file's only recipient.

    `work_factor` is log2 of scrypt's cost when sealing; opening takes what the file says, up to
    `MAX_WORK_FACTOR`.
    """

    passphrase: str = field(repr=False)
    work_factor: int = WORK_FACTOR
    kind: str = field(default=KIND, init=False)
    mixes_with: str = field(default=KIND, init=False)
    alone: bool = field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        if not self.passphrase:
            raise MalformedError("an empty passphrase protects nothing; choose one")
        if not 1 <= self.work_factor <= MAX_WORK_FACTOR:
            raise MalformedError(f"a work factor outside 1 to {MAX_WORK_FACTOR}")

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """See `age.Recipient`."""
        salt = entropy(SALT_BYTES)
        key = _derive(self.passphrase, salt, self.work_factor)
        body = crypto_aead_chacha20poly1305_ietf_encrypt(file_key, None, _ZERO_NONCE, key)
        return Stanza(KIND, (encode_unpadded(salt), str(self.work_factor)), body)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `age.Identity`."""
        if stanza.kind != KIND:
            return None
        if len(stanza.arguments) != 2 or not _WORK_FACTOR.fullmatch(stanza.arguments[1]):
            raise AgeFormatError("a scrypt stanza without its salt and work factor; refuse it")
        salt, work_factor = decode_unpadded(stanza.arguments[0]), int(stanza.arguments[1])
        if len(salt) != SALT_BYTES or len(stanza.body) != FILE_KEY_BYTES + TAG_BYTES:
            raise AgeFormatError("a scrypt stanza of the wrong size; refuse it")
        if work_factor > MAX_WORK_FACTOR:
            raise AgeFormatError(
                f"a passphrase file of work factor {work_factor}; at most {MAX_WORK_FACTOR} is"
                " opened here, ask for it to be sealed again"
            )
        key = _derive(self.passphrase, salt, work_factor)
        try:
            return crypto_aead_chacha20poly1305_ietf_decrypt(stanza.body, None, _ZERO_NONCE, key)
        except CryptoError:
            return None
