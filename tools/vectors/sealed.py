"""Sealed files: keys as text, and files that one key opens and another does not."""

import json
from pathlib import Path
from typing import Any

from protocols.errors import AmanaError
from protocols.plain import decode_base64, encode_base64
from protocols.sealing.age import Identity, decrypt, encrypt
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.padding import pad
from tools.vectors.cast import identity, seed, stream

FILE = Path(__file__).parents[2] / "docs" / "vectors" / "sealed.json"
INSIDE = "أمانة: what is entrusted".encode()


def hybrid(name: str) -> HybridIdentity:
    """The hybrid age identity of `name`."""
    return HybridIdentity(seed(f"{name} hybrid"))


def sealed_hybrid(name: str, inside: bytes, names: tuple[str, ...], known: Path = FILE) -> bytes:
    """`inside` sealed to the hybrid keys of `names`. The library draws its own randomness, so the
    file of this name under `known` is kept as long as it opens to the same."""
    kept = _kept(name, known)
    if kept is not None and _opened(kept, hybrid(names[0])) == inside:
        return kept
    return encrypt(inside, [hybrid(each).recipient for each in names], stream(name))


def _kept(name: str, known: Path) -> bytes | None:
    if not known.exists():
        return None
    told = json.loads(known.read_text(encoding="utf-8"))
    found = [each for each in told["files"] if each["name"] == name]
    return decode_base64(found[0]["file"]) if found else None


def _opened(data: bytes, by: Identity) -> bytes | None:
    try:
        return decrypt(data, [by])
    except AmanaError:
        return None


def make() -> dict[str, Any]:
    """`docs/vectors/sealed.json`."""
    padded = pad(INSIDE)
    both = [identity(each).recipient for each in ("north", "north-2")]
    plain = encrypt(padded, both, stream("sealed"))
    strong = sealed_hybrid("hybrid, for two devices", padded, ("north", "north-2"))
    return {
        "about": "`inside` (hex) is what `identity` opens the age file to, padding taken off;"
        " null where it opens nothing. Hybrid files differ each time they are sealed.",
        "keys": [
            {
                "name": name,
                "x25519_identity": identity(name).text,
                "x25519_recipient": identity(name).recipient.text,
                "hybrid_identity": hybrid(name).text,
                "hybrid_recipient": hybrid(name).recipient.text,
            }
            for name in ("north", "north-2")
        ],
        "files": [
            _told("X25519, for two devices", plain, identity("north"), INSIDE),
            _told("X25519, the other device", plain, identity("north-2"), INSIDE),
            _told("X25519, a stranger", plain, identity("stranger"), None),
            _told(
                "X25519, the header altered",
                plain.replace(b"-> X25519 ", b"-> X25518 ", 1),
                identity("north-2"),
                None,
            ),
            _told("X25519, one bit of the payload", _flipped(plain), identity("north"), None),
            _told("X25519, cut", plain[:-1], identity("north"), None),
            _told("hybrid, for two devices", strong, hybrid("north"), INSIDE),
            _told("hybrid, the other device", strong, hybrid("north-2"), INSIDE),
            _told("hybrid, a stranger", strong, hybrid("stranger"), None),
            _told("hybrid, one bit of the payload", _flipped(strong), hybrid("north"), None),
            _told("hybrid, opened with X25519 alone", strong, identity("north"), None),
        ],
    }


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _told(name: str, data: bytes, by: Any, inside: bytes | None) -> dict[str, Any]:
    found = _opened(data, by)
    if (found is None) != (inside is None):
        raise AssertionError(f"{name}: this code opens it otherwise than it should")
    return {
        "name": name,
        "file": encode_base64(data),
        "identity": by.text,
        "inside": None if inside is None else inside.hex(),
    }
