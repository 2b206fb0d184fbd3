"""Lies about who is who: old or withheld directories, swapped keys, forged certificates."""

from datetime import timedelta

from attrs import evolve

from backend.commands.offices.certifying import device_certificate
from protocols.messages import DirectoryAnswer, Snapshot, SyncAnswer
from protocols.plain import dump_json, from_json, load_json, to_plain
from protocols.sealing.certificate import (
    SEALING_KEY_TYPE,
    Certificate,
    Role,
    Root,
    SealingKey,
    certify,
    publish_sealing_key,
)
from protocols.sealing.statement import Statement, keyid, sign
from tests.hostile.catalogue import Round, attack
from tests.hostile.hostile_server import Reply
from tests.hostile.lying import DIRECTORY, PROGRAMME, at, instead, page
from tests.hostile.town import FALLBACK, FIRST, FIRST_PHONE, WORKER
from tests.journey.people import queue
from tests.mobile.fake_log import FakeLog
from tests.mobile.town import desk_of


def changed(stage, change) -> Reply:
    """The newest directory, changed; given also to a phone that has it."""
    honest = stage.directory()
    return evolve(honest, headers=()).saying(change(honest.read(DirectoryAnswer)))


def resigned(answer: DirectoryAnswer, key, change) -> DirectoryAnswer:
    """Its snapshot, changed and signed by `key`."""
    inside = change(from_json(answer.snapshot.payload, Snapshot))
    return evolve(answer, snapshot=sign(answer.snapshot.payloadType, inside, key))


def revoke_fallback(stage):
    """The coordinators shut the second shelter's phone out."""
    keyid_ = stage.fallback.identity.keyid
    stage.programme.revoke("--country", "TN", "--subject", keyid_, "--reason", "lost")
    return keyid_


def nothing_for_the_fallback(stage):
    seals_to = desk_of(stage.worker).directory.seal_to(FALLBACK, stage.in_future())
    assert seals_to == ()


@attack("directory_rollback", check=nothing_for_the_fallback)
def old_directory(stage):
    """The list of before a phone was revoked, to who has seen the newer one."""
    old = stage.directory()
    revoke_fallback(stage)
    stage.deliver()
    yield Round(WORKER, (instead(DIRECTORY, evolve(old, headers=())),))


@attack("directory_expired", keeps=False)
def withheld_directory(stage):
    """Nothing new, says the server, until the list on the phone is past its date."""
    stage.deliver()
    stage.publish(expires=stage.in_future(minutes=30))
    stage.worker.sync()
    stage.later(minutes=40)
    yield Round(WORKER, (instead(DIRECTORY, Reply(304)),))
    stage.publish(expires=stage.in_future(days=30))


def queue_anew(stage, phone):
    """Another referral is sealed and waits."""
    return queue(phone, stage.in_future(), (FIRST,))


def sync_then_queue(stage, phone):
    """Fetch the directory, then seal by it."""
    phone.sync(hurry=True)
    return queue_anew(stage, phone)


@attack("nobody_can_open", keeps=False)
def withheld_sealing_keys(stage):
    """No key of the shelter's phones is given out."""
    yield Round(
        WORKER,
        (instead(DIRECTORY, changed(stage, lambda found: evolve(found, live=()))),),
        act=sync_then_queue,
    )


def without_the_shelters(stage, answer) -> DirectoryAnswer:
    owner = stage.first.identity.keyid
    others = (each for each in answer.live if each.signatures[0].keyid != owner)
    return evolve(answer, live=tuple(others))


@attack("sealing_key_withheld", keeps=False)
def withheld_own_key(stage):
    """The shelter's own phone gets a directory in which its key is missing, as for everybody."""
    stage.deliver()
    without = changed(stage, lambda found: without_the_shelters(stage, found))
    yield Round(FIRST_PHONE, (instead(DIRECTORY, without),))


def for_the_shelter(stage, answer, **changes) -> DirectoryAnswer:
    """The shelter's sealing keys, each in a copy to the intruder's."""
    owner = stage.first.identity.keyid
    live = []
    for each in answer.live:
        inside = each.payloadType == SEALING_KEY_TYPE and from_json(each.payload, SealingKey)
        if inside and inside.device == owner:
            mine = stage.intruder
            forged = evolve(
                inside, recipient=mine.x25519.recipient.text, hybrid=mine.hybrid.recipient.text
            )
            live.append(evolve(publish_sealing_key(forged, mine.key), **changes))
        else:
            live.append(each)
    return evolve(answer, live=tuple(live))


@attack("forged_sealing_key")
def swapped_sealing_key(stage):
    """The shelter's key is replaced by the operator's own, under the shelter's name."""
    stage.deliver()
    honest = stage.directory().read(DirectoryAnswer)
    (name,) = {
        each.signatures[0].keyid
        for each in honest.live
        if each.signatures[0].keyid == stage.first.identity.keyid
    }

    def swap(found):
        forged = for_the_shelter(stage, found)
        return evolve(forged, live=tuple(named(each) for each in forged.live))

    def named(statement: Statement) -> Statement:
        (signature,) = statement.signatures
        mine = keyid(bytes(stage.intruder.key.verify_key))
        signer = name if signature.keyid == mine else signature.keyid
        return evolve(statement, signatures=(evolve(signature, keyid=signer),))

    yield Round(WORKER, (instead(DIRECTORY, changed(stage, swap)),))


