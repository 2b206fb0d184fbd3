"""A fictional programme whose server's operator is dishonest, and real phones that meet it.

The town is founded once; each attack gets copies of its vaults and of its database, so that none
meets what another left behind.
"""

import json
import os
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import httpx
from attrs import define, evolve, field
from click.testing import CliRunner
from nacl.signing import SigningKey

from backend.commands.programme import programme
from mobile.casework.phone import Phone, now_utc
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.canaries import distinctive, strings_of
from mobile.commands.demonstration.programme import PASSPHRASE, Programme
from mobile.sync.errors import ServerTroubleError
from mobile.sync.patience import Patience
from mobile.vault.keys import TEST_PARAMETERS
from protocols.messages import JSON_TYPE, DirectoryAnswer, Snapshot
from protocols.plain import decode_base64, from_json, load_json, to_json, to_plain
from protocols.sealing.age import Identity, decrypt
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_scrypt import ScryptPassphrase
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.request import sign_request
from protocols.sealing.statement import Statement, sign
from tests.hostile.hostile_server import (
    HOST,
    Elsewhere,
    Honest,
    HostileServer,
    Reply,
    Request,
)
from tests.hostile.operator import COUNTRY, DishonestOperator
from tests.journey.people import CASE, FALLBACK, FIRST, queue
from tests.mobile.town import desk_of

WORKER, FIRST_PHONE, FALLBACK_PHONE, COORDINATOR = (each.name for each in cast.EVERYBODY)
NEWCOMER = "newcomer"
"""Has a phone, and an invitation to the inspectorate."""
NO_TLS_HERE = ssl.create_default_context()
"""Made once: to read the machine's certificates for each client takes longer than its exchanges."""
IMPATIENT = Patience(silence=0.8, begin=0.5, settle=0.5, slowest=10_000, longest=2)
QUICKLY = 4
"""Seconds in which a sync of an impatient phone must have ended."""
SECRETS = distinctive(strings_of([CASE, cast.QUESTION, cast.ANSWER]))


class QuickProgramme(Programme):
    """The same commands, typed in this process."""

    def _run(self, *words: str):
        environment = {"AMANA_PASSPHRASE": PASSPHRASE, "NO_PROXY": HOST, "no_proxy": HOST}
        result = CliRunner().invoke(programme, [*words, "--json"], env=environment)
        assert result.exit_code == 0, (result.output, result.exception)
        return json.loads(result.stdout)

    def init(self) -> None:
        words = ("--fictional", "--server", self.server, "--work-factor", "1")
        self._run("init", "--out", str(self.folder), *words)


class HostileTown:
    """The programme, one hostile server, and the folder that holds the vaults as founded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ahead = timedelta(0)
        self.operator: DishonestOperator
        self.server = HostileServer(self._serve)
        self.elsewhere = Elsewhere()
        self.programme = QuickProgramme(
            folder / "programme", self.server.url, folder / "programme.log"
        )
        self.programme.init()
        self.operator = self._operator(folder / "founding.db")
        self.referrals: dict[str, str] = {}
        self._found()

    def _serve(self, request: Request) -> Reply:
        return self.operator.serve(request)

    def clock(self) -> datetime:
        """Everybody's time."""
        return now_utc() + self.ahead

    def _operator(self, database: Path) -> DishonestOperator:
        return DishonestOperator(self.programme.server_data, database, self.clock)

    def authority_key(self, country: str) -> SigningKey:
        """What an operator has only where that country's authority is in league with it."""
        (file,) = self.programme.folder.glob(f"authorities/{country}/**/*key.age")
        plain = load_json(decrypt(file.read_bytes(), [ScryptPassphrase(PASSPHRASE)]))
        (seed,) = plain["keys"]
        return SigningKey(decode_base64(seed))

    def phone(self, folder: Path, **more) -> Phone:
        """The phone whose vault is in `folder`, as after a restart of its app."""
        return Phone(
            folder,
            clock=self.clock,
            http=lambda: httpx.Client(trust_env=False, verify=NO_TLS_HERE),
            jitter=lambda: 0.5,
            **more,
        )

    def _found(self) -> None:
        """Enrol everybody; one referral is with the first shelter, opened; a second one waits on
        the worker's phone."""
        phones = {}
        for each in cast.EVERYBODY:
            phones[each.name] = self.phone(self.folder / "founded" / each.name)
            self.programme.enrol(
                phones[each.name],
                pin=cast.PIN,
                country=COUNTRY,
                organisation=each.organisation,
                role=each.role,
                label=each.label,
                parameters=TEST_PARAMETERS,
            )
        sync_all(phones.values())
        worker, first = phones[WORKER], phones[FIRST_PHONE]
        self.referrals["known"] = queue(worker, self.clock())
        sync_all((worker, first))
        first.inbox.open(self.referrals["known"])
        sync_all((first, *phones.values()))
        self.referrals["new"] = queue(worker, self.clock())
        for each in phones.values():
            each.lock()
        self.operator.close()

    def stage(self, folder: Path) -> "Stage":
        """Copies of everything, as founded."""
        shutil.copytree(self.folder / "founded", folder / "phones")
        shutil.copyfile(self.folder / "founding.db", folder / "amana.db")
        self.ahead = timedelta(0)
        self.server.be_honest()
        self.server.forget()
        self.operator = self._operator(folder / "amana.db")
        return Stage(self, folder)

    def stop(self) -> None:
        """No more."""
        self.server.stop()
        self.elsewhere.stop()


