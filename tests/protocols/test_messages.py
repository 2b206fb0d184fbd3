"""What a directory may name of checklists' editions, and what it may not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from protocols.errors import MalformedError
from protocols.messages import MOST_EDITION_BYTES, MOST_EDITIONS, Edition, Snapshot, is_sha256
from protocols.plain import from_json, load_json, to_json, to_plain

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EDITION = Edition("labour_inspector-adult", 2, "0a" * 32, 90_000)


def snapshot(*editions: Edition, checklists: tuple[str, ...] = (EDITION.id,)) -> Snapshot:
    return Snapshot("TN", 1, NOW, NOW + timedelta(days=30), (), (), (), checklists, editions)


def test_a_directory_names_editions_and_is_read_back() -> None:
    whole = snapshot(EDITION)
    assert from_json(to_json(whole), Snapshot) == whole


def test_a_directory_from_before_there_were_editions_is_still_read() -> None:
    plain = to_plain(snapshot())
    del plain["editions"]
    assert from_json(to_json(plain), Snapshot) == snapshot()


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../../etc/passwd-adult"},
        {"id": "labour_inspector"},
        {"id": "labour_inspector-adult\n"},
        {"version": 0},
        {"sha256": "0A" * 32},
        {"sha256": "0a" * 31},
        {"sha256": "0a" * 32 + "\n"},
        {"size": 0},
        {"size": MOST_EDITION_BYTES + 1},
    ],
)
def test_an_edition_that_names_nothing_usable_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        evolve(EDITION, **wrong)
    with pytest.raises(MalformedError):
        from_json(to_json({**to_plain(EDITION), **wrong}), Edition)


def test_no_checklist_has_two_editions_at_once() -> None:
    with pytest.raises(MalformedError, match="one a checklist"):
        snapshot(EDITION, evolve(EDITION, version=3))


def test_an_edition_of_a_checklist_that_the_country_does_not_use_is_refused() -> None:
    plain = to_plain(snapshot(EDITION)) | {"checklists": ["health_worker-adult"]}
    with pytest.raises(MalformedError, match="labour_inspector-adult"):
        from_json(to_json(plain), Snapshot)


def test_a_directory_names_so_many_and_no_more() -> None:
    many = [evolve(EDITION, id=f"role_{n}-adult") for n in range(MOST_EDITIONS + 1)]
    ids = tuple(each.id for each in many)
    assert len(snapshot(*many[1:], checklists=ids).editions) == MOST_EDITIONS
    with pytest.raises(MalformedError, match=str(MOST_EDITIONS)):
        snapshot(*many, checklists=ids)


def test_a_sha256_is_64_small_hex_digits() -> None:
    assert is_sha256("0" * 64)
    assert not any(map(is_sha256, ("", "0" * 63, "g" * 64, "0" * 64 + "\n", "A" * 64)))
    assert load_json(to_json(EDITION))["sha256"] == EDITION.sha256
