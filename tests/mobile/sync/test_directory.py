"""The directory: only the authority's, never an older one, and no key that its device disowns."""

from datetime import timedelta

import pytest
from attrs import evolve
from nacl.signing import SigningKey

from mobile.casework.sealing import Strength, seal_with
from mobile.sync.directory import CAPACITY_TYPE, Directory, FreePlaces
from mobile.sync.errors import DirectoryInvalidError, DirectoryRollbackError
from mobile.sync.trust import Trust
from protocols.messages import DirectoryAnswer
from protocols.plain import from_json, to_json
from protocols.sealing.age_hybrid import HybridIdentity
from protocols.sealing.age_x25519 import X25519Identity, X25519Recipient
from protocols.sealing.certificate import (
    SEALING_KEY_TYPE,
    Certificate,
    Role,
    SealingKey,
    UntrustedError,
    certify,
    publish_sealing_key,
)
from protocols.sealing.statement import keyid, sign
from tests.mobile.fake_server import COUNTRY
from tests.mobile.town import FIRST, INSPECTORATE, SECOND, desk_of


@pytest.fixture
def desk(town, shelter, worker):
    worker.sync()
    return desk_of(worker)


@pytest.fixture
def directory(desk):
    return desk.directory


def answer(server, **changes):
    honest = DirectoryAnswer(server.authority, server.snapshot(), tuple(server.live))
    return evolve(honest, **changes)


def state(desk):
    """All that a directory may change."""
    return desk.vault.items("directory"), desk.vault.items("trust")


def refused(desk, error, offered):
    before = state(desk)
    with pytest.raises(error):
        desk.directory.take(offered, '"etag"', desk.clock())
    assert state(desk) == before
    assert Trust(desk.vault).store.statements == desk.trust.store.statements


def published(server, **changes):
    """A next snapshot, as the authority would sign it with these changes."""
    return server.make_snapshot(**{"number": server.number + 1} | changes)


def test_the_directory_is_kept_with_its_tag_and_date(desk, directory, server):
    assert not directory.take(answer(server), '"tag"', desk.clock())
    assert directory.take(answer(server, snapshot=published(server)), '"next"', desk.clock())
    again = Directory(desk.vault, Trust(desk.vault), COUNTRY)
    assert (again.kept.etag, again.kept.fetched) == ('"next"', desk.clock())
    assert again.snapshot.number == server.number + 1


def test_an_older_directory_is_refused(desk, server):
    desk.directory.take(answer(server, snapshot=published(server, number=99)), None, desk.clock())
    refused(desk, DirectoryRollbackError, answer(server))


def test_another_directory_of_the_same_number_is_refused(desk, server):
    other = server.make_snapshot(focal_points=())
    refused(desk, DirectoryRollbackError, answer(server, snapshot=other))


@pytest.mark.parametrize("signer", ["root", "server", "stranger"])
def test_a_directory_that_another_signed_is_refused(desk, server, signer):
    server.keys["stranger"] = SigningKey.generate()
    refused(desk, DirectoryInvalidError, answer(server, snapshot=published(server, key=signer)))


def test_a_directory_changed_on_the_way_is_refused(desk, server):
    signed = published(server)
    changed = evolve(
        signed, payload=signed.payload.replace(b"fictional-office", b"fictional-0ffice")
    )
    assert changed != signed
    refused(desk, DirectoryInvalidError, answer(server, snapshot=changed))


def test_garbage_in_place_of_a_directory_is_refused(desk, server):
    refused(
        desk, DirectoryInvalidError, answer(server, snapshot=sign("x", b"\xff", server.keys["tn"]))
    )


def test_the_directory_of_another_country_is_refused(desk, server):
    foreign = published(server, country="MA")
    refused(desk, DirectoryInvalidError, answer(server, snapshot=foreign))


def test_certificates_that_a_false_authority_signed_are_refused(desk, server):
    server.keys["false"] = SigningKey.generate()
    impostor = server._certificate("fictional-impostor", Role.ORGANISATION, None, by="false")
    forged = published(server, statements=(*server.statements, impostor))
    refused(desk, DirectoryInvalidError, answer(server, snapshot=forged))


def test_a_false_authority_of_its_own_directory_is_refused(desk, server):
    """The server makes an authority of its own and signs everything anew with it."""
    server.keys["mine"] = SigningKey.generate()
    authority = server._certificate("authority-tn", Role.AUTHORITY, "mine", by="mine")
    snapshot = published(server, key="mine")
    refused(desk, DirectoryInvalidError, DirectoryAnswer(authority, snapshot, ()))


def device_key(server, organisation=FIRST, role=Role.PROVIDER_STAFF):
    """A certified device's key, made for this test."""
    key = SigningKey.generate()
    public = bytes(key.verify_key)
    server.statements.append(
        server._certificate(keyid(public), role, None, organisation=organisation, public=public)
    )
    server.number += 1
    return key


def sealing(server, device, signer=None, starts=timedelta(0), days=7, **changes):
    now = server.clock()
    key = SealingKey(
        keyid(bytes(device.verify_key)),
        X25519Identity.generate().recipient.text,
        now + starts,
        now + starts + timedelta(days=days),
    )
    return publish_sealing_key(evolve(key, **changes), signer or device)


