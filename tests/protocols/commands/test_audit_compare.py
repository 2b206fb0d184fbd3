"""`amana audit compare` as others script against it, and who watched in `amana audit verify`."""

import json

import pytest
from click.testing import CliRunner

from protocols.commands.audit import audit
from protocols.plain import to_json
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.headline import head_to_text
from protocols.timeline.merkle import root as tree_root
from tests.protocols.audit.conftest import FictionalWorld
from tests.protocols.audit.test_watching import OFFICE, WatchedWorld


def run(*arguments):
    return CliRunner().invoke(audit, [str(each) for each in arguments])


def note(world, size):
    checkpoint = Checkpoint(world.origin, size, tree_root(world.leaves[:size]))
    return sign_checkpoint(checkpoint, world.origin, world.server)


@pytest.fixture
def files(tmp_path):
    world, other = WatchedWorld(), FictionalWorld()
    world.journey(1)
    other.journey(2)
    world.watch(5, OFFICE)
    (tmp_path / "root.json").write_bytes(to_json(world.root))
    (tmp_path / "whole").write_bytes(b"".join(world.export()))
    world.notes = []
    (tmp_path / "short").write_bytes(b"".join(world.export(world.leaves[:4])))
    (tmp_path / "other").write_bytes(b"".join(other.export()))
    (tmp_path / "note").write_text(note(world, 6), encoding="utf-8")
    (tmp_path / "text").write_text(head_to_text(note(world, 9)) + "\n", encoding="utf-8")
    (tmp_path / "false").write_text(note(other, 6), encoding="utf-8")
    (tmp_path / "noise").write_bytes(b"\x00\xff noise")
    return tmp_path


@pytest.mark.parametrize(
    ("one", "two", "code", "verdict"),
    [
        ("whole", "whole", 0, "same"),
        ("short", "whole", 0, "extends"),
        ("whole", "short", 0, "begins"),
        ("whole", "note", 0, "begins"),
        ("whole", "text", 0, "same"),
        ("short", "note", 1, "short"),
        ("whole", "other", 1, "forked"),
        ("whole", "false", 1, "forked"),
    ],
)
def test_the_code_tells_the_verdict(files, one, two, code, verdict):
    arguments = ("compare", files / one, files / two, "--root", files / "root.json")
    result = run(*arguments)
    assert result.exit_code == code, result.output
    told = json.loads(run(*arguments, "--json").output)
    assert told["verdict"] == verdict


@pytest.mark.parametrize("two", ["noise", "nothing", "root.json"])
def test_unusable_input_exits_2_and_says_why(files, two):
    result = run("compare", files / "whole", files / two, "--root", files / "root.json")
    assert result.exit_code == 2
    assert "amana audit:" in result.output
    assert run("compare", files / "whole", "--root", files / "root.json").exit_code == 2


def test_verify_tells_who_watched(files):
    result = run("verify", files / "whole", "--root", files / "root.json")
    assert result.exit_code == 0
    assert "coordinator: 5 of 9 entries" in result.output
    assert "by nobody" in run("verify", files / "short", "--root", files / "root.json").output
