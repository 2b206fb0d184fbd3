"""Reading the files that a command names."""

from pathlib import Path


def read_at_most(path: Path, limit: int) -> bytes:
    """The file's bytes, up to one more than `limit`: enough for a reader to see that there are too
    many, however large the file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(limit + 1)