@define
class Intruder:
    """Who would like to read along: a signing key that nobody certified, and sealing keys."""

    key: SigningKey = field(factory=SigningKey.generate)
    x25519: X25519Identity = field(factory=X25519Identity.generate)
    hybrid: HybridIdentity = field(factory=HybridIdentity.generate)

    @property
    def identities(self) -> tuple[Identity, ...]:
        return (self.x25519, self.hybrid)


@define(slots=False)
class Stage:
    """One attack's copies. `known` is a referral that everybody knows of, `new` one that waits on
    the worker's phone until somebody lets it leave."""

    town: HostileTown
    folder: Path
    intruder: Intruder = field(factory=Intruder)
    sent: list[Request] = field(factory=list)
    _phones: dict[str, Phone] = field(factory=dict)

    @property
    def operator(self) -> DishonestOperator:
        return self.town.operator

    @operator.setter
    def operator(self, operator: DishonestOperator) -> None:
        self.town.operator = operator

    @property
    def server(self) -> HostileServer:
        return self.town.server

    @property
    def known(self) -> str:
        return self.town.referrals["known"]

    @property
    def new(self) -> str:
        return self.town.referrals["new"]

    def phone(self, name: str) -> Phone:
        """Somebody's phone, unlocked."""
        if name not in self._phones:
            made = self._phones[name] = self.town.phone(self.folder / "phones" / name)
            if made.exists:
                made.unlock(cast.PIN)
            else:
                made.create(cast.PIN, parameters=TEST_PARAMETERS)
        return self._phones[name]

    @cached_property
    def programme(self) -> QuickProgramme:
        """The coordinator's folder, copied: what is done in it stays in this stage."""
        copy = self.folder / "programme"
        shutil.copytree(self.town.programme.folder, copy)
        return QuickProgramme(copy, self.server.url, self.folder / "programme.log")

    @cached_property
    def invitation(self) -> tuple[str, str]:
        """The newcomer's: its id and the text of its code."""
        return self.programme.invite(COUNTRY, cast.INSPECTOR.organisation, cast.INSPECTOR.role)

    @property
    def authority(self) -> Statement:
        """The authority's certificate."""
        return self.directory().read(DirectoryAnswer).authority

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the directory lists: everybody's certificates."""
        found = self.directory().read(DirectoryAnswer).snapshot
        return from_json(found.payload, Snapshot).statements

    @property
    def worker(self) -> Phone:
        return self.phone(WORKER)

    @property
    def first(self) -> Phone:
        return self.phone(FIRST_PHONE)

    @property
    def fallback(self) -> Phone:
        return self.phone(FALLBACK_PHONE)

    @property
    def coordinator(self) -> Phone:
        return self.phone(COORDINATOR)

    @contextmanager
    def impatient(self, phone: Phone) -> Iterator[Phone]:
        """The same phone, which waits for a server for a moment only."""
        phone.lock()
        same = self.town.phone(phone.folder, patience=IMPATIENT)
        same.unlock(cast.PIN)
        try:
            yield same
        finally:
            same.lock()
            phone.unlock(cast.PIN)

    def later(self, **delta: float) -> None:
        """Everybody's clock goes on."""
        self.town.ahead += timedelta(**delta)

    def in_future(self, **delta: float) -> datetime:
        """A moment after now."""
        return self.town.clock() + timedelta(**delta)

    def ask_timeline(self, phone: Phone, referral: str) -> Request:
        """The request by which that phone would ask for a referral's timeline."""
        caught: list[Request] = []

        def catch(request: Request, _: Honest) -> Reply:
            caught.append(request)
            return Reply(503)

        self.server.tell(catch)
        with suppress(ServerTroubleError), desk_of(phone).online() as server:
            server.timeline(referral)
        self.server.be_honest()
        return caught[0]

    def directory(self) -> Reply:
        """The newest directory, as the honest server gives it to the worker's phone."""
        caught: list[Reply] = []

        def catch(_: Request, honest: Honest) -> Reply:
            caught.append(honest())
            return caught[-1]

        self.server.tell(catch)
        with desk_of(self.worker).online() as server:
            server.directory(COUNTRY, 0, None)
        self.server.be_honest()
        return caught[-1]

    def publish(self, **changes) -> None:
        """The authority publishes its next directory, with these changes."""
        found = self.directory().read(DirectoryAnswer).snapshot
        inside = from_json(found.payload, Snapshot)
        fresh = {"number": inside.number + 1, "issued": self.in_future()}
        key = self.town.authority_key(COUNTRY)
        signed = sign(found.payloadType, evolve(inside, **(fresh | changes)), key)
        url = f"{self.server.url}/v1/directory/{COUNTRY}"
        body, headers = to_json({"snapshot": to_plain(signed)}), {"Content-Type": JSON_TYPE}
        nonce = os.urandom(8).hex()
        headers |= sign_request(
            "PUT",
            url,
            body,
            key,
            created=self.in_future(),
            nonce=nonce,
            headers=headers,
        )
        with httpx.Client(trust_env=False, verify=NO_TLS_HERE) as http:
            answer = http.put(url, content=body, headers=headers)
        assert answer.status_code == 200, answer.content

    def deliver(self) -> None:
        """The worker's phone, before any lie, lets the new referral leave."""
        self.worker.sync(hurry=True)

    def close(self) -> None:
        """Lock every phone, end the server."""
        for each in self._phones.values():
            each.lock()
        self.operator.close()


def sync_all(phones) -> None:
    for each in phones:
        each.sync(hurry=True)


__all__ = ["FALLBACK", "FIRST", "SECRETS", "HostileTown", "Stage", "sync_all"]