def test_a_sealing_key_swapped_by_the_server_is_refused(desk, server):
    device = device_key(server)
    honest = sealing(server, device)
    swapped = evolve(honest, payload=sealing(server, device).payload)
    refused(desk, DirectoryInvalidError, answer(server, live=(*server.live, swapped)))


def test_a_sealing_key_that_another_device_signed_is_refused(desk, server):
    victim, thief = device_key(server), device_key(server, SECOND)
    stolen = sealing(server, victim, signer=thief)
    refused(desk, DirectoryInvalidError, answer(server, live=(*server.live, stolen)))


def hybrid():
    return HybridIdentity.generate().recipient.text


def test_a_server_cannot_hold_back_or_swap_the_hybrid_key_alone(desk, server):
    device, other = device_key(server), device_key(server)
    pair, theirs = sealing(server, device, hybrid=hybrid()), sealing(server, other, hybrid=hybrid())
    key = from_json(pair.payload, SealingKey)
    for forged in (
        evolve(key, hybrid=None),
        evolve(key, hybrid=hybrid()),
        evolve(key, hybrid=from_json(theirs.payload, SealingKey).hybrid),
    ):
        swapped = evolve(pair, payload=to_json(forged))
        refused(desk, DirectoryInvalidError, answer(server, live=(*server.live, swapped)))


def test_a_server_that_holds_back_the_whole_statement_gets_nothing_sealed_to_that_device(
    desk, directory, server, clock
):
    device = device_key(server)
    subject, pair = keyid(bytes(device.verify_key)), sealing(server, device, hybrid=hybrid())
    directory.take(answer(server, live=(*server.live, pair)), None, desk.clock())
    assert subject in recipients(directory, FIRST, clock())
    directory.take(answer(server), None, desk.clock())
    assert subject not in recipients(directory, FIRST, clock())


def test_a_server_can_hand_out_the_weaker_statement_of_before_until_it_ends_and_it_shows(
    desk, directory, server, clock
):
    """The device gained the library; what it signed before is as true."""
    device = device_key(server)
    subject = keyid(bytes(device.verify_key))
    before = sealing(server, device, starts=timedelta(days=-1))
    since = sealing(server, device, hybrid=hybrid())

    def found():
        to = directory.seal_to(FIRST, clock())
        return [each for each in to if each.device.subject == subject]

    directory.take(answer(server, live=(*server.live, before, since)), None, desk.clock())
    assert seal_with(found()).strength is Strength.HYBRID
    directory.take(answer(server, live=(*server.live, before)), None, desk.clock())
    assert seal_with(found()).strength is Strength.X25519_THEIRS
    clock.forward(days=6)
    assert found() == []


def test_the_newest_statement_counts_for_both_kinds(desk, directory, server, clock):
    device = device_key(server)
    subject, old, new = keyid(bytes(device.verify_key)), hybrid(), hybrid()
    for starts, text in ((-3, old), (-2, new), (2, None)):
        server.live.append(sealing(server, device, starts=timedelta(days=starts), hybrid=text))
    directory.take(answer(server), None, desk.clock())

    def found():
        to = directory.seal_to(FIRST, clock())
        return {each.device.subject: each.hybrid for each in to}[subject]

    assert found() == new
    clock.forward(days=3)
    assert found() is None


def test_a_sealing_key_of_nobody_certified_is_never_sealed_to(desk, directory, server):
    stray = SigningKey.generate()
    live = (*server.live, sealing(server, stray))
    assert directory.take(answer(server, snapshot=published(server), live=live), None, desk.clock())
    with pytest.raises(UntrustedError):
        directory.seal_to_device(keyid(bytes(stray.verify_key)), desk.clock())


@pytest.mark.parametrize("bad", ["age1zzz", X25519Recipient(bytes(32)).text])
def test_a_key_that_nobody_could_seal_to_stops_no_mail(desk, directory, server, clock, bad):
    device = device_key(server)
    good = sealing(server, device, starts=timedelta(days=-3))
    server.live += [good, sealing(server, device, starts=timedelta(days=-1), recipient=bad)]
    directory.take(answer(server), None, desk.clock())
    subject = keyid(bytes(device.verify_key))
    assert recipients(directory, FIRST, clock())[subject].encode() in good.payload


@pytest.mark.parametrize("fault", ["stolen", "garbage", "altered"])
def test_a_forged_key_of_a_device_certified_from_tomorrow_stops_no_mail_then(
    desk, directory, server, clock, fault
):
    """Found by fuzzing: the key is not judged while its device is not yet to be trusted."""
    device, good = device_key(server), device_key(server)
    start = server.clock() + timedelta(days=1)
    certificate = evolve(from_json(server.statements[-2].payload, Certificate), not_before=start)
    server.statements[-2] = certify(certificate, server.keys["tn"])
    forged = {
        "stolen": lambda: sealing(server, good, signer=device, days=9),
        "garbage": lambda: sign(SEALING_KEY_TYPE, b"no key", device),
        "altered": lambda: evolve(sealing(server, device), payload=b"{}"),
    }[fault]()
    server.live += [sealing(server, good), forged]
    directory.take(answer(server), None, desk.clock())
    later = clock() + timedelta(days=2)
    assert keyid(bytes(good.verify_key)) in recipients(directory, FIRST, later)
    assert keyid(bytes(device.verify_key)) not in recipients(directory, FIRST, later)


