"""One server asks another to cosign its log, and the other is a witness by C2SP tlog-witness."""

import base64
import threading
from datetime import timedelta

import httpx
import pytest
from attrs import evolve
from django.core.handlers.wsgi import WSGIHandler

from backend.api.asking import Witnesses, asking_of
from backend.services.asking import AGAIN_AFTER, PATIENCE
from backend.services.witness_folder import About, WitnessFolder, witnesses_in
from protocols.sealing.certificate import Certificate, Role, certify
from protocols.sealing.statement import keyid
from protocols.timeline.checkpoint import read_checkpoint
from protocols.timeline.cosignature import witnessed
from protocols.timeline.witness import WitnessRequest, write_request
from tests.backend.world import SHELTERS

URL = "http://testserver/v1/witness"


def certified(world, folder):
    public = folder.public_key
    certificate = Certificate(
        subject=keyid(public),
        role=Role.WITNESS,
        country="TN",
        name="Server of Morocco (fictional)",
        organisation=None,
        keys=(public,),
        threshold=1,
        not_before=world.now - timedelta(minutes=10),
        not_after=world.now + timedelta(days=300),
        serial="cd" * 8,
    )
    world.add("TN", certify(certificate, world.authority()))
    world.publish()
    return folder


@pytest.fixture
def folder(world, shelters, tmp_path):
    """The other server's witness of Tunisia's log. Both servers are one process here, which the
    two sides do not know."""
    server = world.runtime.context.server
    made = WitnessFolder.make(tmp_path / "tn", About("TN", server.root, server.statements))
    world.runtime.witnesses = (made,)
    return certified(world, made)


class Line:
    """The way to the witness, and what went over it."""

    def __init__(self):
        self.asked = []
        self.answers = []
        self.instead = None

    def client(self):
        def handle(request):
            self.asked.append(request.content)
            if self.instead is not None:
                return self.instead(request)
            with httpx.Client(transport=httpx.WSGITransport(WSGIHandler())) as http:
                answer = http.post(str(request.url), content=request.content)
            self.answers.append(answer)
            return httpx.Response(
                answer.status_code, content=answer.content, headers=answer.headers
            )

        return httpx.Client(transport=httpx.MockTransport(handle))


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def asking(world, folder, line):
    return asking_of(world.runtime, (URL,), http=line.client)


def shown(worker):
    return worker.get("/v1/log/TN/witnessed").json["heads"]


def test_new_checkpoints_are_cosigned_and_phones_see_it(world, worker, folder, asking, line):
    assert asking.round(world.now) == (0, []), "an empty log is not worth it"
    worker.submit(worker.submission(SHELTERS[0]))
    assert asking.round(world.now) == (1, [])
    (head,) = shown(worker)
    (by,) = witnessed(head["checkpoint"], {folder.name: folder.public_key})
    assert by.at == world.now
    assert folder.seen() == read_checkpoint(head["checkpoint"])
    for _ in range(3):
        worker.submit(worker.submission(SHELTERS[0]))
    world.later(seconds=15)
    assert asking.round(world.now) == (1, [])
    assert folder.seen().size == 8
    assert [each.status_code for each in line.answers] == [200, 200]


def test_a_log_that_has_not_grown_is_cosigned_anew_by_the_hour(world, worker, asking, line):
    worker.submit(worker.submission(SHELTERS[0]))
    asking.round(world.now)
    world.now += AGAIN_AFTER - timedelta(seconds=1)
    assert asking.round(world.now) == (0, [])
    world.now += timedelta(seconds=1)
    assert asking.round(world.now) == (1, [])
    assert len(line.asked) == 2


def test_after_a_restart_the_witness_says_how_far_it_is(world, worker, folder, asking, line):
    worker.submit(worker.submission(SHELTERS[0]))
    asking.round(world.now)
    worker.submit(worker.submission(SHELTERS[0]))
    world.later(minutes=1)
    again = asking_of(world.runtime, (URL,), http=line.client)
    assert again.round(world.now) == (1, [])
    assert [each.status_code for each in line.answers] == [200, 409, 200]
    assert line.answers[1].headers["content-type"] == "text/x.tlog.size"
    assert line.answers[1].text == "2\n"


@pytest.mark.parametrize("trouble", ["away", "broken", "garbage", "foreign", "endless", "moved"])
def test_a_witness_that_fails_is_asked_again_later_and_nobody_waits(
    world, worker, asking, line, trouble
):
    def instead(request):
        match trouble:
            case "away":
                raise httpx.ConnectError("away")
            case "broken":
                return httpx.Response(500)
            case "garbage":
                return httpx.Response(200, content=b"\xff\xfe")
            case "foreign":
                return httpx.Response(200, content="— amana/other AAAAAAAA\n")
            case "moved":
                return httpx.Response(302, headers={"location": "http://elsewhere/"})
        return httpx.Response(200, content=iter([b"x" * 9999] * 99))

    line.instead = instead
    worker.submit(worker.submission(SHELTERS[0]))
    taken, wrong = asking.round(world.now)
    assert (taken, len(wrong)) == (0, 1)
    assert shown(worker) == []
    line.instead = None
    assert asking.round(world.now) == (0, []), "left alone for a while"
    world.now += PATIENCE
    assert asking.round(world.now) == (1, [])


