"""Fuzzes the readers of untrusted bytes: `python -m tests.fuzz [SUBJECT…]`, see CONTRIBUTING.md."""

import argparse
import sys
from pathlib import Path

from tests.fuzz.runner import Limits, Outcome, fuzz
from tests.fuzz.target import names


def main() -> int:
    """0: nothing crashed. 1: something did. 2: it could not be run."""
    options = _parser().parse_args()
    unknown = sorted(set(options.subjects) - set(names()))
    if unknown:
        sys.stderr.write(f"no subject {', '.join(unknown)}; there are {', '.join(names())}\n")
        return 2
    limits = Limits(options.seconds, options.runs, options.seed, options.keep)
    outcomes = []
    sys.stdout.write(f"{'subject':<14}{'runs':>9}{'covered':>9}{'features':>10}  outcome\n")
    for name in options.subjects or names():
        outcome = fuzz(name, limits, options.out)
        outcomes.append(outcome)
        sys.stdout.write(_row(outcome))
        sys.stdout.flush()
    if any(each.broken for each in outcomes):
        return 2
    return 1 if any(each.crash for each in outcomes) else 0


def _row(outcome: Outcome) -> str:
    told = "no crash"
    if outcome.broken:
        told = f"could not run: {outcome.broken}"
    elif outcome.crash:
        told = (
            f"CRASH: {outcome.told}\n    the input is {outcome.crash}\n"
            f"    again: {sys.executable} -m tests.fuzz.replay {outcome.name} {outcome.crash}"
        )
    numbers = f"{outcome.runs:>9}{outcome.covered:>9}{outcome.features:>10}"
    return f"{outcome.name:<14}{numbers}  {told}\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help="all, if none is named")
    parser.add_argument("--seconds", type=int, default=30, help="time for each (default 30)")
    parser.add_argument("--runs", type=int, default=-1, help="runs of each at most")
    parser.add_argument(
        "--seed", type=int, default=0, help="the same seed and --runs: the same inputs"
    )
    parser.add_argument(
        "--keep", action="store_true", help="commit what new inputs cover, within the corpus's size"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("fuzz-out"), help="where crashing inputs are written"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
