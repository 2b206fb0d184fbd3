"""Armored age files: what is inside, armored again, is what was read, but for white space."""

from collections.abc import Iterator

from protocols.sealing.age_armor import AgeArmorError, armor, dearmor, looks_armored
from tests.fuzz.target import DifferentError, Target, same


def read(data: bytes) -> object:
    same(dearmor(armor(data)), data)
    inside = dearmor(data)
    same(dearmor(armor(inside)), inside)
    if not looks_armored(data):
        raise DifferentError("armor that does not look like armor")
    return inside


def seeds() -> Iterator[bytes]:
    for size in (0, 1, 47, 48, 49, 96, 200):
        yield armor(bytes(range(size)))
    yield b" \r\n\n" + armor(b"fictional").replace(b"\n", b"\r\n") + b"\n\t"


TARGET = Target(read, (AgeArmorError,), seeds, json=False)
