"""Lies about what is sealed: held back, brought to somebody else, renamed, sent again; and steps
that nobody took."""

from hashlib import sha256

from attrs import evolve

from mobile.commands.demonstration import cast
from protocols.messages import SyncEntry
from protocols.timeline.event import Kind
from tests.hostile.catalogue import Round, attack
from tests.hostile.lying import each_envelope, entries, page
from tests.hostile.operator import part
from tests.hostile.town import FALLBACK, FALLBACK_PHONE, FIRST, FIRST_PHONE, WORKER
from tests.mobile.lies import event_in
from tests.mobile.town import desk_of


@attack("strange_envelope")
def envelope_for_another(stage):
    """The first shelter's sealed case is brought to the second: as it is, or under its name."""
    stage.deliver()
    data, log = stage.operator.envelope(stage.new, FIRST), stage.operator.log()
    for recipient in (FIRST, FALLBACK):
        brought = tuple(
            SyncEntry(log.logged(place), (part(recipient, data),) if place == len(log) - 1 else ())
            for place in range(len(log) - 2, len(log))
        )

        def bring(found, brought=brought):
            return evolve(found, entries=brought, cursor=len(log))

        yield Round(FALLBACK_PHONE, (page(bring),))


@attack("strange_envelope")
def changed_envelope(stage):
    """One bit of a sealed case is flipped, or the recipient's name on it is changed."""
    stage.deliver()
    for change in (
        lambda each: evolve(each, data=each.data[:-1] + bytes([each.data[-1] ^ 1])),
        lambda each: evolve(each, recipient=FALLBACK),
        lambda each: evolve(each, data=b"age-encryption.org/v1\n" + each.data),
    ):
        yield Round(FIRST_PHONE, (each_envelope(change),))


@attack("strange_envelope")
def old_envelope_in_another_referral(stage):
    """The new referral comes with the sealed case of an older one."""
    old = stage.operator.envelope(stage.known, FIRST)
    stage.deliver()
    yield Round(FIRST_PHONE, (each_envelope(lambda each: evolve(each, data=old)),))


def with_the_known(stage, old: bytes):
    """Each entry of the known referral brings its old envelope."""

    def bring(entry):
        known = event_in(entry.event.leaf).referral == stage.known
        return evolve(entry, envelopes=(part(FIRST, old),)) if known else entry

    return entries(lambda all_: map(bring, all_))


def opened_once(stage):
    kinds = [each.kind for each in stage.first.inbox.get(stage.known).timeline]
    assert kinds.count("opened") == 1


@attack(
    harmless="the same sealed bytes once more, which open to what was read already",
    keeps=False,
    check=opened_once,
)
def old_envelope_once_more(stage):
    """A case that was opened long ago is delivered again with the referral's next step."""
    old = stage.operator.envelope(stage.known, FIRST)
    stage.first.inbox.accept(stage.known)
    stage.first.sync()
    stage.worker.sync()
    stage.first.inbox.start_service(stage.known)
    stage.deliver()
    yield Round(FIRST_PHONE, (with_the_known(stage, old),))


def nothing_of_it_is_there(stage):
    vault = desk_of(stage.first).vault
    old = sha256(stage.operator.envelope(stage.known, FIRST)).hexdigest()
    assert old not in vault.list("envelope")
    assert vault.get("opened", stage.known) is None


@attack(
    harmless="what a shelter declined is forgotten again with the same sync",
    keeps=False,
    check=nothing_of_it_is_there,
)
def envelope_of_a_declined_referral(stage):
    """A case that the shelter declined, and that is gone from its phone, is delivered again."""
    old = stage.operator.envelope(stage.known, FIRST)
    stage.first.inbox.decline(stage.known, cast.DECLINE_REASON)
    stage.deliver()
    yield Round(FIRST_PHONE, (with_the_known(stage, old),))


@attack("envelope_withheld", keeps=False)
def withheld_envelope(stage):
    """The shelter is told of the referral, and does not get the case."""
    stage.deliver()
    bare = entries(lambda all_: (evolve(each, envelopes=()) for each in all_))
    yield Round(FIRST_PHONE, (bare,))


def comes_within_a_day(stage):
    kinds = [each.kind for each in stage.worker.referrals.get(stage.new).timeline]
    assert kinds[:3] == ["submitted", "offered", "opened"]


@attack(
    harmless="nobody can miss what nobody told of: an honest server's next day brings it, and until"
    " then the deadline passes on to the next provider",
    keeps=False,
    aged=True,
    check=comes_within_a_day,
)
def skipped_entries(stage):
    """The page leaves everything out and goes on behind it, as if nothing concerned this phone."""
    stage.deliver()
    stage.first.sync()
    stage.first.inbox.open(stage.new)
    stage.first.sync()
    yield Round(WORKER, (page(lambda found: evolve(found, entries=())),))
    stage.worker.sync()
    kinds = [each.kind for each in stage.worker.referrals.get(stage.new).timeline]
    assert kinds == ["submitted", "offered"], "the lie took nothing away: it proves nothing"
    stage.later(hours=21)


@attack("timeline_unproven", keeps=False, spoilt=True)
def invented_step(stage):
    """The shelter accepted, says the log: and nobody of the shelter signed it."""
    stage.deliver()
    keyid = stage.first.identity.keyid
    stage.operator.write_event(stage.known, Kind.ACCEPTED, actor=keyid, provider=FIRST)
    yield Round(WORKER, ())
    yield Round(FIRST_PHONE, ())


@attack("timeline_unproven", keeps=False, spoilt=True)
def step_of_who_was_never_asked(stage):
    """The second shelter, in league with the operator, accepts what was never offered to it."""
    stage.deliver()
    key = desk_of(stage.fallback).keyring.signing
    stage.operator.write_event(stage.known, Kind.ACCEPTED, key=key, provider=FALLBACK)
    yield Round(WORKER, ())
