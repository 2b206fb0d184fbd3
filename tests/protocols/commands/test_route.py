"""`amana route` as others script against it: JSON, exit codes, words, documented examples."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import fields
from click.testing import CliRunner, Result

from protocols.commands.route import DirectoryFile, route
from protocols.plain import from_json, parse_time
from protocols.referral.filters import EXCLUSIONS
from protocols.referral.provider import Capacity, Eligibility, Hours, Opening, Provider
from protocols.referral.request import Person, Request
from protocols.referral.routing import rank
from protocols.referral.services import Service
from protocols.referral.wording import _sentences

FORMATS = Path(__file__).resolve().parents[3] / "docs" / "formats"
DIRECTORY, REQUEST = FORMATS / "directory.example.json", FORMATS / "request.example.json"
AT = "2026-11-24T12:00:00Z"


def run(*more: str, directory: Path = DIRECTORY, request: Path = REQUEST) -> Result:
    return CliRunner().invoke(
        route, ["--directory", str(directory), "--request", str(request), *more]
    )


def answer(*more: str, **files: Path) -> dict[str, Any]:
    result = run("--json", *more, **files)
    assert result.exit_code == 0, result.output
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def written(folder: Path, name: str, value: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(value))
    return path


def test_the_documented_example_runs_as_documented() -> None:
    found = answer("--at", AT)
    assert [each["provider"] for each in found["ranked"]] == [
        "demo-shelter-sfax",
        "demo-legal-aid-tunis",
        "demo-house-tripoli",
    ]
    assert {each["provider"]: each["code"] for each in found["excluded"]} == {
        "demo-nobody-vouches": "no_certificate",
        "demo-focal-point-tn": "service_not_given",
        "demo-women-shelter-gabes": "sex",
        "demo-employer-friend": "conflict_of_interest",
    }
    assert found["split"] == [
        {"provider": "demo-shelter-sfax", "services": ["shelter"]},
        {"provider": "demo-legal-aid-tunis", "services": ["legal_aid"]},
    ]
    assert found["unmet"] == []
    assert found["nearest"] == []
    assert found["focal_points"] == ["demo-focal-point-tn"]


def test_reasons_are_objects_with_code_text_and_values() -> None:
    found = answer("--at", AT)
    first = found["ranked"][0]
    assert first["services"] == ["shelter"]
    assert first["left"] == ["legal_aid"]
    assert {"code": "open_now", "text": "Open now", "values": {}} in first["reasons"]
    assert all(isinstance(each["reason"], str) and each["reason"] for each in found["excluded"])


def test_the_command_gives_the_same_answer_as_the_function() -> None:
    listed = from_json(DIRECTORY.read_bytes(), DirectoryFile).routing()
    expected = rank(from_json(REQUEST.read_bytes(), Request), listed, parse_time(AT))
    found = answer("--at", AT)
    assert [each["provider"] for each in found["ranked"]] == [e.provider for e in expected.ranked]


@pytest.mark.parametrize(("language", "words"), [("fr", "Ouvert maintenant"), ("ar", "مفتوح الآن")])
def test_words_come_in_the_language_asked_for(language: str, words: str) -> None:
    texts = [
        each["text"] for each in answer("--at", AT, "--language", language)["ranked"][0]["reasons"]
    ]
    assert words in texts


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_people_get_a_table(language: str) -> None:
    result = run("--at", AT, "--language", language)
    assert result.exit_code == 0
    for provider in from_json(DIRECTORY.read_bytes(), DirectoryFile).providers:
        assert provider.id in result.stdout


def test_only_id_country_and_services_must_be_given(tmp_path: Path) -> None:
    directory = {"providers": [{"id": "demo-a", "country": "TN", "services": ["shelter"]}]}
    wanted = {"referral": "demo-r", "country": "TN", "services": ["shelter"]}
    found = answer(
        directory=written(tmp_path, "d.json", directory),
        request=written(tmp_path, "r.json", wanted),
    )
    assert [each["provider"] for each in found["ranked"]] == ["demo-a"]


def test_without_a_list_of_trusted_all_listed_are_and_with_an_empty_one_nobody(
    tmp_path: Path,
) -> None:
    directory = json.loads(DIRECTORY.read_text())
    del directory["trusted"]
    found = answer("--at", AT, directory=written(tmp_path, "all.json", directory))
    assert "no_certificate" not in [each["code"] for each in found["excluded"]]
    directory["trusted"] = []
    found = answer("--at", AT, directory=written(tmp_path, "none.json", directory))
    assert found["ranked"] == []
    assert {each["code"] for each in found["excluded"]} == {"no_certificate"}


def test_no_match_names_the_nearest_and_the_focal_point(tmp_path: Path) -> None:
    directory = json.loads(DIRECTORY.read_text())
    directory["providers"] = directory["providers"][2:3] + directory["providers"][5:6]
    path = written(tmp_path, "d.json", directory)
    found = answer("--at", AT, directory=path)
    assert found["ranked"] == []
    assert found["nearest"] == ["demo-women-shelter-gabes"]
    assert found["focal_points"] == ["demo-focal-point-tn"]
    assert found["unmet"] == ["shelter", "legal_aid"]
    shown = run("--at", AT, directory=path).stdout
    assert "Nobody gives: shelter; legal aid" in shown
    assert "Nearest to what is needed: Demo Women's Shelter Gabes" in shown


def test_a_name_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    """Names come from outside: markup stays text, and no escape sequence gets through."""
    directory = json.loads(DIRECTORY.read_text())
    directory["providers"][0]["names"] = {"en": "[red]Demo[/]\x1b[2J \u202e\nX"}
    shown = run("--at", AT, directory=written(tmp_path, "d.json", directory)).stdout
    assert "[red]Demo[/]" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


UNUSABLE: list[tuple[dict[str, Any], str]] = [
    ({"services": []}, "Request: services: none is asked for"),
    ({"services": ["teleportation"]}, "unusable_routing_input"),
    ({"country": "FR"}, "unusable_routing_input"),
    ({"division": "LY-TB"}, "LY-TB is not in TN"),
    ({"person": {"age": "twelve"}}, "person.age"),
    ({"person": {"name": "Fictional"}}, "name"),
    ({"urgency": "soonish"}, "urgency"),
]


@pytest.mark.parametrize(("change", "named"), UNUSABLE)
def test_an_unusable_request_is_named_and_ends_with_2(
    tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    wanted = {**json.loads(REQUEST.read_text()), **change}
    result = run("--json", request=written(tmp_path, "r.json", wanted))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert named in result.stderr


def test_two_providers_with_one_id_are_named(tmp_path: Path) -> None:
    directory = json.loads(DIRECTORY.read_text())
    directory["providers"] *= 2
    result = run(directory=written(tmp_path, "d.json", directory))
    assert result.exit_code == 2
    assert "invalid_routing_directory" in result.stderr


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"{", b"[]", b'{"providers": [], "providers": []}']
)
def test_a_file_that_is_no_directory_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.json"
    path.write_bytes(content)
    result = run(directory=path)
    assert result.exit_code == 2
    assert "d.json" in result.stderr


def test_a_missing_file_a_folder_and_an_impossible_time_are_named(tmp_path: Path) -> None:
    for result in (
        run(directory=tmp_path / "missing.json"),
        run(request=tmp_path),
        run("--at", "yesterday"),
    ):
        assert result.exit_code == 2
        assert "unusable_routing_input" in result.stderr


def test_the_format_page_names_every_field_service_and_code() -> None:
    page = (FORMATS / "routing.md").read_text()
    page = re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", page))))
    for kind in (Provider, Eligibility, Capacity, Hours, Opening, Person, Request, DirectoryFile):
        assert {each.name for each in fields(kind)} - {"person"} <= named, kind
    assert {each.value for each in Service} <= named
    assert set(_sentences()) <= named
    filters = page[page.index("## Hard filters") : page.index("## Ranking order")]
    rows = "".join(line.split("|")[2] for line in filters.splitlines() if line.startswith("| "))
    assert tuple(re.findall(r"`([a-z_]+)`", rows)) == EXCLUSIONS
