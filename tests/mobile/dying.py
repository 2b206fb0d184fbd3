"""A phone that really dies: in a process of its own, at the n-th thing it does to its storage.

The town's server stays alive in this process and answers it through a socket; what it had told
(`note`) before it died is known here, as what a screen had already shown to its holder.
"""

import gc
import os
import pickle
import shutil
import socket
import struct
import traceback
from collections.abc import Iterable
from itertools import count

import httpx
from attrs import frozen

from protocols.errors import AmanaError
from tests.mobile.disk import KILLED, WRITES, Disk, Fate
from tests.mobile.town import PIN, desk_of

EVERY = "AMANA_EVERY_WRITE"
"""Set, in the environment: try each moment, not a sample that has each kind of write in it."""
BETWEEN = {Fate.KILLED: 3, Fate.TORN: 1, Fate.FULL: 1}
_SIZE = struct.Struct(">I")
_numbers = count()


@frozen
class Life:
    """One life of the phone in the folder `name`: what it told before it ended, the code of the
    error that it ended with, whether it was killed, and what it had `done` to its storage."""

    name: str
    notes: tuple
    error: str | None
    died: bool
    done: tuple


def lives(town, folder, act, fate, *, before=None):
    """`act(phone, note)` on copies of the phone in `folder`, struck by `fate` at one moment after
    another; gives each life when it is over. Server and clock stand each time as they stand now."""
    before = before or (lambda phone: phone.unlock(PIN))
    memory = _memory(town)
    whole = _live(town, folder, before, act, None, fate)
    assert not whole.died and whole.error is None, whole
    after_all = [len(whole.done)] if fate is Fate.KILLED else []
    for number in (*_chosen(whole.done, fate), *after_all):
        _recall(town, memory)
        life = _live(town, folder, before, act, number, fate)
        assert life.died or fate is Fate.FULL, life
        yield life
        shutil.rmtree(town.folder / life.name)
    _recall(town, memory)


def _chosen(done, fate) -> Iterable[int]:
    """All moments, or the first of each kind of thing at each file, the last of all and some
    between."""
    possible = [n for n, (kind, _, _) in enumerate(done) if fate is Fate.KILLED or kind in WRITES]
    if os.environ.get(EVERY):
        return possible
    firsts = {done[n]: n for n in reversed(possible)}.values()
    spread = possible[:: max(1, len(possible) // BETWEEN[fate])]
    return sorted({*firsts, *spread, *possible[-1:]})


def _memory(town):
    kept = {
        name: value.copy() if isinstance(value, list | dict | set) else value
        for name, value in vars(town.server).items()
    }
    return kept | {"log": town.server.log.fork(list)}, town.clock.now


def _recall(town, memory):
    kept, town.clock.now = memory
    for name, value in kept.items():
        setattr(town.server, name, value.copy() if isinstance(value, list | dict | set) else value)
    town.server.log = kept["log"].fork(list)


def _live(town, folder, before, act, number, fate) -> Life:
    name = f"{folder.name}-{fate}-{next(_numbers)}"
    if folder.exists():
        shutil.copytree(folder, town.folder / name)
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        _be_the_phone(_Wire(theirs), town, name, before, act, number, fate)
    theirs.close()
    notes, last = _listen(_Wire(ours), town.server)
    ours.close()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if last is None:
        assert code == KILLED, f"the phone's process ended with {code}"
        return Life(name, tuple(notes), None, True, ())
    error, fault, done = last
    assert fault is None, fault
    return Life(name, tuple(notes), error, False, tuple(done))


def _listen(wire, server):
    notes = []
    while (message := wire.receive()) is not None:
        kind, *rest = message
        if kind == "note":
            notes.append(rest[0])
        elif kind == "ask":
            method, url, headers, content = rest
            request = httpx.Request(method, url, headers=headers, content=content)
            answer = server.handle(request)
            wire.send((answer.status_code, list(answer.headers.items()), answer.content))
        else:
            return notes, rest
    return notes, None


def _be_the_phone(wire, town, name, before, act, number, fate):
    """Never returns. Nothing is collected here: closing a database of an earlier test, while SQLite
    calls us, would wait for ever."""
    gc.disable()
    error, fault, done = None, None, ()
    try:
        town.server = _Remote(wire)
        phone = town.phone(name)
        before(phone)
        disk = Disk(number, fate)
        try:
            act(phone, lambda value: wire.send(("note", value)))
        except AmanaError as met:
            error = met.code
        done = list(disk.done)
        if fate is not Fate.FULL and number is not None:
            os._exit(KILLED)  # it did less than the life before: killed when all was done
        disk.room()
        _still_works(phone)
    except BaseException:  # noqa: BLE001 whatever it is, the test that waits is told
        fault = traceback.format_exc()
    finally:
        wire.send(("end", error, fault, done))
        os._exit(0)


def _still_works(phone):
    """In the same process, once there is space again."""
    if phone.unlocked:
        vault = desk_of(phone).vault
        vault.put("probe", "one", b"{}")
        assert vault.list("probe") == ("one",)
        vault.delete("probe", "one")
        phone.lock()


class _Wire:
    def __init__(self, sock):
        self._socket = sock

    def send(self, message):
        data = pickle.dumps(message)
        self._socket.sendall(_SIZE.pack(len(data)) + data)

    def receive(self):
        head = self._exactly(_SIZE.size)
        if head is None:
            return None
        data = self._exactly(_SIZE.unpack(head)[0])
        return None if data is None else pickle.loads(data)

    def _exactly(self, size):
        parts = []
        while size:
            try:
                part = self._socket.recv(size)
            except ConnectionResetError:
                return None
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class _Remote(httpx.BaseTransport):
    """The town's server as the dying process reaches it."""

    def __init__(self, wire):
        self._wire = wire

    def http(self):
        return httpx.Client(transport=self)

    def handle_request(self, request):
        asked = (request.method, str(request.url), list(request.headers.items()), request.read())
        self._wire.send(("ask", *asked))
        status, headers, content = self._wire.receive()
        return httpx.Response(status, headers=headers, content=content)
