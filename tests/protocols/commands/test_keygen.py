"""`amana keygen`: what it makes opens what is sealed to it, and no key is ever overwritten."""

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from protocols.commands.files import OutputExistsError, OutputNotWrittenError
from protocols.commands.keygen import keygen
from protocols.commands.seal import open_, seal


def made(*arguments: str) -> str:
    result = CliRunner().invoke(keygen, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout.strip()


@pytest.mark.parametrize(
    ("kind", "prefix"), [((), "age1pq1"), (("--kind", "x25519"), "age1")], ids=["hybrid", "x25519"]
)
def test_what_is_sealed_to_the_printed_recipient_opens_with_the_file(
    tmp_path: Path, kind: tuple[str, ...], prefix: str
) -> None:
    out = tmp_path / "me.txt"
    recipient = made(*kind, "--out", str(out))
    assert recipient.startswith(prefix)
    runner = CliRunner()
    sealed = runner.invoke(seal, ["-r", recipient], input=b"word", catch_exceptions=False)
    opened = runner.invoke(open_, ["-i", str(out)], input=sealed.stdout_bytes)
    assert opened.stdout_bytes == b"word"
    assert recipient in out.read_text()


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    out = tmp_path / "me.txt"
    before = os.umask(0)
    try:
        made("--out", str(out))
    finally:
        os.umask(before)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "me.txt"
    made("--out", str(out))
    kept = out.read_bytes()
    with pytest.raises(OutputExistsError):
        made("--out", str(out))
    assert out.read_bytes() == kept


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputNotWrittenError, match="nowhere"):
        made("--out", str(tmp_path / "nowhere" / "me.txt"))


def test_two_keys_differ_and_the_json_tells_no_secret(tmp_path: Path) -> None:
    one = json.loads(made("--json", "--out", str(tmp_path / "one.txt")))
    other = json.loads(made("--json", "--out", str(tmp_path / "other.txt")))
    assert set(one) == {"kind", "recipient"}
    assert one["recipient"] != other["recipient"]
    assert "SECRET" not in json.dumps(one)
