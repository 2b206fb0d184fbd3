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
    GarbledAnswerError,
    OfflineError,
    OversizeAnswerError,
    RedirectedError,
    RefusedError,
    ServerTroubleError,
    SlowAnswerError,
)
from mobile.sync.patience import Patience, Watch
from protocols.errors import MalformedError
from protocols.messages import BYTES_TYPE, JSON_TYPE, PROBLEM_TYPE, Problem
from protocols.plain import Entropy, encode_base64, from_json, from_plain, load_json, parse_time
from protocols.sealing.request import sign_request

T = TypeVar("T")
MOST_BYTES = 48 * 1024 * 1024
MOST_PROBLEM_BYTES = 64 * 1024
NONCE_BYTES = 16
USER_AGENT = "amana"
"""The same for every phone and version: a library's own name would tell how old an app is."""
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
        """The body as `kind`. Raises GarbledAnswerError for anything else."""
        try:
            return from_json(self.body, kind, MOST_BYTES)
        except MalformedError as error:
            raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error

    def plain(self) -> Any:
        """The body as JSON. Raises GarbledAnswerError."""
        try:
            return load_json(self.body, MOST_BYTES)
        except MalformedError as error:
            raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error


_NOT_UNDERSTOOD = "the server's answer is not understood; try another network, then report it"


