"""What a dishonest server, or an authority's mistake, can do with editions of checklists: delay."""

import httpx
import pytest
from attrs import evolve

from mobile.sync.errors import DirectoryInvalidError, DirectoryRollbackError
from protocols.messages import MOST_EDITION_BYTES, DirectoryAnswer
from protocols.plain import dump_json, load_json, to_plain
from protocols.sealing.statement import sign
from tests.mobile.cases import ID, checklist_file, screen, send
from tests.mobile.lies import kept, refused
from tests.mobile.town import codes, desk_of

SECOND = checklist_file(2)


def version_of(record):
    return record.interview.checklist.version


def answers_with(server, answer):
    """The server answers so wherever a checklist's file is asked for."""

    def change(request, honest):
        if request.url.path.startswith("/v1/checklists/"):
            return answer(honest)
        return honest

    server.break_next = change


def endless():
    while True:
        yield b"x" * 65536


def offline(_):
    raise httpx.ConnectError("nobody there")


LIES = {
    "swapped": (lambda: httpx.Response(200, content=checklist_file(2, title=SAID)), "altered"),
    "cut": (lambda: httpx.Response(200, content=SECOND[:-1]), "altered"),
    "garbage": (lambda: httpx.Response(200, content=b"\xff" * len(SECOND)), "altered"),
    "empty": (lambda: httpx.Response(200, content=b""), "altered"),
    "unchanged": (lambda: httpx.Response(304), "altered"),
    "oversize": (lambda: httpx.Response(200, content=SECOND + b" "), "altered"),
    "endless": (lambda: httpx.Response(200, content=endless()), "altered"),
    "packed": (
        lambda: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=PACKED),
        "altered",
    ),
    "withheld": (lambda: httpx.Response(404, content=PROBLEM), "waiting"),
    "broken": (lambda: httpx.Response(503), "waiting"),
    "silent": (None, "waiting"),
}
SAID = dict.fromkeys(("ar", "fr", "en"), "another title")
PACKED = httpx.ByteStream(b"\x1f\x8b")
PROBLEM = dump_json(
    {"title": "No", "status": 404, "detail": "no", "code": "unknown_checklist_file", "advice": "no"}
)


@pytest.mark.parametrize("lie", LIES)
def test_a_false_or_missing_file_changes_nothing_and_stops_nothing(worker, shelter, server, lie):
    """The referral still leaves, the older edition still serves, and honesty mends it."""
    worker.sync()
    referral = send(worker, "fictional-shelter-a")
    server.publish_edition(SECOND, ID, 2)
    make, code = LIES[lie]
    answers_with(server, offline if lie == "silent" else lambda _: make())
    before = kept(worker)["edition"]
    for _ in range(2):
        assert codes(worker.sync(hurry=True)) == (f"edition_{code}",)
    assert kept(worker)["edition"] == before
    assert worker.referrals.get(referral).state == "offered"
    assert version_of(screen(worker)) == 1
    server.break_next = None
    assert codes(worker.sync()) == ()
    assert version_of(screen(worker)) == 2


def test_where_nobody_answers_the_phone_does_not_ask_for_the_next(worker, server):
    for role in ("first", "second", "third"):
        server.publish_edition(checklist_file(1, f"{role}-adult"), f"{role}-adult", 1)
    answers_with(server, offline)
    assert codes(worker.sync()) == ("edition_waiting",)
    asked = [each for each, _ in server.requests if each.url.path.startswith("/v1/checklists/")]
    assert len(asked) == 1


def test_a_server_that_goes_back_to_the_older_directory_is_refused(worker, server):
    screen(worker)
    older = server.snapshot()
    server.publish_edition(SECOND, ID, 2)
    worker.sync()

    def rolled_back(request, honest):
        if "/directory/" not in request.url.path:
            return honest
        answer = DirectoryAnswer(server.authority, older, tuple(server.live))
        return httpx.Response(200, json=load_json(dump_json(to_plain(answer))))

    server.break_next = rolled_back
    refused(worker, DirectoryRollbackError)
    assert version_of(screen(worker)) == 2


def test_a_server_cannot_name_an_edition_of_its_own(worker, server):
    screen(worker)
    server.publish_edition(SECOND, ID, 2)
    honest = server.snapshot()
    forged = sign(honest.payloadType, honest.payload, server.keys["server"])
    server.published = (server.number, forged)
    refused(worker, DirectoryInvalidError)
    assert version_of(screen(worker)) == 1


