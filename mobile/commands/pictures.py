"""Pictures of the app's real screens, drawn without a display.

`python -m mobile.commands.pictures`: a program of its own, since Kivy has one window a process.
Phones are drawn from copies: nothing that is shown here changes the vault it came from.
"""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import IO

import click

from mobile.commands.demonstration import cast
from mobile.commands.pictures_wanted import DEMO, Wanted
from mobile.device.display import lacking, prepare, window_made
from mobile.locale import LANGUAGES
from protocols.errors import AmanaError

SIZE = (360, 740)
"""Of the screen in dp, as a common phone's."""
DENSITY = 2.0
NO_WINDOW = "Kivy could make no window here, so nothing can be drawn"


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The pictures' folder.")
@click.option(
    "--demo",
    type=click.Path(path_type=Path, file_okay=False),
    help="A demo's folder [default: the one --out is in, else demo-out]. Draws its phones.",
)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="One phone instead.")
@click.option(
    "--screens",
    default="unlock,home",
    show_default=True,
    help="Of that phone: SCREEN or SCREEN:RECORD, with commas.",
)
@click.option(
    "--pin-file", type=click.File("r"), help="Holds that phone's PIN [default: the demo's]."
)
@click.option("--language", type=click.Choice(LANGUAGES), multiple=True, help="[default: all]")
@click.option("--dark", is_flag=True, help="Light words on a dark ground.")
@click.option("--text-size", type=click.FloatRange(1.0, 2.0), default=1.0, show_default=True)
def main(
    *,
    out: Path,
    demo: Path | None,
    folder: Path | None,
    screens: str,
    pin_file: IO[str] | None,
    language: Sequence[str],
    dark: bool,
    text_size: float,
) -> None:
    """Draw the app's screens as PNG files, without a display.

    Example: python -m mobile.commands.pictures --demo demo-out --out docs/screens --language ar
    """
    if packages := lacking():
        raise click.ClickException(
            f"the app can't be drawn here; install {' '.join(packages)} with apt-get, or run"
            " `make system` as root"
        )
    pin = pin_file.read().strip() if pin_file else cast.PIN
    phones = {folder: _asked(screens)} if folder else _of_demo(demo, out)
    prepare(SIZE, density=DENSITY, seen=False)
    if not window_made():
        raise click.ClickException(f"{NO_WINDOW}; the lines above say what Kivy met")
    drawing = import_module("mobile.commands.drawing")
    with tempfile.TemporaryDirectory(prefix="amana-pictures-") as copies:
        for place, (original, wanted) in enumerate(phones.items()):
            for spoken in language or LANGUAGES:
                copy = Path(copies) / f"{place}-{spoken}"
                shutil.copytree(original, copy)
                try:
                    made = drawing.draw(
                        copy, spoken, wanted, out, pin=pin, dark=dark, scale=text_size
                    )
                except AmanaError as error:
                    raise click.ClickException(f"{original}: {error}") from error
                for path in made:
                    click.echo(path)


def _asked(screens: str) -> tuple[Wanted, ...]:
    folder = files("mobile.screens")
    known = sorted(
        each.name.removesuffix(".kv") for each in folder.iterdir() if each.name.endswith(".kv")
    )
    wanted = []
    for each in screens.split(","):
        screen, _, record = each.strip().partition(":")
        if screen not in known:
            message = f"{screen!r} is no screen; the screens are {', '.join(known)}"
            raise click.BadParameter(message, param_hint="--screens")
        wanted.append(Wanted(screen, screen.replace("_", "-"), record or None))
    return tuple(wanted)


def _of_demo(demo: Path | None, out: Path) -> dict[Path, tuple[Wanted, ...]]:
    places = [demo] if demo else [out.absolute().parent, Path("demo-out")]
    for place in places:
        if (place / "phones").is_dir():
            return {place / "phones" / name: wanted for name, wanted in DEMO.items()}
    raise click.ClickException(
        f"no demo's phones in {' or '.join(map(str, places))}; play one with `amana demo"
        " --out demo-out`, or name its folder with --demo"
    )


if __name__ == "__main__":
    sys.exit(main())
