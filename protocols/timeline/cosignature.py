"""Witnesses' cosignatures on checkpoints: C2SP tlog-cosignature, `cosignature/v1`, Ed25519.

A cosignature says: at this time, the largest log of that name which this witness has seen, each
one an extension of the one before, had this root. It stands on a signature line of the checkpoint's
note. A witness's name here is `amana/witness/` and its key's id, the same for every log.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from attrs import frozen
from nacl.exceptions import BadSignatureError as NaClBadSignatureError
from nacl.signing import SigningKey, VerifyKey

from protocols.errors import AmanaError
from protocols.plain import LATEST, encode_base64
from protocols.timeline.checkpoint import (
    MARK,
    NoteSignature,
    note_text,
    read_checkpoint,
    signatures,
)

HEADER = "cosignature/v1\n"
COSIGNATURE = b"\x04"
"""C2SP signed-note: the type of timestamped Ed25519 witness cosignatures."""
TIME_BYTES = 8
SIGNATURE_BYTES = 64
NAMES = "amana/witness/"

_KEYID = re.compile(r"[a-z2-7]{32}")
_LATEST = int(LATEST.timestamp())


class FalseCosignatureError(AmanaError):
    """A cosignature under a known witness's key that the witness did not make for this note."""

    code = "false_cosignature"


@frozen
class Witnessed:
    """That the witness `name` says of a checkpoint: the largest seen at `at` (UTC, seconds)."""

    name: str
    at: datetime


def witness_name(keyid: str) -> str:
    """The name under which the holder of the key `keyid` cosigns, in every log."""
    return NAMES + keyid


def witness_keyid(name: str) -> str | None:
    """The key's id in a witness's name; None for a name of another kind."""
    keyid = name.removeprefix(NAMES)
    return keyid if name.startswith(NAMES) and _KEYID.fullmatch(keyid) else None


def cosigner_hash(name: str, public_key: bytes) -> bytes:
    """tlog-cosignature: the first 4 bytes of SHA-256(name || 0x0A || 0x04 || public key)."""
    return hashlib.sha256(name.encode() + b"\n" + COSIGNATURE + public_key).digest()[:4]


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: header, time since 1970, then the checkpoint's whole text."""
    return f"{HEADER}time {seconds}\n{text}".encode()


def cosign(note: str, name: str, key: SigningKey, at: datetime) -> str:
    """The signature line, with its newline, by which `name` cosigns the checkpoint in `note`.

    Whoever calls must have made durable that this is the newest checkpoint it has seen (see
    `protocols.timeline.witness`). Raises CheckpointError for a note that is no checkpoint.
    """
    read_checkpoint(note)
    seconds = int(at.timestamp())
    signature = key.sign(cosigned_message(note_text(note), seconds)).signature
    raw = cosigner_hash(name, bytes(key.verify_key)) + seconds.to_bytes(TIME_BYTES) + signature
    return f"{MARK} {name} {encode_base64(raw)}\n"


def witnessed(note: str, keys: Mapping[str, bytes]) -> tuple[Witnessed, ...]:
    """Who of `keys` (witness's name -> 32-byte public key) cosigned the checkpoint in `note`, in
    the note's order; other signatures are passed over, as C2SP signed-note demands.

    Raises CheckpointError, and FalseCosignatureError where a line bears a known witness's name and
    key id and is not that witness's.
    """
    found = []
    for line in signatures(note):
        public_key = keys.get(line.name)
        if public_key is None or cosigner_hash(line.name, public_key) != line.key_hash:
            continue
        found.append(Witnessed(line.name, verify_line(note, line, public_key)))
    return tuple(found)


def cosigners(note: str) -> tuple[str, ...]:
    """The key ids of all who are said to have cosigned, judged or not, each once."""
    names = (witness_keyid(each.name) for each in signatures(note))
    return tuple(dict.fromkeys(each for each in names if each is not None))


def with_cosignatures(note: str, lines: Iterable[str]) -> str:
    """`note` with further signature lines, each once."""
    had = set(note.splitlines(keepends=True))
    return note + "".join(each for each in dict.fromkeys(lines) if each not in had)


def without_cosignatures(note: str) -> str:
    """`note` with only those signature lines that are no witness's of ours."""
    kept = [each for each in signatures(note) if witness_keyid(each.name) is None]
    lines = (f"{MARK} {each.name} {encode_base64(each.key_hash + each.signature)}" for each in kept)
    return f"{note_text(note)}\n" + "".join(f"{line}\n" for line in lines)


def cosignature_line(note: str, name: str) -> str:
    """The line of `name` in a note where it stands; the last, if there are several."""
    every = [each for each in signatures(note) if each.name == name]
    if not every:
        raise FalseCosignatureError(f"{name} has no line in this note; ask it again")
    return f"{MARK} {name} {encode_base64(every[-1].key_hash + every[-1].signature)}\n"


def claimed_time(line: NoteSignature) -> datetime | None:
    """When a line of a witness's says that it was made, nothing judged; None where it is none."""
    if len(line.signature) != TIME_BYTES + SIGNATURE_BYTES:
        return None
    seconds = int.from_bytes(line.signature[:TIME_BYTES])
    return datetime.fromtimestamp(seconds, UTC) if seconds < _LATEST else None


def verify_line(note: str, line: NoteSignature, public_key: bytes) -> datetime:
    """When the holder of `public_key` cosigned the checkpoint in `note`, by its line there.
    Raises FalseCosignatureError."""
    at = claimed_time(line)
    false = FalseCosignatureError(
        f"the cosignature of {line.name} does not fit this checkpoint; refuse it"
    )
    if at is None or line.key_hash != cosigner_hash(line.name, public_key):
        raise false
    message = cosigned_message(note_text(note), int(at.timestamp()))
    try:
        VerifyKey(public_key).verify(message, line.signature[TIME_BYTES:])
    except (NaClBadSignatureError, ValueError, TypeError) as error:
        raise false from error
    return at
