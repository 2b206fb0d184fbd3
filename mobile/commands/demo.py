"""`amana demo`: a fictional programme, from its root key to a closed and proven referral."""

import sys
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from mobile.commands.demonstration import cast, leavings, pictures
from mobile.commands.demonstration.folder import Folder, prepare
from mobile.commands.demonstration.narration import LANGUAGES, Narrator
from mobile.commands.demonstration.play import play
from mobile.device.display import has_display
from protocols.plain import dump_json

FAILED = 1
WIDTH = 108
"""Columns where no terminal says how many it has."""


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="A new or empty folder, or one that an earlier demo left (it is replaced).",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Of the telling; the talk itself is in Arabic.",
)
@click.option("--no-pictures", is_flag=True, help="Do not draw the app's screens.")
@click.option("--no-window", is_flag=True, help="Do not open the app, even with a display.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout at the end.")
def demo(out: Path, language: str, *, no_pictures: bool, no_window: bool, as_json: bool) -> None:
    """Play one whole referral on this machine, and check it.

    A fictional programme in four countries, its server on the loopback, four phones: screening in
    Arabic, findings, consent, a sealed referral declined by one shelter and taken by the next,
    feedback, close. Then the timeline, the audit's verdict, and a search of database, logs and
    wire for every secret of the case. Nothing leaves this machine.

    Exit code 0: everything holds. 1: the audit found a fault or the search a secret. 2: the demo
    could not be played.

    Example: amana demo --out demo-out --language fr
    """
    began = time.perf_counter()
    console = _console(stderr=as_json)
    tell = Narrator(console, language)
    folder = prepare(out)
    console.print(tell.words("welcome"))
    played = play(folder, tell)
    drawn = _draw(folder, tell, wanted=not no_pictures)
    seconds = round(time.perf_counter() - began, 1)
    told = leavings.summary(played, drawn, {**tell.seconds, "all": seconds})
    leavings.leave(folder, played, told)
    console.print()
    console.print(
        tell.words(
            "holds" if played.holds else "does_not_hold", seconds=seconds, folder=folder.path
        )
    )
    if as_json:
        click.echo(dump_json(told).decode())
    elif not no_window:
        _open(folder, tell)
    sys.exit(0 if played.holds else FAILED)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, WIDTH)
    return console


def _draw(folder: Folder, tell: Narrator, *, wanted: bool) -> dict[str, Any]:
    with tell.act("act_pictures"):
        if not wanted:
            tell.note("pictures_left_out")
            return {"files": [], "why_not": "--no-pictures"}
        drawn = pictures.draw(folder, tell.language)
        if drawn.why_not is None:
            tell.done("pictures_drawn", count=len(drawn.files), folder=folder / "pictures")
        else:
            tell.turned("no_pictures", why=drawn.why_not)
        return {"files": list(drawn.files), "why_not": drawn.why_not}


def _open(folder: Folder, tell: Narrator) -> None:
    if not has_display():
        tell.note("no_display")
        return
    tell.note("window_open", pin=cast.PIN)
    if (why := pictures.open_app(folder, tell.language)) is not None:
        tell.failed(tell.words("window_failed", why=why))
