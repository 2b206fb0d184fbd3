"""Runs one subject on stored inputs: `python -m tests.fuzz.replay SUBJECT FILE…`, no fuzzer needed.

A crash shows its whole traceback, or is caught with `python -m pdb -m tests.fuzz.replay …`.
"""

import sys
from pathlib import Path

from tests.fuzz.target import target


def main() -> None:
    name, *paths = sys.argv[1:]
    subject = target(name)
    for path in paths:
        read = subject.run(Path(path).read_bytes())
        sys.stdout.write(f"{path}: {'read' if read else 'refused by name'}\n")


if __name__ == "__main__":
    main()
