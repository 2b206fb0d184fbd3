"""One real server process and enrolled phones, over real HTTP on the loopback."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from mobile.casework.phone import Phone, now_utc
from mobile.commands.demonstration.processes import ServerProcess, free_port
from mobile.commands.demonstration.programme import Programme
from mobile.commands.demonstration.wire import Relay
from mobile.vault.keys import TEST_PARAMETERS
from tests.journey.keepers import KeptProgramme

PIN = "482913"


class Town:
    """A fictional programme with its server; phones by name. `ahead` moves every phone's clock,
    `relay` keeps every byte between them in `wire/`."""

    programme_kind = Programme

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port = free_port()
        self.relay = Relay(port, folder / "wire")
        self.relay.start()
        self.programme = self.programme_kind(
            folder / "programme", self.relay.url, folder / "programme.log"
        )
        self.programme.init()
        self.server = ServerProcess(
            self.programme.server_data, port, folder / "server.log", folder / "amana.db"
        )
        self.ahead = timedelta(0)
        self.phones: dict[str, Phone] = {}

    def clock(self):
        return now_utc() + self.ahead

    def phone(self, name, transport=None) -> Phone:
        """The phone kept in the folder of that name, as after a restart of its app."""
        return Phone(
            self.folder / "phones" / name,
            clock=self.clock,
            http=lambda: httpx.Client(
                transport=transport() if transport else None, trust_env=False
            ),
        )

    def enrol(self, name, organisation, role) -> Phone:
        phone = self.phone(name)
        self.programme.enrol(
            phone,
            pin=PIN,
            country="TN",
            organisation=organisation,
            role=role,
            label=name,
            parameters=TEST_PARAMETERS,
        )
        self.phones[name] = phone
        return phone

    def sync_all(self):
        for phone in self.phones.values():
            phone.sync(hurry=True)


class KeptTown(Town):
    """The same, of which any two of three keepers sign for TN."""

    programme_kind = KeptProgramme


@contextmanager
def running(made):
    made.server.start()
    yield made
    made.server.stop()
    made.relay.stop()


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with running(Town(tmp_path_factory.mktemp("town"))) as made:
        yield made


@pytest.fixture(scope="module")
def kept_town(tmp_path_factory):
    with running(KeptTown(tmp_path_factory.mktemp("kept"))) as made:
        yield made
