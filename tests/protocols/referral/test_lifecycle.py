"""Every arrow of the lifecycle, who may take it, and each stable reason to refuse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from protocols.plain import from_json, to_json
from protocols.referral.arrows import ARROWS, FINAL, OPEN, TAKEN, UNANSWERED, State, Who
from protocols.referral.lifecycle import (
    RULES,
    AlreadyAcceptedError,
    Referral,
    ServerStep,
    Step,
    StepRefusedError,
    apply,
    may,
    next_server_step,
    start,
)

T0 = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SHORTLIST = ("demo-shelter-a", "demo-shelter-b")
STAFF = {"actor": "staff", "role": "provider_staff", "organisation": SHORTLIST[0]}


def step(kind: str, minutes: int = 0, **fields: object) -> Step:
    """A step by whoever may take it, with the fields that kind needs."""
    who = ARROWS[kind].who if kind in ARROWS else Who.SERVER
    actor = {
        Who.SERVER: {"actor": "server", "role": "server"},
        Who.SENDER: {"actor": "worker", "role": "field_worker", "organisation": "demo-inspection"},
        Who.RECIPIENT: STAFF,
        Who.EITHER: STAFF,
    }[who]
    needed: dict[str, object] = {
        "submitted": {"shortlist": SHORTLIST, "respond_within": 60},
        "offered": {"provider": SHORTLIST[0]},
        "expired": {"provider": SHORTLIST[0]},
        "declined": {"reason": "no_places"},
        "closed": {"reason": "help_given"},
        "resealed": {"provider": SHORTLIST[0]},
    }.get(kind, {})
    given = {**actor, **needed, **fields}  # type: ignore[dict-item]
    return Step(kind=kind, at=T0 + timedelta(minutes=minutes), **given)  # type: ignore[arg-type]


def after(*kinds: str) -> Referral:
    """The referral after one step of each kind, from the draft on."""
    referral = start("demo-inspection")
    for kind in kinds:
        referral = apply(referral, step(kind))
    return referral


OFFERED = ("sealed", "submitted", "offered")
WAYS: dict[State, tuple[str, ...]] = {
    State.DRAFTED: (),
    State.SEALED: ("sealed",),
    State.SUBMITTED: ("sealed", "submitted"),
    State.OFFERED: OFFERED,
    State.OPENED: (*OFFERED, "opened"),
    State.ASKED: (*OFFERED, "opened", "asked"),
    State.ACCEPTED: (*OFFERED, "opened", "accepted"),
    State.IN_SERVICE: (*OFFERED, "opened", "accepted", "in_service"),
    State.HANDED_OVER: (*OFFERED, "opened", "accepted", "handed_over"),
    State.CLOSED: (*OFFERED, "opened", "accepted", "closed"),
    State.WITHDRAWN: (*OFFERED, "withdrawn"),
    State.UNREADABLE: (*OFFERED, "unreadable"),
}


def in_state(state: State) -> Referral:
    if state is State.RETURNED:
        short = evolve(in_state(State.UNREADABLE), shortlist=SHORTLIST[:1])
        return apply(short, step("returned"))
    return after(*WAYS[state])


def fitting(kind: str, before: Referral) -> tuple[Referral, Step]:
    """`before` and a step of `kind`, made to differ from an allowed one in the state alone."""
    fields: dict[str, object] = {}
    if kind == "offered" and before.untried:
        fields["provider"] = before.untried[0]
    if kind == "expired":
        fields["provider"] = before.offered_to
    if kind == "opened":
        fields["actor"] = "another device"
    if kind == "returned":
        before = evolve(before, tried=before.shortlist)
    if kind == "answered":
        before = evolve(before, question_open=True)
    if kind == "resealed":
        before = evolve(before, opened_by=("staff",))
        fields["provider"] = before.offered_to
    if ARROWS[kind].who in (Who.RECIPIENT, Who.EITHER):
        fields["organisation"] = before.offered_to
    return before, step(kind, 60 if kind == "expired" else 1, **fields)


@pytest.mark.parametrize("state", State)
def test_each_state_can_be_reached(state: State) -> None:
    assert in_state(state).state is state


@pytest.mark.parametrize("kind", ARROWS)
@pytest.mark.parametrize("state", State)
def test_exactly_the_arrows_of_the_table_can_be_taken(state: State, kind: str) -> None:
    before, wanted = fitting(kind, in_state(state))
    if state in ARROWS[kind].moves:
        assert apply(before, wanted).state is ARROWS[kind].moves[state]
    else:
        with pytest.raises(StepRefusedError):
            apply(before, wanted)


@pytest.mark.parametrize("kind", ARROWS)
def test_nobody_else_may(kind: str) -> None:
    state = next(iter(ARROWS[kind].moves))
    before, wanted = fitting(kind, in_state(state))
    others = [
        {"role": "server", "organisation": None},
        {"role": "coordinator", "organisation": "demo-authority"},
        {"role": "field_worker", "organisation": "demo-inspection"},
        {"role": "field_worker", "organisation": "demo-other-inspection"},
        {"role": "field_worker", "organisation": None},
        {"role": "provider_staff", "organisation": SHORTLIST[0]},
        {"role": "provider_staff", "organisation": "demo-other-shelter"},
    ]
    takers = [each for each in others if may(before, evolve(wanted, **each))]  # type: ignore[arg-type]
    assert takers == [{"role": wanted.role, "organisation": wanted.organisation}]


def by_sender(kind: str, minutes: int = 1, **fields: object) -> Step:
    """A step that either side may take, by the sender's."""
    side = {"actor": "worker", "role": "field_worker", "organisation": "demo-inspection"}
    return step(kind, minutes, **{**side, **fields})


