"""Files that are carried by hand: written whole, read up to a bound."""

import os
from pathlib import Path

from mobile.casework.errors import EnrolmentFileNotWrittenError


def write_file(place: Path, name: str, data: bytes) -> Path:
    """Write `data` to `place`, or into the folder that `place` is under `name`; where it went.
    The file appears only when whole. Raises EnrolmentFileNotWrittenError."""
    path = place / name if place.is_dir() else place
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise EnrolmentFileNotWrittenError(
            f"{path} could not be written ({error.strerror}); choose another place"
        ) from error
    return path


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file of at most `most`. Raises EnrolmentFileNotWrittenError."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise EnrolmentFileNotWrittenError(
            f"{path} could not be read ({error.strerror}); check where it lies"
        ) from error
    if len(data) > most:
        raise EnrolmentFileNotWrittenError(f"{path} is too large to be an answer; take another")
    return data
