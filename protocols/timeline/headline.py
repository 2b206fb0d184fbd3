"""A log's signed checkpoint as a short text that people hand each other: `amana-log:` and the
note in base64url without padding (RFC 4648 section 5). It holds no secret and names nobody."""

import base64
import binascii

from protocols.errors import MalformedError
from protocols.timeline.checkpoint import LARGEST_NOTE, read_checkpoint, signatures

SCHEME = "amana-log:"
LONGEST = LARGEST_NOTE * 2


class HeadTextError(MalformedError):
    """A text that is no checkpoint of a log."""

    code = "bad_head_text"


def head_to_text(note: str) -> str:
    """The checkpoint in `note` as a text to show, to scan or to paste. Raises CheckpointError."""
    read_checkpoint(note)
    signatures(note)
    return SCHEME + base64.urlsafe_b64encode(note.encode()).decode().rstrip("=")


def head_from_text(text: str) -> str:
    """The note in a text that was scanned or pasted: the form above, or the note itself. Line
    breaks and spaces that a message put in are passed over. Who signed it is not judged.

    Raises HeadTextError.
    """
    if len(text) > LONGEST:
        raise HeadTextError("a text too long to be a log's head; copy it again")
    squeezed = "".join(text.split())
    note = text.strip() + "\n"
    try:
        if squeezed[: len(SCHEME)].lower() == SCHEME:
            note = _decoded(squeezed[len(SCHEME) :])
        read_checkpoint(note)
        signatures(note)
    except MalformedError as error:
        raise HeadTextError(f"this is no log's head ({error}); copy it again, whole") from error
    return note


def _decoded(text: str) -> str:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        note = data.decode()
    except (binascii.Error, ValueError) as error:
        raise HeadTextError("letters that stand for no checkpoint; copy it again") from error
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise HeadTextError("letters after the end; copy it again")
    return note
