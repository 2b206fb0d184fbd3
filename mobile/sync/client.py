"""One signed exchange with the server at a time, and what each kind of failure means.

The server's clock counts here only so that requests are fresh: the difference learned from a
`server_time` is added to the time a request says it was made, and to nothing else.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar

import httpx
from attrs import frozen
from nacl.signing import SigningKey

from mobile.sync.backoff import LONGEST_ASKED
from mobile.sync.errors import (
    HostileAnswerError,
    OfflineError,
    RefusedError,
    ServerTroubleError,
)
from protocols.errors import MalformedError
from protocols.messages import BYTES_TYPE, JSON_TYPE, PROBLEM_TYPE, Problem
from protocols.plain import Entropy, encode_base64, from_json, from_plain, load_json, parse_time
from protocols.sealing.request import sign_request

T = TypeVar("T")
MOST_BYTES = 48 * 1024 * 1024
MOST_JSON_BYTES = 8 * 1024 * 1024
NONCE_BYTES = 16
TIMEOUT = httpx.Timeout(60.0, connect=15.0)
PATIENCE_SECONDS = 120
SLOWEST = 100
"""Bytes a second, on average, once patience is over: no network that works is slower, while a
server that sends a byte a minute would hold the phone for ever."""
EARLIEST, LATEST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2125, 1, 1, tzinfo=UTC)
"""What a server's clock can show; beyond it, adding an offset to ours could leave the calendar."""
_TAG = re.compile(r'(?:W/)?"[!#-~]{1,200}"')


@frozen
class Answer:
    """A successful answer's status, entity tag and body."""

    status: int
    etag: str | None
    body: bytes

    def read(self, kind: type[T]) -> T:
        """The body as `kind`. Raises HostileAnswerError for anything else."""
        try:
            return from_json(self.body, kind, MOST_BYTES)
        except MalformedError as error:
            raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error

    def plain(self) -> Any:
        """The body as JSON. Raises HostileAnswerError."""
        try:
            return load_json(self.body, MOST_BYTES)
        except MalformedError as error:
            raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error


_NOT_UNDERSTOOD = "the server's answer is not understood; try another network, then report it"


