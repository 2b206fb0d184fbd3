"""Where a spare copy could lie: folders of this device that take files, and the copies in them."""

from collections.abc import Iterable
from pathlib import Path

from mobile.casework.spare import SUFFIX

ROOTS = (Path("/media"), Path("/run/media"), Path("/storage"))
"""Below these stand sticks and cards; on Android, `/storage/1234-5678`."""
NOT_A_STICK = ("self", "emulated")
AT_HOME = (Path("/storage/emulated/0/Download"), Path.home() / "Downloads")
MOST = 8


def places(roots: Iterable[Path] = ROOTS, at_home: Iterable[Path] = AT_HOME) -> tuple[Path, ...]:
    """Sticks and cards first, then this device's own folder for downloads; only what is there."""
    found = [each for root in roots for each in _sticks(root)]
    return tuple(dict.fromkeys((*found, *(each for each in at_home if each.is_dir()))))[:MOST]


def copies_in(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Files in these folders that may be spare copies, the newest first."""
    found = [each for folder in folders for each in _files(folder)]
    return tuple(each for _, each in sorted(found, key=lambda pair: -pair[0]))[:MOST]


def _sticks(root: Path) -> list[Path]:
    """`/media/STICK` or `/media/USER/STICK`."""
    direct = [each for each in _folders(root) if each.name not in NOT_A_STICK]
    below = [deeper for each in direct for deeper in _folders(each) if deeper.is_mount()]
    return [*below, *(each for each in direct if each.is_mount())]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir())
    except OSError:
        return []


def _files(folder: Path) -> list[tuple[float, Path]]:
    try:
        found = [each for each in folder.iterdir() if each.suffix == SUFFIX and each.is_file()]
        return [(each.stat().st_mtime, each) for each in found]
    except OSError:
        return []
