"""A programme's folder with its server, the hand that types, and new devices: for the commands'
tests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import httpx
from click.testing import CliRunner, Result
from nacl.signing import SigningKey

from backend.commands.programme import programme
from protocols.errors import AmanaError
from protocols.messages import (
    DirectoryAnswer,
    EnrolmentRequest,
    EnrolmentStatus,
    Opening,
    Snapshot,
)
from protocols.plain import from_json, from_plain, to_json
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import SealingKey, publish_sealing_key
from protocols.sealing.comparing import Contribution, Joining
from protocols.sealing.enrolment import Claim, commit, invitation_from_uri, proof
from protocols.sealing.request import sign_request
from protocols.sealing.statement import Statement, keyid

SERVER = "https://testserver"
PASSPHRASE = "a passphrase of a fictional programme"
INSPECTORATE = "demo-labour-inspectorate-tn"


@attrs.define
class Office:
    """A programme's folder, its server, and the hand that types."""

    folder: Path
    http: httpx.Client

    def type(self, *words: str, passphrase: str = PASSPHRASE) -> Result:
        return CliRunner().invoke(programme, words, env={"AMANA_PASSPHRASE": passphrase})

    def ask(self, *words: str) -> Any:
        result = self.type(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def refused(self, *words: str, **more: str) -> AmanaError:
        error = self.type(*words, **more).exception
        assert isinstance(error, AmanaError), error
        return error

    @property
    def here(self) -> tuple[str, str]:
        return ("--dir", str(self.folder))

    def invite(self) -> tuple[str, dict[str, Any]]:
        words = ("--country", "TN", "--organisation", INSPECTORATE, "--role", "field_worker")
        made = self.ask("invite", *self.here, *words)
        return made["invitation"], invitation_from_uri(made["uri"])

    def compared(self, device: "NewDevice") -> tuple[str, str]:
        """A device invited, answered and showing its digits: the invitation's id, the digits."""
        name, invitation = self.invite()
        device.ask_in(self.http, invitation, secret_of(invitation))
        self.ask("contribute", *self.here, "--invitation", name)
        return name, device.show(self.http)

    def snapshot(self, device: "NewDevice") -> Snapshot:
        answer = device.send(self.http, "GET", "/v1/directory/TN")
        assert answer.status_code == 200, answer.content
        return from_json(from_json(answer.content, DirectoryAnswer).snapshot.payload, Snapshot)


@attrs.define
class NewDevice:
    """A device with keys of its own and no certificate yet."""

    key: SigningKey = attrs.field(factory=SigningKey.generate)
    nonce: bytes = attrs.field(factory=lambda: bytes(SigningKey.generate()))
    secret: bytes = b""
    joining: Joining | None = None
    status: EnrolmentStatus | None = None

    @property
    def public(self) -> bytes:
        return bytes(self.key.verify_key)

    @property
    def id(self) -> str:
        return keyid(self.public)

    def sealing_key(self) -> Statement:
        now = datetime.now(UTC).replace(microsecond=0)
        recipient = X25519Identity.generate().recipient.text
        body = SealingKey(self.id, recipient, now - timedelta(minutes=1), now + timedelta(days=7))
        return publish_sealing_key(body, self.key)

    def send(
        self, http: httpx.Client, method: str, path: str, body: bytes | None = None
    ) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if body else {}
        headers |= sign_request(
            method,
            SERVER + path,
            body,
            self.key,
            created=datetime.now(UTC),
            nonce=SigningKey.generate().encode().hex(),
            headers=headers,
        )
        return http.request(method, path, content=body, headers=headers)

    def ask_in(
        self,
        http: httpx.Client,
        invitation: dict[str, Any],
        secret: bytes,
        label: str = "Blue fictional phone",
    ) -> None:
        """Request enrolment, with a commitment to this device's random number."""
        request = self.request(invitation, secret, label)
        answer = self.send(http, "POST", "/v1/enrolments", to_json(request))
        assert answer.status_code == 202, answer.content
        self.status = from_json(answer.content, EnrolmentStatus)
        self.secret = secret

    def request(
        self, invitation: dict[str, Any], secret: bytes, label: str = "Blue fictional phone"
    ) -> EnrolmentRequest:
        sealing = self.sealing_key()
        named = (invitation["id"], self.public, sealing.digest, label)
        claim = Claim(*named, commit(*named, self.nonce))
        self.joining = Joining(claim, self.nonce)
        return EnrolmentRequest(
            invitation=invitation["id"],
            device_key=self.public,
            label=label,
            sealing_key=sealing,
            proof=proof(secret, claim),
            commitment=claim.commitment,
        )

    def look(self, http: httpx.Client) -> EnrolmentStatus:
        assert self.status is not None
        answer = self.send(http, "GET", f"/v1/enrolments/{self.status.id}")
        self.status = from_json(answer.content, EnrolmentStatus)
        return self.status

    def show(self, http: httpx.Client) -> str:
        """Take the other side's number, show this device's; the digits its holder reads aloud."""
        status = self.look(http)
        assert status.contribution is not None
        assert self.joining is not None
        given = from_json(status.contribution.payload, Contribution)
        self.joining = self.joining.take(given.nonce)
        assert self.joining.opening is not None
        body = to_json(Opening(self.joining.opening))
        answer = self.send(http, "POST", f"/v1/enrolments/{status.id}/opening", body)
        assert answer.status_code == 200, answer.content
        code = self.joining.code(self.secret)
        assert code is not None
        return code


def secret_of(invitation: dict[str, Any]) -> bytes:
    return from_plain(invitation["secret"], bytes)
