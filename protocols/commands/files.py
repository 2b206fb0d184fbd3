"""Reading the files that a command names, and writing those it makes."""

import os
import tempfile
from pathlib import Path

from protocols.errors import AmanaError


class OutputExistsError(AmanaError):
    """A file of that name is there already."""

    code = "output_exists"


class OutputNotWrittenError(AmanaError):
    """The file cannot be written there; nothing of it was."""

    code = "output_not_written"


class OfficeMissingError(AmanaError):
    """What offices alone need to read, write or draw such files isn't installed."""

    code = "office_missing"

    def __init__(self, what: str, missing: ModuleNotFoundError) -> None:
        super().__init__(f"{what} needs {missing.name}: install amana[office] and try again")


def read_at_most(path: Path, limit: int) -> bytes:
    """The file's bytes, up to one more than `limit`: enough for a reader to see that there are too
    many, however large the file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def refuse_to_overwrite(out: Path, force: bool) -> None:
    """Raises OutputExistsError when `out` is there and may not be replaced."""
    if out.exists() and not force:
        raise OutputExistsError(f"{out} is there already; use another name, or --force")


def write_whole(out: Path, data: bytes) -> None:
    """Writes a file for others to read, whole or not at all, however the program ends. Raises
    OutputNotWrittenError."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
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
        raise OutputNotWrittenError(
            f"{out} was not written ({error.strerror}); free space or choose another place"
        ) from error
