"""Witnesses' cosignatures in an export: what they prove, and every lie about them."""

from datetime import timedelta

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.audit.export import CosignedLine, read_line, write_export
from protocols.audit.report import Watched
from protocols.audit.verify import verify_export
from protocols.errors import AmanaError
from protocols.sealing.certificate import Role
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.cosignature import cosign, witness_name
from protocols.timeline.merkle import root as tree_root

from .conftest import START, FictionalWorld, key, key_id

OFFICE, WATCHER, STRANGER = key(20), key(21), key(99)
LATE = START + timedelta(minutes=200)


@define
class WatchedWorld(FictionalWorld):
    """A world whose coordinator and whose ombudsman cosign; `notes` stand in its exports."""

    notes: list[str] = field(factory=list)
    last: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.add(Role.ORGANISATION, "demo-office", None)
        self.add(Role.COORDINATOR, key_id(OFFICE), OFFICE, "demo-office")
        self.add(Role.WITNESS, key_id(WATCHER), WATCHER)

    def note(self, size, leaves=None):
        own = (self.leaves if leaves is None else leaves)[:size]
        checkpoint = Checkpoint(self.origin, size, tree_root(own))
        return sign_checkpoint(checkpoint, self.origin, self.server)

    def watch(self, size, *keys, leaves=None, at=None):
        note = self.note(size, leaves)
        for each in keys:
            note += cosign(note, witness_name(key_id(each)), each, at or self.now)
        self.notes.append(note)
        return note

    def cosign_last(self, *keys):
        note = self.note(len(self.leaves))
        self.last = [cosign(note, witness_name(key_id(each)), each, self.now) for each in keys]

    def export(self, leaves=None):
        own = self.leaves if leaves is None else leaves
        return list(
            write_export(
                country="TN",
                origin=self.origin,
                exported=self.now,
                directory=self.snapshot(),
                certificates=self.certificates,
                leaves=own,
                cosigned=self.notes,
                checkpoint=self.note(len(own), own) + "".join(self.last),
            )
        )


@pytest.fixture
def watched():
    made = WatchedWorld()
    for number in (1, 2, 3):
        made.journey(number)
    return made


def rules(world, leaves=None):
    return [each.rule for each in verify_export(world.export(leaves), world.root).faults]


def test_what_witnesses_saw_is_reported_the_latest_first(watched):
    early = watched.now
    watched.watch(5, OFFICE, WATCHER)
    watched.now += timedelta(hours=2)
    watched.watch(20, WATCHER)
    watched.cosign_last(OFFICE)
    report = verify_export(watched.export(), watched.root)
    assert report.faults == ()
    seen = {(each.role, each.size) for each in report.watched}
    assert seen == {("coordinator", 27), ("witness", 20)}
    assert all(each.at > early for each in report.watched)
    assert isinstance(report.watched[0], Watched)


@pytest.mark.parametrize("size", [0, 1, 13, 26])
def test_a_beginning_of_any_size_counts(watched, size):
    watched.watch(size, OFFICE)
    report = verify_export(watched.export(), watched.root)
    assert (report.faults, report.watched[0].size) == ((), size)


def test_an_end_cut_off_is_found_where_a_witness_had_seen_it(watched):
    """Alone it is a whole log; nothing but the witness tells."""
    cut = watched.leaves[:-1]
    assert rules(watched, cut) == []
    watched.watch(27, OFFICE)
    assert rules(watched, cut) == ["cut_off"]


@pytest.mark.parametrize("size", [1, 9, 18, 27])
def test_another_history_is_found_where_a_witness_had_seen_the_first(watched, size):
    other = WatchedWorld()
    for number in (4, 5, 6):
        other.journey(number)
    watched.watch(size, OFFICE, WATCHER)
    assert rules(watched, other.leaves) == ["another_history"]
    fault = verify_export(watched.export(other.leaves), watched.root).faults[0]
    assert key_id(OFFICE) in fault.message and key_id(WATCHER) in fault.message


@pytest.mark.parametrize(
    ("who", "rule"),
    [(STRANGER, "unknown_device"), (key(4), "not_a_witness"), (key(3), "not_a_witness")],
)
def test_who_is_no_witness_is_named(watched, who, rule):
    watched.watch(5, who)
    assert rules(watched) == [rule, "not_cosigned"]
    watched.notes = []
    watched.cosign_last(who)
    assert rules(watched) == [rule]


def test_a_witness_counts_while_its_certificate_does(watched):
    watched.watch(5, WATCHER, at=watched.now + timedelta(days=400))
    assert rules(watched)[0] == "expired"
    watched.notes = []
    before = watched.now
    watched.now += timedelta(minutes=1)
    watched.revoke(WATCHER)
    watched.now += timedelta(minutes=1)
    watched.watch(5, WATCHER, at=before)
    assert rules(watched) == []
    watched.watch(6, WATCHER)
    assert rules(watched) == ["revoked", "not_cosigned"]