@attack("nobody_can_open", keeps=False)
def strangers_sealing_key(stage):
    """The same, signed by a key that nobody certified: to that one nothing is sealed, and the
    shelter's own is missing."""
    swapped = changed(stage, lambda found: for_the_shelter(stage, found))
    yield Round(WORKER, (instead(DIRECTORY, swapped),), act=sync_then_queue)


@attack("directory_invalid")
def directory_signed_by_the_server(stage):
    """A directory with another shelter in it, under the server's own certified key."""
    stage.deliver()

    def forge(found):
        return resigned(
            found,
            stage.operator.key,
            lambda inside: evolve(
                inside,
                number=inside.number + 1,
                providers=tuple(evolve(each, id=FALLBACK) for each in inside.providers[:1]),
            ),
        )

    yield Round(WORKER, (instead(DIRECTORY, changed(stage, forge)),))


@attack("directory_invalid")
def directory_of_another_country(stage):
    """Morocco's authority, in league with the operator, signs Tunisia's directory."""
    stage.deliver()
    key = stage.town.authority_key("MA")
    for change in (
        lambda inside: evolve(inside, number=inside.number + 1),
        lambda inside: evolve(inside, number=inside.number + 1, country="MA"),
    ):
        forged = changed(stage, lambda found, change=change: resigned(found, key, change))
        yield Round(WORKER, (instead(DIRECTORY, forged),))


def certificate_of(stage, role=Role.PROVIDER_STAFF, **changes) -> Certificate:
    """A certificate for the intruder's key, as a member of the shelter's staff."""
    public = bytes(stage.intruder.key.verify_key)
    now = stage.in_future(days=-1)
    made = device_certificate(public, role, "TN", FIRST, "Fictional intruder", now)
    return evolve(made, **changes)


def own_authority(stage) -> Statement:
    """A certificate authority of the operator's own making, under the real one's name."""
    key = stage.intruder.key
    real = stage.directory().read(DirectoryAnswer).authority
    inside = from_json(real.payload, Certificate)
    return certify(evolve(inside, keys=(bytes(key.verify_key),), threshold=1), key)


@attack("foreign_certificate")
def own_certificate_authority(stage):
    """The operator plays the country's authority, and certifies a shelter's phone of its own."""
    stage.deliver()
    mine = own_authority(stage)
    forged = certify(certificate_of(stage), stage.intruder.key)
    authority = changed(stage, lambda found: evolve(found, authority=mine))
    yield Round(WORKER, (instead(DIRECTORY, authority),))
    both = changed(
        stage,
        lambda found: resigned(
            evolve(found, authority=mine),
            stage.intruder.key,
            lambda inside: evolve(inside, statements=(*inside.statements, forged)),
        ),
    )
    yield Round(WORKER, (instead(DIRECTORY, both),))


@attack("foreign_certificate")
def another_countrys_certificate(stage):
    """Morocco's authority certifies a phone of a Tunisian shelter."""
    stage.deliver()
    forged = certify(certificate_of(stage), stage.town.authority_key("MA"))
    with_it = changed(
        stage,
        lambda found: resigned(
            found,
            stage.town.authority_key("TN"),
            lambda inside: evolve(
                inside, number=inside.number + 1, statements=(*inside.statements, forged)
            ),
        ),
    )
    yield Round(WORKER, (instead(DIRECTORY, with_it),))


def other_key(stage, found: SyncAnswer) -> SyncAnswer:
    """The page under a checkpoint that the intruder's key signed."""
    log = FakeLog(stage.operator.origin, stage.intruder.key, stage.operator.leaves())
    return evolve(found, checkpoint=log.checkpoint())


@attack("unknown_server")
def different_server_key(stage):
    """From now on another key signs the log, and nobody certified it."""
    stage.deliver()
    yield Round(WORKER, (page(lambda found: other_key(stage, found)),))


def programme_with(change):
    """What the server says of its programme, changed."""

    def answer(_, honest):
        reply = honest()
        return reply.saying(dump_json(change(load_json(reply.body))))

    return at(PROGRAMME, answer)


@attack("foreign_certificate")
def server_certified_by_itself(stage):
    """The other key is certified, says the server: by an authority that it made up."""
    stage.deliver()
    public = bytes(stage.intruder.key.verify_key)
    now = stage.in_future(days=-1)
    own = Certificate(
        subject=keyid(public),
        role=Role.SERVER,
        country="TN",
        name="Fictional server",
        organisation=None,
        keys=(public,),
        threshold=1,
        not_before=now,
        not_after=now + timedelta(days=300),
        serial="ab" * 16,
    )
    forged = to_plain(certify(own, stage.intruder.key))
    yield Round(
        WORKER,
        (
            page(lambda found: other_key(stage, found)),
            programme_with(lambda told: told | {"servers": [*told["servers"], forged]}),
        ),
    )


@attack("wrong_root")
def another_root(stage):
    """The other key belongs to another programme, whose root the server shows instead."""
    stage.deliver()
    root = Root("amana", (bytes(stage.intruder.key.verify_key),), 1, stage.in_future(days=-9))
    shown = to_plain(root)
    yield Round(
        WORKER,
        (
            page(lambda found: other_key(stage, found)),
            programme_with(lambda told: told | {"root": shown}),
        ),
    )
