"""Signed checkpoints of a log: C2SP tlog-checkpoint in a C2SP signed-note, Ed25519.

A checkpoint says "the log named `origin` had `size` leaves and this root hash". Signatures by keys
that the reader does not know are ignored but kept: they may be witnesses' cosignatures.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

from attrs import frozen
from nacl.exceptions import BadSignatureError as NaClBadSignatureError
from nacl.signing import SigningKey, VerifyKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import decode_base64, encode_base64

ED25519 = b"\x01"
LARGEST_NOTE = 64 * 1024
MOST_SIGNATURES = 100
ROOT_BYTES = 32

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
MARK = "—"
"""U+2014, which begins each signature line."""


class CheckpointError(MalformedError):
    """A note that is not a checkpoint, or not in the one form that C2SP allows."""

    code = "bad_checkpoint"


class UnsignedCheckpointError(AmanaError):
    """A checkpoint that no key known to the reader has signed, or with a false signature."""

    code = "unsigned_checkpoint"


@frozen
class Checkpoint:
    """`size` leaves under `root` (32 bytes) in the log `origin`."""

    origin: str
    size: int
    root: bytes

    def __attrs_post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise CheckpointError("a log's origin is a name without spaces or plus signs")
        if self.size < 0 or len(self.root) != ROOT_BYTES:
            raise CheckpointError("a checkpoint needs a size of 0 or more and a 32-byte root")

    @property
    def text(self) -> str:
        """The signed part of the note, ending in a newline."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


@frozen
class NoteSignature:
    """One signature line: the key's name, its 4-byte hash, and what follows (64 bytes for
    Ed25519, 8 bytes of time before them for a cosignature/v1)."""

    name: str
    key_hash: bytes
    signature: bytes


def origin_for(programme: str, country: str) -> str:
    """The log's origin and its key's name: `amana/<programme as a slug>/<country in lower case>`.

    Letters outside ASCII lose their accents or, where they have none to lose, become hyphens.
    """
    flat = unicodedata.normalize("NFKD", programme).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", flat.lower()).strip("-")
    tail = hashlib.sha256(programme.encode()).hexdigest()[:8]
    return f"amana/{slug or tail}/{country.lower()}"


def is_key_name(name: str) -> bool:
    """Whether C2SP signed-note lets a key bear this name: not empty, no space, no plus."""
    return bool(name) and "+" not in name and not any(each.isspace() for each in name)


def key_hash(name: str, public_key: bytes) -> bytes:
    """C2SP signed-note: the first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def sign_checkpoint(checkpoint: Checkpoint, name: str, key: SigningKey) -> str:
    """The checkpoint as a note with one Ed25519 signature under `name`."""
    if not is_key_name(name):
        raise CheckpointError("a key's name has no spaces or plus signs")
    text = checkpoint.text
    signature = key.sign(text.encode()).signature
    signed = encode_base64(key_hash(name, bytes(key.verify_key)) + signature)
    return f"{text}\n{MARK} {name} {signed}\n"


def open_checkpoint(note: str, keys: Mapping[str, bytes]) -> Checkpoint:
    """The checkpoint in `note`, if at least one of `keys` (name -> 32-byte public key) signed it
    and none of theirs is false.

    Raises CheckpointError for another form, UnsignedCheckpointError otherwise.
    """
    checkpoint = read_checkpoint(note)
    text = _split(note)[0]
    good = 0
    for each in signatures(note):
        public_key = keys.get(each.name)
        if public_key is None or key_hash(each.name, public_key) != each.key_hash:
            continue
        try:
            VerifyKey(public_key).verify(text.encode(), each.signature)
        except (NaClBadSignatureError, ValueError, TypeError) as error:
            raise UnsignedCheckpointError(
                f"the signature of {each.name} does not fit this checkpoint; refuse it"
            ) from error
        good += 1
    if not good:
        raise UnsignedCheckpointError(
            "no known key signed this checkpoint; refresh the directory, then refuse it"
        )
    return checkpoint


def read_checkpoint(note: str) -> Checkpoint:
    """What `note` says, without judging who signed it. Raises CheckpointError."""
    lines = _split(note)[0].removesuffix("\n").split("\n")
    if len(lines) < 3 or "" in lines:
        raise CheckpointError("a checkpoint has an origin, a size and a root hash, a line each")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise CheckpointError("a checkpoint's size is a decimal number without leading zeros")
    try:
        return Checkpoint(origin, int(size), decode_base64(root))
    except MalformedError as error:
        raise CheckpointError(f"a checkpoint that can't be read: {error}") from error


def signatures(note: str) -> tuple[NoteSignature, ...]:
    """Every signature line, known or not, in order. Raises CheckpointError."""
    lines = _split(note)[1].removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise CheckpointError(f"a note with more than {MOST_SIGNATURES} signatures; refuse it")
    return tuple(_read_signature(line) for line in lines)


def _read_signature(line: str) -> NoteSignature:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise CheckpointError("a signature line is '— name base64'")
    try:
        raw = decode_base64(match[2])
    except MalformedError as error:
        raise CheckpointError("a signature that is not base64") from error
    if len(raw) < 5:
        raise CheckpointError("a signature too short to be one")
    return NoteSignature(match[1], raw[:4], raw[4:])


def note_text(note: str) -> str:
    """What the signatures of `note` are over, with its last newline. Raises CheckpointError."""
    return _split(note)[0]


def _split(note: str) -> tuple[str, str]:
    """Text (with its last newline) and signature lines. Raises CheckpointError."""
    if len(note) > LARGEST_NOTE:
        raise CheckpointError("a note too large to be a checkpoint")
    if any(ord(each) < 0x20 and each != "\n" for each in note) or not note.endswith("\n"):
        raise CheckpointError("a note is lines of text without control characters")
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not text or not tail:
        raise CheckpointError("a note without a signature")
    return text + "\n", tail
