"""Reading the files that a command names, and showing what they say."""

from pathlib import Path


def read_at_most(path: Path, limit: int) -> bytes:
    """The file's bytes, up to one more than `limit`: enough for a reader to see that there are too
    many, however large the file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def shown(text: str) -> str:
    """`text` from a file without what would steer the terminal or turn its direction."""
    return "".join(each if each.isprintable() else " " for each in text)