def locked_out(state: State) -> Referral:
    """In `state`, and a new device of the provider has said that it cannot open the case."""
    return apply(in_state(state), step("unreadable", actor="new", reason="age_no_match"))


def refused(rule: str, referral: Referral | None, wanted: Step) -> None:
    with pytest.raises(StepRefusedError) as caught:
        apply(referral, wanted)
    assert caught.value.rule == rule
    assert RULES[rule] in str(caught.value)


def test_each_refusal_says_its_rule() -> None:
    opened = in_state(State.OPENED)
    refused("unknown_kind", opened, step("teleported"))
    refused("unknown_kind", None, step("teleported"))
    refused("not_submitted", None, step("opened"))
    refused("already_ended", in_state(State.CLOSED), step("withdrawn"))
    refused("wrong_state", in_state(State.DRAFTED), step("submitted"))
    refused("not_server", in_state(State.SUBMITTED), step("offered", role="coordinator"))
    refused("not_sender", opened, step("withdrawn", organisation="demo-other"))
    refused("not_recipient", opened, step("declined", organisation=SHORTLIST[1]))
    refused("deadline_passed", opened, step("accepted", 60))
    refused("too_early", opened, step("expired", 59))
    refused("not_next", in_state(State.SUBMITTED), step("offered", provider=SHORTLIST[1]))
    refused("not_next", in_state(State.UNREADABLE), step("offered", provider=SHORTLIST[0]))
    refused("fallback_left", in_state(State.SUBMITTED), step("returned"))
    refused("wrong_provider", opened, step("accepted", provider=SHORTLIST[1]))
    refused("wrong_provider", opened, step("expired", 60, provider=SHORTLIST[1]))
    refused("no_question", in_state(State.ACCEPTED), step("answered"))
    refused("already_opened", opened, step("opened"))
    refused("already_unreadable", locked_out(State.ACCEPTED), step("unreadable", actor="new"))
    refused("not_opened", in_state(State.ACCEPTED), step("resealed", actor="new"))
    refused("nobody_asked", in_state(State.ACCEPTED), by_sender("resealed"))
    refused("wrong_provider", opened, step("resealed", provider=None))
    refused("wrong_provider", locked_out(State.OPENED), by_sender("resealed", provider="demo-c"))
    refused("not_sender", locked_out(State.OPENED), by_sender("resealed", organisation="demo-x"))
    refused("deadline_passed", opened, step("resealed", 60))
    refused("deadline_passed", locked_out(State.ASKED), by_sender("resealed", minutes=60))
    for bad in ((), ("demo-a", "demo-a")):
        refused("bad_shortlist", None, step("submitted", shortlist=bad))
    refused("bad_shortlist", opened, step("asked", shortlist=SHORTLIST))
    refused("bad_deadline", None, step("submitted", respond_within=61))
    refused("bad_deadline", None, step("submitted", respond_within=None))
    refused("bad_deadline", opened, step("asked", respond_within=60))
    refused("bad_reason", opened, step("declined", reason=None))
    refused("bad_reason", in_state(State.ACCEPTED), step("closed", reason=None))
    refused("bad_reason", opened, step("asked", reason="Fatma, 24"))


def test_a_late_acceptance_is_refused_and_nobody_else_hears_where_it_stands() -> None:
    expired = apply(in_state(State.OPENED), step("expired", 60))
    refused("offer_ended", expired, step("accepted", 61))
    offered = apply(expired, step("offered", 61, provider=SHORTLIST[1]))
    refused("offer_ended", offered, step("accepted", 62))
    refused("not_recipient", offered, step("accepted", 62, organisation="demo-stranger"))


