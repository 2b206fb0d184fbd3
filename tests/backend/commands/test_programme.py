"""`amana programme` against a served API: what a coordinator types, and what goes wrong."""

import stat
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from click.testing import CliRunner

from backend.commands.offices import uplink
from backend.commands.programme import NoPassphraseError, programme
from backend.services.enrolling import enrolment_id
from protocols.messages import (
    EnrolmentStatus,
    PendingEnrolment,
)
from protocols.plain import from_json, load_json
from tests.backend.commands.office import PASSPHRASE, NewDevice, Office, secret_of


def test_a_device_is_invited_compared_approved_and_revoked(office: Office) -> None:
    name, invitation = office.invite()
    device = NewDevice()
    device.ask_in(office.http, invitation, secret_of(invitation))
    office.ask("contribute", *office.here, "--invitation", name)
    code = device.show(office.http)
    waiting = office.ask("pending", *office.here, "--country", "TN")
    assert [(each["device"], each["proof"], each["step"]) for each in waiting] == [
        (device.id, True, "opened")
    ]
    spaced = f"{code[:4]} {code[4:]}"
    approved = office.ask("approve", *office.here, "--invitation", name, "--code", spaced)
    assert approved["device"] == device.id
    assert device.id in _devices(office)
    number = office.snapshot(device).number

    words = ("--country", "TN", "--subject", device.id, "--reason", "lost")
    revoked = office.ask("revoke", *office.here, *words)
    assert revoked["snapshot"] == number + 1
    refused = device.send(office.http, "GET", "/v1/directory/TN")
    assert (refused.status_code, load_json(refused.content)["code"]) == (403, "revoked")


@pytest.mark.parametrize("label", ["[/bold]phone", "[i]x", "[red]"])
def test_a_label_is_shown_as_it_is_written(office: Office, label: str) -> None:
    _, invitation = office.invite()
    NewDevice().ask_in(office.http, invitation, bytes(32), label)
    shown = office.type("pending", *office.here, "--country", "TN")
    assert shown.exit_code == 0, shown.exception
    assert label in shown.output.replace("\n", "")


def test_a_server_that_lets_labels_through_steers_no_terminal(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, invitation = office.invite()
    device = NewDevice()
    device.ask_in(office.http, invitation, bytes(32))
    honest = uplink.Uplink.pending

    def lying(self: uplink.Uplink, country: str) -> tuple[PendingEnrolment, ...]:
        return tuple(
            attrs.evolve(each, request=attrs.evolve(each.request, label="\x1b[2Jholds"))
            for each in honest(self, country)
        )

    monkeypatch.setattr(uplink.Uplink, "pending", lying)
    shown = office.type("pending", *office.here, "--country", "TN")
    assert shown.exit_code == 0
    assert "\x1b" not in shown.output


def test_an_invitation_is_used_once(office: Office) -> None:
    name, code = office.compared(NewDevice())
    office.ask("approve", *office.here, "--invitation", name, "--code", code)
    again = ("approve", *office.here, "--invitation", name, "--code", code)
    assert office.refused(*again).code == "unknown_invitation"
    assert not list(office.folder.rglob(f"{name}*")), "the secret must be gone from the disk"


@pytest.mark.parametrize("server_took_it", [False, True])
def test_a_line_that_breaks_while_approving_is_mended_by_approving_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, server_took_it: bool
) -> None:
    device = NewDevice()
    name, code = office.compared(device)
    words = ("approve", *office.here, "--invitation", name, "--code", code)

    def breaks(method: str, url: str, **rest: Any) -> httpx.Response:
        if url.endswith("/approval"):
            if server_took_it:
                office.http.request(method, url, **rest)
            raise httpx.ReadError("the line broke")
        return office.http.request(method, url, **rest)

    monkeypatch.setattr(uplink.httpx, "request", breaks)
    assert office.refused(*words).code == "server_unreachable"
    monkeypatch.setattr(uplink.httpx, "request", office.http.request)
    office.ask(*words)
    enrolment = _enrolment(office, device, name)
    assert enrolment.state == "approved"
    assert office.snapshot(device).number == _status(office)["number"]
    assert _devices(office) == [device.id], "certified once, however often it was tried"
    assert device.send(office.http, "GET", "/v1/sync/TN?after=0&known=0").status_code == 200


