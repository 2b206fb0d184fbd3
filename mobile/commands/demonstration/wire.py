"""What truly crosses the wire: a plain TCP relay between phones and server that keeps every byte.

It stands outside our own HTTP code and knows nothing of HTTP, so it cannot record less than was
sent. Both files are written a whole connection at a time, each byte as it travelled.
"""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

HOST = "127.0.0.1"
CHUNK = 65_536
CONNECT_SECONDS = 5
CLOSE_SECONDS = 5
TO_SERVER, FROM_SERVER = "to-server.log", "from-server.log"


class Relay:
    """Listens on the loopback and passes every connection on to `target`, a port there.

    `folder` gets `to-server.log` and `from-server.log`; `speaker` names in them who opens the next
    connections, and `bytes_by` counts both directions by speaker.
    """

    def __init__(self, target: int, folder: Path) -> None:
        self.target = target
        self.folder = folder
        self.speaker = "programme"
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._writing = Lock()
        self._connections = 0
        self.bytes_by: Counter[str] = Counter()
        self._open: list[Thread] = []
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """The address that phones are told."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Relay from now on, on a thread of its own."""
        Thread(target=self._listen, daemon=True).start()

    def stop(self) -> None:
        """Take no further connections, and wait until those there were are written down."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.settle()

    def settle(self) -> None:
        """Return once every connection that has ended is written down."""
        for thread in tuple(self._open):
            thread.join(CLOSE_SECONDS)

    @contextmanager
    def as_speaker(self, name: str) -> Iterator[None]:
        """Connections opened inside are recorded under `name`."""
        before, self.speaker = self.speaker, name
        try:
            yield
        finally:
            self.speaker = before

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = Thread(target=self._relay, args=(client, self.speaker), daemon=True)
            thread.start()
            self._open = [each for each in self._open if each.is_alive()] + [thread]

    def _relay(self, client: socket.socket, speaker: str) -> None:
        sent, received = bytearray(), bytearray()
        with client:
            try:
                server = socket.create_connection((HOST, self.target), CONNECT_SECONDS)
            except OSError:
                return
            with server:
                server.settimeout(None)
                back = Thread(target=_pump, args=(server, client, received), daemon=True)
                back.start()
                _pump(client, server, sent)
                back.join()
        self._write_down(speaker, bytes(sent), bytes(received))

    def _write_down(self, speaker: str, sent: bytes, received: bytes) -> None:
        with self._writing:
            self._connections += 1
            self.bytes_by[speaker] += len(sent) + len(received)
            title = f"\n=== connection {self._connections} of {speaker} ===\n".encode()
            for name, data in ((TO_SERVER, sent), (FROM_SERVER, received)):
                with (self.folder / name).open("ab") as file:
                    file.write(title + data)


def _pump(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    """Pass on what comes until one side ends, and keep it. A line that breaks ends here like one
    that closes: both sides notice for themselves."""
    with suppress(OSError):
        while data := source.recv(CHUNK):
            kept += data
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
