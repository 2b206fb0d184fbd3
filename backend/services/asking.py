"""A log asks its witnesses (C2SP tlog-witness) to cosign its newest checkpoints.

Nobody waits for it: a witness that does not answer is asked again later, and what it is told is
public. What a witness says is taken in as anybody's cosignature is, and judged there.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx
from attrs import define, field
from sqlalchemy.orm import Session

from backend.services import logbook, witnessing
from backend.services.context import Context
from backend.store.writer import Work
from protocols.errors import AmanaError
from protocols.timeline.checkpoint import read_checkpoint
from protocols.timeline.cosignature import without_cosignatures
from protocols.timeline.witness import WitnessRequest, write_request

AGAIN_AFTER = timedelta(hours=1)
"""A log that has not grown is cosigned anew only after this long."""
PATIENCE = timedelta(minutes=5)
"""A witness that did not answer, or refused, is left alone for this long."""
TIMEOUT = httpx.Timeout(10.0)
LONGEST_ANSWER = 64 * 1024
MOST_SECONDS = 30
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Http = Callable[[], httpx.Client]
Read = Callable[[Work[WitnessRequest | None]], WitnessRequest | None]
Write = Callable[[Work[int], str], int]


@define
class _Place:
    """One witness for one country: the size it is at, the size it `cosigned` here and when, and
    until when it is left alone."""

    url: str
    country: str
    known: int = 0
    cosigned: int = -1
    at: datetime = LONG_AGO
    quiet_until: datetime = LONG_AGO


class WitnessAheadError(AmanaError):
    """A witness that has cosigned more entries than this log holds: the log was set back."""

    code = "witness_ahead"


@define
class Asking:
    """`urls`: the submission prefix of each witness. `read` and `write` run work in a transaction,
    as `Runtime` does."""

    context: Context
    urls: tuple[str, ...]
    read: Read
    write: Write
    http: Http = field(default=lambda: httpx.Client(timeout=TIMEOUT, follow_redirects=False))
    _places: dict[tuple[str, str], _Place] = field(factory=dict)

    def round(self, now: datetime) -> tuple[int, list[AmanaError]]:
        """Ask every witness that is due about every country; how many cosignatures came in, and
        what went wrong, a witness's silence included."""
        taken, wrong = 0, []
        for url in self.urls:
            for country in sorted(self.context.server.keys):
                place = self._places.setdefault((url, country), _Place(url, country))
                try:
                    taken += self._ask(place, now)
                except (AmanaError, httpx.HTTPError) as error:
                    place.quiet_until = now + PATIENCE
                    wrong.append(_told(error))
        return taken, wrong

    def _ask(self, place: _Place, now: datetime) -> int:
        if now < place.quiet_until:
            return 0
        for _ in range(2):
            request = self.read(lambda session: self._request(session, place, now))
            if request is None:
                return 0
            taken = self._post(place, request, now)
            if taken is not None:
                return taken
        place.quiet_until = now + PATIENCE
        return 0

    def _request(self, session: Session, place: _Place, now: datetime) -> WitnessRequest | None:
        """What to ask now; None where there is nothing new to cosign yet."""
        head = self.context.head(session, place.country)
        is_fresh = head.size == place.cosigned and now - place.at < AGAIN_AFTER
        if head.size == 0 or is_fresh:
            return None
        if place.known > head.size:
            raise WitnessAheadError(
                f"a witness has cosigned {place.known} entries of {place.country}, this log holds"
                f" {head.size}; it was set back: restore the newest copy before serving it"
            )
        known = place.known
        proof = logbook.consistency(session, head, known, head.size) if known else ()
        return WitnessRequest(known, proof, head.checkpoint)

    def _post(self, place: _Place, request: WitnessRequest, now: datetime) -> int | None:
        """How many cosignatures were taken; None where the witness is at another size."""
        url = place.url.rstrip("/") + "/add-checkpoint"
        body = write_request(request)
        with self.http() as http, http.stream("POST", url, content=body) as answer:
            status, text = answer.status_code, _text(answer)
        if status == HTTPStatus.CONFLICT:
            place.known = _size(text)
            return None
        if status != HTTPStatus.OK:
            raise WitnessSilentError(f"a witness answered HTTP {status}; asked again later")
        note = without_cosignatures(request.note) + text
        kept = self.write(
            lambda session: witnessing.take(session, self.context, place.country, note, now),
            place.country,
        )
        place.known = place.cosigned = read_checkpoint(request.note).size
        place.at = now
        return kept


class WitnessSilentError(AmanaError):
    """A witness that did not cosign."""

    code = "witness_silent"


def _text(answer: httpx.Response) -> str:
    """The answer's body, cut off where it grows too large or comes too slowly."""
    data, began = b"", time.monotonic()
    for part in answer.iter_bytes():
        data += part
        if len(data) > LONGEST_ANSWER or time.monotonic() - began > MOST_SECONDS:
            raise WitnessSilentError("a witness's answer has no end; asked again later")
    return data.decode("utf-8", "replace")


def _size(answer: str) -> int:
    text = answer.removesuffix("\n")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise WitnessSilentError("a witness told a size that is none; asked again later")
    return int(text)


def _told(error: AmanaError | httpx.HTTPError) -> AmanaError:
    if isinstance(error, AmanaError):
        return error
    why = type(error).__name__
    return WitnessSilentError(f"a witness did not answer ({why}); asked again later")