class Client:
    """Talks to the server at `base` as the holder of `key` (None: only open endpoints).

    `offset` is how far the server's clock is ahead; `learned` is told when that changes, so that
    it can be kept. It goes to no other address than `base`, whatever the server says, and keeps
    no cookie. Raises OfflineError, ServerTroubleError, RefusedError, HostileAnswerError.
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
        patience: Patience | None = None,
    ) -> None:
        self._base = base.rstrip("/")
        self._key = key
        self._http = http
        self._clock = clock
        self._entropy = entropy
        self._offset = offset
        self._learned = learned
        self._stopwatch = stopwatch
        self._patience = patience or Patience()
        self._watch = Watch()

    def get(
        self,
        path: str,
        *,
        most: int | None = None,
        etag: str | None = None,
        **query: str | int,
    ) -> Answer:
        """GET an answer of `most` bytes at most; with `etag`, an unchanged one has status 304 and
        an empty body."""
        headers = {"If-None-Match": etag} if etag else {}
        url = httpx.URL(self._base + path, params=query) if query else self._base + path
        return self._exchange("GET", str(url), None, headers, most)

    def fetch(self, path: str, most: int) -> bytes:
        """GET bytes as they are, `most` of them at most."""
        accept = {"Accept": f"{BYTES_TYPE}, {PROBLEM_TYPE}"}
        return self._exchange("GET", self._base + path, None, accept, most).body

    def post(self, path: str, body: bytes, *, most: int | None = None) -> Answer:
        """POST a JSON body; the answer has `most` bytes at most."""
        return self._exchange("POST", self._base + path, body, {"Content-Type": JSON_TYPE}, most)

    @contextmanager
    def download(self, path: str) -> Iterator[Iterator[bytes]]:
        """GET a long answer as chunks, none kept in memory."""
        with self._sent("GET", self._base + path, None, {}) as answer:
            if answer.status_code != HTTPStatus.OK:
                _judge(answer, self._body(answer, 0))
            yield self._parts(answer, without_end=True)

    def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: dict[str, str],
        most: int | None,
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
        with self._sent(method, url, body, headers) as answer:
            return _judge(answer, self._body(answer, min(most or MOST_BYTES, MOST_BYTES)))

    @contextmanager
    def _sent(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str]
    ) -> Iterator[httpx.Response]:
        """The answer once its head has come, under watch from the first byte to the last."""
        signed = self._signed(method, url, body, headers)
        self._http.cookies.clear()
        self._watch.set(self._patience.to_begin(len(body or b"")))
        try:
            with (
                self._transport(),
                self._http.stream(
                    method,
                    url,
                    content=body,
                    headers=signed,
                    timeout=self._patience.timeout,
                    follow_redirects=False,
                    extensions=dict(self._watch.extensions),
                ) as answer,
            ):
                self._watch.set(self._patience.longest)
                yield answer
        finally:
            self._watch.stop()

    @contextmanager
    def _transport(self) -> Iterator[None]:
        try:
            yield
        except httpx.DecodingError as error:
            raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error
        except (httpx.TransportError, httpx.StreamError) as error:
            if self._watch.is_over:
                raise SlowAnswerError(
                    "an answer so slow that the line was cut; what waits is kept, try another"
                    " network"
                ) from error
            raise OfflineError(
                f"the server was not reached ({type(error).__name__}); what waits is kept, try"
                " later"
            ) from error

    def _body(self, answer: httpx.Response, most: int) -> bytes:
        """What an answer says, as far as it counts: a redirection and a server in trouble are
        known by their status alone."""
        if _by_status_alone(answer):
            return b""
        limit = most if answer.is_success else MOST_PROBLEM_BYTES
        parts, size = [], 0
        for part in self._parts(answer):
            size += len(part)
            if size > limit:
                raise OversizeAnswerError(
                    f"an answer of more than {limit} bytes; refused, report it"
                )
            parts.append(part)
        return b"".join(parts)

    def _parts(self, answer: httpx.Response, *, without_end: bool = False) -> Iterator[bytes]:
        """The body as it comes, uncompressed: a few bytes must not unfold into gigabytes. Of one
        `without_end`, each part has the time that others have as a whole."""
        if "content-encoding" in answer.headers:
            raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: compressed, which was not asked for")
        size, began = 0, self._stopwatch()
        for part in answer.iter_bytes():
            size += len(part)
            spent = self._stopwatch() - began
            if self._patience.is_lost(size, spent):
                raise SlowAnswerError(
                    f"an answer so slow ({size} bytes in {spent:.0f} s) that it would never end;"
                    " try another network"
                )
            if without_end:
                self._watch.set(self._patience.longest)
            yield part

    def _signed(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str]
    ) -> dict[str, str]:
        accept = {
            "Accept": f"{JSON_TYPE}, {PROBLEM_TYPE}",
            "Accept-Encoding": "identity",
            "User-Agent": USER_AGENT,
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
            raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: {error}") from error
        if not EARLIEST <= theirs < LATEST:
            raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: its clock shows the year {theirs.year}")
        self._offset = offset = theirs - self._clock()
        self._learned(offset)
        return True


def _by_status_alone(answer: httpx.Response) -> bool:
    status = answer.status_code
    away = answer.is_redirect or status == HTTPStatus.NOT_MODIFIED
    return away or answer.is_server_error or status == HTTPStatus.TOO_MANY_REQUESTS


def _judge(answer: httpx.Response, body: bytes) -> Answer:
    status = answer.status_code
    if answer.is_success or status == HTTPStatus.NOT_MODIFIED:
        tag = answer.headers.get("etag", "")
        return Answer(status, tag if _TAG.fullmatch(tag) else None, body)
    if answer.is_redirect:
        raise RedirectedError(
            "the server, or the network before it, points to another address; this phone does not"
            " go there: try another network"
        )
    if answer.is_server_error or status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ServerTroubleError(
            f"the server cannot answer now (HTTP {status}); what waits is kept, try later",
            _seconds(answer.headers.get("retry-after", "")),
        )
    try:
        problem = read_problem(body)
    except MalformedError as error:
        raise GarbledAnswerError(f"{_NOT_UNDERSTOOD} (HTTP {status}): {error}") from error
    if problem.status != status:
        raise GarbledAnswerError(f"{_NOT_UNDERSTOOD}: HTTP {status} says {problem.status}")
    raise RefusedError(problem)


def read_problem(body: bytes) -> Problem:
    """RFC 9457 problem details; members beyond ours (RFC 9457 section 3.2) count as extras.
    Raises MalformedError."""
    found = load_json(body, MOST_PROBLEM_BYTES)
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
