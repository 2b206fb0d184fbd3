"""One of three keepers' keys of an authority is stolen. Alone it gains nothing: not at the server,
not at a phone that the server betrays, not in an audit; and the two others take it away."""

import json
from datetime import timedelta

import attrs
import pytest
from nacl.signing import SigningKey

from backend.commands.offices.certifying import authority_certificate, device_certificate
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.keepers import KeeperFolder, make_keeper
from backend.commands.offices.uplink import ServerRefusedError, Uplink
from mobile.commands.demonstration import cast
from mobile.sync.errors import DirectoryInvalidError
from mobile.vault.keys import TEST_PARAMETERS
from protocols.messages import SNAPSHOT_TYPE, Approval, DirectoryAnswer, Snapshot
from protocols.plain import from_json, to_plain
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    Certificate,
    Revocation,
    Role,
    certify,
    revoke,
)
from protocols.sealing.statement import keyid, sign
from tests.journey.conftest import PIN
from tests.journey.keepers import PASSPHRASES, ROOT_PASSPHRASE
from tests.journey.people import FIRST, queue

STOLEN = 3


@attrs.frozen
class Thief:
    """Who holds keeper 3's key, everything that is public, and a device's key of their own."""

    key: SigningKey
    uplink: Uplink
    honest: Snapshot
    device: SigningKey
    now: object

    def certificate(self):
        public = bytes(self.device.verify_key)
        return device_certificate(
            public, Role.PROVIDER_STAFF, "TN", FIRST, "Fictional thief's phone", self.now
        )

    def snapshot(self, *more):
        other = attrs.evolve(
            self.honest,
            number=self.honest.number + 1,
            issued=self.now,
            expires=self.now + timedelta(days=20),
            statements=(*self.honest.statements, *more),
        )
        return sign(SNAPSHOT_TYPE, other, self.key)

    def revocation(self, subject):
        found = next(
            each
            for statement in self.honest.statements
            if statement.payloadType == CERTIFICATE_TYPE
            for each in [from_json(statement.payload, Certificate)]
            if each.subject == subject
        )
        return revoke(Revocation(subject, found.serial, self.now, "lost"), self.key)

    def false_keepers(self):
        """An authority of the thief's own."""
        own = (bytes(self.key.verify_key),)
        return certify(authority_certificate(own, 1, "TN", self.now, days=9), self.key)

    def forged(self):
        """What the thief would like to have believed, by name."""
        return {
            "a snapshot": (),
            "a certified device": (certify(self.certificate(), self.key),),
            "a revocation": (self.revocation(FIRST),),
            "keepers of its own": (self.false_keepers(),),
        }


@pytest.fixture(scope="module")
def people(kept_town):
    for holder in (cast.INSPECTOR, cast.SHELTERS[0], cast.COORDINATOR):
        kept_town.enrol(holder.name, holder.organisation, holder.role)
    kept_town.sync_all()
    queue(kept_town.phones["inspector"], kept_town.clock(), providers=(FIRST,))
    kept_town.sync_all()
    return kept_town.phones


@pytest.fixture(scope="module")
def thief(kept_town, people):
    programme = kept_town.programme
    key = KeeperFolder(programme.homes / f"TN-{STOLEN}").open(PASSPHRASES[STOLEN - 1])
    state = ProgrammeFolder(programme.folder).read_state("TN")
    honest = from_json(state.published.payload, Snapshot)
    now = kept_town.clock().replace(microsecond=0)
    uplink = Uplink(programme.server, (key,))
    return Thief(key, uplink, honest, SigningKey.generate(), now)


FORGED = ("a snapshot", "a certified device", "a revocation", "keepers of its own")


def directory_of(phone):
    return phone._desk().directory.kept


@pytest.mark.parametrize("name", FORGED)
def test_the_server_publishes_nothing_that_one_key_signed(people, thief, name):
    with pytest.raises(ServerRefusedError) as refused:
        thief.uplink.publish("TN", thief.snapshot(*thief.forged()[name]))
    assert refused.value.problem_code in {"too_few_signatures", "wrong_issuer", "unknown_key"}
    phone = people["inspector"]
    phone.sync(hurry=True)
    assert phone._desk().directory.snapshot.number == thief.honest.number


