"""`amana demo` as a stranger runs it: a program of its own, and a folder that proves itself."""

import json
import os
import subprocess
import time

import pytest

from mobile.commands.demonstration import cast
from mobile.commands.demonstration.processes import amana_command
from tests.journey.people import stanzas_on

LONGEST_SECONDS = 180
"""A demo takes about 25 s alone on two cores; the tests beside it want them too."""


def demo(out, *words):
    """As where a proxy is set that reaches nothing on this machine."""
    command = [*amana_command(), "demo", "--out", str(out), *words]
    environment = os.environ | dict.fromkeys(("HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
        env=environment,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demo's folder and the JSON document it printed."""
    out = tmp_path_factory.mktemp("demo") / "out"
    began = time.monotonic()
    done = demo(out, "--no-pictures", "--json", "--language", "fr")
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - began < LONGEST_SECONDS
    return out, json.loads(done.stdout), done.stderr


def test_it_plays_to_the_end_and_says_so_on_stdout_alone(made):
    out, told, narrated = made
    assert told["ok"] and told["audit"]["ok"]
    assert told["canaries"]["found"] == [] and told["canaries"]["blind"] == []
    assert told["events"] == 12
    assert json.loads((out / "summary.json").read_text()) == told
    assert "Tout tient" in narrated


def test_the_folder_holds_what_its_readme_names(made):
    out, _, _ = made
    readme = (out / "README.txt").read_text()
    for name in (
        "amana.db", "server.log", "export.jsonl", "root.json", "timeline.txt", "verdict.txt",
        "canaries.txt", "phones", "programme", "wire", "summary.json",
    ):  # fmt: skip
        assert (out / name).exists(), name
        assert name in readme
    timeline = (out / "timeline.txt").read_text()
    assert "décliné" in timeline and "no_places" in timeline


def test_anyone_can_search_for_the_secrets_themselves(made):
    out, _, _ = made
    canaries = (out / "canaries.txt").read_text().splitlines()
    assert {cast.NAME, cast.PHONE, cast.QUESTION, cast.FEEDBACK} <= set(canaries)
    assert len(canaries) > 30 and all(each.strip() for each in canaries)
    searched = [*out.glob("amana.db*"), *out.glob("*.log"), *(out / "wire").iterdir()]
    grep = ["grep", "-a", "-F", "-f", str(out / "canaries.txt"), *map(str, searched)]
    assert subprocess.run(grep, capture_output=True, check=False).returncode == 1


def test_what_the_wire_recorded_was_sealed_to_hybrid_keys(made):
    out, _, _ = made
    found = stanzas_on(sorted((out / "wire").iterdir()))
    assert len(found) >= 4
    assert all(each == {"mlkem768x25519"} for each in found)


def test_what_it_says_of_itself_holds_no_secret_either(made):
    out, _, _ = made
    canaries = (out / "canaries.txt").read_text().splitlines()
    for name in ("README.txt", "summary.json", "timeline.txt", "verdict.txt"):
        text = (out / name).read_text()
        assert [each for each in canaries if each in text] == []


def test_the_export_is_verified_again_by_whoever_wants_to(made):
    out, _, _ = made
    words = ["audit", "verify", str(out / "export.jsonl"), "--root", str(out / "root.json")]
    done = subprocess.run([*amana_command(), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Everything holds" in done.stdout


def test_a_folder_of_somebody_else_is_refused_at_once(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    done = demo(tmp_path, "--no-pictures")
    assert done.returncode == 2
    assert "--out" in done.stderr and "Traceback" not in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_help_shows_an_example():
    done = subprocess.run(
        [*amana_command(), "demo", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "Example: amana demo" in done.stdout
