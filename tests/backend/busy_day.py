"""A busy fictional day: real phones against the real server in one process, every request and
answer recorded on the way."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import attrs
import httpx
import nacl.utils
from django.core.handlers.wsgi import WSGIHandler
from django.urls import resolve
from django.urls.exceptions import Resolver404

from backend.commands.offices.certifying import device_certificate
from backend.commands.offices.country_data import CountryData, fictional
from mobile.casework.phone import Phone
from mobile.commands.demonstration import cast
from mobile.vault.keys import TEST_PARAMETERS
from protocols.messages import Approval, PendingEnrolment, Refusal
from protocols.plain import format_time, from_plain, to_json
from protocols.sealing.certificate import Role, certify
from protocols.sealing.enrolment import invitation_to_uri
from protocols.sealing.statement import Statement
from tests.backend.world import HOST, Answer, World

PHONE_ADDRESS, PROXY_SAW = "203.0.113.77", "198.51.100.23"
BASE = "http://127.0.0.1:9"


@attrs.define
class Wire:
    """Serves through WSGI and keeps (method, route, query names) and header names, both ways.
    `urls` and `values` are what travelled, for searches."""

    addresses: set[tuple[str, str]] = attrs.field(factory=set)
    queries: set[str] = attrs.field(factory=set)
    asked: set[str] = attrs.field(factory=set)
    answered: set[str] = attrs.field(factory=set)
    values: list[str] = attrs.field(factory=list)

    def client(self) -> httpx.Client:
        transport = httpx.WSGITransport(self._serve, remote_addr=PHONE_ADDRESS)
        return httpx.Client(transport=transport)

    def _serve(self, environ: dict[str, Any], start: Any) -> Any:
        names = {_header(key) for key in environ if key.startswith(("HTTP_", "CONTENT_"))}
        self.asked |= names
        self.values += [str(environ[key]) for key in environ if key.startswith(("HTTP_", "CONT"))]
        self.values += [environ["PATH_INFO"], environ["QUERY_STRING"]]
        known = self._note(environ)

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            self.answered |= {name for name, _ in headers}
            self.values += [value for _, value in headers]
            if known and int(status[:3]) < HTTPStatus.BAD_REQUEST:
                self.queries |= {each.partition("=")[0] for each in known.split("&")} - {""}
            return start(status, headers, *more)

        behind_a_proxy = {"HTTP_X_FORWARDED_FOR": PROXY_SAW, "HTTP_FORWARDED": f"for={PROXY_SAW}"}
        return WSGIHandler()({**environ, **behind_a_proxy}, begin)

    def _note(self, environ: dict[str, Any]) -> str:
        try:
            route = resolve(environ["PATH_INFO"]).route
        except Resolver404:
            return ""
        self.addresses.add((environ["REQUEST_METHOD"], f"/{route}"))
        return str(environ["QUERY_STRING"])


def _header(key: str) -> str:
    return key.removeprefix("HTTP_").replace("_", "-").title()


@attrs.define
class WatchedWorld(World):
    """A World whose requests travel over `wire`, as those of its phones do."""

    wire: Wire = attrs.field(factory=Wire)

    def send_raw(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
        content_type: str = "application/json",
    ) -> Answer:
        sent = {"Host": HOST, **({"Content-Type": content_type} if body else {}), **headers}
        with self.wire.client() as http:
            found = http.request(method, f"http://{HOST}{path}", content=body, headers=sent)
        return Answer(found.status_code, dict(found.headers), found.content)


@attrs.define
class Town:
    """The world's office and its phones, in `folder`."""

    world: WatchedWorld
    folder: Path
    data: CountryData
    phones: dict[str, Phone] = attrs.field(factory=dict)

    def publish(self, *more: Statement, **changes: Any) -> Statement:
        """The next snapshot, signed, with the fictional directory in it."""
        self.world.published.setdefault("TN", []).extend(more)
        named = {
            "providers": self.data.providers,
            "checklists": self.data.checklists,
        }
        return self.world.snapshot(**{**named, **changes})

    def put(self, snapshot: Statement) -> None:
        answer = self.world.put_snapshot("TN", snapshot)
        assert answer.status == 200, answer.body
        self.world.numbers["TN"] = answer.json["number"]

    def new(self, name: str) -> Phone:
        """A phone that belongs to nobody yet."""
        phone = Phone(
            self.folder / name,
            clock=lambda: self.world.now,
            entropy=nacl.utils.random,
            http=self.world.wire.client,
            jitter=lambda: 0.5,
        )
        phone.create(cast.PIN, parameters=TEST_PARAMETERS)
        return phone

    def ask(self, name: str, organisation: str, role: str, label: str) -> Phone:
        """A phone that has asked to be enrolled."""
        phone = self.new(name)
        invitation = {
            "id": f"tn-{len(self.phones):016x}",
            "secret": "c2VjcmV0IG9mIGEgZmljdGlvbmFsIHRlc3Q=",
            "server": BASE,
            "root": self.world.keys.root.fingerprint,
            "organisation": organisation,
            "role": role,
            "country": "TN",
            "expires": format_time(self.world.now + timedelta(days=1)),
        }
        phone.enrolment.begin(invitation_to_uri(invitation), label)
        self.phones[name] = phone
        return phone

    def waiting(self) -> PendingEnrolment:
        answer = self.world.send("GET", "/v1/enrolments?country=TN", key=self.world.authority())
        (found,) = answer.json
        return from_plain(found, PendingEnrolment)

    def enrol(self, holder: cast.Holder) -> Phone:
        phone = self.ask(holder.name, holder.organisation, holder.role, holder.label)
        asked = self.waiting()
        key, role = asked.request.device_key, Role(holder.role)
        body = device_certificate(
            key, role, "TN", holder.organisation, asked.request.label, self.world.now
        )
        certificate = certify(body, self.world.authority())
        approval = Approval(certificate, self.publish(certificate))
        path = f"/v1/enrolments/{asked.id}/approval"
        answer = self.world.send("POST", path, to_json(approval), self.world.authority())
        assert answer.status == 200, answer.body
        self.world.numbers["TN"] += 1
        assert phone.enrolment.poll() == "approved"
        phone.sync()
        return phone

    def refuse(self, label: str) -> None:
        self.ask("stranger", cast.INSPECTOR.organisation, "field_worker", label)
        path = f"/v1/enrolments/{self.waiting().id}/refusal"
        body = to_json(Refusal("refused"))
        assert self.world.send("POST", path, body, self.world.authority()).status == 200

    def vouch(self, coordinator: Phone) -> None:
        """A coordinator's phone compares digits with a colleague's; the office does not know."""
        made = coordinator.inviting.invite(cast.INSPECTOR.organisation, "field_worker")
        joining = self.new("colleague")
        joining.enrolment.begin(str(made.uri), "Fictional colleague's phone")
        coordinator.inviting.look(made.id)
        joining.enrolment.poll()
        found = coordinator.inviting.look(made.id)
        assert found.code == joining.enrolment.short_code
        assert found.code is not None
        vouched = coordinator.inviting.compared(made.id, same=True)
        assert (vouched.step, vouched.handed) == ("vouched", True)


def found_town(world: WatchedWorld, folder: Path) -> Town:
    """The fictional Tunisia's directory, published."""
    data = fictional("TN", world.now)
    for each in sorted(data.names()):
        world.organisation(each)
    town = Town(world, folder, data)
    town.put(town.publish())
    return town
