"""What the demo plays on: the programme, its server behind the recording relay, and the phones."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from attrs import frozen

from mobile.casework.phone import Phone, now_utc
from mobile.casework.views import SyncReport
from mobile.commands.demonstration.cast import COUNTRY, PIN, Holder
from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.processes import DemoError, ServerProcess, free_port
from mobile.commands.demonstration.programme import Programme
from mobile.commands.demonstration.wire import Relay


@frozen
class Stage:
    """Phones reach the server only through `relay`; `phones` by the name of their holder."""

    folder: Folder
    relay: Relay
    server: ServerProcess
    programme: Programme
    phones: dict[str, Phone]

    def new_phone(self, holder: Holder) -> Phone:
        """The phone of `holder`, its vault in the demo's folder, not enrolled yet."""
        phone = Phone(
            self.folder / "phones" / holder.name,
            clock=now_utc,
            http=lambda: httpx.Client(trust_env=False),
        )
        self.phones[holder.name] = phone
        return phone

    def enrol(self, holder: Holder) -> str:
        """Enrol the phone of `holder` as a coordinator would; the short code that was compared."""
        phone = self.new_phone(holder)
        with self.relay.as_speaker(holder.name):
            return self.programme.enrol(
                phone,
                pin=PIN,
                country=COUNTRY,
                organisation=holder.organisation,
                role=holder.role,
                label=holder.label,
            )

    def sync(self, *names: str) -> tuple[SyncReport, ...]:
        """Each phone connects, in this order. Raises DemoError for any trouble met."""
        return tuple(self._sync(name) for name in names or tuple(self.phones))

    def _sync(self, name: str) -> SyncReport:
        with self.relay.as_speaker(name):
            report = self.phones[name].sync(hurry=True)
        if report.problems:
            raise DemoError(f"{name}'s phone met trouble: {report.problems[0].detail}")
        return report

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server runs inside, behind the relay; on leaving both end and the phones lock."""
        self.relay.start()
        try:
            self.server.start()
            yield
        finally:
            for phone in self.phones.values():
                phone.lock()
            self.server.stop()
            self.relay.stop()


def make_stage(folder: Folder) -> Stage:
    """Found a fictional programme in `folder`; its server does not run yet."""
    port = free_port()
    relay = Relay(port, folder / "wire")
    programme = Programme(folder.programme, relay.url, folder / "programme.log")
    programme.init()
    (folder / "root.json").write_bytes(programme.root.read_bytes())
    server = ServerProcess(programme.server_data, port, folder / "server.log", folder.database)
    return Stage(folder, relay, server, programme, {})
