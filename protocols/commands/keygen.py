"""`amana keygen`: a key for `amana seal` and `amana open`, in an identity file as age writes it."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from protocols.commands.files import OutputExistsError, OutputNotWrittenError
from protocols.plain import dump_json, format_time
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_x25519 import X25519Identity

KINDS: dict[str, type[HybridIdentity] | type[X25519Identity]] = {
    "hybrid": HybridIdentity,
    "x25519": X25519Identity,
}


@click.command("keygen")
@click.option(
    "--kind",
    type=click.Choice(tuple(KINDS)),
    default="hybrid",
    show_default=True,
    help="hybrid: a future quantum computer opens nothing sealed to it. x25519: for devices that "
    "cannot do that.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The identity file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def keygen(kind: str, out: Path, as_json: bool) -> None:
    """Make a secret key and write it to a file that only you can read; print its recipient.

    A file that is there is never overwritten: with it would go everything sealed to it. Whoever
    has the recipient can seal to you; whoever has the file can open what was sealed.

    Exit code 0: made. 2: the file is there or cannot be written, or the kind is not available.

    Example: amana keygen --out me.txt
    """
    identity = KINDS[kind].generate()
    recipient = identity.recipient
    made = format_time(datetime.now(UTC))
    _write_secret(out, f"# created: {made}\n# public key: {recipient.text}\n{identity.text}\n")
    if as_json:
        click.echo(dump_json({"kind": recipient.kind, "recipient": recipient.text}).decode())
    else:
        click.echo(recipient.text)


def _write_secret(out: Path, text: str) -> None:
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise OutputExistsError(f"{out} is there already; choose another name") from error
    except OSError as error:
        raise OutputNotWrittenError(
            f"{out} was not written ({error.strerror}); choose another place"
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        out.unlink(missing_ok=True)
        raise OutputNotWrittenError(
            f"{out} was not written ({error.strerror}); free space or choose another place"
        ) from error
