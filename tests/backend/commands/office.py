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
from protocols.messages import DirectoryAnswer, EnrolmentRequest, Snapshot
from protocols.plain import from_json, from_plain, to_json
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.certificate import SealingKey, publish_sealing_key
from protocols.sealing.enrolment import invitation_from_uri, proof, short_code
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

    def snapshot(self, device: "NewDevice") -> Snapshot:
        answer = device.send(self.http, "GET", "/v1/directory/TN")
        assert answer.status_code == 200, answer.content
        return from_json(from_json(answer.content, DirectoryAnswer).snapshot.payload, Snapshot)


@attrs.define
class NewDevice:
    """A device with keys of its own and no certificate yet."""

    key: SigningKey = attrs.field(factory=SigningKey.generate)

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
    ) -> str:
        """Request enrolment; returns the short code that its holder would read aloud."""
        sealing = self.sealing_key()
        parts = (secret, invitation["id"], self.public, sealing.digest)
        request = EnrolmentRequest(
            invitation=invitation["id"],
            device_key=self.public,
            label=label,
            sealing_key=sealing,
            proof=proof(*parts),
        )
        answer = self.send(http, "POST", "/v1/enrolments", to_json(request))
        assert answer.status_code == 202, answer.content
        return short_code(*parts)


def secret_of(invitation: dict[str, Any]) -> bytes:
    return from_plain(invitation["secret"], bytes)
