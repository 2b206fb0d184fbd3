"""Pictures of the app's screens, and the app itself where there is a display; each a program of
its own, so that a machine without a display still plays the rest."""

import subprocess  # nosec
import sys

from attrs import frozen

from mobile.commands.demonstration import cast
from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.processes import amana_command
from mobile.device.display import lacking

SECONDS = 300


@frozen
class Drawn:
    """The pictures' file names, or why there are none."""

    files: tuple[str, ...] = ()
    why_not: str | None = None


def draw(folder: Folder, language: str) -> Drawn:
    """Draw the screens into `pictures/`, in Arabic and in `language`."""
    if packages := lacking():
        return Drawn(why_not=f"this machine lacks {' '.join(packages)} (apt-get install them)")
    out = folder / "pictures"
    words = ["-m", "mobile.commands.pictures", "--demo", str(folder.path), "--out", str(out)]
    for each in sorted({"ar", language}):
        words += ["--language", each]
    try:
        done = subprocess.run(
            [sys.executable, *words], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Drawn(why_not=f"drawing took more than {SECONDS} s")
    files = tuple(sorted(each.name for each in out.glob("*.png"))) if out.exists() else ()
    if done.returncode != 0 or not files:
        said = (done.stderr or done.stdout).strip().splitlines()
        return Drawn(files, said[-1] if said else "the drawing program said nothing")
    return Drawn(files)


def open_app(folder: Folder, language: str) -> str | None:
    """Open the app on the inspector's phone and return when it is closed; why it did not, if so."""
    words = ["app", "--folder", str(folder / "phones" / cast.INSPECTOR.name)]
    words += ["--language", language]
    done = subprocess.run(
        [*amana_command(), *words], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode == 0:
        return None
    said = (done.stderr or "").strip().splitlines()
    return said[-1] if said else f"it ended with code {done.returncode}"
