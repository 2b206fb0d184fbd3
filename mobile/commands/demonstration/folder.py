"""The folder that a demo leaves behind, and which folders it may replace."""

import shutil
from pathlib import Path

from attrs import frozen

from mobile.commands.demonstration.processes import DemoError

MARKER = ".amana-demo"
MARKER_TEXT = "Made by `amana demo`, which may replace what it made here.\n"
PARTS = (
    "README.txt",
    "amana.db",
    "amana.db-shm",
    "amana.db-wal",
    "canaries.txt",
    "export.jsonl",
    "phones",
    "pictures",
    "programme",
    "programme.log",
    "root.json",
    "server.log",
    "server.stderr.log",
    "summary.json",
    "timeline.txt",
    "verdict.txt",
    "wire",
)


@frozen
class Folder:
    """The places in it."""

    path: Path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def programme(self) -> Path:
        """What `amana programme` keeps: root, authorities, the server's keys."""
        return self / "programme"

    @property
    def database(self) -> Path:
        """The server's SQLite database."""
        return self / "amana.db"

    @property
    def server_files(self) -> tuple[Path, ...]:
        """The server's database (with what SQLite keeps beside it) and every log of it."""
        found = [*self.path.glob("amana.db*"), *self.path.glob("*.log")]
        return tuple(sorted(found))

    @property
    def vault_files(self) -> tuple[Path, ...]:
        """The phones' vaults."""
        return tuple(sorted(each for each in (self / "phones").rglob("*") if each.is_file()))

    @property
    def wire_files(self) -> tuple[Path, ...]:
        """Every byte that crossed the wire."""
        return tuple(sorted((self / "wire").glob("*.log")))


def prepare(path: Path) -> Folder:
    """An empty, marked folder at `path`.

    What an earlier demo left is replaced; anything else stays untouched. Raises DemoError.
    """
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise DemoError(f"{path} is a file; name another folder with --out")
    there = {each.name for each in path.iterdir()} if path.exists() else set()
    if there and not _is_ours(path):
        raise DemoError(
            f"{path} holds files that no demo made, and stays as it is; name a new or empty"
            " folder with --out"
        )
    if foreign := sorted(there - {MARKER, *PARTS}):
        raise DemoError(
            f"{path} holds {foreign[0]!r}, which no demo made; move it away, or name another"
            " folder with --out"
        )
    for name in there - {MARKER}:
        _remove(path / name)
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    except OSError as error:
        raise DemoError(
            f"{path} can't be written ({error.strerror}); name another folder with --out"
        ) from error
    return Folder(path)


def _is_ours(path: Path) -> bool:
    marker = path / MARKER
    return marker.is_file() and marker.read_text(encoding="utf-8") == MARKER_TEXT


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
