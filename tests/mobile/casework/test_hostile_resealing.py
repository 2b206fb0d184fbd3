"""A server, a colleague or a ghost of a phone that wants a case by way of sealing it anew."""

from hashlib import sha256

import pytest
from attrs import evolve
from nacl.signing import SigningKey

from mobile.casework.custody import case_refs
from mobile.casework.errors import CannotShareError, NotAllowedNowError, UnreadableError
from mobile.casework.records import KeptOpened
from mobile.casework.sealing import seal_with
from mobile.casework.signing import queue_step
from protocols.errors import AmanaError
from protocols.messages import SealedPart, SyncAnswer
from protocols.plain import from_json
from protocols.sealing.sharing import Shared, share
from protocols.sealing.statement import keyid
from protocols.timeline.event import EnvelopeRef, Kind
from tests.mobile.cases import CASE, KINDS, NAME, send
from tests.mobile.lies import SYNC, append, lie, reading, refused
from tests.mobile.town import FIRST, SECOND, codes, desk_of, sync_all

SEEN = {kind: CASE[kind] for kind in KINDS}


@pytest.fixture
def second(town):
    return town.shelter("shelter-b", SECOND)


@pytest.fixture
def worker(town, shelter, second):
    return town.worker()


@pytest.fixture
def accepted(worker, shelter):
    referral = send(worker)
    sync_all(worker, shelter)
    shelter.inbox.open(referral)
    shelter.inbox.accept(referral)
    sync_all(shelter, worker)
    return referral


@pytest.fixture
def red(town, accepted, clock):
    clock.forward(days=1)
    town.server.certified_from = clock()
    phone = town.shelter("red")
    town.server.certified_from = None
    sync_all(phone)
    return phone


@pytest.fixture
def shared(accepted, shelter, red):
    """The first phone has shared the case; the new one has not synced since."""
    sync_all(shelter)
    assert shelter.resealing.share([red.identity.keyid]) == 1
    sync_all(shelter)
    return accepted


def resealed(phone, referral):
    """The envelope that carried the case anew, as the log names it."""
    desk = desk_of(phone)
    (_, ref) = case_refs(desk.standing(referral).events, FIRST)[-1]
    return ref


def parts(change):
    """A change of every envelope in an answer to a sync."""

    def changed(answer):
        entries = tuple(
            evolve(entry, envelopes=tuple(filter(None, map(change, entry.envelopes))))
            for entry in answer.entries
        )
        return evolve(answer, entries=entries)

    return reading(SyncAnswer, changed)


def test_an_envelope_held_back_is_missed(shared, red, server):
    lie(server, SYNC, parts(lambda part: None))
    red.sync()
    (item,) = red.inbox.list()
    assert (item.withheld, item.opened) == (True, False)
    with pytest.raises(UnreadableError):
        red.inbox.open(shared)
    assert red.inbox.list()[0].stuck


def test_one_swapped_for_another_is_refused(shared, red, server):
    lie(server, SYNC, parts(lambda part: evolve(part, data=part.data[::-1])))
    refused(red)


def test_the_old_one_in_place_of_the_new_is_missed(shared, red, server, shelter):
    old = next(data for (_, to), data in server.envelopes.items() if to == FIRST)
    new = resealed(shelter, shared)
    assert sha256(old).hexdigest() != new.sha256
    lie(server, SYNC, parts(lambda part: evolve(part, data=old)))
    red.sync()
    assert red.inbox.list()[0].withheld


def envelope_for(phones, kept, referral, signer, **changes):
    """A share of `kept` sealed by `signer`'s device to the devices of `phones`."""
    desk = desk_of(signer)
    wanted = {each.identity.keyid for each in phones}
    usable = desk.directory.seal_to(FIRST, desk.clock())
    how = seal_with([each for each in usable if each.device.subject in wanted])
    values = {
        "referral": referral,
        "provider": FIRST,
        "consent": kept.consent,
        "key": desk.keyring.signing,
        "devices": how.devices,
        "age_recipients": how.recipients,
        "now": desk.clock(),
        "entropy": desk.entropy,
    }
    made = changes.pop("shared", Shared(kept.envelope, kept.statement))
    return share(made, **(values | changes))


def kept_by(phone, referral):
    return from_json(desk_of(phone).vault.get("opened", referral), KeptOpened)


