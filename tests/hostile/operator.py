"""DishonestOperator: whoever runs a real Amana server and means harm. It has what an operator has:
the database, the server's certified key, the programme's public file; not the root's key, an
authority's or a device's."""

import io
import os
import shutil
from pathlib import Path
from threading import Lock
from urllib.parse import quote, unquote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django
from django.core.handlers.wsgi import WSGIHandler
from sqlalchemy import select

from backend.api.runtime import install, open_runtime
from backend.services import logbook
from backend.store.database import make_engine
from backend.store.log import leaves_of_referral
from backend.store.migrate import upgrade
from backend.store.tables import EnvelopeRow, LeafRow
from protocols.messages import SealedPart
from protocols.plain import from_json
from protocols.sealing.statement import Statement, keyid, sign
from protocols.timeline.event import EVENT_TYPE, Event, Kind
from tests.hostile.hostile_server import HOST, Reply, Request
from tests.mobile.fake_log import FakeLog
from tests.mobile.lies import event_in

django.setup(set_prefix=False)
COUNTRY = "TN"
_handler = WSGIHandler()
_serving = Lock()


class DishonestOperator:
    """A real backend on the SQLite file `database`, founded from the folder `data`; `clock` gives
    its time."""

    def __init__(self, data: Path, database: Path, clock) -> None:
        self.data = data
        self.database = database
        self.clock = clock
        self._copies = 0
        self.open()

    def open(self) -> None:
        """Begin to serve."""
        url = f"sqlite:///{self.database}"
        if not self.database.exists():
            engine = make_engine(url)
            upgrade(engine)
            engine.dispose()
        self.runtime = open_runtime(self.data, url, pool_size=2)
        self.runtime.now = self._now

    def _now(self):
        return self.clock()

    def close(self) -> None:
        """Let go of the database."""
        self.runtime.database.close()

    def twin(self, database: Path | None = None) -> "DishonestOperator":
        """Another server of the same keys, on a copy of this one's database as it is now."""
        self._copies += 1
        copy = database or self.database.with_name(f"{self.database.name}.{self._copies}")
        self.close()
        shutil.copyfile(self.database, copy)
        self.open()
        return DishonestOperator(self.data, copy, self.clock)

    def serve(self, request: Request) -> Reply:
        """The honest answer."""
        answer = {}

        def begin(status, headers, *_):
            answer.update(status=int(status[:3]), headers=tuple(headers))

        environ = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": unquote(request.path),
            "QUERY_STRING": "&".join(f"{key}={quote(text)}" for key, text in request.query.items()),
            "SERVER_NAME": HOST,
            "SERVER_PORT": "0",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(request.body)),
            "CONTENT_TYPE": request.header("content-type"),
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }
        for name, text in request.headers:
            if name.lower() not in {"content-type", "content-length"}:
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = text
        with _serving:
            install(self.runtime)
            parts = _handler(environ, begin)
            body = b"".join(parts)
            parts.close()
        headers = tuple(each for each in answer["headers"] if each[0].lower() != "content-length")
        return Reply(answer["status"], headers, body)

    @property
    def key(self):
        """The server's own signing key for the country's log."""
        return self.runtime.context.server.keys[COUNTRY]

    @property
    def origin(self) -> str:
        return self.runtime.context.server.origin(COUNTRY)

    def leaves(self) -> list[bytes]:
        """Every entry of the log."""
        with self.runtime.database.read() as session:
            rows = session.scalars(
                select(LeafRow.leaf).where(LeafRow.country == COUNTRY).order_by(LeafRow.position)
            )
            return list(rows)

    def envelope(self, referral: str, recipient: str) -> bytes:
        """The sealed bytes that are with the server for `recipient`."""
        with self.runtime.database.read() as session:
            found = session.scalars(
                select(EnvelopeRow.data).where(
                    EnvelopeRow.referral == referral, EnvelopeRow.recipient == recipient
                )
            )
            return found.first()

    def log(self, change=list) -> FakeLog:
        """The log, or what `change` makes of its leaves, ready to be signed and proven anew."""
        return FakeLog(self.origin, self.key, change(self.leaves()))

    def standing(self, referral: str) -> tuple[str | None, int]:
        """The digest and number of the referral's newest event."""
        with self.runtime.database.read() as session:
            rows = leaves_of_referral(session, referral)
            if not rows:
                return None, -1
            return rows[-1].digest, event_in(rows[-1].leaf).sequence

    def write_event(self, referral: str, kind: Kind, *, key=None, received=None, **fields):
        """Log an event that an honest server might have refused: signed by `key` (the server's own
        if none), entered at `received`. The log's tree and checkpoint follow."""
        signer = key or self.key
        previous, sequence = self.standing(referral)
        values = {
            "referral": referral,
            "kind": kind,
            "sequence": sequence + 1,
            "previous": previous,
            "actor": keyid(bytes(signer.verify_key)),
            "provider": None,
            "claimed": self.clock(),
            "reason": None,
            "envelopes": (),
            "respond_within": None,
            "country": COUNTRY,
        }
        event = Event(**(values | fields))
        self.enter(sign(EVENT_TYPE, event, signer), received)

    def enter(self, statement: Statement, received=None) -> None:
        """Append a signed event to the log as it is."""
        event = from_json(statement.payload, Event)
        context = self.runtime.context

        def work(session):
            head = context.locked_head(session, COUNTRY)
            entry = logbook.Entry(statement, event)
            logbook.append(session, context, head, [entry], received or self.clock())

        self.runtime.write(work, order=COUNTRY)


def part(recipient: str, data: bytes) -> SealedPart:
    """An envelope as an answer carries it."""
    return SealedPart(recipient, data)
