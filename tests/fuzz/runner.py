"""Runs a subject's harness in a process of its own under libFuzzer, and tells how it went."""

import re
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen

from tests.fuzz.target import CORPUS, committed, target

LONGEST_INPUT_SECONDS = 10
MEGABYTES = 2048
MOST_KEPT = 12
"""Committed inputs of a subject at most."""
MOST_KEPT_BYTES = 8_000
"""Bytes of a subject's committed inputs together at most."""
_RUNS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")
_RAISED = re.compile(r"=== Uncaught Python exception: ===\n(.*)")
_ENDED = re.compile(r"==\d+== (?:ERROR: )?libFuzzer: (.*)")


@frozen
class Limits:
    """`seconds` and `runs` (-1: any) a subject; `keep`: take new inputs into the corpus."""

    seconds: int
    runs: int
    seed: int
    keep: bool


@frozen
class Outcome:
    """How a subject's run went. `crash`: the file of the input that crashed it; `broken`: why it
    could not run at all."""

    name: str
    runs: int = 0
    covered: int = 0
    features: int = 0
    crash: Path | None = None
    told: str = ""
    broken: str = ""


def fuzz(name: str, limits: Limits, out: Path) -> Outcome:
    """Fuzz one subject, from its seeds and its committed inputs."""
    if find_spec("atheris") is None:
        return Outcome(name, broken="no atheris here; see CONTRIBUTING.md on fuzzing")
    crashes = out / name
    crashes.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    with tempfile.TemporaryDirectory(prefix="amana-fuzz-") as folder:
        work = Path(folder)
        found, seeds = work / "found", work / "seeds"
        found.mkdir()
        _fill(name, seeds)
        told = _libfuzzer(name, limits, crashes, found, seeds)
        if limits.keep:
            _keep(name, work, found, seeds)
    return _outcome(name, told, sorted(set(crashes.iterdir()) - before))


def _fill(name: str, folder: Path) -> None:
    folder.mkdir()
    for data in (*target(name).seeds(), *committed(name).values()):
        (folder / _called(data)).write_bytes(data)


def _libfuzzer(name: str, limits: Limits, crashes: Path, *corpora: Path) -> str:
    return _child(
        name,
        f"-max_total_time={limits.seconds}",
        f"-runs={limits.runs}",
        # libFuzzer takes 0 as "choose one".
        f"-seed={limits.seed + 1}",
        f"-timeout={LONGEST_INPUT_SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={crashes}/",
        "-print_final_stats=1",
        *map(str, corpora),
    )


def _child(name: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "tests.fuzz.child", name, *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode(
        "utf-8", "replace"
    ) + f"\nended with {done.returncode}"


def _outcome(name: str, told: str, crashes: list[Path]) -> Outcome:
    runs, covered = _RUNS.search(told), _COVERED.findall(told)
    reached, features = map(int, covered[-1]) if covered else (0, 0)
    crash = next(
        (each for each in crashes if each.name.startswith(("crash", "timeout", "oom"))), None
    )
    broken = ""
    if crash is None and not told.endswith("ended with 0"):
        broken = told[-1500:]
    raised = _RAISED.search(told) or _ENDED.search(told)
    return Outcome(
        name=name,
        runs=int(runs[1]) if runs else 0,
        covered=reached,
        features=features,
        crash=crash,
        told=raised[1][:300] if raised and crash else "",
        broken=broken,
    )


def _keep(name: str, work: Path, found: Path, seeds: Path) -> None:
    """Commit the shortest of the inputs that reach what the seeds do not."""
    merged = work / "merged"
    merged.mkdir()
    for each in seeds.iterdir():
        (merged / each.name).write_bytes(each.read_bytes())
    _child(name, "-merge=1", str(merged), str(found))
    fresh = [each for each in merged.iterdir() if not (seeds / each.name).exists()]
    kept = {each: len(each) for each in committed(name).values()}
    for each in sorted(fresh, key=lambda each: each.stat().st_size):
        data = each.read_bytes()
        if len(kept) < MOST_KEPT and sum(kept.values()) + len(data) <= MOST_KEPT_BYTES:
            kept[data] = len(data)
    for data in kept:
        (CORPUS / name).mkdir(exist_ok=True)
        (CORPUS / name / _called(data)).write_bytes(data)


def _called(data: bytes) -> str:
    return sha256(data).hexdigest()[:12]
