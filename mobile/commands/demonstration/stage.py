"""What the demo plays on: the programme, its server behind the recording relay, and the phones."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from attrs import frozen

from mobile.casework.phone import Phone, now_utc
from mobile.commands.demonstration.cast import COUNTRY, PIN, Holder
from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.processes import DemoError, ServerProcess, free_port
from mobile.commands.demonstration.programme import Programme
from mobile.commands.demonstration.wire import Relay
from mobile.flows.enrol import EnrolFlow
from mobile.flows.home import HomeFlow
from mobile.locale import Words


@frozen
class Stage:
    """Phones reach the server only through `relay`; `phones` by the name of their holder."""

    folder: Folder
    relay: Relay
    server: ServerProcess
    programme: Programme
    phones: dict[str, Phone]
    words: Words

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
        """The phone of `holder` joins through the app's own screens, while the coordinator
        compares the code; returns the code as it was shown. Raises DemoError."""
        phone = self.new_phone(holder)
        with self.relay.as_speaker(holder.name):
            invitation, uri = self.programme.invite(COUNTRY, holder.organisation, holder.role)
            phone.create(PIN)
            screen = EnrolFlow(phone, self.words)
            screen.begin(uri, holder.label)
            self.programme.contribute(invitation)
            screen.poll()
            code = screen.view.code
            if code is None:
                raise DemoError(f"{holder.name} could not ask to join: {screen.view.problem}")
            self.programme.approve(invitation, code.replace(" ", ""))
            screen.poll()
            if screen.view.leads_to is None:
                raise DemoError(f"{holder.name} was not approved: {screen.view.problem}")
        return code

    def sync(self, *names: str) -> None:
        """Each phone presses "Sync now", in this order. Raises DemoError for any trouble met."""
        for name in names or tuple(self.phones):
            home = HomeFlow(self.phones[name], self.words)
            with self.relay.as_speaker(name):
                home.sync()
            trouble = (home.problem, *home.view.problems)
            if any(trouble):
                raise DemoError(f"{name}'s phone met trouble: {next(filter(None, trouble))}")

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


def make_stage(folder: Folder, words: Words) -> Stage:
    """Found a fictional programme in `folder`; its server does not run yet. The phones speak
    `words`."""
    port = free_port()
    relay = Relay(port, folder / "wire")
    programme = Programme(folder.programme, relay.url, folder / "programme.log")
    programme.init()
    (folder / "root.json").write_bytes(programme.root.read_bytes())
    server = ServerProcess(programme.server_data, port, folder / "server.log", folder.database)
    return Stage(folder, relay, server, programme, {}, words)
