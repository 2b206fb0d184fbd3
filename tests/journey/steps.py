"""A program of its own: two phones walk the whole way, and after each step it waits, so that
`test_leavings.py` can search whatever this process has left on disk.

`python -m tests.journey.steps FOLDER [plain|app]` keeps the phones in FOLDER and writes a JSON line
a step. `plain`: as if the vault encrypted nothing, for the search's control. `app`: in the end the
app shows the case, without a display.
"""

import json
import sys
from pathlib import Path

from attrs import evolve

from mobile.commands.demonstration import cast
from mobile.commands.demonstration.canaries import distinctive, strings_of
from mobile.vault import records
from mobile.vault.keys import TEST_PARAMETERS
from protocols.referral.services import Service
from protocols.sealing.certificate import Role
from tests.journey.people import CASE, consented
from tests.mobile.town import FIRST, INSPECTORATE, PIN, SECOND, Town, desk_of, sync_all

NEW_PIN = "719304"
LABEL = "Fictional blue phone 0140"
DRAFT = "لم يُرسل بعد: طيف أخضر عند الباب الثالث 0140"
SAID = (cast.QUESTION, cast.ANSWER, cast.FEEDBACK)
LONG_ENOUGH = 9
"""Letters of a question's name that does not stand in everybody's words."""


class Walk:
    """Two phones of one town, each with its PIN, and what is secret by now."""

    def __init__(self, folder: Path) -> None:
        self.town = Town(folder)
        self.worker, self.shelter = self.town.phone("worker"), self.town.phone("shelter")
        self.pins = {"worker": PIN, "shelter": PIN}
        self.secrets = {PIN, NEW_PIN}
        self.wrote: list[str] = []

    @property
    def open(self):
        """The unlocked phones."""
        return [each for each in (self.worker, self.shelter) if each.unlocked]

    def learn(self, *values) -> None:
        """Every distinctive string in `values` is secret from now on."""
        self.secrets.update(distinctive(strings_of(values)))

    def pause(self, step: str) -> None:
        """Tell, unlocked and then locked, and wait each time."""
        for phone in self.open:
            for each in desk_of(phone).keyring.sealing():
                self.secrets.update(filter(None, (each.secret, each.hybrid)))
        self._tell(step)
        unlocked = self.open
        for phone in unlocked:
            phone.lock()
        self._tell(f"{step}, locked")
        for phone in unlocked:
            phone.unlock(self.pins[phone.folder.name])

    def _tell(self, step: str) -> None:
        told = {"step": step, "secrets": sorted(self.secrets), "wrote": self.wrote}
        print(json.dumps(told), flush=True)  # noqa: T201 the pipe to whoever searches
        if not sys.stdin.readline():
            sys.exit(1)


def walk(way: Walk):
    """The whole way; yields each step's name once it is done."""
    worker, shelter, town = way.worker, way.shelter, way.town
    for phone in (worker, shelter):
        phone.create(PIN, parameters=TEST_PARAMETERS)
    yield "create"
    for phone, organisation, role in (
        (worker, INSPECTORATE, Role.FIELD_WORKER),
        (shelter, FIRST, Role.PROVIDER_STAFF),
    ):
        phone.enrolment.begin(town.server.invite(organisation, role), LABEL)
        phone.enrolment.poll()
        phone.sync()
        way.secrets |= {organisation, FIRST, SECOND, LABEL, phone.identity.keyid}
    worker.sync()
    yield "enrol"
    record = worker.screenings.start(cast.CHECKLIST, "ar", division=cast.DIVISION)
    way.secrets |= {record.id, record.referral}
    for question, value in cast.ANSWERS.items():
        record = evolve(record, interview=record.interview.put(question, value))
        worker.screenings.save(record)
        if len(question) >= LONG_ENOUGH:
            way.secrets.add(question)
    yield "screen"
    way.learn(DRAFT, CASE)
    worker.drafts.save(record.id, {"notes": DRAFT, "case": CASE})
    yield "draft and consent"
    consent = consented(record.referral, town.clock(), (FIRST,))
    referral = worker.referrals.send(record, CASE, (FIRST,), consent, (Service.SHELTER,), "urgent")
    yield "seal and queue, offline"
    worker.sync(hurry=True)
    yield "submit"
    shelter.sync()
    yield "receive"
    shelter.inbox.open(referral)
    sync_all(shelter)
    yield "open"
    way.learn(SAID)
    shelter.inbox.ask(referral, cast.QUESTION)
    yield "ask"
    sync_all(shelter, worker)
    worker.referrals.answer(referral, cast.ANSWER)
    sync_all(worker, shelter)
    yield "answer"
    shelter.inbox.accept(referral)
    shelter.inbox.start_service(referral)
    yield "accept"
    shelter.inbox.feedback(referral, cast.FEEDBACK, cast.OUTCOME)
    yield "feedback"
    shelter.inbox.close(referral, cast.OUTCOME)
    sync_all(shelter, worker)
    assert worker.referrals.get(referral).state == "closed"
    yield "close"
    town.clock.forward(days=45)
    town.server.number += 1
    sync_all(shelter, worker)
    yield "six weeks later"
    worker.change_pin(PIN, NEW_PIN)
    way.pins["worker"] = NEW_PIN
    yield "change the PIN"


def show(way: Walk):
    """The case on the app's screens, in a window that nobody sees."""
    from tests.mobile.window import Driver, idle  # noqa: PLC0415 sets Kivy up

    worker = way.worker
    (referral,) = worker.referrals.list()
    (record,) = worker.screenings.list()
    driver = Driver(worker, "ar")
    for screen, about in (("interview", record.id), ("sent", referral.id), ("settings", None)):
        driver.app.go(*filter(None, (screen, about)))
        idle(8)
        assert driver.screen != "NoneType"
        yield f"show {screen}"
    driver.app.leave()
    idle()
    yield "leave"
    driver.stop()


def without_encryption() -> None:
    """The control: the same phones with a cipher that changes nothing."""
    tag = bytes(16)
    records.crypto_aead_xchacha20poly1305_ietf_encrypt = lambda data, *_: data + tag
    records.crypto_aead_xchacha20poly1305_ietf_decrypt = lambda data, *_: data[:-16]


def main() -> None:
    """See above."""
    folder, how = Path(sys.argv[1]), sys.argv[2:]
    way = Walk(folder)
    if "plain" in how:
        without_encryption()

    def watch(event, arguments):
        if event == "open" and isinstance(arguments[0], str | bytes | Path):
            path, mode = str(arguments[0]), str(arguments[1] or "")
            if set(mode) & set("wxa+") and path != "/dev/null":
                way.wrote.append(path)

    sys.addaudithook(watch)
    for step in walk(way):
        way.pause(step)
    if "app" in how:
        for step in show(way):
            way.pause(step)
    for phone in (way.worker, way.shelter):
        phone.quick_wipe()
    way.pause("quick wipe")


if __name__ == "__main__":
    main()
