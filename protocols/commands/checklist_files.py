"""The files that `amana checklist` reads and writes."""

import os
import tempfile
from pathlib import Path

from protocols.commands.files import read_at_most
from protocols.errors import AmanaError
from protocols.plain import MAX_JSON_BYTES
from protocols.screening.checklist import load
from protocols.screening.checklist_file import read_checklist
from protocols.screening.model import Checklist


class ChecklistFileError(AmanaError):
    """A file named on the command line can't be read, or would be written over."""

    code = "checklist_file_unusable"


def checklist_at(name: str) -> Checklist:
    """The installed checklist of that id, or the one in the file of that path, named ….json.

    Raises ChecklistFileError, or a ChecklistError where the file holds no checklist.
    """
    if not name.endswith(".json"):
        return load(name)
    return read_checklist(read_whole(Path(name), MAX_JSON_BYTES))


def read_whole(path: Path, limit: int) -> bytes:
    """The file's bytes, one more than `limit` at most. Raises ChecklistFileError."""
    try:
        return read_at_most(path, limit)
    except OSError as error:
        raise ChecklistFileError(f"{path} can't be read ({error.strerror}); check it") from error


def refuse_to_overwrite(out: Path, force: bool) -> None:
    """Raises ChecklistFileError when `out` is there and may not be replaced."""
    if out.exists() and not force:
        raise ChecklistFileError(f"{out} is there already; use another name, or --force")


def write_whole(out: Path, data: bytes) -> None:
    """Writes the file whole or not at all, however the program ends. Raises ChecklistFileError."""
    try:
        handle, name = tempfile.mkstemp(prefix=".checklist-", dir=out.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o644)
            beside.replace(out)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ChecklistFileError(
            f"{out} was not written ({error.strerror}); free space or choose another place"
        ) from error
