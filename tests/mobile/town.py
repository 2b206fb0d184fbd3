"""A fictional town for tests: one FakeServer, one clock, and phones enrolled with it."""

import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import nacl.utils

from mobile.casework.phone import Phone
from mobile.vault.keys import TEST_PARAMETERS
from protocols.sealing.certificate import Role
from tests.mobile.fake_server import SHELTERS, FakeServer

PIN = "482913"
INSPECTORATE, OFFICE = "fictional-inspectorate", "fictional-office"
FIRST, SECOND = SHELTERS


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


class Town:
    """`clock` is the server's; a phone follows it, `off` by as much as its owner's mistake."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = FakeClock()
        self.server = FakeServer(self.clock)
        self.off = {}

    def phone(self, name):
        """The phone kept in the folder of that name, locked, as after a restart of its app."""
        return Phone(
            self.folder / name,
            clock=lambda: self.clock() + self.off.get(name, timedelta(0)),
            entropy=nacl.utils.random,
            http=self.server.http,
            jitter=lambda: 0.5,
        )

    def new_phone(self, name):
        """An unlocked phone that belongs to nobody yet."""
        phone = self.phone(name)
        phone.create(PIN, parameters=TEST_PARAMETERS)
        return phone

    def enrol(self, name, organisation, role):
        phone = self.new_phone(name)
        phone.enrolment.begin(self.server.invite(organisation, role), name)
        assert phone.enrolment.poll() == "approved"
        phone.sync()
        return phone

    def restart(self, phone):
        """The same phone after its process was killed: whatever was in memory is gone."""
        again = self.phone(phone.folder.name)
        again.unlock(PIN)
        return again

    def copy(self, phone, name):
        """A second phone with the same vault: for trying one moment in many ways."""
        shutil.copytree(phone.folder, self.folder / name)
        return self.restart(SimpleNamespace(folder=self.folder / name))

    def worker(self, name="worker"):
        return self.enrol(name, INSPECTORATE, Role.FIELD_WORKER)

    def shelter(self, name="shelter-a", organisation=FIRST):
        return self.enrol(name, organisation, Role.PROVIDER_STAFF)

    def coordinator(self, name="coordinator"):
        return self.enrol(name, OFFICE, Role.COORDINATOR)


def desk_of(phone):
    """What the rooms of an unlocked phone stand on."""
    return phone._desk()


def sync_all(*phones):
    for phone in phones:
        phone.sync(hurry=True)


def codes(report):
    """The codes of what a sync could not do."""
    return tuple(each.code for each in report.problems)
