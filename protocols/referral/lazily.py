"""A sequence whose items are made when they are first looked at."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Lazily(Sequence[T]):
    """`size` items out of `source`, in its order; each is made once. Compares as a tuple does."""

    def __init__(self, size: int, source: Iterator[T]) -> None:
        self._size = size
        self._source = source
        self._made: list[T] = []

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        wanted = range(self._size)[at]
        if isinstance(wanted, int):
            return self._upto(wanted)[wanted]
        furthest = max(wanted, default=-1)
        made = self._upto(furthest)
        return tuple(made[place] for place in wanted)

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, tuple | Lazily):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))

    def _upto(self, place: int) -> list[T]:
        while len(self._made) <= place:
            self._made.append(next(self._source))
        return self._made
