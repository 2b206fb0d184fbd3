"""`amana seal` and `amana open`: age v1 files on standard input and output.

Both stream, so a file of any size needs little memory, and exchange files with any other age
(hybrid keys: age 1.3 or newer).
"""

import hashlib
import sys
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

import click
from nacl.utils import random

from protocols.commands.files import read_at_most
from protocols.errors import AmanaError
from protocols.plain import dump_json
from protocols.sealing.age import Identity, Recipient, decrypt_stream, encrypt_stream
from protocols.sealing.age_armor import (
    MOST_OUTSIDE,
    ArmorWriter,
    dearmoring,
    looks_armored,
)
from protocols.sealing.age_header import AgeFormatError
from protocols.sealing.age_hybrid import KIND as HYBRID
from protocols.sealing.age_keys import read_identities, recipient_from_text
from protocols.sealing.age_x25519 import KIND as X25519

LARGEST_IDENTITY_FILE = 1024 * 1024
STRENGTHS = {
    HYBRID: "hybrid, a future quantum computer does not open it",
    X25519: "who records it today and has a large quantum computer later can open it",
}
"""What the sender is told of each kind of recipient."""


class UnusableStreamError(AmanaError):
    """A standard stream or a named file that can't be used."""

    code = "unusable_stream"


class UnusableRecipientError(AmanaError):
    """A recipient that can't be sealed to. The message gives its place, not its text: it may be
    a secret key, given by mistake."""

    code = "unusable_recipient"


class _Tally:
    """A binary stream that counts and hashes what passes, in the one direction it is used."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        return self._passed(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._passed(self._stream.readline(size))

    def write(self, data: bytes) -> int:
        self._stream.write(self._passed(data))
        return len(data)

    def _passed(self, data: bytes) -> bytes:
        self.size += len(data)
        self._hash.update(data)
        return data

    @property
    def as_stream(self) -> BinaryIO:
        return cast(BinaryIO, self)

    @property
    def report(self) -> dict[str, int | str]:
        return {"bytes": self.size, "sha256": self._hash.hexdigest()}


def _report(wanted: bool, sealed: _Tally, opened: _Tally, **more: object) -> None:
    if wanted:
        summary = {"sealed": sealed.report, "opened": opened.report, **more}
        click.echo(dump_json(summary).decode(), err=True)


@click.command("seal")
@click.option(
    "-r", "--recipient", "recipients", multiple=True, required=True, metavar="age1…|age1pq1…"
)
@click.option("-a", "--armor", is_flag=True, help="Write text, for channels that carry only text.")
@click.option(
    "--json", "as_json", is_flag=True, help="Report sizes and hashes as JSON to standard error."
)
def seal(recipients: tuple[str, ...], armor: bool, as_json: bool) -> None:
    """Seal standard input to one or more age recipients, onto standard output.

    A recipient is an X25519 key (age1…) or a hybrid one (age1pq1…), which a future quantum
    computer does not open either. One file takes only one of the two kinds; which one was used
    is said on standard error.

    \b
    Examples:
      amana keygen --out me.txt                     make a hybrid key; it prints its recipient
      amana keygen --kind x25519 --out me.txt       make an X25519 key
      amana seal -r age1… <letter.pdf >letter.age
      amana seal -r age1pq1… <letter.pdf >letter.age
      amana seal -r age1… -r age1… --armor <note.txt
    """
    to = [_recipient(place, text) for place, text in enumerate(recipients, 1)]
    source, output = _streams()
    if output.isatty() and not armor:
        raise click.UsageError("a terminal can't show binary: add --armor, or send it to a file")
    opened, sealed = _Tally(source), _Tally(output)
    if armor:
        with ArmorWriter(sealed.as_stream) as writer:
            encrypt_stream(opened.as_stream, cast(BinaryIO, writer), to, random)
    else:
        encrypt_stream(opened.as_stream, sealed.as_stream, to, random)
    output.flush()
    kind = to[0].kind
    _report(as_json, sealed, opened, recipients=list(recipients), kind=kind, armored=armor)
    if not as_json:
        click.echo(f"sealed with {kind}: {STRENGTHS[kind]}", err=True)


def _recipient(place: int, text: str) -> Recipient:
    try:
        return recipient_from_text(text)
    except AmanaError as error:
        raise UnusableRecipientError(f"recipient {place}: {error}") from error


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output. Raises UnusableStreamError when one was closed."""
    if sys.stdin is None or sys.stdout is None:
        raise UnusableStreamError("standard input or output is closed; redirect it to a file")
    return sys.stdin.buffer, sys.stdout.buffer


def _no_dash(_: click.Context, __: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    if any(str(path) == "-" for path in paths):
        raise click.BadParameter("standard input carries the sealed file; name an identity file")
    return paths


@click.command("open")
@click.option(
    "-i",
    "--identity",
    "paths",
    multiple=True,
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    callback=_no_dash,
    help="A file of identities, as amana keygen or age-keygen writes it; may be given again.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Report sizes and hashes as JSON to standard error."
)
def open_(paths: tuple[Path, ...], as_json: bool) -> None:
    """Open an age file, binary or armored, from standard input onto standard output.

    Identities of both kinds are taken, X25519 (AGE-SECRET-KEY-1…) and hybrid
    (AGE-SECRET-KEY-PQ-1…), also in one file.

    What is written is always authentic; when the command fails part-way, it is incomplete and
    must be thrown away.

    \b
    Examples:
      amana open -i me.txt <letter.age >letter.pdf
      amana open -i old.txt -i new.txt <note.txt.age
    """
    identities = [each for path in paths for each in _read(path)]
    given, output = _streams()
    reader = BufferedReader(cast(RawIOBase, given))
    armored = looks_armored(reader.peek(MOST_OUTSIDE))
    sealed, opened = _Tally(cast(BinaryIO, reader)), _Tally(output)
    source = dearmoring(sealed.as_stream) if armored else sealed.as_stream
    try:
        decrypt_stream(source, opened.as_stream, identities)
    finally:
        output.flush()
        reader.detach()
    _report(as_json, sealed, opened, armored=armored)


def _read(path: Path) -> tuple[Identity, ...]:
    try:
        data = read_at_most(path, LARGEST_IDENTITY_FILE)
        text = data.decode("utf-8")
    except OSError as error:
        raise UnusableStreamError(f"{path} can't be read ({error.strerror}); check it") from error
    except UnicodeDecodeError as error:
        raise AgeFormatError(f"{path} is not an identity file; name another") from error
    if len(data) > LARGEST_IDENTITY_FILE:
        raise AgeFormatError(f"{path} is too large for an identity file; name another")
    return read_identities(text)