def test_what_could_not_be_published_is_published_later_under_the_same_number(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(method: str, url: str, **rest: Any) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(uplink.httpx, "request", down)
    publish = ("publish", *office.here, "--country", "TN")
    assert office.refused(*publish).code == "server_unreachable"
    assert (_status(office)["number"], _status(office)["sent"]) == (1, False)
    monkeypatch.setattr(uplink.httpx, "request", office.http.request)
    assert [each["number"] for each in office.ask(*publish)] == [2]
    assert (_status(office)["number"], _status(office)["sent"]) == (2, True)


def test_refusals_say_what_to_do_and_change_nothing(office: Office, tmp_path: Path) -> None:
    before = _status(office)
    publish = ("publish", *office.here, "--country", "TN")
    stranger = ("--country", "TN", "--organisation", "demo-nobody", "--role", "field_worker")
    unknown = ("--country", "TN", "--subject", "demo-nobody", "--reason", "lost")
    cases = {
        "wrong_passphrase": office.refused(*publish, passphrase="another"),
        "not_certified": office.refused("invite", *office.here, *stranger),
        "programme_exists": office.refused("init", "--out", str(office.folder)),
        "no_programme_folder": office.refused("status", "--dir", str(tmp_path / "none")),
        "unknown_invitation": office.refused(
            "approve", *office.here, "--invitation", "tn-0", "--code", "12345678"
        ),
    }
    assert {name: error.code for name, error in cases.items()} == {each: each for each in cases}
    assert office.refused("revoke", *office.here, *unknown).code == "not_certified"
    assert _status(office) == before


def test_secrets_on_disk_are_sealed_and_for_their_owner_only(office: Office) -> None:
    for key in office.folder.rglob("*.age"):
        assert key.read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")
    office.invite()
    secret = [*office.folder.rglob("*.age"), *office.folder.rglob("invitations/*.json")]
    secret.append(office.folder / "server" / "server.key")
    assert len(secret) >= 7
    assert {stat.S_IMODE(each.stat().st_mode) for each in secret} == {0o600}
    assert stat.S_IMODE((office.folder / "authorities" / "TN").stat().st_mode) == 0o700


def test_every_command_shows_an_example(office: Office) -> None:
    for name in programme.commands:
        assert f"amana programme {name}" in office.type(name, "--help").output


def _status(office: Office) -> dict[str, Any]:
    found = office.ask("status", *office.here)["countries"]
    one: dict[str, Any] = next(each for each in found if each["country"] == "TN")
    return one


def _devices(office: Office) -> list[str]:
    return [each["id"] for each in _status(office)["devices"] if each["valid"]]


def _enrolment(office: Office, device: NewDevice, invitation: str) -> EnrolmentStatus:
    path = f"/v1/enrolments/{enrolment_id(invitation, device.id)}"
    return from_json(device.send(office.http, "GET", path).content, EnrolmentStatus)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--name", "\x1b[31m"),
        ("--name", "Two Words"),
        ("--name", ""),
        ("--server", "amana.example.org"),
        ("--server", "http://amana.example.org"),
        ("--server", "https://user:word@amana.example.org"),
        ("--server", "https://amana.example.org/?a=b"),
    ],
)
def test_what_no_phone_would_take_is_not_founded(tmp_path: Path, wrong: tuple[str, str]) -> None:
    out = tmp_path / "new"
    words = ["init", "--out", str(out), "--work-factor", "1", *wrong]
    result = CliRunner().invoke(programme, words, env={"AMANA_PASSPHRASE": PASSPHRASE})
    assert result.exit_code == 2
    assert wrong[0] in result.stderr
    assert not out.exists()


@pytest.mark.parametrize("kept", [None, b"\xff\xfe\n"])
def test_without_a_readable_passphrase_or_a_terminal_nothing_is_founded(
    tmp_path: Path, kept: bytes | None
) -> None:
    words = ["init", "--out", str(tmp_path / "new")]
    if kept is not None:
        (tmp_path / "kept").write_bytes(kept)
        words += ["--passphrase-file", str(tmp_path / "kept")]
    result = CliRunner().invoke(programme, words, env={"AMANA_PASSPHRASE": None})
    assert isinstance(result.exception, NoPassphraseError)
    assert result.stdout == ""
    assert not (tmp_path / "new").exists()