def test_the_loser_of_a_race_is_told_the_winner() -> None:
    for state in TAKEN:
        with pytest.raises(AlreadyAcceptedError) as caught:
            apply(in_state(state), step("accepted", actor="second device"))
        assert (caught.value.provider, caught.value.actor) == (SHORTLIST[0], "staff")
        assert caught.value.code == "already_accepted"
    refused("not_recipient", in_state(State.ACCEPTED), step("accepted", organisation="demo-x"))


def test_an_unanswered_referral_walks_the_shortlist_and_comes_back() -> None:
    referral, kinds, now = apply(None, step("submitted")), [], T0
    while todo := next_server_step(referral, now):
        kinds.append((todo.kind, todo.provider))
        server = step(todo.kind, provider=todo.provider)
        referral = apply(referral, evolve(server, at=now))
        now += timedelta(minutes=60)
    a, b = SHORTLIST
    assert kinds == [
        ("offered", a),
        ("expired", a),
        ("offered", b),
        ("expired", b),
        ("returned", None),
    ]
    assert referral.state is State.RETURNED


def test_the_deadline_is_to_the_second_and_a_late_server_catches_up() -> None:
    offered = in_state(State.OFFERED)
    assert offered.deadline == T0 + timedelta(minutes=60)
    assert next_server_step(offered, offered.deadline - timedelta(seconds=1)) is None
    for late in (offered.deadline, offered.deadline + timedelta(days=40)):
        assert next_server_step(offered, late) == ServerStep("expired", SHORTLIST[0])


def test_a_question_and_its_answer() -> None:
    asked = in_state(State.ASKED)
    assert apply(asked, step("answered")).state is State.OPENED
    accepted = apply(asked, step("accepted"))
    answered = apply(accepted, step("answered"))
    assert (answered.state, answered.question_open) == (State.ACCEPTED, False)


def test_a_second_device_is_recorded_and_feedback_follows_the_end() -> None:
    twice = apply(in_state(State.OPENED), step("opened", actor="second"))
    assert twice.opened_by == ("staff", "second")
    assert apply(in_state(State.CLOSED), step("feedback")).state is State.CLOSED


@pytest.mark.parametrize("state", sorted(OPEN))
def test_who_cannot_open_a_case_asks_and_the_referral_stays_where_it_is(state: State) -> None:
    before, asked = in_state(state), locked_out(state)
    assert asked == evolve(before, unreadable_to=("new",), reason="age_no_match")
    again = apply(asked, step("unreadable", actor="newer"))
    assert again.unreadable_to == ("new", "newer")
    for sealed in (step("resealed", 1), by_sender("resealed")):
        assert apply(again, sealed) == evolve(before, reason=None)
    opened = apply(again, step("opened", actor="new"))
    assert (opened.unreadable_to, opened.opened_by) == (("newer",), ("staff", "new"))


def test_a_new_device_may_seal_on_what_it_opened_and_a_new_offer_asks_nothing() -> None:
    referral = locked_out(State.OPENED)
    ended = apply(referral, step("declined"))
    assert (ended.unreadable_to, ended.opened_by) == ((), ())
    referral = apply(apply(referral, step("resealed", 1)), step("opened", actor="new"))
    assert may(referral, step("resealed", actor="new"))


def test_nothing_waits_outside_an_unanswered_offer() -> None:
    for state in State:
        assert (in_state(state).deadline is not None) == (state in UNANSWERED)
        assert in_state(state).ended == (state in FINAL)


def test_a_referral_survives_storage() -> None:
    referral = in_state(State.ACCEPTED)
    assert from_json(to_json(referral), Referral) == referral


def test_the_drawing_shows_exactly_the_arrows() -> None:
    drawing = Path(__file__).parents[3].joinpath("docs", "lifecycle.md").read_text()
    graph = drawing.split("```mermaid")[1].split("```")[0]
    drawn = set()
    for line in graph.splitlines():
        if "-->" not in line or "[*]" in line:
            continue
        source, rest = line.split("-->")
        target, kinds = rest.split(":")
        drawn |= {(source.strip(), target.strip(), kind.strip()) for kind in kinds.split(",")}
    table = {
        (str(source), str(target), kind)
        for kind, arrow in ARROWS.items()
        for source, target in arrow.moves.items()
    }
    assert drawn == table
    assert [rule for rule in RULES if f"`{rule}`" not in drawing] == []
