"""`amana programme checklist`: a country's own edition, proven, signed, stored and named."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.api.runtime import current
from backend.commands.offices import uplink
from backend.store.tables import ChecklistFileRow
from protocols.messages import MOST_EDITION_BYTES, Edition
from protocols.screening.checklist import packaged
from tests.backend.commands.office import NewDevice, Office

CHILD = "labour_inspector-child"
CARRIED = json.loads(packaged(CHILD))


def file_of(version: int, folder: Path, **changes: Any) -> Path:
    """A file of the carried checklist in another version, as a ministry would edit it."""
    made = CARRIED | {"version": version} | changes
    path = folder / f"edition-{version}.json"
    path.write_text(json.dumps(made, ensure_ascii=False))
    return path


def edition_of(path: Path, version: int) -> Edition:
    data = path.read_bytes()
    return Edition(CHILD, version, hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def device(office: Office) -> NewDevice:
    """A phone that was let in, so that the directory is published once."""
    made = NewDevice()
    name, code = office.compared(made)
    office.ask("approve", *office.here, "--invitation", name, "--code", code)
    return made


def publishing(office: Office, path: Path) -> tuple[str, ...]:
    return ("checklist", "publish", str(path), *office.here, "--country", "TN")


def served(office: Office, device: NewDevice, edition: Edition) -> bytes:
    answer = device.send(office.http, "GET", f"/v1/checklists/{edition.sha256}")
    assert answer.status_code == 200, answer.content
    return answer.content


def test_an_edition_is_signed_named_and_served(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    before = office.snapshot(device)
    path = file_of(CARRIED["version"] + 1, tmp_path)
    edition = edition_of(path, CARRIED["version"] + 1)
    done = office.ask(*publishing(office, path))
    snapshot = office.snapshot(device)
    assert (done["snapshot"], snapshot.number) == (before.number + 1,) * 2
    assert snapshot.editions == (edition,)
    assert snapshot.checklists == before.checklists
    assert served(office, device, edition) == path.read_bytes()


def test_every_later_snapshot_names_it_still(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    path = file_of(CARRIED["version"] + 1, tmp_path)
    office.ask(*publishing(office, path))
    office.ask("publish", *office.here, "--country", "TN")
    (edition,) = office.snapshot(device).editions
    assert served(office, device, edition) == path.read_bytes()


def test_the_same_again_changes_nothing(office: Office, device: NewDevice, tmp_path: Path) -> None:
    path = file_of(CARRIED["version"] + 1, tmp_path)
    first, again = (office.ask(*publishing(office, path)) for _ in range(2))
    assert first == again
    assert office.snapshot(device).number == first["snapshot"]


def test_a_newer_edition_takes_the_place_of_the_older(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    for step in (1, 2):
        path = file_of(CARRIED["version"] + step, tmp_path)
        office.ask(*publishing(office, path))
    assert [each.version for each in office.snapshot(device).editions] == [CARRIED["version"] + 2]


def test_a_version_that_does_not_grow_is_refused(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    newest = CARRIED["version"] + 2
    office.ask(*publishing(office, file_of(newest, tmp_path)))
    before = office.snapshot(device)
    for wrong in (
        file_of(newest - 1, tmp_path),
        file_of(newest, tmp_path, reviewers=["Fictional Reviewer"]),
        file_of(CARRIED["version"], tmp_path, reviewers=["Fictional Reviewer"]),
    ):
        assert office.refused(*publishing(office, wrong)).code == "edition_not_newer"
    assert office.snapshot(device) == before


def test_a_version_that_apps_carry_is_refused_unless_it_is_that_very_file(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    wrong = file_of(CARRIED["version"], tmp_path, reviewers=["Fictional Reviewer"])
    assert office.refused(*publishing(office, wrong)).code == "edition_not_newer"
    same = tmp_path / "same.json"
    same.write_bytes(packaged(CHILD))
    office.ask(*publishing(office, same))
    assert office.snapshot(device).editions == (edition_of(same, CARRIED["version"]),)


def test_a_checklist_that_does_not_hold_is_not_published(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    before = office.snapshot(device)
    broken = file_of(9, tmp_path, not_observed={})
    told = office.refused(*publishing(office, broken))
    assert told.code == "checklist_does_not_hold"
    assert "amana checklist check" in str(told)
    garbage = tmp_path / "garbage.json"
    garbage.write_bytes(b"\xff{")
    assert office.refused(*publishing(office, garbage)).code == "checklist_format"
    garbage.write_bytes(b" " * (MOST_EDITION_BYTES + 1))
    assert office.refused(*publishing(office, garbage)).code == "edition_too_large"
    assert office.snapshot(device) == before
    assert not (office.folder / "authorities" / "TN" / "checklists").exists()


def test_a_checklist_of_a_new_role_joins_those_in_use(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    path = file_of(1, tmp_path, id="fictional_teacher-child", role="fictional_teacher")
    office.ask(*publishing(office, path))
    snapshot = office.snapshot(device)
    assert "fictional_teacher-child" in snapshot.checklists
    assert [each.id for each in snapshot.editions] == ["fictional_teacher-child"]


@pytest.mark.parametrize("breaks_at", ["/v1/checklists/", "/v1/directory/"])
@pytest.mark.parametrize("server_took_it", [False, True])
def test_a_line_that_breaks_is_mended_by_the_same_command(
    office: Office,
    device: NewDevice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    breaks_at: str,
    server_took_it: bool,
) -> None:
    path = file_of(CARRIED["version"] + 1, tmp_path)
    before = office.snapshot(device)

    def breaks(method: str, url: str, **rest: Any) -> httpx.Response:
        if breaks_at in url:
            if server_took_it:
                office.http.request(method, url, **rest)
            raise httpx.ReadError("the line broke")
        return office.http.request(method, url, **rest)

    monkeypatch.setattr(uplink.httpx, "request", breaks)
    assert office.refused(*publishing(office, path)).code == "server_unreachable"
    monkeypatch.setattr(uplink.httpx, "request", office.http.request)
    done = office.ask(*publishing(office, path))
    snapshot = office.snapshot(device)
    assert snapshot.number == done["snapshot"] == before.number + 1
    assert snapshot.editions == (edition_of(path, CARRIED["version"] + 1),)


def test_a_server_that_lost_the_files_is_given_them_again(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    """Restored from a copy made before: any command that publishes hands them over."""
    path = file_of(CARRIED["version"] + 1, tmp_path)
    office.ask(*publishing(office, path))
    _lose_files(office)
    office.ask("publish", *office.here, "--country", "TN")
    (edition,) = office.snapshot(device).editions
    assert served(office, device, edition) == path.read_bytes()
    _lose_files(office)
    another = NewDevice()
    name, code = office.compared(another)
    office.ask("approve", *office.here, "--invitation", name, "--code", code)
    assert served(office, another, edition) == path.read_bytes()


def test_a_file_lost_here_and_there_is_asked_for(
    office: Office, device: NewDevice, tmp_path: Path
) -> None:
    path = file_of(CARRIED["version"] + 1, tmp_path)
    office.ask(*publishing(office, path))
    _lose_files(office)
    for kept in (office.folder / "authorities" / "TN" / "checklists").iterdir():
        kept.unlink()
    told = office.refused("publish", *office.here, "--country", "TN")
    assert told.code == "checklist_file_gone"
    office.ask(*publishing(office, path))
    (edition,) = office.snapshot(device).editions
    assert served(office, device, edition) == path.read_bytes()


def test_which_are_in_use_is_listed(office: Office, device: NewDevice, tmp_path: Path) -> None:
    path = file_of(CARRIED["version"] + 1, tmp_path)
    office.ask(*publishing(office, path))
    words = ("checklist", "list", *office.here, "--country", "TN")
    found = {each["id"]: each for each in office.ask(*words)}
    assert found[CHILD]["published"]["version"] == CARRIED["version"] + 1
    assert (found[CHILD]["offered"], found[CHILD]["packaged"]) == (True, CARRIED["version"])
    assert found["labour_inspector-adult"]["published"] is None
    shown = office.type(*words)
    assert shown.exit_code == 0 and CHILD in shown.output


def test_each_command_shows_an_example(office: Office) -> None:
    for name in ("publish", "list"):
        told = office.type("checklist", name, "--help").output
        assert f"amana programme checklist {name}" in " ".join(told.split())


def _lose_files(office: Office) -> None:
    with current().database.write() as session:
        session.query(ChecklistFileRow).delete()
