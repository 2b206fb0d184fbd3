"""A witness on a machine of its own: made, certified by the authority, run by a schedule; and a
server that shows it another history."""

import json
import shutil
from datetime import UTC, datetime

import httpx
import pytest
from click.testing import CliRunner
from nacl.signing import SigningKey

from backend.api.runtime import current
from backend.commands.serve import serve
from backend.commands.witness import witness
from backend.services import logbook
from backend.services.logbook import Entry
from backend.services.witness_folder import WitnessFolder
from backend.store import cosignatures
from protocols.sealing.certificate import Role
from protocols.sealing.statement import keyid, sign
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.event import EVENT_TYPE, EnvelopeRef, Event, Kind, new_referral_id
from tests.backend.commands.office import SERVER


def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def watching(office, http, monkeypatch, tmp_path):
    """The office has published, and a witness has its folder."""
    monkeypatch.setattr(httpx, "stream", http.stream)
    office.ask("publish", *office.here, "--country", "TN")
    return tmp_path / "witness"


def run(*words):
    return CliRunner().invoke(witness, [str(each) for each in words])


def ask(*words, code=0):
    result = run(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def made(office, folder, certify=True):
    root = office.ask("status", *office.here)["root"]
    told = ask("init", "--dir", folder, "--log", SERVER, "--country", "TN", "--root", root)
    if certify:
        words = ("--country", "TN", "--key", told["key"], "--name", "University (fictional)")
        office.ask("witness", *office.here, *words)
    return told


def check(folder, code=0):
    return ask("check", "--dir", folder, "--log", SERVER, code=code)


def grow(number=1):
    """The log gains an event; who signed it does not matter to a witness."""
    runtime = current()
    key = runtime.context.server.keys["TN"]
    for each in range(number):

        def work(session, each=each):
            head = runtime.context.locked_head(session, "TN")
            event = Event(
                referral=new_referral_id(runtime.context.entropy),
                kind=Kind.SUBMITTED,
                sequence=0,
                previous=None,
                actor=keyid(bytes(key.verify_key)),
                provider=None,
                claimed=now(),
                reason=None,
                envelopes=(EnvelopeRef("demo-shelter-sfax", "ab" * 32, 700 + each),),
                respond_within=60,
                country="TN",
            )
            statement = sign(EVENT_TYPE, event, key)
            logbook.append(session, runtime.context, head, [Entry(statement, event)], now())

        runtime.write(work)


def test_it_is_certified_and_cosigns_from_then_on(office, watching):
    told = made(office, watching)
    assert told["origin"] == "amana/amana/tn"
    assert check(watching)["seeing"] == "empty"
    grow(3)
    found = check(watching)
    assert (found["seeing"], found["size"], found["before"], found["why"]) == (
        "continues",
        3,
        0,
        "",
    )
    grow(2)
    assert check(watching)["before"] == 3
    assert check(watching)["size"] == 5
    shown = ask("show", "--dir", watching)
    assert shown["size"] == 5
    assert shown["head"].startswith("amana-log:")
    with current().database.read() as session:
        row = cosignatures.of_witness(session, "TN", shown["device"])
        assert row is not None and row.size == 5


def test_a_witness_that_is_not_certified_yet_watches_and_is_told(office, watching):
    made(office, watching, certify=False)
    grow()
    found = check(watching)
    assert found["seeing"] == "continues"
    assert "cosignature_unusable" in found["why"]
    assert WitnessFolder(watching).seen().size == 1


@pytest.mark.parametrize("lie", ["shorter", "other", "other and longer", "same size"])
def test_a_log_that_does_not_continue_is_told_and_both_are_kept(office, watching, lie, monkeypatch):
    made(office, watching)
    grow(3)
    check(watching)
    seen = WitnessFolder(watching).seen_note()
    runtime = current()
    key, origin = runtime.context.server.keys["TN"], "amana/amana/tn"
    size = {"shorter": 2, "same size": 3}.get(lie, 9)
    note = sign_checkpoint(Checkpoint(origin, size, b"\x05" * 32), origin, key)
    if lie == "other and longer":
        grow(6)

    def show_another(session):
        runtime.context.locked_head(session, "TN").checkpoint = note

    runtime.write(show_another)
    found = check(watching, code=1)
    assert found["seeing"] == "apart"
    kept = WitnessFolder(watching)
    assert kept.seen_note() == seen, "what was seen stays what was seen"
    evidence = next(watching.glob("fork-*.txt")).read_text(encoding="utf-8")
    assert seen in evidence and note in evidence
    check(watching, code=1)
    assert len(list(watching.glob("fork-*.txt"))) == 1
    assert "DOES NOT CONTINUE" in run("check", "--dir", watching, "--log", SERVER).output


@pytest.mark.parametrize("trouble", ["away", "busy", "garbage", "endless", "no folder", "stranger"])
def test_what_cannot_be_told_exits_2_and_changes_nothing(
    office, watching, monkeypatch, trouble, http
):
    made(office, watching)
    grow()
    check(watching)
    before = WitnessFolder(watching).seen_note()
    monkeypatch.setattr("backend.commands.witnessing.MOST_BYTES", 20_000)

    def answer(request):
        match trouble:
            case "away":
                raise httpx.ConnectError("away")
            case "busy":
                return httpx.Response(503, content=b"try later")
            case "garbage":
                return httpx.Response(200, content=b"\xff{}")
            case "endless":
                return httpx.Response(200, content=iter([b"x" * 9999] * 99))
        stranger = sign_checkpoint(
            Checkpoint("amana/amana/tn", 9, bytes(32)), "amana/amana/tn", _stranger()
        )
        if request.url.path.endswith("checkpoint"):
            return httpx.Response(200, json={"checkpoint": stranger})
        return httpx.Response(200, content=http.get(request.url.path).content)

    if trouble == "no folder":
        shutil.rmtree(watching)
    else:
        other = httpx.Client(transport=httpx.MockTransport(answer))
        monkeypatch.setattr(httpx, "stream", other.stream)
    result = run("check", "--dir", watching, "--log", SERVER)
    assert result.exit_code == 2
    if trouble != "no folder":
        assert WitnessFolder(watching).seen_note() == before
        assert list(watching.glob("fork-*")) == []


def _stranger():
    return SigningKey(b"\x09" * 32)


def test_another_programme_than_the_one_named_is_refused(office, watching):
    result = run("init", "--dir", watching, "--log", SERVER, "--country", "TN", "--root", "ab" * 32)
    assert result.exception.code == "wrong_programme"
    assert not watching.exists()


def test_the_authority_certifies_once_and_can_take_it_back(office, watching):
    told = made(office, watching)
    words = ("--country", "TN", "--key", told["key"], "--name", "University (fictional)")
    again = office.ask("witness", *office.here, *words)
    subject = again["witness"]
    grow()
    assert check(watching)["why"] == ""
    with current().database.read() as session:
        trust = current().context.trust_in(session, "TN")
        assert [each.role for each in trust.witnesses("TN", now())] == [Role.WITNESS]
    office.ask("revoke", *office.here, "--country", "TN", "--subject", subject, "--reason", "left")
    grow()
    assert "cosignature_unusable" in check(watching)["why"]
    for wrong in ("AAAA", "not base64", ""):
        refused = office.type(
            "witness", *office.here, "--country", "TN", "--key", wrong, "--name", "x"
        )
        assert refused.exit_code == 2


@pytest.mark.parametrize("address", ["ftp://example.org", "example.org", "http://", "http://a b"])
def test_a_server_takes_no_address_that_is_none(office, address):
    words = ["--data", str(office.folder / "server"), "--witness", address]
    refused = CliRunner().invoke(serve, words)
    assert refused.exit_code == 2
    assert "witness" in refused.output
