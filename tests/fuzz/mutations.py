"""Changes to JSON that keep it JSON, so that a fuzzer gets past the parser to the rules."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

Mutate = Callable[[bytes, int], bytes]
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 18, 2**31, 2**53, 2**64, -(2**63), 0.0, -0.0, 1.5, 1e308),
    *("", " ", "\0", "é", "e\u0301", "\u200f", "\ud800", "١٢", "a" * 300, "../x", "TN", "TN-11"),
    *("2026-11-24T13:54:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "AAAA", "{0}", "%s"),
    *([], {}, [[]], [{}], [None], {"": None}),
)
"""Values that stand where nobody expects them."""
_ACTS = 6


def mutated(data: bytes, head: int, longest: int, seed: int, mutate: Mutate) -> bytes:
    """`data` changed once: its JSON's parts mostly, its bytes sometimes or where it is no JSON.
    The same `seed` and `mutate` give the same bytes."""
    random = Random(seed)
    try:
        value = json.loads(data[head:])
    except (ValueError, RecursionError):
        return mutate(data, longest)
    if random.random() < 0.2:
        return mutate(data, longest)
    front = mutate(data[:head], head) if head and random.random() < 0.2 else data[:head]
    changed = _changed([value], random, mutate)[0]
    written = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
    result = front.ljust(head, b"\0")[:head] + written.encode("utf-8", "surrogatepass")
    return result if len(result) <= longest else mutate(data, longest)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        found.append((value, key))
        if isinstance(each, dict | list):
            _places(each, found)
    return found


def _changed(holder: list[Any], random: Random, mutate: Mutate) -> list[Any]:
    places = _places(holder, [])
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        inside, key = random.choice(places)
        other, other_key = random.choice(places)
        if _stands(inside, key):
            taken = other[other_key] if _stands(other, other_key) else None
            _change(inside, key, taken, random, mutate)
    return holder or [None]


def _stands(inside: Any, key: Any) -> bool:
    return key in inside if isinstance(inside, dict) else key < len(inside)


def _change(inside: Any, key: Any, taken: Any, random: Random, mutate: Mutate) -> None:
    act = random.randrange(_ACTS)
    copied = json.loads(json.dumps(taken))
    if act == 0:
        inside[key] = random.choice(ODD)
    elif act == 1:
        inside[key] = copied
    elif act == 2 and isinstance(inside, list):
        inside.insert(key, copied)
    elif act == 2:
        inside[random.choice((f"{key}_", *inside))] = copied
    elif act == 3:
        del inside[key]
    else:
        inside[key] = _nudged(inside[key], random, mutate)


def _nudged(value: Any, random: Random, mutate: Mutate) -> Any:
    if isinstance(value, str):
        return mutate(value.encode("utf-8", "replace"), len(value) + 16).decode("utf-8", "replace")
    if isinstance(value, bool | None):
        return not value
    if isinstance(value, int):
        return value + random.choice((-1, 1, 7, -value, value, 10**6))
    if isinstance(value, list):
        return [*value, *value][: random.randrange(2 * len(value) + 1)]
    return random.choice(ODD)
