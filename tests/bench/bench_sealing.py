"""What hybrid sealing costs beside X25519. Run it by hand: `python tests/bench/bench_sealing.py`.

Seals and opens one fictional page for three devices with either kind of key, and prints the
medians, the bytes and their ratios. Everything is measured in one run, taking turns.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from nacl.utils import random

from protocols.sealing.age import decrypt, encrypt
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.padding import pad

PAGE = pad(b"A fictional line of a fictional page, as long as lines are.\n" * 50)
DEVICES = 3
ROUNDS = 300
KINDS: dict[str, type[X25519Identity] | type[HybridIdentity]] = {
    "X25519": X25519Identity,
    "mlkem768x25519": HybridIdentity,
}
Work = Callable[[], object]


def _milliseconds(work: Work) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def _works(kind: type[X25519Identity] | type[HybridIdentity]) -> tuple[dict[str, Work], int]:
    """What is timed for a kind, and the size of a sealed page."""
    keys = [kind.generate() for _ in range(DEVICES)]
    recipients = [each.recipient for each in keys]
    texts = [each.text for each in recipients]
    sealed = encrypt(PAGE, recipients, random)
    works: dict[str, Work] = {
        "make a key": lambda: kind.generate().recipient,
        "read recipients": lambda: [type(recipients[0]).from_text(each) for each in texts],
        "seal": lambda: encrypt(PAGE, recipients, random),
        "open as the last": lambda: decrypt(sealed, keys[-1:]),
    }
    return works, len(sealed)


def main() -> None:
    measured = {name: _works(kind) for name, kind in KINDS.items()}
    classic, hybrid = measured
    out = sys.stdout.write
    out(f"{len(PAGE)} bytes to {DEVICES} devices, medians of {ROUNDS} rounds\n")
    out(f"{'':18}{classic:>16}{hybrid:>16}{'ratio':>8}\n")
    for name in measured[classic][0]:
        times: dict[str, list[float]] = {kind: [] for kind in measured}
        for _ in range(ROUNDS):
            for kind, (works, _) in measured.items():
                times[kind].append(_milliseconds(works[name]))
        first, second = (median(each) for each in times.values())
        out(f"{name:18}{first:>13.3f} ms{second:>13.3f} ms{second / first:>8.2f}\n")
    first_size, second_size = (size for _, size in measured.values())
    out(f"{'sealed':18}{first_size:>14} B{second_size:>14} B{second_size / first_size:>8.2f}\n")


if __name__ == "__main__":
    main()
