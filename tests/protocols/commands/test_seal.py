"""`amana seal` and `amana open`, against themselves and against the age command."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from protocols.commands.seal import UnusableRecipientError, open_, seal
from protocols.errors import AmanaError
from protocols.sealing.age import MixedRecipientsError, NoMatchError
from protocols.sealing.age_header import AgeFormatError
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_stream import AgePayloadError
from protocols.sealing.age_x25519 import X25519Identity

KEY = X25519Identity(bytes(range(32)))
HYBRID = HybridIdentity(bytes(range(32)))
OTHER = X25519Identity(bytes(range(1, 33)))
BIG = bytes(range(256)) * 700  # nearly three chunks


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "me.txt"
    path.write_text(f"# created: today\n# public key: {KEY.recipient.text}\n\n{KEY.text}\n")
    return path


@pytest.fixture
def age() -> str:
    found = shutil.which("age")
    if found is None:
        pytest.skip("the age command is not installed: `apt-get install age` to compare with it")
    return found


def run(command, *arguments: str, given: bytes = b"") -> bytes:
    result = CliRunner().invoke(command, arguments, input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout_bytes


MAIN = "from protocols.commands import main; main()"
AMANA = shlex.join([sys.executable, "-c", MAIN])


def amana(*arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, *arguments], input=given, capture_output=True, check=False
    )


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["sh", "-c", line], capture_output=True, check=False)


@pytest.mark.parametrize("options", [(), ("--armor",)])
@pytest.mark.parametrize("plain", [b"", b"secret", BIG], ids=len)
def test_what_is_sealed_opens(identity: Path, plain: bytes, options: tuple[str, ...]) -> None:
    to = ("-r", OTHER.recipient.text, "-r", KEY.recipient.text)
    sealed = run(seal, *to, *options, given=plain)
    assert sealed.startswith(b"-----BEGIN AGE" if options else b"age-encryption.org/v1\n")
    assert run(open_, "-i", str(identity), given=sealed) == plain


@pytest.mark.parametrize("options", [(), ("--armor",)])
@pytest.mark.parametrize("plain", [b"", b"secret", BIG], ids=len)
def test_the_age_command_opens_what_amana_sealed(
    age: str, identity: Path, plain: bytes, options: tuple[str, ...]
) -> None:
    sealed = run(seal, "-r", KEY.recipient.text, *options, given=plain)
    opened = subprocess.run(
        [age, "-d", "-i", identity], input=sealed, capture_output=True, check=True
    )
    assert opened.stdout == plain


@pytest.mark.parametrize("options", [(), ("--armor",)])
@pytest.mark.parametrize("plain", [b"", b"secret", BIG], ids=len)
def test_amana_opens_what_the_age_command_sealed(
    age: str, identity: Path, plain: bytes, options: tuple[str, ...]
) -> None:
    sealed = subprocess.run(
        [age, *options, "-r", KEY.recipient.text], input=plain, capture_output=True, check=True
    )
    assert run(open_, "-i", str(identity), given=sealed.stdout) == plain


def test_age_keygen_makes_keys_that_amana_takes(age: str, tmp_path: Path) -> None:
    made = subprocess.run(["age-keygen"], capture_output=True, check=True).stdout
    path = tmp_path / "made.txt"
    path.write_bytes(made)
    public = next(
        line.removeprefix("# public key: ")
        for line in made.decode().splitlines()
        if line.startswith("# public key: ")
    )
    sealed = run(seal, "-r", public, given=b"for the made key")
    assert run(open_, "-i", str(path), given=sealed) == b"for the made key"


def test_whitespace_before_the_armor_is_no_matter(identity: Path) -> None:
    sealed = run(seal, "-r", KEY.recipient.text, "--armor", given=b"x")
    crlf = b"\r\n \r\n" + sealed.replace(b"\n", b"\r\n")
    assert run(open_, "-i", str(identity), given=crlf) == b"x"


def test_several_identity_files_are_tried(identity: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.txt"
    second.write_text(OTHER.text)
    sealed = run(seal, "-r", OTHER.recipient.text, given=b"x")
    assert run(open_, "-i", str(identity), "-i", str(second), given=sealed) == b"x"


@pytest.fixture
def both(tmp_path: Path) -> Path:
    path = tmp_path / "both.txt"
    path.write_text(f"{HYBRID.text}\n{KEY.text}\n")
    return path


@pytest.mark.parametrize("options", [(), ("--armor",)])
@pytest.mark.parametrize("plain", [b"", b"secret", BIG], ids=len)
@pytest.mark.parametrize("key", [HYBRID, KEY], ids=["hybrid", "x25519"])
def test_an_identity_file_of_both_kinds_opens_both(
    both: Path, key: HybridIdentity | X25519Identity, plain: bytes, options: tuple[str, ...]
) -> None:
    sealed = run(seal, "-r", key.recipient.text, *options, given=plain)
    assert run(open_, "-i", str(both), given=sealed) == plain


def test_the_sender_is_told_which_kind_was_used() -> None:
    for key, kind, told in (
        (HYBRID, "mlkem768x25519", "a future quantum computer does not open it"),
        (KEY, "X25519", "has a large quantum computer later can open it"),
    ):
        plain = CliRunner().invoke(seal, ["-r", key.recipient.text], input=b"x")
        assert plain.stderr.startswith(f"sealed with {kind}: ")
        assert plain.stderr.endswith(f"{told}\n")
        report = CliRunner().invoke(seal, ["-r", key.recipient.text, "--json"], input=b"x")
        assert json.loads(report.stderr)["kind"] == kind


def test_the_two_kinds_never_share_a_file() -> None:
    for keys in ((HYBRID, KEY), (KEY, HYBRID)):
        to = [part for key in keys for part in ("-r", key.recipient.text)]
        assert refuse(MixedRecipientsError, seal, *to, given=b"x") == b""
    refused = amana("seal", "-r", KEY.recipient.text, "-r", HYBRID.recipient.text, given=b"x")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"seal a file for each kind" in refused.stderr


def test_without_cryptography_a_hybrid_key_is_refused_by_name_and_x25519_works(
    both: Path, tmp_path: Path
) -> None:
    without = "import sys; sys.modules['cryptography'] = None; " + MAIN

    def bare(*arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
        line = [sys.executable, "-c", without, *arguments]
        return subprocess.run(line, input=given, capture_output=True, check=False)

    sealed = bare("seal", "-r", KEY.recipient.text, given=b"plain")
    assert (sealed.returncode, sealed.stderr[:18]) == (0, b"sealed with X25519")
    opened = bare("open", "-i", str(both), given=sealed.stdout)
    assert (opened.returncode, opened.stdout) == (0, b"plain")
    refused = bare("seal", "-r", HYBRID.recipient.text, given=b"plain")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"ask for an X25519 key" in refused.stderr
    hybrid = run(seal, "-r", HYBRID.recipient.text, given=b"plain")
    closed = bare("open", "-i", str(both), given=hybrid)
    assert (closed.returncode, closed.stdout) == (2, b"")
    assert b"this device's X25519 key" in closed.stderr
    assert b"Traceback" not in refused.stderr + closed.stderr


def test_json_reports_both_sides_on_standard_error(identity: Path) -> None:
    sealing = CliRunner().invoke(seal, ["-r", KEY.recipient.text, "--json"], input=BIG)
    opening = CliRunner().invoke(open_, ["-i", str(identity), "--json"], input=sealing.stdout_bytes)
    assert opening.stdout_bytes == BIG
    first, second = json.loads(sealing.stderr), json.loads(opening.stderr)
    assert first["recipients"] == [KEY.recipient.text]
    assert first["opened"] == second["opened"]
    assert first["opened"]["bytes"] == len(BIG)
    assert first["sealed"] == second["sealed"]
    assert first["sealed"]["bytes"] == len(sealing.stdout_bytes)
    assert first["armored"] is second["armored"] is False


def refuse(error: type[AmanaError], command, *arguments: str, given: bytes) -> bytes:
    result = CliRunner().invoke(command, arguments, input=given)
    assert isinstance(result.exception, error), result.exception
    return result.stdout_bytes


def test_what_cannot_be_opened_is_refused_by_name(identity: Path, tmp_path: Path) -> None:
    sealed = run(seal, "-r", KEY.recipient.text, given=BIG)
    elsewhere = run(seal, "-r", OTHER.recipient.text, given=BIG)
    me = ("-i", str(identity))
    assert refuse(NoMatchError, open_, *me, given=elsewhere) == b""
    assert refuse(AgeFormatError, open_, *me, given=b"plain text") == b""
    assert refuse(AgeFormatError, open_, *me, given=b"") == b""
    cut = refuse(AgePayloadError, open_, *me, given=sealed[:-1])
    assert BIG.startswith(cut)
    assert 0 < len(cut) < len(BIG)
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing\n")
    assert refuse(AgeFormatError, open_, "-i", str(empty), given=sealed) == b""
    binary = tmp_path / "binary"
    binary.write_bytes(os.urandom(64) + b"\xff")
    assert refuse(AgeFormatError, open_, "-i", str(binary), given=sealed) == b""


def test_a_mistyped_recipient_is_refused_before_anything_is_written() -> None:
    text = KEY.recipient.text
    for wrong in (text[:-1] + "x", KEY.text, "age1pq1qqqq", ""):
        assert refuse(UnusableRecipientError, seal, "-r", wrong, given=b"x") == b""


def test_of_several_recipients_the_wrong_one_is_named_by_its_place_and_no_secret_is_shown() -> None:
    refused = amana("seal", "-r", OTHER.recipient.text, "-r", KEY.text, given=b"x")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"recipient 2" in refused.stderr
    assert KEY.text[20:30].encode() not in refused.stderr


def test_standard_input_is_no_identity_file() -> None:
    result = CliRunner().invoke(open_, ["-i", "-"], input=b"")
    assert result.exit_code == 2
    assert "name an identity file" in result.stderr


def test_an_identity_file_that_cannot_be_read_is_named_and_ends_with_2(tmp_path: Path) -> None:
    for path in (str(tmp_path / "nowhere.txt"), str(tmp_path)):
        result = amana("open", "-i", path, given=b"")
        assert (result.returncode, result.stdout) == (2, b"")
        assert path.encode() in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is full")
@pytest.mark.parametrize("more", ["", "--armor"])
def test_a_full_disk_ends_with_a_message_and_2(more: str) -> None:
    ended = shell(f"echo hi | {AMANA} seal -r {KEY.recipient.text} {more} >/dev/full")
    assert ended.returncode == 2
    assert b"No space left" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_stream_ends_with_a_message_and_2(closed: str) -> None:
    ended = shell(f"{AMANA} seal -r {KEY.recipient.text} {closed}")
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"amana: standard input or output is closed")


def test_seal_needs_a_recipient() -> None:
    assert CliRunner().invoke(seal, [], input=b"x").exit_code == 2


def test_the_command_line_ends_with_a_message_and_two(identity: Path) -> None:
    made = amana("seal", "-r", KEY.recipient.text, given=b"through the door")
    assert (made.returncode, made.stderr.split(b":")[0]) == (0, b"sealed with X25519")
    opened = amana("open", "-i", str(identity), given=made.stdout)
    assert (opened.returncode, opened.stdout) == (0, b"through the door")
    damaged = amana("open", "-i", str(identity), given=made.stdout[:-1])
    assert (damaged.returncode, damaged.stdout) == (2, b"")
    assert damaged.stderr.startswith(b"amana: ")
    assert b"Traceback" not in damaged.stderr


@pytest.mark.parametrize("command", [seal, open_])
def test_help_shows_an_example(command) -> None:
    assert b"<letter" in run(command, "--help")
