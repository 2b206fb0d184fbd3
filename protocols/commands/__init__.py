"""The one `amana` command: gathers each room's commands from the `amana.commands` entry points."""

import os
import sys
from importlib.metadata import entry_points
from io import TextIOWrapper

import click

from protocols.errors import AmanaError

GROUP = "amana.commands"
UNUSABLE = 2


class Gathered(click.Group):
    """A group whose commands come from entry points, loaded only when called for.

    A room whose extra isn't installed (`amana[server]`, `amana[phone]`) shows as missing with the
    way to install it, and keeps the rest usable.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(point.name for point in entry_points(group=GROUP))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for point in entry_points(group=GROUP, name=cmd_name):
            try:
                loaded = point.load()
            except ModuleNotFoundError as error:
                return _missing(cmd_name, point.value, error)
            if not isinstance(loaded, click.Command):
                raise TypeError(f"entry point {point.value} is not a click command")
            return loaded
        return None


def _missing(name: str, value: str, error: ModuleNotFoundError) -> click.Command:
    extra = "server" if value.startswith("backend") else "phone"
    message = f"`amana {name}` needs {error.name}: install amana[{extra}] and try again"

    @click.command(
        name,
        help=message,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    def command() -> None:
        raise click.ClickException(message)

    return command


@click.group(cls=Gathered, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="amana")
def amana() -> None:
    """Screen safely, refer sealed, prove what happened.

    Example: `amana demo --out demo-out` plays a whole referral on this machine.
    """


def main() -> None:
    """Run `amana`. An AmanaError, or a disk or stream that fails, ends with its message and exit
    code 2, never a traceback. What is printed is UTF-8, whatever the locale."""
    _print_utf8()
    try:
        amana(standalone_mode=True)
    except AmanaError as error:
        click.echo(f"amana: {error}", err=True)
        sys.exit(UNUSABLE)
    except OSError as error:
        reason = error.strerror or str(error)
        told = f"stopped: {reason}; what was written may be cut, so free some space and try again"
        if error.filename is not None:
            told = f"{error.filename} can't be used ({reason}); check it and try again"
        click.echo(f"amana: {told}", err=True)
        _drop_output()
        sys.exit(UNUSABLE)


def _print_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop_output() -> None:
    """Output that could not be written must not be tried, and reported, once more at the end."""
    if isinstance(sys.stdout, TextIOWrapper):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
