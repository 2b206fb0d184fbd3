"""What every fuzzing harness is: a reader of untrusted bytes and what may come out of it.

A harness is a file in `tests/fuzz/subjects/` with one `TARGET`. Its `read` takes any bytes and
returns, or raises one of `refusals`; where there is a writer, it holds by `same` that what is read
and written again is equal. Anything else that comes out is a crash.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from attrs import field, frozen

from protocols.errors import AmanaError
from protocols.plain import load_json

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
_SLUG_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz_")


class DifferentError(AssertionError):
    """What was written is not read as what it was."""


@frozen
class Target:
    """One subject: `read` and the only errors it may raise. `seeds` makes inputs to begin with.

    `json`: inputs are JSON (after `head` bytes that stand before it), mutated by its parts.
    `longest`: bytes of an input at most.
    """

    read: Callable[[bytes], object]
    refusals: tuple[type[AmanaError], ...]
    seeds: Callable[[], Iterable[bytes]]
    json: bool = True
    head: int = 0
    longest: int = field(default=4096)

    def run(self, data: bytes) -> bool:
        """Whether `data` was read; False where it was refused by name. Raises what is a crash."""
        try:
            self.read(data)
        except self.refusals as refused:
            if not str(refused) or not set(refused.code) <= _SLUG_LETTERS:
                raise DifferentError(f"a refusal that says nothing: {refused!r}") from refused
            return False
        return True


def names() -> tuple[str, ...]:
    """Every subject there is."""
    found = (HERE / "subjects").glob("*.py")
    return tuple(sorted(each.stem for each in found if each.stem != "__init__"))


def target(name: str) -> Target:
    """The subject's harness."""
    found: Target = import_module(f"tests.fuzz.subjects.{name}").TARGET
    return found


def committed(name: str) -> dict[str, bytes]:
    """The subject's committed inputs, by file name."""
    return {each.name: each.read_bytes() for each in sorted((CORPUS / name).glob("*"))}


def same(first: Any, second: Any) -> None:
    """Raises DifferentError unless both are equal."""
    if first != second:
        raise DifferentError(f"{first!r}\nis written and read as\n{second!r}")


def json_of(data: bytes) -> Any:
    """The JSON of an input; what is no JSON is refused as everywhere."""
    return load_json(data)


def text_of(data: bytes) -> str:
    """Any bytes as text, each invalid one replaced."""
    return data.decode("utf-8", "replace")