def test_a_cosignature_from_after_the_export_is_none(watched):
    watched.watch(5, OFFICE, at=watched.now + timedelta(minutes=6))
    assert rules(watched) == ["claimed_in_future", "not_cosigned"]


def test_a_cosignature_moved_to_another_checkpoint_is_false(watched):
    line = cosign(watched.note(5), witness_name(key_id(OFFICE)), OFFICE, watched.now)
    watched.notes = [watched.note(6) + line]
    assert rules(watched) == ["false_cosignature", "not_cosigned"]
    watched.notes, watched.last = [], [line]
    assert rules(watched) == ["false_cosignature"]


def test_a_note_that_the_log_did_not_sign_is_no_evidence(watched):
    checkpoint = Checkpoint(watched.origin, 5, bytes(32))
    note = sign_checkpoint(checkpoint, watched.origin, STRANGER)
    watched.notes = [note + cosign(note, witness_name(key_id(OFFICE)), OFFICE, watched.now)]
    assert rules(watched) == ["unsigned_checkpoint"]
    other = sign_checkpoint(evolve(checkpoint, origin="amana/x/tn"), "amana/x/tn", watched.server)
    watched.notes = [other]
    assert rules(watched) == ["wrong_origin"]


@pytest.mark.parametrize(
    ("notes", "rule"),
    [
        (lambda each: ["x"], "bad_checkpoint"),
        (lambda each: [each[0], each[0]], "doubled"),
        (lambda each: [each[1], each[0]], "out_of_order"),
        (lambda each: [each[0] + each[0].splitlines(True)[-1]], "doubled"),
        (lambda each: [each[0] + "— stranger AAAAAAAA\n"], "stray_signature"),
    ],
)
def test_notes_out_of_their_form_are_named(watched, notes, rule):
    both = [watched.watch(5, OFFICE), watched.watch(6, OFFICE)]
    watched.notes = notes(both)
    assert rule in rules(watched)


def test_lines_out_of_place_are_found(watched):
    watched.watch(5, OFFICE)
    lines = watched.export()
    at = next(at for at, each in enumerate(lines) if isinstance(read_line(9, each), CosignedLine))
    for to in (1, 2, at + 3, len(lines) - 1):
        moved = [*lines[:at], *lines[at + 1 :]]
        moved.insert(to, lines[at])
        found = verify_export(moved, watched.root).faults
        assert {each.rule for each in found} & {"out_of_order", "after_the_end"}


def test_too_many_notes_are_not_kept_in_memory(watched, monkeypatch):
    monkeypatch.setattr("protocols.audit.watching.MOST_NOTES", 3)
    for size in range(1, 6):
        watched.watch(size, OFFICE)
    assert rules(watched) == ["bad_line", "bad_line"]


WHOLE = WatchedWorld()
for _number in (1, 2):
    WHOLE.journey(_number)
WHOLE.watch(4, OFFICE, WATCHER)
WHOLE.watch(11, OFFICE)
WHOLE.cosign_last(WATCHER)
LINES = WHOLE.export()
COSIGNED = {at for at, each in enumerate(LINES) if isinstance(read_line(9, each), CosignedLine)}


def verdict(lines):
    try:
        return verify_export(lines, WHOLE.root).ok
    except AmanaError:
        return False


def test_the_whole_holds():
    assert verdict(LINES)
    assert len(COSIGNED) == 2


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(0, 7))
def test_one_bit_anywhere_but_in_what_nothing_signs_is_found(data, bit):
    """Only the header's moment of export is signed by nobody."""
    at = data.draw(st.integers(1, len(LINES) - 1))
    place = data.draw(st.integers(0, len(LINES[at]) - 1))
    line = bytearray(LINES[at])
    line[place] ^= 1 << bit
    assert not verdict([*LINES[:at], bytes(line), *LINES[at + 1 :]])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_line_less_twice_or_elsewhere_is_found(data):
    """But for a cosigned note left out: who cut it has to be asked by its witness."""
    at = data.draw(st.integers(0, len(LINES) - 1))
    without = [*LINES[:at], *LINES[at + 1 :]]
    assert verdict(without) == (at in COSIGNED)
    to = data.draw(st.integers(0, len(LINES)))
    assert not verdict([*LINES[:to], LINES[at], *LINES[to:]])
    elsewhere = [*without]
    elsewhere.insert(to := min(to, len(without)), LINES[at])
    assert verdict(elsewhere) == (to == at)