def test_a_witness_that_knows_more_than_the_log_holds_is_an_alarm(world, worker, asking, line):
    worker.submit(worker.submission(SHELTERS[0]))
    line.instead = lambda _: httpx.Response(409, content="99\n")
    thread = Witnesses(world.runtime, asking)
    taken, wrong = asking.round(world.now)
    assert (taken, [each.code for each in wrong]) == (0, ["witness_ahead"])
    assert thread.round() == 0


def test_the_thread_ends_when_told_and_lives_through_trouble(world, worker, asking, line):
    worker.submit(worker.submission(SHELTERS[0]))
    line.instead = lambda _: httpx.Response(503)
    thread = Witnesses(world.runtime, asking, every=0.01)
    thread.start()
    thread.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert threading.current_thread() is not thread


# The other side: a witness over HTTP


def ask(world, request):
    return world.send(
        "POST", "/v1/witness/add-checkpoint", write_request(request), content_type="text/plain"
    )


def newest(world):
    return world.send("GET", "/v1/log/TN/checkpoint").json["checkpoint"]


def test_it_answers_as_the_standard_says(world, worker, folder):
    worker.submit(worker.submission(SHELTERS[0]))
    note = newest(world)
    first = ask(world, WitnessRequest(0, (), note))
    assert first.status == 200
    assert first.body.decode().startswith(f"— {folder.name} ")
    assert ask(world, WitnessRequest(2, (), note)).status == 200
    behind = ask(world, WitnessRequest(0, (), note))
    assert (behind.status, behind.body) == (409, b"2\n")
    assert behind.headers["Content-Type"] == "text/x.tlog.size"
    assert ask(world, WitnessRequest(3, (), note)).status == 400
    worker.submit(worker.submission(SHELTERS[0]))
    proof = world.send("GET", "/v1/log/TN/consistency?first=2&second=4").json["proof"]
    assert proof
    assert ask(world, WitnessRequest(2, (bytes(32),), newest(world))).status == 422
    unknown = WitnessRequest(0, (), note.replace("/tn", "/xx"))
    assert ask(world, unknown).status == 404
    spoilt = note.replace("\n2\n", "\n3\n")
    assert ask(world, WitnessRequest(2, (), spoilt)).status == 403
    assert world.send("POST", "/v1/witness/add-checkpoint", b"hello").status == 400


def test_many_at_once_are_one_after_the_other(world, worker, folder):
    """Whichever order they come in, the size on disk never goes back."""
    worker.submit(worker.submission(SHELTERS[0]))
    notes = [newest(world)]
    for _ in range(4):
        worker.submit(worker.submission(SHELTERS[0]))
        notes.append(newest(world))
    done = []

    def work(note):
        for old in (0, 2, 4, 6, 8):
            size = read_checkpoint(note).size
            if old > size:
                continue
            path = f"/v1/log/TN/consistency?first={old}&second={size}"
            proof = () if old in (0, size) else proofs[path]
            try:
                done.append(folder.cosign(WitnessRequest(old, proof, note), world.now))
            except Exception as error:  # noqa: BLE001  a conflict, by design
                done.append(error)
            assert folder.seen().size <= 10

    proofs = {}
    for note in notes:
        size = read_checkpoint(note).size
        for old in (2, 4, 6, 8):
            if old < size:
                path = f"/v1/log/TN/consistency?first={old}&second={size}"
                answer = world.send("GET", path).json["proof"]
                proofs[path] = tuple(base64.b64decode(each) for each in answer)
    threads = [threading.Thread(target=work, args=(note,)) for note in notes]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert folder.seen().size in {2, 4, 6, 8, 10}
    assert any(isinstance(each, str) for each in done)


def test_what_was_cosigned_is_on_disk_before_the_line_leaves(world, worker, folder, monkeypatch):
    worker.submit(worker.submission(SHELTERS[0]))

    def die(*_):
        raise SystemExit("the machine stops")

    monkeypatch.setattr("backend.services.witness_folder.cosign", die)
    with pytest.raises(SystemExit):
        folder.cosign(WitnessRequest(0, (), newest(world)), world.now)
    (again,) = witnesses_in(folder.path.parent)
    assert again.seen().size == 2
    assert again.name == folder.name


@pytest.mark.parametrize("damage", ["seen.note", "witness.key", "witness.json"])
def test_a_damaged_folder_signs_nothing(world, worker, folder, damage):
    worker.submit(worker.submission(SHELTERS[0]))
    folder.cosign(WitnessRequest(0, (), newest(world)), world.now)
    (folder.path / damage).write_bytes(b"\x00")
    with pytest.raises(Exception, match="damaged"):
        WitnessFolder(folder.path).cosign(WitnessRequest(0, (), newest(world)), world.now)


def test_a_folder_in_use_is_never_made_anew(folder):
    with pytest.raises(Exception, match="already"):
        WitnessFolder.make(folder.path, evolve(folder.about))
    assert (folder.path / "witness.key").stat().st_mode & 0o077 == 0
