"""A shelter's phone is stolen: two keepers revoke it, and after one sync nobody trusts it."""

import time

import attrs
import pytest

from mobile.casework.errors import UnreadableError
from mobile.commands.demonstration import cast
from mobile.flows.error_words import BY_CODE
from mobile.flows.errors import explain
from mobile.locale.words import words
from mobile.sync.errors import RefusedError
from protocols.sealing.certificate import RevokedError
from tests.journey.people import FALLBACK, FIRST, offered, queue

COLLEAGUE = "shelter-sfax-second"


@attrs.frozen
class Stolen:
    """The phone that was stolen; the referral that it had opened, the one sealed to it and not
    yet sent when it was revoked."""

    phone: object
    before: str
    under_way: str

    @property
    def id(self):
        return self.phone.identity.keyid


@pytest.fixture(scope="module")
def people(kept_town):
    """An inspector, a shelter with two phones, another shelter, and a coordinator."""
    for holder in cast.EVERYBODY:
        kept_town.enrol(holder.name, holder.organisation, holder.role)
    kept_town.enrol(COLLEAGUE, FIRST, "provider_staff")
    kept_town.sync_all()
    return kept_town.phones


@pytest.fixture(scope="module")
def stolen(kept_town, people):
    inspector, phone = people["inspector"], people[cast.SHELTERS[0].name]
    before = queue(inspector, kept_town.clock())
    kept_town.sync_all()
    phone.inbox.open(before)
    phone.inbox.ask(before, cast.QUESTION)
    phone.sync(hurry=True)
    assert phone.identity.keyid in sealed_to(inspector)
    under_way = queue(inspector, kept_town.clock())
    time.sleep(1.1)  # what is received in the very second of a revocation does not count
    revoking = ("--country", "TN", "--subject", phone.identity.keyid, "--reason", "lost")
    kept_town.programme.revoke(*revoking)
    return Stolen(phone, before, under_way)


@pytest.fixture(scope="module")
def synced(kept_town, people, stolen):
    """Everybody else has synced once, and once only."""
    others = [each for each in people.values() if each is not stolen.phone]
    for each in others:
        each.sync(hurry=True)
    return others


def sealed_to(phone, organisation=FIRST):
    """Ids of the devices to which the phone would seal for the organisation now."""
    found = phone._desk().directory.seal_to(organisation, phone.now)
    return {each.device.subject for each in found}


def test_the_stolen_phone_is_refused_at_once_and_says_so_in_words(stolen):
    with pytest.raises(RefusedError) as refused:
        stolen.phone.sync(hurry=True)
    assert refused.value.problem.code == "revoked"
    assert explain(words("en"), refused.value) == BY_CODE["revoked"]


def test_after_one_sync_every_other_phone_knows_and_seals_nothing_to_it(stolen, synced):
    for phone in synced:
        desk = phone._desk()
        with pytest.raises(RevokedError):
            desk.trust.store.device(stolen.id, phone.now)
        with pytest.raises(RevokedError):
            desk.directory.seal_to_device(stolen.id, phone.now)
        live = desk.directory.kept.live
        assert all(each.signatures[0].keyid != stolen.id for each in live)
        assert stolen.id not in sealed_to(phone)


def test_its_colleague_still_gets_mail(people, stolen, synced):
    colleague = people[COLLEAGUE].identity.keyid
    assert sealed_to(people["inspector"]) == {colleague}


def test_what_was_under_way_reaches_the_colleague_who_can_open_it(people, stolen, synced):
    """It was sealed to both phones before the theft was known: nobody need seal it again."""
    colleague = people[COLLEAGUE]
    colleague.sync(hurry=True)
    assert stolen.under_way in offered(colleague)
    assert colleague.inbox.open(stolen.under_way).content["needs"]
    with pytest.raises(RefusedError):
        stolen.phone.sync(hurry=True)
    assert stolen.under_way not in offered(stolen.phone)


def test_what_it_did_before_stays_valid_for_everybody(people, stolen, synced):
    timeline = people["inspector"].referrals.get(stolen.before)
    own = [each.kind for each in timeline.timeline if each.actor == stolen.id]
    assert own == ["opened", "asked"]
    assert timeline.verified
    coordinator = people["coordinator"]
    coordinator.sync(hurry=True)
    assert coordinator.coordination.check().ok


def test_the_answer_to_its_question_is_sealed_to_the_colleague(people, stolen, synced):
    inspector, colleague = people["inspector"], people[COLLEAGUE]
    inspector.referrals.answer(stolen.before, cast.ANSWER)
    inspector.sync(hurry=True)
    colleague.sync(hurry=True)
    case = colleague.inbox.open(stolen.before)
    assert [each.content["text"] for each in case.messages if each.purpose == "answer"] == [
        cast.ANSWER
    ]


def test_what_it_signs_afterwards_is_refused(stolen, synced):
    stolen.phone.inbox.accept(stolen.before)
    with pytest.raises(RefusedError):
        stolen.phone.sync(hurry=True)


def test_a_referral_sealed_to_a_revoked_phone_alone_goes_on_to_the_next(
    kept_town, people, stolen, synced
):
    """The other shelter has one phone. It is revoked while a referral is under way to it: the
    server offers it in vain until the deadline, and then to the next; the sender is told."""
    inspector, alone = people["inspector"], people[cast.SHELTERS[1].name]
    referral = queue(inspector, kept_town.clock(), providers=(FALLBACK, FIRST))
    revoking = ("--country", "TN", "--subject", alone.identity.keyid, "--reason", "lost")
    kept_town.programme.revoke(*revoking)
    inspector.sync(hurry=True)
    assert sealed_to(inspector, FALLBACK) == set()
    view = inspector.referrals.get(referral)
    assert (view.state, view.offered_to) == ("offered", FALLBACK)
    newcomer = kept_town.enrol("medenine-new", FALLBACK, "provider_staff")
    newcomer.sync(hurry=True)
    assert referral in offered(newcomer)
    with pytest.raises(UnreadableError):
        newcomer.inbox.open(referral)
    newcomer.sync(hurry=True)
    inspector.sync(hurry=True)
    assert inspector.referrals.get(referral).offered_to == FIRST
