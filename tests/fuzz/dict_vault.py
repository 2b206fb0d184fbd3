"""A vault in memory, for harnesses of what a phone keeps."""

from collections.abc import Iterator
from contextlib import contextmanager


class DictVault:
    """A vault in memory, without secrets: only what the harnesses ask of one."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    def get(self, kind: str, key: str) -> bytes | None:
        return self.kept.get((kind, key))

    def put(self, kind: str, key: str, body: bytes) -> None:
        self.kept[kind, key] = body

    def items(self, kind: str) -> list[tuple[str, bytes]]:
        return [(key, body) for (each, key), body in self.kept.items() if each == kind]