class Client:
    """Talks to the server at `base` as the holder of `key` (None: only open endpoints).

    `offset` is how far the server's clock is ahead; `learned` is told when that changes, so that
    it can be kept. Raises OfflineError, ServerTroubleError, RefusedError, HostileAnswerError.
    """

    def __init__(
        self,
        base: str,
        key: SigningKey | None,
        http: httpx.Client,
        *,
        clock: Callable[[], datetime],
        entropy: Entropy,
        offset: timedelta = timedelta(0),
        learned: Callable[[timedelta], None] = lambda _: None,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = base.rstrip("/")
        self._key = key
        self._http = http
        self._clock = clock
        self._entropy = entropy
        self._offset = offset
        self._learned = learned
        self._stopwatch = stopwatch

    def get(self, path: str, *, etag: str | None = None, **query: str | int) -> Answer:
        """GET; with `etag`, an unchanged answer has status 304 and an empty body."""
        headers = {"If-None-Match": etag} if etag else {}
        url = httpx.URL(self._base + path, params=query) if query else self._base + path
        return self._exchange("GET", str(url), None, headers)

    def fetch(self, path: str, most: int) -> bytes:
        """GET bytes as they are, `most` of them at most."""
        accept = {"Accept": f"{BYTES_TYPE}, {PROBLEM_TYPE}"}
        return self._exchange("GET", self._base + path, None, accept, most).body

    def post(self, path: str, body: bytes) -> Answer:
        """POST a JSON body."""
        return self._exchange("POST", self._base + path, body, {"Content-Type": JSON_TYPE})

    @contextmanager
    def download(self, path: str) -> Iterator[Iterator[bytes]]:
        """GET a long answer as chunks, none kept in memory."""
        headers = self._signed("GET", self._base + path, None, {})
        with (
            _transport(),
            self._http.stream("GET", self._base + path, headers=headers, timeout=TIMEOUT) as sent,
        ):
            if sent.status_code != HTTPStatus.OK:
                _judge(sent, self._read(sent, MOST_JSON_BYTES))
            yield self._parts(sent)

    def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: dict[str, str],
        most: int | None = None,
    ) -> Answer:
        try:
            return self._once(method, url, body, headers, most)
        except RefusedError as error:
            if not self._learn(error.problem):
                raise
        return self._once(method, url, body, headers, most)

    def _once(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], most: int | None
    ) -> Answer:
        signed = self._signed(method, url, body, headers)
        with (
            _transport(),
            self._http.stream(method, url, content=body, headers=signed, timeout=TIMEOUT) as answer,
        ):
            limit = MOST_BYTES if most is None or not answer.is_success else most
            return _judge(answer, self._read(answer, limit))

    def _read(self, answer: httpx.Response, limit: int) -> bytes:
        parts, size = [], 0
        for part in self._parts(answer):
            size += len(part)
            if size > limit:
                raise HostileAnswerError(
                    f"an answer of more than {limit} bytes; refused, report it"
                )
            parts.append(part)
        return b"".join(parts)

    def _parts(self, answer: httpx.Response) -> Iterator[bytes]:
        """The body as it comes, uncompressed: a few bytes must not unfold into gigabytes."""
        if "content-encoding" in answer.headers:
            raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: compressed, which was not asked for")
        size, began = 0, self._stopwatch()
        for part in answer.iter_bytes():
            size += len(part)
            spent = self._stopwatch() - began
            if spent > PATIENCE_SECONDS and size < spent * SLOWEST:
                raise HostileAnswerError(
                    f"an answer so slow ({size} bytes in {spent:.0f} s) that it would never end;"
                    " try another network"
                )
            yield part

    def _signed(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str]
    ) -> dict[str, str]:
        accept = {
            "Accept": f"{JSON_TYPE}, {PROBLEM_TYPE}",
            "Accept-Encoding": "identity",
            **headers,
        }
        if self._key is None:
            return accept
        added = sign_request(
            method,
            url,
            body,
            self._key,
            created=self._clock() + self._offset,
            nonce=encode_base64(self._entropy(NONCE_BYTES)),
            headers=accept,
        )
        return accept | added

    def _learn(self, problem: Problem) -> bool:
        """Whether the refusal was over our clock and taught us the server's."""
        told = (problem.extras or {}).get("server_time")
        if problem.status != HTTPStatus.UNAUTHORIZED or not isinstance(told, str):
            return False
        try:
            theirs = parse_time(told)
        except MalformedError as error:
            raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error
        if not EARLIEST <= theirs < LATEST:
            raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: its clock shows the year {theirs.year}")
        self._offset = offset = theirs - self._clock()
        self._learned(offset)
        return True


@contextmanager
def _transport() -> Iterator[None]:
    try:
        yield
    except httpx.DecodingError as error:
        raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error
    except (httpx.TransportError, httpx.StreamError) as error:
        raise OfflineError(
            f"the server was not reached ({type(error).__name__}); what waits is kept, try later"
        ) from error


def _judge(answer: httpx.Response, body: bytes) -> Answer:
    status = answer.status_code
    if answer.is_success or status == HTTPStatus.NOT_MODIFIED:
        tag = answer.headers.get("etag", "")
        return Answer(status, tag if _TAG.fullmatch(tag) else None, body)
    if answer.is_server_error or status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ServerTroubleError(
            f"the server cannot answer now (HTTP {status}); what waits is kept, try later",
            _seconds(answer.headers.get("retry-after", "")),
        )
    try:
        problem = read_problem(body)
    except MalformedError as error:
        raise HostileAnswerError(f"{_NOT_UNDERSTOOD} (HTTP {status}): {error}") from error
    if problem.status != status:
        raise HostileAnswerError(f"{_NOT_UNDERSTOOD}: HTTP {status} says {problem.status}")
    raise RefusedError(problem)


def read_problem(body: bytes) -> Problem:
    """RFC 9457 problem details; members beyond ours (RFC 9457 section 3.2) count as extras.
    Raises MalformedError."""
    found = load_json(body, MOST_JSON_BYTES)
    if not isinstance(found, dict):
        raise MalformedError("problem details are a JSON object")
    own = {"type", "title", "status", "detail", "code", "advice", "extras"}
    members = {key: value for key, value in found.items() if key in own}
    further = {key: value for key, value in found.items() if key not in own}
    extras = members.get("extras") or {}
    if not isinstance(extras, dict):
        raise MalformedError("the extras of problem details are a JSON object")
    return from_plain(members | {"extras": extras | further}, Problem)


def _seconds(retry_after: str) -> int | None:
    """At most a day; None for a date or anything else."""
    return min(int(retry_after[:9]), LONGEST_ASKED) if retry_after.isdecimal() else None
