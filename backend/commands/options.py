"""What the commands of `amana programme` share: their options, the passphrase, what they say."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.uplink import Uplink
from protocols.errors import AmanaError
from protocols.plain import dump_json, to_plain
from protocols.sealing.certificate import COUNTRIES

LONGEST_PASSPHRASE = 4096


class NoPassphraseError(AmanaError):
    """No passphrase was given, or not in a form that can be read."""

    code = "no_passphrase"


folder_option = click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    envvar="AMANA_PROGRAMME",
    help="The programme's folder (AMANA_PROGRAMME; default: this one).",
)
country_option = click.option(
    "--country", type=click.Choice(COUNTRIES), required=True, help="Whose authority acts."
)
server_option = click.option("--server", help="The server's address, if not the one set at init.")
passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File whose first line is the passphrase (default: AMANA_PASSPHRASE, or asked).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def ask_passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase of an authority's or the root's key. Raises NoPassphraseError."""
    if file is not None:
        return _first_line(file)
    if (given := os.environ.get("AMANA_PASSPHRASE")) is not None:
        return given
    if not sys.stdin.isatty():
        raise NoPassphraseError(
            "no terminal to ask for the passphrase; name a file with --passphrase-file, or set"
            " AMANA_PASSPHRASE"
        )
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as text:
            return text.readline(LONGEST_PASSPHRASE).rstrip("\r\n")
    except OSError as error:
        raise NoPassphraseError(f"{file} can't be read ({error.strerror}); check it") from error
    except UnicodeDecodeError as error:
        raise NoPassphraseError(f"{file} is not text in UTF-8; write the passphrase so") from error


def say(text: str) -> None:
    """A line for the person, on stderr."""
    Console(stderr=True).print(text, highlight=False)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(dump_json(to_plain(value)).decode() + "\n")


def utc_now() -> datetime:
    """The machine's clock, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def open_uplink(
    folder: ProgrammeFolder, country: str, server: str | None, passphrase_file: Path | None
) -> Uplink:
    """The way to the server for the authority of `country`. Raises WrongPassphraseError."""
    state = folder.read_state(country)
    key = folder.read_authority_key(country, ask_passphrase(passphrase_file))
    return Uplink(server or state.server, key)
