"""The one `amana` command at its edges: streams, locales and disks that fail."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from protocols.screening.tables import tables

MAIN = "from protocols.commands import main; main()"
ARGUMENTS = ("assess", "--set", "adult-labour", "--indicators", "debt_bondage", "--language", "ar")
TUNISIA = ("country", "show", "TN")


def amana(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "iso8859-6"])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_output_is_utf8_whatever_the_locale(encoding: str, more: tuple[str, ...]) -> None:
    spoken = amana(*ARGUMENTS, *more, PYTHONIOENCODING=encoding)
    assert (spoken.returncode, spoken.stderr) == (0, b"")
    text = spoken.stdout.decode("utf-8")
    if more:
        assert json.loads(text)["findings"][0]["text"]["ar"]
    else:
        assert "استغلال" in text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is full")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_full_disk_is_no_verdict(more: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-c", MAIN, *ARGUMENTS, *more],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
    assert b"No space left" in ended.stderr


@pytest.mark.parametrize(("columns", "arguments"), [("80", ("assess", "--list")), ("40", TUNISIA)])
def test_a_narrow_terminal_breaks_words_and_loses_none(
    columns: str, arguments: tuple[str, ...]
) -> None:
    text = amana(*arguments, COLUMNS=columns).stdout.decode()
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= int(columns)
    if arguments is TUNISIA:
        assert {"80 104", "748"} <= {cell.strip() for cell in text.replace("\n", "│").split("│")}
    else:
        for dimensions in tables().values():
            for name, indicators in dimensions.items():
                assert all(each in text for each in (name, *(one.key for one in indicators)))
