"""An authority's requests to its server, signed with one keeper's key."""

import secrets
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

import httpx
from attrs import field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.messages import (
    BYTES_TYPE,
    JSON_TYPE,
    Approval,
    Edition,
    EnrolmentStatus,
    Given,
    PendingEnrolment,
    Problem,
    Refusal,
)
from protocols.plain import from_json, to_json, to_plain
from protocols.sealing.request import sign_request
from protocols.sealing.statement import Statement

T = TypeVar("T")
TIMEOUT = 30.0


class ServerUnreachableError(AmanaError):
    """The server did not answer."""

    code = "server_unreachable"


class ServerRefusedError(AmanaError):
    """The server answered with a problem; `problem_code` is its code."""

    code = "server_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"the server refused: {problem.detail}; {problem.advice} ({problem.code})")
        self.problem_code = problem.code


@frozen
class Uplink:
    """The way to one server for the keepers of one authority whose keys are at hand: at least
    one. They sign what is to be published as far as they reach; the first signs the requests."""

    server: str
    keys: tuple[SigningKey, ...] = field(repr=False)

    @property
    def key(self) -> SigningKey:
        """The key that signs the requests; alone it can publish nothing that needs more."""
        return self.keys[0]

    def pending(self, country: str, invitation: str | None = None) -> tuple[PendingEnrolment, ...]:
        """Enrolments that wait in the country; with an `invitation`, those asked with it."""
        more = "" if invitation is None else f"&invitation={quote(invitation, safe='')}"
        body = self._send("GET", f"/v1/enrolments?country={country}{more}", None)
        return from_json(body, tuple[PendingEnrolment, ...])

    def contribute(self, enrolment: str, statement: Statement) -> EnrolmentStatus:
        """Hand in this side's random number for a waiting device."""
        body = to_json(Given(statement))
        return from_json(
            self._send("POST", f"/v1/enrolments/{enrolment}/contribution", body), EnrolmentStatus
        )

    def publish(self, country: str, snapshot: Statement) -> None:
        """Publish a snapshot."""
        body = to_json({"snapshot": to_plain(snapshot)})
        self._send("PUT", f"/v1/directory/{country}", body)

    def store_edition(self, country: str, edition: Edition, data: bytes) -> None:
        """Store an edition's file; storing it again changes nothing."""
        self._send("PUT", f"/v1/checklists/{country}/{edition.sha256}", data, BYTES_TYPE)

    def approve(self, enrolment: str, approval: Approval) -> EnrolmentStatus:
        """Approve a device."""
        body = self._send("POST", f"/v1/enrolments/{enrolment}/approval", to_json(approval))
        return from_json(body, EnrolmentStatus)

    def refuse(self, enrolment: str, reason: str) -> EnrolmentStatus:
        """Refuse a device; `reason` is a code of `messages.REFUSALS`."""
        body = self._send("POST", f"/v1/enrolments/{enrolment}/refusal", to_json(Refusal(reason)))
        return from_json(body, EnrolmentStatus)

    def _send(
        self, method: str, path: str, body: bytes | None, media_type: str = JSON_TYPE
    ) -> bytes:
        url = self.server.rstrip("/") + path
        headers = {"Content-Type": media_type} if body else {}
        headers |= sign_request(
            method,
            url,
            body,
            self.key,
            created=datetime.now(UTC),
            nonce=secrets.token_urlsafe(16),
            headers=headers,
        )
        try:
            answer = httpx.request(method, url, content=body, headers=headers, timeout=TIMEOUT)
        except httpx.TransportError as error:
            raise ServerUnreachableError(
                f"{self.server} did not answer ({type(error).__name__}); check that it runs, or"
                " name another with --server"
            ) from error
        if answer.is_success:
            return answer.content
        raise ServerRefusedError(_problem(answer))


def _problem(answer: httpx.Response) -> Problem:
    try:
        return from_json(answer.content, Problem)
    except MalformedError:
        return Problem(
            title="Not understood",
            status=answer.status_code,
            detail=f"HTTP {answer.status_code} without problem details",
            code="not_understood",
            advice="check that the address is an Amana server's",
        )