def recipients(directory, organisation, now):
    return {each.device.subject: each.recipient for each in directory.seal_to(organisation, now)}


def test_mail_is_sealed_to_the_newest_key_that_has_begun(desk, directory, server, clock):
    device = device_key(server)
    subject = keyid(bytes(device.verify_key))
    keys = [sealing(server, device, starts=timedelta(days=each)) for each in (-3, -1, 3)]
    over = sealing(server, device, starts=timedelta(days=-10))
    server.live += [*keys, over]
    directory.take(answer(server), None, desk.clock())
    text = [SealingKey.__name__, *(each.payload for each in keys)]
    assert recipients(directory, FIRST, clock())[subject].encode() in text[2]
    clock.forward(days=4)
    assert recipients(directory, FIRST, clock())[subject].encode() in text[3]
    clock.forward(days=30)
    assert recipients(directory, FIRST, clock()) == {}


def test_a_revoked_device_is_not_sealed_to_even_if_a_later_directory_hides_it(
    desk, directory, server, clock
):
    device = device_key(server)
    subject = keyid(bytes(device.verify_key))
    server.live.append(sealing(server, device))
    honest = tuple(server.statements)
    directory.take(answer(server), None, desk.clock())
    assert subject in recipients(directory, FIRST, clock())
    server.revoke(subject)
    directory.take(answer(server), None, desk.clock())
    assert subject not in recipients(directory, FIRST, clock())
    hiding = published(server, number=server.number + 5, statements=honest)
    directory.take(answer(server, snapshot=hiding), None, desk.clock())
    assert subject not in recipients(directory, FIRST, clock())


def test_only_those_who_open_cases_are_sealed_to(desk, directory, server, clock):
    """A provider may also hold coordinators' or field workers' devices: a case is not for them."""
    staff = device_key(server)
    others = [device_key(server, FIRST, each) for each in (Role.COORDINATOR, Role.FIELD_WORKER)]
    server.live += [sealing(server, each) for each in (staff, *others)]
    directory.take(answer(server), None, desk.clock())
    found = recipients(directory, FIRST, clock())
    assert keyid(bytes(staff.verify_key)) in found
    assert not {keyid(bytes(each.verify_key)) for each in others} & found.keys()


def capacity(server, device, free, stated, provider=FIRST):
    return sign(CAPACITY_TYPE, FreePlaces(provider, free, stated), device)


def free_places(directory, now, provider=FIRST):
    return next(each.capacity for each in directory.providers(now) if each.id == provider)


def test_the_newest_capacity_that_the_providers_own_device_stated_counts(
    desk, directory, server, clock
):
    own, other = device_key(server), device_key(server, SECOND)
    now = clock()
    server.live += [
        capacity(server, own, 4, now - timedelta(hours=1)),
        capacity(server, own, 9, now - timedelta(hours=3)),
        capacity(server, other, 0, now),
        capacity(server, SigningKey.generate(), 0, now),
    ]
    directory.take(answer(server), None, desk.clock())
    assert free_places(directory, now).free_places == 4
    assert free_places(directory, now, SECOND).stated is None


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{}",
        to_json({"provider": FIRST, "free_places": -1, "stated": "2026-11-24T09:00:00Z"}),
    ],
)
def test_an_impossible_capacity_is_passed_over(desk, directory, server, clock, body):
    device = device_key(server)
    server.live += [sign(CAPACITY_TYPE, body, device), capacity(server, device, 2, clock())]
    directory.take(answer(server), None, desk.clock())
    assert free_places(directory, clock()).free_places == 2


def test_a_capacity_stated_in_the_future_does_not_hide_later_ones(desk, directory, server, clock):
    device = device_key(server)
    server.live += [
        capacity(server, device, 50, clock() + timedelta(days=900)),
        capacity(server, device, 2, clock()),
    ]
    directory.take(answer(server), None, desk.clock())
    assert free_places(directory, clock()).free_places == 2


def test_a_withheld_directory_shows_its_age_and_ends(desk, town, clock, worker):
    """A server that answers 304 for ever, or an old directory, gains the days until it expires."""
    clock.forward(days=12)
    assert worker.directory.age_days == 12
    assert not worker.directory.expired
    clock.forward(days=30)
    assert worker.directory.expired


def test_who_is_trusted_is_asked_of_the_certificates_not_of_the_list(
    desk, directory, server, clock
):
    snapshot = published(server, statements=())
    directory.take(answer(server, snapshot=snapshot), None, desk.clock())
    assert set(directory.trusted(clock())) >= {FIRST, SECOND, INSPECTORATE}
    assert directory.trusted(clock() + timedelta(days=4000)) == ()
