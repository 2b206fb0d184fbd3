"""The files that `amana checklist` reads."""

from pathlib import Path

from protocols.commands.files import read_at_most
from protocols.errors import AmanaError
from protocols.plain import MAX_JSON_BYTES
from protocols.screening.checklist import load
from protocols.screening.checklist_file import read_checklist
from protocols.screening.model import Checklist


class ChecklistFileError(AmanaError):
    """A file named on the command line can't be read."""

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
