"""`amana app`: the app on this machine, on a phone's folder."""

from importlib import import_module
from pathlib import Path

import click

from mobile.device.display import has_display, lacking, prepare, window_made
from mobile.locale import LANGUAGES

SIZE = (360, 740)
"""Of the window in dp, as a common phone's screen."""
TONGUE = "language"
"""The file beside the vault that remembers the language; nothing else is in it."""


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The phone's folder; it is made where there is none.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Of the interface [default: as last time, at first Arabic].",
)
@click.option("--dark", is_flag=True, help="Light words on a dark ground.")
@click.option(
    "--text-size",
    type=click.FloatRange(1.0, 2.0),
    default=1.0,
    show_default=True,
    help="How many times as large as usual.",
)
def app(folder: Path, language: str | None, *, dark: bool, text_size: float) -> None:
    """Open the app on the phone kept in a folder.

    Needs a display. Without one, the screens can still be drawn as pictures by
    `python -m mobile.commands.pictures`.

    Example: amana app --folder demo-out/phones/inspector --language ar
    """
    if packages := lacking(seen=True):
        raise click.ClickException(
            f"the app can't be drawn here; install {' '.join(packages)} with apt-get, or run"
            " `make system` as root, then try again"
        )
    if not has_display():
        raise click.ClickException(
            "there is no display here; run this on a desktop, or draw the screens as pictures with"
            " `python -m mobile.commands.pictures --help`"
        )
    remembered = folder / TONGUE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = remembered.read_text() if remembered.exists() else LANGUAGES[0]
    except OSError as error:
        raise click.ClickException(
            f"{folder} can't be used ({error.strerror}); name another folder with --folder"
        ) from error
    prepare(SIZE)
    if not window_made():
        raise click.ClickException(
            "Kivy could make no window here; the lines above say what it met. Check that programs"
            " with OpenGL run on this display"
        )
    chosen = language or (known if known in LANGUAGES else LANGUAGES[0])
    amana = import_module("mobile.app").AmanaApp(
        lambda: import_module("mobile.casework.phone").Phone(
            folder, device=import_module("mobile.device.keystore").device_key()
        ),
        chosen,
        dark=dark,
        scale=text_size,
        remember=remembered.write_text,
    )
    amana.start()