def deliver(server, phone, referral, data, **fields):
    """The server logs a `resealed` by that phone which it should have refused, and hands it on."""
    ref = EnvelopeRef(FIRST, sha256(data).hexdigest(), len(data))
    desk = desk_of(phone)
    values = {"kind": Kind.RESEALED, "provider": FIRST, "envelopes": (ref,)} | fields
    append(server, desk.keyring.signing, phone.identity.keyid, referral, **values)
    digest = server.events[-1][0]
    server.envelopes[digest, FIRST] = data
    server._parts = lambda index, device: (
        (SealedPart(FIRST, data),) if server.events[index][0] == digest else ()
    )


def test_a_colleague_who_changes_the_case_is_found_out(accepted, shelter, red, server):
    sync_all(shelter)
    kept = kept_by(shelter, accepted)
    changed = evolve(
        kept.statement, payload=kept.statement.payload.replace(NAME.encode(), NAME[::-1].encode())
    )
    data = envelope_for([red], kept, accepted, shelter, shared=Shared(kept.envelope, changed))
    deliver(server, shelter, accepted, data)
    sync_all(red)
    with pytest.raises(UnreadableError) as told:
        red.inbox.open(accepted)
    assert isinstance(told.value.__cause__, AmanaError)
    assert NAME not in str(told.value)
    assert desk_of(red).vault.get("opened", accepted) is None


def test_a_case_under_an_envelope_that_never_was_is_refused(accepted, shelter, red, server):
    sync_all(shelter)
    kept = kept_by(shelter, accepted)
    made = Shared("0" * 64, kept.statement)
    data = envelope_for([red], kept, accepted, shelter, shared=made)
    deliver(server, shelter, accepted, data)
    sync_all(red)
    with pytest.raises(UnreadableError, match="never had"):
        red.inbox.open(accepted)


def test_a_holder_is_told_of_a_false_share(accepted, shelter, red, server):
    sync_all(shelter)
    kept = kept_by(shelter, accepted)
    data = envelope_for([shelter], kept, accepted, shelter, shared=Shared("0" * 64, kept.statement))
    deliver(server, shelter, accepted, data)
    assert codes(shelter.sync(hurry=True)) == (UnreadableError.code,)


@pytest.mark.parametrize("who", ["never opened it", "of another provider", "revoked", "a stranger"])
def test_a_step_that_the_lifecycle_forbids_is_seen_by_both_sides(
    accepted, shelter, red, second, worker, server, clock, who
):
    sync_all(shelter)
    kept = kept_by(shelter, accepted)
    data = envelope_for([red], kept, accepted, shelter)
    signer = {"never opened it": red, "of another provider": second, "revoked": shelter}.get(who)
    if who == "revoked":
        clock.forward(minutes=1)
        server.revoke(shelter.identity.keyid)
    ref = EnvelopeRef(FIRST, sha256(data).hexdigest(), len(data))
    key = desk_of(signer).keyring.signing if signer else SigningKey.generate()
    actor = signer.identity.keyid if signer else keyid(bytes(key.verify_key))
    append(server, key, actor, accepted, kind=Kind.RESEALED, provider=FIRST, envelopes=(ref,))
    worker.sync()
    view = worker.referrals.get(accepted)
    assert not view.verified
    assert view.fault is not None and "resealed" in view.fault
    assert "red" not in [each.name for each in worker.resealing.custody(accepted).holders]


def test_nothing_is_sealed_anew_on_the_word_of_a_false_timeline(
    accepted, worker, shelter, red, server, second
):
    """A server that invents the provider's cry for help gets no case by it."""
    append(
        server,
        desk_of(second).keyring.signing,
        second.identity.keyid,
        accepted,
        kind=Kind.UNREADABLE,
        provider=FIRST,
    )
    sync_all(worker, shelter)
    assert worker.referrals.get(accepted).unreadable_to == ()
    with pytest.raises(CannotShareError, match="does not hold"):
        worker.resealing.send_again(accepted, [red.identity.keyid])
    with pytest.raises(CannotShareError, match="does not hold"):
        shelter.resealing.share([red.identity.keyid])


def test_a_device_that_never_opened_it_cannot_even_queue_a_share(accepted, red, shelter):
    desk = desk_of(red)
    assert red.resealing.keeping().lacking == ()
    assert red.resealing.share([shelter.identity.keyid]) == 0
    with pytest.raises(UnreadableError):
        red.inbox.open(accepted)
    with pytest.raises(NotAllowedNowError) as told:
        queue_step(
            desk, accepted, Kind.RESEALED, provider=FIRST, envelopes=[SealedPart(FIRST, b"x")]
        )
    assert told.value.rule == "not_opened"
