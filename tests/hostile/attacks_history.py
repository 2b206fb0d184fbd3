"""Lies about what happened: old, shortened, rewritten, split, or with steps missing."""

from attrs import evolve

from protocols.messages import WitnessedAnswer
from protocols.plain import decode_base64, encode_base64
from protocols.timeline.event import Kind
from tests.hostile.catalogue import Round, attack
from tests.hostile.lying import (
    SUBMIT,
    SYNC,
    TIMELINE,
    Recorder,
    each_event,
    entries,
    instead,
    page,
    served_by,
    timeline,
)
from tests.hostile.operator import DishonestOperator
from tests.hostile.town import COORDINATOR, FIRST_PHONE, WORKER
from tests.mobile.lies import event_in


@attack("older_log")
def replayed_page(stage):
    """A page of events that was true an hour ago, once more."""
    recorder = Recorder()
    stage.server.tell(recorder)
    stage.first.sync()
    stage.server.be_honest()
    stage.deliver()
    stage.first.sync()
    yield Round(FIRST_PHONE, (instead(SYNC, recorder.last(SYNC)),))


@attack("log_fork", proven=True)
def rolled_back_log(stage):
    """The database of an hour ago is put back, as if nothing had come since."""
    before = stage.operator.twin()
    stage.deliver()
    yield Round(WORKER, (served_by(before),))


@attack("log_fork", proven=True)
def regrown_log(stage):
    """The same, and other entries are written in the place of those that were dropped."""
    before = stage.operator.twin()
    stage.deliver()
    for minutes in (1, 2, 3):
        before.write_event(stage.known, Kind.EXPIRED, received=stage.in_future(minutes=minutes))
    yield Round(WORKER, (served_by(before),))


def rewritten(leaves):
    """The first entry's time, changed by a year."""
    return [leaves[0].replace(b'"received":"20', b'"received":"21', 1), *leaves[1:]]


@attack("log_fork", proven=True)
def rewritten_history(stage):
    """As many entries as before, one of them another, signed anew."""
    stage.deliver()
    stage.first.sync()
    note = stage.operator.log(rewritten).checkpoint()
    lie = page(lambda found: evolve(found, checkpoint=note, entries=(), consistency=()))
    yield Round(FIRST_PHONE, (lie,))


@attack("log_fork", proven=True)
def emptied_log(stage):
    """A log that begins anew."""
    note = stage.operator.log(lambda _: []).checkpoint()
    lie = page(lambda found: evolve(found, checkpoint=note, entries=(), cursor=0, consistency=()))
    stage.deliver()
    yield Round(WORKER, (lie,))


def split_in_two(stage) -> DishonestOperator:
    """Another history of the same step: what the worker sends now is logged on both sides, at
    different times, each signed by the server."""
    other = stage.operator.twin()
    recorder = Recorder()
    stage.server.tell(recorder)
    stage.deliver()
    stage.server.be_honest()
    stage.later(seconds=30)
    other.serve(recorder.asked(SUBMIT))
    return other


@attack("log_fork", proven=True, parted=True)
def forked_log(stage):
    """The shelter is shown one history, the worker another; then the shelter meets the worker's."""
    other = split_in_two(stage)
    stage.operator, honest = other, stage.operator
    stage.first.sync(hurry=True)
    stage.operator = honest
    yield Round(FIRST_PHONE, ())


@attack("log_fork", proven=True)
def split_within_one_answer(stage):
    """The page is of one history, the timeline that completes it of another."""
    other = split_in_two(stage)
    lie = instead(TIMELINE, other.serve(stage.ask_timeline(stage.first, stage.new)))
    yield Round(FIRST_PHONE, (lie,))


@attack("events_left_out")
def left_out_step(stage):
    """That the shelter accepted is left out, what it did next is shown."""
    stage.deliver()
    stage.first.sync()
    stage.first.inbox.open(stage.new)
    stage.first.inbox.accept(stage.new)
    stage.first.inbox.start_service(stage.new)
    stage.first.sync()

    def without(events, leaf):
        return tuple(each for each in events if event_in(leaf(each)).kind is not Kind.ACCEPTED)

    yield Round(
        WORKER,
        (
            entries(lambda found: without(found, lambda each: each.event.leaf)),
            timeline(
                lambda found: evolve(found, events=without(found.events, lambda each: each.leaf))
            ),
        ),
    )


@attack("events_left_out")
def left_out_for_the_coordinator(stage):
    """Entries are kept from who should see all: the first, the last, or every one."""
    stage.deliver()
    for cut in (lambda found: found[1:], lambda found: found[:-1], lambda _: ()):
        yield Round(COORDINATOR, (entries(cut),))


@attack("disordered_page")
def reordered_page(stage):
    """The same entries in another order, twice, or beyond the log's end."""
    stage.deliver()
    for change in (
        lambda found: evolve(found, entries=found.entries[::-1]),
        lambda found: evolve(found, entries=(*found.entries, found.entries[-1])),
        lambda found: evolve(found, cursor=10**15),
        lambda found: evolve(found, cursor=0),
    ):
        yield Round(COORDINATOR, (page(change),))


@attack("disordered_page")
def page_after_page(stage):
    """There is more, says each page, and holds nothing."""
    stage.deliver()
    endless = page(lambda found: evolve(found, entries=(), more=True, cursor=0))
    yield Round(FIRST_PHONE, (endless,))


@attack("altered_event")
def altered_event(stage):
    """An entry's time is changed, its proof dropped, or its place moved."""
    stage.deliver()
    for change in (
        lambda found: evolve(found, leaf=found.leaf.replace(b'"received":"20', b'"received":"21')),
        lambda found: evolve(found, proof=found.proof[1:]),
        lambda found: evolve(found, index=found.index - 1),
        lambda found: evolve(found, leaf=b"{}"),
    ):
        yield Round(FIRST_PHONE, (each_event(change),))


@attack("other_referral")
def another_timeline(stage):
    """Asked for one referral's steps, the server answers with another's."""
    stage.deliver()
    wrong = stage.operator.serve(stage.ask_timeline(stage.first, stage.known))
    yield Round(FIRST_PHONE, (instead(TIMELINE, wrong),))


def spoilt_cosignature(note: str) -> str:
    """The newest cosignature's line, with its last bit flipped."""
    *_, line = note.rstrip("\n").splitlines()
    name, _, text = line.rpartition(" ")
    data = decode_base64(text)
    return f"{name} {encode_base64(data[:-1] + bytes([data[-1] ^ 1]))}\n"


@attack("false_witness")
def false_witness(stage):
    """A coordinator's phone watched this, says the server: and it did not."""
    stage.deliver()
    recorder = Recorder()
    stage.server.tell(recorder)
    stage.coordinator.sync()
    stage.worker.sync()
    stage.server.be_honest()
    witnessed = recorder.last(r"/v1/log/TN/witnessed").read(WitnessedAnswer).heads
    line = spoilt_cosignature(witnessed[0].checkpoint)
    lie = page(lambda found: evolve(found, checkpoint=found.checkpoint + line))
    yield Round(WORKER, (lie,))
