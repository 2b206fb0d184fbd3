"""age's payload: STREAM, 64 KiB chunks of ChaCha20-Poly1305, the last one marked as such.

Source: C2SP age, section "Payload"; RFC 8439 for the cipher, by libsodium. A chunk is written out
only once it is authentic, and the end only counts once the marked last chunk and then the end of
the file were seen: what was written before a failure is a true beginning, never a forgery.
"""

from typing import BinaryIO

from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from protocols.sealing.age_header import AgeFormatError, AgeIntegrityError
from protocols.sealing.hkdf import hkdf

CHUNK = 64 * 1024
TAG_BYTES = 16
NONCE_BYTES = 16
COUNTER_BYTES = 11


class AgePayloadError(AgeIntegrityError):
    """A payload altered, cut, continued or reordered."""

    code = "age_payload"


def encrypt_payload(reader: BinaryIO, writer: BinaryIO, file_key: bytes, nonce: bytes) -> None:
    """Write the 16-byte `nonce` and the sealed chunks of everything that `reader` gives."""
    key = hkdf(file_key, nonce, b"payload")
    writer.write(nonce)
    counter, chunk = 0, _read_full(reader, CHUNK)
    while True:
        following = _read_full(reader, CHUNK) if len(chunk) == CHUNK else b""
        last = not following
        writer.write(
            crypto_aead_chacha20poly1305_ietf_encrypt(chunk, None, _nonce(counter, last), key)
        )
        if last:
            return
        counter, chunk = counter + 1, following


def decrypt_payload(reader: BinaryIO, writer: BinaryIO, file_key: bytes) -> None:
    """Write the plaintext, chunk by authentic chunk.

    Raises AgeFormatError without a whole nonce, AgePayloadError at the first chunk that fails;
    what was written before it is authentic, but incomplete.
    """
    nonce = _read_full(reader, NONCE_BYTES)
    if len(nonce) != NONCE_BYTES:
        raise AgeFormatError("an age file that ends after its header; ask for it again")
    key = hkdf(file_key, nonce, b"payload")
    counter = 0
    while True:
        sealed = _read_full(reader, CHUNK + TAG_BYTES)
        chunk, last = _open_chunk(sealed, counter, key)
        if last and counter and not chunk:
            raise AgePayloadError("the file ends in an empty chunk; refuse it")
        writer.write(chunk)
        if last:
            break
        counter += 1
    if reader.read(1):
        raise AgePayloadError("the file goes on after its end; refuse it")


def _open_chunk(sealed: bytes, counter: int, key: bytes) -> tuple[bytes, bool]:
    """The chunk's plaintext and whether it is the last: a full one may be either."""
    for last in (False, True) if len(sealed) == CHUNK + TAG_BYTES else (True,):
        try:
            plain = crypto_aead_chacha20poly1305_ietf_decrypt(
                sealed, None, _nonce(counter, last), key
            )
        except (CryptoError, ValueError):
            continue
        return plain, last
    raise AgePayloadError(
        f"the file was altered or cut in part {counter + 1}; ask for it to be sent again"
    )


def _nonce(counter: int, last: bool) -> bytes:
    return counter.to_bytes(COUNTER_BYTES) + bytes([last])


def _read_full(reader: BinaryIO, size: int) -> bytes:
    """`size` bytes, or fewer only at the end, however short the reads are."""
    parts = bytearray()
    while len(parts) < size and (part := reader.read(size - len(parts))):
        parts += part
    return bytes(parts)
