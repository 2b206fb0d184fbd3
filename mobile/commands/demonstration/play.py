"""The whole demo, act by act, through the code that the app uses."""

from typing import Any

from attrs import frozen
from rich import box
from rich.table import Table

from mobile.commands.demonstration import audit, cast, secrecy, shelters
from mobile.commands.demonstration.canaries import distinctive, strings_of
from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.inspector import Inspector
from mobile.commands.demonstration.narration import Narrator
from mobile.commands.demonstration.stage import Stage, make_stage
from mobile.locale import words
from protocols.plain import dump_json


@frozen
class Referred:
    """A referral played to its end: the case, what was said about it, who was to get it."""

    id: str
    case: dict[str, Any]
    said: tuple[str, ...]
    shortlist: tuple[str, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every string of it that can be searched for."""
        return distinctive(strings_of([self.case, self.said]))


@frozen
class Played:
    """What a demo came to."""

    referral: str
    root: str
    wire_bytes: dict[str, int]
    proof: audit.Proof
    secrecy: secrecy.Checked

    @property
    def holds(self) -> bool:
        """The audit found no fault and the search no secret."""
        return self.proof.holds and self.secrecy.holds


def play(folder: Folder, tell: Narrator) -> Played:
    """Play everything into `folder`. Raises DemoError, or whatever the app itself refuses."""
    with tell.act("act_programme"):
        stage = make_stage(folder, words(tell.language))
        _show_programme(stage, tell)
    with stage.running():
        with tell.act("act_phones"):
            _enrol(stage, tell)
        referred = _refer(stage, tell)
        with tell.act("act_timeline"):
            proof = _prove(stage, referred, tell)
    with tell.act("act_secrecy"):
        checked = _search(folder, referred, tell)
    return Played(
        referral=referred.id,
        root=stage.programme.fingerprint,
        wire_bytes=dict(stage.relay.bytes_by),
        proof=proof,
        secrecy=checked,
    )


def _show_programme(stage: Stage, tell: Narrator) -> None:
    tell.done("root_made", fingerprint=stage.programme.fingerprint)
    table = Table(
        tell.words("country"), tell.words("organisations"), tell.words("providers"), box=box.SIMPLE
    )
    countries = stage.programme.countries()
    for each in countries:
        others = len(each["organisations"]) - each["providers"]
        table.add_row(tell.words(each["country"]), str(others), str(each["providers"]))
    total = sum(each["providers"] for each in countries)
    tell.done("authorities_made", countries=len(countries), providers=total)
    tell.table(table)


def _enrol(stage: Stage, tell: Narrator) -> None:
    tell.done("server_runs", url=stage.server.url)
    published = stage.programme.publish()
    tell.done("published", countries=len(published))
    for holder in cast.EVERYBODY:
        code = stage.enrol(holder)
        tell.done("enrolled", label=holder.label, code=code)
    stage.sync()
    tell.note("pin", pin=cast.PIN)


def _refer(stage: Stage, tell: Narrator) -> Referred:
    """From the talk to the closed referral."""
    phone = stage.phones[cast.INSPECTOR.name]
    inspector = Inspector(phone, stage.words, tell)
    with tell.act("act_screening"):
        screening = inspector.screen().id
    with tell.act("act_findings"):
        inspector.find(screening)
    with tell.act("act_routing"):
        shortlist = inspector.choose_help(screening)
    with tell.act("act_consent"):
        inspector.ask_consent(screening, shortlist)
    with tell.act("act_sealing"):
        referral = inspector.seal(screening)
        tell.done("sealed", envelopes=len(shortlist))
        tell.note("offline")
        stage.sync(cast.INSPECTOR.name)
        tell.done("submitted", referral=referral)
    two = shelters.order(shortlist)
    with tell.act("act_decline"):
        shelters.decline(stage, two, referral, tell)
    with tell.act("act_accept"):
        shelters.accept(stage, two, referral, tell)
    with tell.act("act_care"):
        shelters.care(stage, two, referral, tell)
    said = [each.content for each in phone.referrals.messages(referral)]
    return Referred(referral, phone.referrals.case(referral), tuple(strings_of(said)), shortlist)


def _prove(stage: Stage, referred: Referred, tell: Narrator) -> audit.Proof:
    """The coordinator's phone takes in the country's log; export, timeline, verdict."""
    stage.sync(cast.COORDINATOR.name)
    with stage.relay.as_speaker(cast.COORDINATOR.name):
        size = audit.export(stage.phones[cast.COORDINATOR.name], stage.folder)
    tell.done("exported", bytes=size)
    table = audit.timeline(stage.folder, referred.id, tell.language)
    tell.console.print(table)
    tell.console.print("$ amana audit verify export.jsonl --root root.json\n")
    proof = audit.verify(stage.folder, table.row_count, size)
    tell.console.print(proof.words, markup=False, soft_wrap=True)
    return proof


def _search(folder: Folder, referred: Referred, tell: Narrator) -> secrecy.Checked:
    secrets = referred.secrets
    secrecy.write_canaries(secrets, folder / "canaries.txt")
    held = dump_json([referred.case, list(referred.said)])
    known = (referred.id, *referred.shortlist)
    checked = secrecy.check(folder, secrets, held, known)
    tell.note("searching", secrets=checked.secrets, files=len(checked.places), bytes=checked.size)
    for hit in checked.hits:
        line = secrets.index(hit.secret) + 1
        tell.failed(tell.words("secret_found", line=line, place=hit.place, form=hit.form))
    for each in checked.blind:
        tell.failed(tell.words("search_blind", what=each))
    if checked.holds:
        tell.done("no_secret")
        tell.done("search_sees", known=len(known))
    return checked
