"""`amana audit` as others script against it: codes, JSON, and words for people."""

import json
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from nacl.signing import SigningKey

from protocols.audit.export import write_export
from protocols.commands.audit import UnusableInputError, audit
from protocols.commands.showing import shown
from protocols.plain import dump_json, parse_time, to_json
from protocols.sealing.certificate import Certificate, Role, Root, certify
from protocols.sealing.statement import keyid
from protocols.timeline.checkpoint import Checkpoint, origin_for, sign_checkpoint
from protocols.timeline.merkle import EMPTY_ROOT

ROOT_KEY, AUTHORITY, SERVER = (SigningKey(bytes([seed]) * 32) for seed in (1, 2, 3))
ROOT = Root(
    "Audit Command Test (fictional)",
    (bytes(ROOT_KEY.verify_key),),
    1,
    parse_time("2026-01-01T00:00:00Z"),
)
ORIGIN = origin_for(ROOT.programme, "MA")


def certificate(role: Role, subject: str, key: SigningKey) -> Certificate:
    return Certificate(
        subject=subject,
        role=role,
        country="MA",
        name=f"{role} (fictional)",
        organisation=None,
        keys=(bytes(key.verify_key),),
        threshold=1,
        not_before=ROOT.created,
        not_after=parse_time("2027-01-01T00:00:00Z"),
        serial="0" * 32,
    )


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """(export of an empty log, root.json)"""
    server = certificate(Role.SERVER, keyid(bytes(SERVER.verify_key)), SERVER)
    lines = write_export(
        country="MA",
        origin=ORIGIN,
        exported=parse_time("2026-06-01T00:00:00Z"),
        directory=None,
        certificates=[
            certify(certificate(Role.AUTHORITY, "authority-ma", AUTHORITY), ROOT_KEY),
            certify(server, AUTHORITY),
        ],
        leaves=[],
        checkpoint=sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), ORIGIN, SERVER),
    )
    export, root = tmp_path / "export.jsonl", tmp_path / "root.json"
    export.write_bytes(b"".join(lines))
    root.write_bytes(to_json(ROOT))
    return export, root


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(audit, [str(each) for each in arguments])


def test_a_log_that_holds_exits_0(files: tuple[Path, Path]) -> None:
    export, root = files
    result = run("verify", export, "--root", root)
    assert result.exit_code == 0
    assert "Everything holds" in result.output
    assert ROOT.fingerprint in result.output
    report = json.loads(run("verify", export, "--root", root, "--json").output)
    assert report["ok"] is True
    assert report["faults"] == []
    assert report["root"] == EMPTY_ROOT.hex()


def test_a_log_that_does_not_hold_exits_1_and_names_each_fault(files: tuple[Path, Path]) -> None:
    export, root = files
    export.write_bytes(export.read_bytes() + b"noise\n")
    result = run("verify", export, "--root", root)
    assert result.exit_code == 1
    assert "bad_line" in result.output
    report = json.loads(run("verify", export, "--root", root, "--json").output)
    assert {each["rule"] for each in report["faults"]} == {"bad_line", "after_the_end"}
    assert all(each["where"] and each["message"] for each in report["faults"])


def test_another_root_exits_1(files: tuple[Path, Path]) -> None:
    export, root = files
    root.write_bytes(to_json(evolve(ROOT, keys=(bytes(SERVER.verify_key),))))
    assert run("verify", export, "--root", root).exit_code == 1


@pytest.mark.parametrize(
    "damage", ["no export", "not an export", "no root", "bad root", "bad time", "no time"]
)
def test_unusable_input_exits_2_and_says_why(files: tuple[Path, Path], damage: str) -> None:
    export, root = files
    extra: list[str] = []
    match damage:
        case "no export":
            export.unlink()
        case "not an export":
            export.write_bytes(b"\x00" * 1000)
        case "no root":
            root.unlink()
        case "bad root":
            root.write_bytes(b"{}")
        case "bad time":
            extra = ["--at", "yesterday"]
        case "no time":
            extra = ["--at", ""]
    result = run("verify", export, "--root", root, *extra)
    assert result.exit_code == 2
    assert "amana audit:" in result.output
    assert "Traceback" not in result.output


def test_show_prints_the_same_verdict(files: tuple[Path, Path]) -> None:
    export, root = files
    for language in ("ar", "fr", "en"):
        result = run("show", export, "--root", root, "--language", language)
        assert result.exit_code == 0
        assert "Everything holds" in result.output


@pytest.mark.parametrize(
    "told", ["[/red]", "[bold green]✓ holds[/]", "\x1b[31mred", "a\nb", "\u202ex"]
)
def test_what_an_export_says_neither_breaks_nor_colours_the_verdict(
    files: tuple[Path, Path], told: str
) -> None:
    export, root = files
    header, _, rest = export.read_bytes().partition(b"\n")
    export.write_bytes(dump_json({**json.loads(header), "origin": told}) + b"\n" + rest)
    for command in ("verify", "show"):
        result = run(command, export, "--root", root)
        assert result.exit_code == 1
        assert "wrong_origin" in result.stdout
        assert not {"\x1b", "\u202e"} & set(result.stdout)
        assert shown(told).split()[0] in result.stdout


def test_show_in_json_has_the_events_and_the_report(files: tuple[Path, Path]) -> None:
    export, root = files
    answer = json.loads(run("show", export, "--root", root, "--json").stdout)
    assert answer["events"] == []
    assert answer["report"] == json.loads(run("verify", export, "--root", root, "--json").stdout)


def test_a_referral_that_is_not_there_is_said(files: tuple[Path, Path]) -> None:
    export, root = files
    result = run("show", export, "--root", root, "--referral", "a" * 26)
    assert isinstance(result.exception, UnusableInputError)
    assert "a" * 26 in str(result.exception)


def test_a_root_file_without_end_is_not_read_to_its_end(files: tuple[Path, Path]) -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("needs /dev/zero, a file without end")
    assert run("verify", files[0], "--root", endless).exit_code == 2
