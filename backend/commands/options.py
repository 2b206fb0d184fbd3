"""What the commands of `amana programme` share: their options, the passphrase, what they say."""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from nacl.signing import SigningKey
from rich.console import Console
from rich.text import Text

from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.keepers import KeeperFolder, open_any
from backend.commands.offices.quorum import known_to_server, signing_keys
from backend.commands.offices.uplink import Uplink
from protocols.errors import AmanaError
from protocols.plain import dump_json, to_plain
from protocols.sealing.certificate import COUNTRIES
from protocols.sealing.statement import keyid

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
    help="File of passphrases, one a line (default: AMANA_PASSPHRASE, or asked).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def read_passphrases(file: Path | None, *, from_environment: bool = True) -> tuple[str, ...] | None:
    """The lines of `file`, or of AMANA_PASSPHRASE: one a key, or one for all. None where they are
    to be asked. Raises NoPassphraseError."""
    given = os.environ.get("AMANA_PASSPHRASE") if from_environment else None
    if file is not None:
        given = _text(file)
    if given is not None:
        lines = tuple(given.splitlines())
        if not lines or not all(lines):
            raise NoPassphraseError("a passphrase is an empty line; write one a line")
        return lines
    if not sys.stdin.isatty():
        raise NoPassphraseError(
            "no terminal to ask for the passphrase; name a file with --passphrase-file, or set"
            " AMANA_PASSPHRASE"
        )
    return None


def old_passphrase(keeper: str, file: Path | None) -> str:
    """The one passphrase that opens a keeper's key now. Raises NoPassphraseError."""
    lines = read_passphrases(file)
    if lines is not None:
        return lines[0]
    return str(click.prompt(f"{keeper}: the passphrase so far", hide_input=True, err=True))


def new_passphrases(
    file: Path | None, keys: int, *, from_environment: bool = True
) -> Callable[[str], str]:
    """Gives each of `keys` new keys its passphrase: the file's lines in turn, its one line for
    all, or what the keeper types twice. Raises NoPassphraseError."""
    lines = read_passphrases(file, from_environment=from_environment)
    if lines is None:
        return _ask_new
    if len(lines) not in (1, keys):
        raise NoPassphraseError(
            f"{len(lines)} passphrases for {keys} keys; give one line a key, or one for all"
        )
    each = iter(lines * keys if len(lines) == 1 else lines)
    return lambda _: next(each)


def _ask_new(keeper: str) -> str:
    return str(
        click.prompt(
            f"{keeper}: choose a passphrase", hide_input=True, confirmation_prompt=True, err=True
        )
    )


def open_keys(
    folders: Sequence[KeeperFolder], file: Path | None, most: int
) -> tuple[SigningKey, ...]:
    """The keys of at most `most` keepers whose folders lie here. Who is asked may leave a key out.
    Raises WrongPassphraseError, NoKeeperError, NoPassphraseError."""
    lines = read_passphrases(file) if folders else ()
    if lines is not None:
        return open_any(folders, lines, most)
    keys: list[SigningKey] = []
    for folder in folders:
        if len(keys) < most:
            keys += _ask(folder, can_skip=len(folders) > 1)
    if not keys:
        raise NoPassphraseError("no key was opened; give the passphrase of at least one keeper")
    return tuple(keys)


def _ask(folder: KeeperFolder, *, can_skip: bool) -> list[SigningKey]:
    hint = " (Enter to do without this key)" if can_skip else ""
    given = click.prompt(
        f"Passphrase of {folder.read().name}{hint}",
        hide_input=True,
        err=True,
        default="" if can_skip else None,
        show_default=False,
    )
    return [folder.open(given)] if given else []


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as text:
            return text.read(LONGEST_PASSPHRASE)
    except OSError as error:
        raise NoPassphraseError(f"{file} can't be read ({error.strerror}); check it") from error
    except UnicodeDecodeError as error:
        raise NoPassphraseError(f"{file} is not text in UTF-8; write the passphrase so") from error


def say(text: str) -> None:
    """A line for the person, on stderr."""
    Console(stderr=True).print(text, highlight=False)


def say_plainly(text: str) -> None:
    """The same, exactly as written: with words of strangers in it, not to be cut or coloured."""
    Console(stderr=True, soft_wrap=True).print(Text(text), highlight=False)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(dump_json(to_plain(value)).decode() + "\n")


def utc_now() -> datetime:
    """The machine's clock, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def open_uplink(
    folder: ProgrammeFolder, country: str, server: str | None, passphrase_file: Path | None
) -> Uplink:
    """The way to the server for the keepers of `country` whose keys lie here. Raises
    WrongPassphraseError, NoKeeperError."""
    state = folder.read_state(country)
    threshold, known = signing_keys(folder, state, utc_now())
    folders = [
        each for each in folder.keeper_folders(country) if not known or each.read().id in known
    ]
    keys = open_keys(folders, passphrase_file, threshold)
    served = known_to_server(folder, state, utc_now())
    first = sorted(keys, key=lambda key: keyid(bytes(key.verify_key)) not in served)
    return Uplink(server or state.server, tuple(first))