def test_the_server_lets_in_no_device_that_one_key_approved(kept_town, people, thief):
    phone = kept_town.phone("fictional-thief")
    _, uri = kept_town.programme.invite("TN", FIRST, "provider_staff")
    phone.create(PIN, parameters=TEST_PARAMETERS)
    phone.enrolment.begin(uri, "Fictional thief's phone")
    pending = max(thief.uplink.pending("TN"), key=lambda each: each.received)
    own = attrs.evolve(
        thief.certificate(),
        subject=keyid(pending.request.device_key),
        keys=(pending.request.device_key,),
    )
    certificate = certify(own, thief.key)
    with pytest.raises(ServerRefusedError) as refused:
        thief.uplink.approve(pending.id, Approval(certificate, thief.snapshot(certificate)))
    assert refused.value.problem_code == "too_few_signatures"
    assert phone.enrolment.poll() == "pending"


@pytest.mark.parametrize("name", FORGED)
def test_a_phone_that_the_server_betrays_refuses_it_too(people, thief, name):
    phone = people["inspector"]
    desk, before = phone._desk(), directory_of(phone)
    more = thief.forged()[name]
    authority = next(
        each
        for each in thief.honest.statements
        if each.payloadType == CERTIFICATE_TYPE
        and from_json(each.payload, Certificate).role is Role.AUTHORITY
    )
    for vouched in (authority, *more):
        with pytest.raises(DirectoryInvalidError):
            desk.directory.take(
                DirectoryAnswer(vouched, thief.snapshot(*more), ()), '"forged"', phone.now
            )
    assert directory_of(phone) == before
    keys = {each.device.subject for each in desk.directory.seal_to(FIRST, phone.now)}
    assert keys == {people[cast.SHELTERS[0].name].identity.keyid}


@pytest.mark.parametrize("name", FORGED)
def test_an_audit_finds_it(kept_town, people, thief, name):
    coordinator, file = people["coordinator"], kept_town.folder / "export.jsonl"
    coordinator.coordination.export(file)
    assert coordinator.coordination.verify(file).ok
    lines = file.read_bytes().splitlines(keepends=True)
    more = thief.forged()[name]
    snapshot = {"type": "directory", "statement": to_plain(thief.snapshot(*more))}
    forged = [{"type": "certificate", "statement": to_plain(each)} for each in more]
    lines[1:2] = [json.dumps(each).encode() + b"\n" for each in (snapshot, *forged)]
    file.write_bytes(b"".join(lines))
    report = coordinator.coordination.verify(file)
    assert not report.ok
    assert {each.rule for each in report.faults} & {"too_few_signatures", "wrong_issuer"}


def test_the_others_take_it_away_and_phones_go_on(kept_town, people, thief, tmp_path):
    """The root certifies keepers without the stolen key; the server answers it no more."""
    programme = kept_town.programme
    new, _ = make_keeper(
        programme.homes / "new", "Fictional Nadia", "TN", PASSPHRASES[0], work_factor=1
    )
    change = ("keepers", "change", *programme.here, "--country", "TN")
    words = ("--remove", keyid(bytes(thief.key.verify_key)), "--reason", "compromised")
    add = ("--add", str(programme.homes / "new" / "keeper.json"))
    done = programme.run(*change, *words, *add)
    for number in (1, 2):
        home = str(programme.homes / f"root-{number}")
        signing = ("sign", done["proposal"], "--keeper", home, "--yes")
        programme.run(*signing, passphrase=ROOT_PASSPHRASE)
    (waiting,) = programme.run("publish", *programme.here, "--proposal", done["proposal"])
    programme.finish(waiting)
    with pytest.raises(ServerRefusedError) as refused:
        thief.uplink.pending("TN")
    assert refused.value.problem_code == "wrong_role"
    kept_town.sync_all()
    inspector, shelter = people["inspector"], people[cast.SHELTERS[0].name]
    authority = inspector._desk().trust.store.authority("TN", inspector.now)
    assert new.id in authority.key_map
    assert keyid(bytes(thief.key.verify_key)) not in authority.key_map
    referral = queue(inspector, kept_town.clock(), providers=(FIRST,))
    kept_town.sync_all()
    assert shelter.inbox.open(referral).content["needs"]
    newcomer = kept_town.enrol("newcomer", FIRST, "provider_staff")
    newcomer.sync(hurry=True)
    assert newcomer.identity.organisation == FIRST
    coordinator = people["coordinator"]
    coordinator.sync(hurry=True)
    assert coordinator.coordination.check().ok