def test_a_directory_that_goes_back_to_an_older_edition_is_not_followed(worker, server):
    """An authority's folder was restored from an old copy, say."""
    server.publish_edition(checklist_file(3), ID, 3)
    worker.sync()
    server.publish_edition(SECOND, ID, 2)
    assert codes(worker.sync()) == ("edition_older",)
    assert version_of(screen(worker)) == 3
    server.publish_edition(checklist_file(4), ID, 4)
    assert codes(worker.sync()) == ()
    assert version_of(screen(worker)) == 4


def test_going_back_to_an_edition_that_is_still_here_is_told_too(worker, server):
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    record = screen(worker)
    server.publish_edition(checklist_file(3), ID, 3)
    worker.sync()
    assert version_of(worker.screenings.get(record.id)) == 2
    server.publish_edition(SECOND, ID, 2)
    assert codes(worker.sync()) == ("edition_older",)
    assert version_of(screen(worker)) == 3


@pytest.mark.parametrize("carried", [True, False])
def test_another_file_under_the_same_version_is_not_used(
    worker, server, fictional_checklist, carried
):
    if carried:
        fictional_checklist.version = 2
    else:
        server.publish_edition(SECOND, ID, 2)
        worker.sync()
    before = screen(worker)
    server.publish_edition(checklist_file(2, title=SAID), ID, 2)
    assert codes(worker.sync()) == ("edition_conflict",)
    record = screen(worker)
    assert (version_of(record), record.edition) == (2, before.edition)
    assert record.interview.checklist.title["fr"] != "another title"


@pytest.mark.parametrize(
    "calls_itself", [checklist_file(3), checklist_file(2, "fictional-child"), checklist_file(1)]
)
def test_a_file_that_calls_itself_otherwise_is_not_used(worker, server, calls_itself):
    server.publish_edition(calls_itself, ID, 2)
    for _ in range(2):
        assert codes(worker.sync()) == ("edition_mismatch",)
    assert version_of(screen(worker)) == 1
    assert worker.editions.available() == (ID,)
    assert not worker.editions.newest(ID).newer_unusable


NEEDS = {
    "a raise unknown to this app": lambda file: file["sections"][5]["questions"][0]["choices"][
        0
    ].__setitem__("raises", ["need:teleportation"]),
    "another format": lambda file: file.__setitem__("format", "amana-checklist/2"),
    "a field unknown to this app": lambda file: file.__setitem__("colour", "blue"),
}


@pytest.mark.parametrize("needs", NEEDS)
def test_an_edition_that_needs_a_newer_app_waits_for_it(worker, server, town, monkeypatch, needs):
    file = load_json(SECOND)
    NEEDS[needs](file)
    data = dump_json(file)
    server.publish_edition(data, ID, 2)
    for _ in range(2):
        assert codes(worker.sync()) == ("edition_unusable",)
    assert version_of(screen(worker)) == 1
    assert worker.editions.newest(ID).newer_unusable
    asked = [each for each, _ in server.requests if each.url.path.startswith("/v1/checklists/")]
    assert len(asked) == 1, "kept as it is, and not fetched again"

    newer_app = {data: SECOND}
    honest = type(desk_of(worker).shelf)._judge.__globals__["read_checklist"]
    monkeypatch.setattr(
        "mobile.sync.editions.read_checklist", lambda data: honest(newer_app.get(data, data))
    )
    again = town.restart(worker)
    assert version_of(screen(again)) == 2
    assert not again.editions.newest(ID).newer_unusable


def test_what_cannot_be_read_at_all_is_told_in_the_same_way(worker, server):
    server.publish_edition(b"\xff" * MOST_EDITION_BYTES, ID, 2)
    assert codes(worker.sync()) == ("edition_unusable",)
    assert version_of(screen(worker)) == 1


def test_a_size_that_the_directory_understates_is_noticed(worker, server):
    named = server.publish_edition(SECOND, ID, 2)
    server.editions[ID] = evolve(named, size=named.size - 1)
    assert codes(worker.sync()) == ("edition_altered",)
    assert version_of(screen(worker)) == 1


def test_an_edition_whose_file_is_gone_takes_no_list_of_screenings_away(worker, server, town):
    server.publish_edition(SECOND, ID, 2)
    worker.sync()
    record = screen(worker)
    vault = desk_of(worker).vault
    (row,) = vault.list("edition")
    vault.delete("edition-file", row)
    again = town.restart(worker)
    (found,) = again.screenings.list()
    assert (found.id, version_of(found), found.carried_from) == (record.id, 1, 2)
