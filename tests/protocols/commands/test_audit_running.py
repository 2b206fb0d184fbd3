"""An audit run over processes: the same verdict, its progress, and how it is left."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest
from rich.console import Console

from protocols.audit.judge import Judge, judge_here
from protocols.audit.report import Report
from protocols.audit.verify import verify_export
from protocols.commands.audit_parcel import pack, unpack
from protocols.commands.audit_running import Processes, ProcessLostError, verify_file
from protocols.plain import to_json
from tests.bench.fictional_log import write_fictional_log

EVENTS = 2_500
"""More than two chunks."""


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes], object]:
    path = tmp_path_factory.mktemp("audit") / "export.jsonl"
    with path.open("wb") as file:
        root = write_fictional_log(file, EVENTS)
    (path.parent / "root.json").write_bytes(to_json(root))
    return path, path.read_bytes().splitlines(keepends=True), root


def test_a_bench_export_holds(export) -> None:
    path, lines, root = export
    report = verify_file(path, root, processes=1)
    assert report.ok
    assert report.size == EVENTS == sum(b'"leaf"' in each for each in lines)


def test_what_is_packed_is_unpacked(export) -> None:
    _, lines, root = export
    packed: list[bool] = []

    def through(judge: Judge, numbered) -> Iterator:
        for taken in judge_here(judge, numbered):
            again = unpack(pack(taken))
            assert again == taken
            packed.append(isinstance(pack(taken), tuple))
            yield again

    spoilt = [*lines[:-9], b"noise\n", *lines[-8:]]
    report = verify_export(spoilt, root, spread=through)
    assert report == verify_export(spoilt, root)
    assert not report.ok
    assert packed.count(True) == EVENTS - 1


def test_the_verdict_is_the_same_for_any_number_of_processes(export) -> None:
    _, lines, root = export
    first = next(at for at, line in enumerate(lines) if b'"index":0,' in line)
    spoilt = list(lines)
    spoilt[first + 7] = b"noise\n"
    spoilt[first + 1_200] = spoilt[first + 1_300]
    del spoilt[first + 2_000]
    seen: list[list[object]] = [[], []]
    reports: list[Report] = [
        verify_export(spoilt, root, watch=each.append, spread=spread)
        for each, spread in zip(seen, (judge_here, Processes(2)), strict=True)
    ]
    assert reports[0] == reports[1]
    assert seen[0] == seen[1]
    assert {"bad_line", "out_of_order", "broken_chain", "wrong_size"} <= {
        each.rule for each in reports[0].faults
    }
    assert verify_export(lines, root, spread=Processes(2)).ok


def test_a_process_that_dies_leaves_no_verdict(export) -> None:
    _, lines, root = export

    def killing() -> Iterator[bytes]:
        for at, line in enumerate(lines * 4):
            if at == len(lines) + 500:
                assert active_children()
                for each in active_children():
                    each.kill()
            yield line

    with pytest.raises(ProcessLostError, match="nothing was concluded"):
        verify_export(killing(), root, spread=Processes(1))


def test_progress_and_faults_are_shown_on_a_terminal_only(export, tmp_path: Path) -> None:
    _, lines, root = export
    spoilt = tmp_path / "spoilt.jsonl"
    spoilt.write_bytes(b"".join([*lines[:-9], b"noise\n", *lines[-8:]]))
    shown, silent = io.StringIO(), io.StringIO()
    terminal = Console(file=shown, force_terminal=True, width=200)
    report = verify_file(spoilt, root, processes=1, console=terminal)
    assert "verifying" in shown.getvalue()
    assert f"line {len(lines) - 8}" in shown.getvalue()
    assert verify_file(spoilt, root, processes=1, console=Console(file=silent)) == report
    assert silent.getvalue() == ""


def test_a_screen_is_not_flooded_with_faults(export, tmp_path: Path) -> None:
    _, lines, root = export
    shown = io.StringIO()
    terminal = Console(file=shown, force_terminal=True, width=200)
    spoilt = tmp_path / "spoilt.jsonl"
    spoilt.write_bytes(lines[0] + b"noise\n" * 100)
    report = verify_file(spoilt, root, processes=1, console=terminal)
    assert len(report.faults) > 100
    assert shown.getvalue().count("bad_line") == 20


@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_leaves_cleanly_without_a_verdict(export, tmp_path: Path, processes: str) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs a named pipe")
    path, lines, _ = export
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = "import sys; from protocols.commands.audit import audit; audit()"
    asked = ["verify", str(pipe), "--root", str(path.parent / "root.json")]
    running = subprocess.Popen(
        [sys.executable, "-c", command, *asked, "--processes", processes],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with pipe.open("wb") as file:
        file.writelines(lines[:-1])
        file.flush()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert out == b""
    assert b"nothing was concluded" in err
    assert b"Traceback" not in err
