"""Padmé sizes."""

from typing import Any

from protocols.sealing.padding import LENGTH_BYTES, PaddingError, pad, padded_size, unpad

LENGTHS = (0, 1, 2, 7, 8, 9, 100, 1000, 1025, 4096, 10_000, 65_535, 1_000_000)


def make() -> dict[str, Any]:
    """`docs/vectors/padding.json`."""
    good = pad(b"amana")
    return {
        "about": "`sizes`: bytes of data, and bytes once padded. `padded` (hex): what is inside"
        " (hex), or null where it must be refused.",
        "sizes": [{"length": length, "padded": padded_size(length)} for length in LENGTHS],
        "padded": [
            _read(name, data)
            for name, data in (
                ("as made", good),
                ("empty", pad(b"")),
                ("a filler that is not zero", good[:-1] + b"\x01"),
                ("cut", good[:-1]),
                ("longer", good + b"\0"),
                ("a length beyond the end", b"\xff" * LENGTH_BYTES + good[LENGTH_BYTES:]),
                ("no length", b"\0" * (LENGTH_BYTES - 1)),
            )
        ],
    }


def _read(name: str, data: bytes) -> dict[str, Any]:
    try:
        inside = unpad(data).hex()
    except PaddingError:
        inside = None
    return {"name": name, "hex": data.hex(), "inside": inside}
