"""HostileServer: an HTTP server on the loopback that stands before a real, fictional backend and
lies as it is told. Nothing here knows what a phone does with an answer.

A *lie* is a function of a request and of the honest answer's maker: it may ask for the answer and
change it, ask for it and throw it away, or never ask. Lies stack: the last added sees the request
first, and what it calls the honest answer may be another's lie.
"""

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from urllib.parse import parse_qs

from attrs import evolve, field, frozen

from protocols.plain import from_json, to_json

HOST = "127.0.0.1"
CHUNK = 65_536
END_OF_HEAD = b"\r\n\r\n"


@frozen
class Request:
    """One request as it came: `raw` is every byte of it."""

    method: str
    path: str
    query: dict[str, str]
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    raw: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The header's value, empty where it is not there."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), "")


@frozen
class Reply:
    """An answer. `raw` in its place is what goes onto the wire, as it stands."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    body: bytes = field(default=b"", repr=False)
    raw: Iterable[bytes] | None = field(default=None, repr=False)

    def read(self, kind):
        """The body as `kind`."""
        return from_json(self.body, kind, len(self.body) + 1)

    def saying(self, value) -> "Reply":
        """The same with `value` as its body."""
        return evolve(self, body=value if isinstance(value, bytes) else to_json(value))

    def with_header(self, name: str, text: str) -> "Reply":
        """The same with one more header."""
        return evolve(self, headers=(*self.headers, (name, text)))


Honest = Callable[[], Reply]
Lie = Callable[[Request, Honest], Reply]


class HostileServer:
    """Serves `backend(request)` through its lies. `seen` is every request since the last `forget`,
    `held` how many connections are open now."""

    def __init__(self, backend: Callable[[Request], Reply]) -> None:
        self.backend = backend
        self.lies: list[Lie] = []
        self.seen: list[Request] = []
        self._listener = socket.create_server((HOST, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.stopping = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    def tell(self, *lies: Lie) -> None:
        """Add lies."""
        self.lies += lies

    def be_honest(self) -> None:
        """No lie any more."""
        self.lies = []

    def forget(self) -> None:
        """Begin a new record of what is asked."""
        self.seen = []

    def stop(self) -> None:
        """Listen no more."""
        self.stopping.set()
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        """A phone that hangs up ends its line; what is no request is not answered."""
        with line, suppress(OSError):
            while (request := read_request(line)) is not None:
                self.seen.append(request)
                reply = self._answer(request)
                if reply.raw is not None:
                    for part in reply.raw:
                        line.sendall(part)
                    return
                line.sendall(on_the_wire(reply))

    def _answer(self, request: Request) -> Reply:
        work: Honest = partial(self.backend, request)
        for lie in self.lies:
            work = partial(lie, request, work)
        return work()


def read_request(line: socket.socket) -> Request | None:
    """The next request of a line, None at its end."""
    data = b""
    while END_OF_HEAD not in data:
        part = line.recv(CHUNK)
        if not part:
            return None
        data += part
    head, _, body = data.partition(END_OF_HEAD)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = tuple(
        (name, text.strip()) for name, _, text in (each.partition(":") for each in lines)
    )
    length = next((int(text) for name, text in headers if name.lower() == "content-length"), 0)
    while len(body) < length:
        body += line.recv(CHUNK)
    path, _, query = target.partition("?")
    words = {name: texts[-1] for name, texts in parse_qs(query).items()}
    return Request(method, path, words, headers, body, head + END_OF_HEAD + body)


def on_the_wire(reply: Reply) -> bytes:
    """The answer's bytes, with the length that it has unless it says another."""
    headers = list(reply.headers)
    if not any(name.lower() in {"content-length", "transfer-encoding"} for name, _ in headers):
        headers.append(("Content-Length", str(len(reply.body))))
    head = [f"HTTP/1.1 {reply.status} Fictional", *(f"{name}: {text}" for name, text in headers)]
    return "\r\n".join(head).encode("latin-1") + END_OF_HEAD + reply.body


class Elsewhere:
    """Another host, which no phone should ever call. `called` is what came."""

    def __init__(self) -> None:
        self._server = HostileServer(lambda _: Reply(body=b"{}"))
        self.url = self._server.url.replace(HOST, "localhost")
        self.stop = self._server.stop

    @property
    def called(self) -> list[Request]:
        return self._server.seen
