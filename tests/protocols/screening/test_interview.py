"""The interview as a pure state machine: it always ends, back undoes, hidden answers never count,
and nothing is lost on the way to the vault and back."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocols.errors import MalformedError
from protocols.plain import dump_json, load_json
from protocols.screening.checklist import available, load
from protocols.screening.errors import (
    AnswerError,
    ChecklistChangedError,
    InterviewEndedError,
    InterviewError,
)
from protocols.screening.flow import walk
from protocols.screening.interview import Interview
from protocols.screening.model import Kind, Purpose
from tests.protocols.screening.fictional import (
    answers_to,
    fitting,
    plain,
    question_of,
    read,
    walked,
)

FICTIONAL = read(plain())
CHECKLISTS = {each.id: each for each in (FICTIONAL, *(load(each) for each in available()))}


def kept(interview: Interview) -> Interview:
    """To the vault and back, as bytes."""
    data = dump_json(interview.to_plain())
    return Interview.from_plain(load_json(data), interview.checklist)


class Talk(RuleBasedStateMachine):
    """One interview under whatever a worker may do, in whatever order."""

    @initialize(name=st.sampled_from(sorted(CHECKLISTS)))
    def begin(self, name: str) -> None:
        self.interview = Interview.start(CHECKLISTS[name])

    @precondition(lambda self: self.interview.current is not None)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        asked = self.interview.current
        assert asked is not None
        if asked.kind is Kind.NOTICE:
            self.interview = self.interview.next()
        else:
            value = data.draw(fitting(asked))
            self.interview = self.interview.answer(value)
            given_now = {each.question: each.value for each in self.interview.given}
            assert given_now[asked.key] == asked.accept(value)

    @precondition(lambda self: self.interview.current is not None)
    @rule()
    def skip(self) -> None:
        asked = self.interview.current
        assert asked is not None
        self.interview = self.interview.skip()
        assert asked.key not in self.interview.answers

    @precondition(lambda self: self.interview.can_go_back)
    @rule()
    def back_and_forward(self) -> None:
        here = self.interview
        before = here.back()
        assert before.given == here.given
        if before.position in before.passed:
            assert before.forward() == here
        else:
            with pytest.raises(InterviewError, match="still open"):
                before.forward()

    @precondition(lambda self: self.interview.can_go_back)
    @rule()
    def back(self) -> None:
        self.interview = self.interview.back()

    @precondition(lambda self: any(each.kind is not Kind.NOTICE for each in self.interview.shown))
    @rule(data=st.data())
    def put(self, data: st.DataObject) -> None:
        shown = {each.key: each for each in self.interview.shown if each.kind is not Kind.NOTICE}
        asked = shown[data.draw(st.sampled_from(sorted(shown)))]
        value = data.draw(fitting(asked))
        self.interview = self.interview.put(asked.key, value)
        assert self.interview.answers[asked.key] == asked.accept(value)

    @rule(reason=st.sampled_from(["not_safe", "person_wishes", "interrupted"]))
    def stop(self, reason: str) -> None:
        before = self.interview.answers
        self.interview = self.interview.stop(reason)
        assert self.interview.answers == before
        section = self.interview.section
        assert section is None or section.purpose is Purpose.CLOSING

    @precondition(lambda self: self.interview.stopped is not None)
    @rule()
    def resume(self) -> None:
        self.interview = self.interview.resume()
        assert self.interview.stopped is None

    @rule()
    def to_open(self) -> None:
        self.interview = self.interview.to_open()

    @rule()
    def close_the_app(self) -> None:
        again = kept(self.interview)
        assert again == self.interview
        self.interview = again

    @invariant()
    def stands_on_a_shown_question_or_at_the_end(self) -> None:
        current = self.interview.current
        assert current is None or current in self.interview.shown
        assert self.interview.finished is (current is None)

    @invariant()
    def hidden_answers_do_not_count(self) -> None:
        shown = {each.key for each in self.interview.shown}
        assert set(self.interview.answers) <= shown
        assert set(self.interview.skipped) <= shown
        assert not set(self.interview.answers) & set(self.interview.skipped)

    @invariant()
    def progress_stays_within_its_total(self) -> None:
        done, total = self.interview.progress.done, self.interview.progress.total
        assert 0 <= done <= total == len(self.interview.shown)

    def teardown(self) -> None:
        """Whatever happened, it ends: each further step passes one question more."""
        if not hasattr(self, "interview"):
            return
        steps = 0
        while (asked := self.interview.current) is not None:
            read_ = asked.kind is Kind.NOTICE
            self.interview = self.interview.next() if read_ else self.interview.skip()
            steps += 1
            assert steps <= len(self.interview.checklist.questions)
        assert self.interview.shown[-1].key == self.interview.checklist.questions[-1].key


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_an_interview_ends_at_the_close_whatever_the_answers(data: st.DataObject) -> None:
    checklist = CHECKLISTS[data.draw(st.sampled_from(sorted(CHECKLISTS)))]
    interview = walked(checklist, data.draw(answers_to(checklist)))
    assert interview.finished
    closing = [
        each
        for each in interview.shown
        if checklist.sections_by_question[each.key].purpose is Purpose.CLOSING
    ]
    assert closing
    assert {each.key for each in interview.shown} <= interview.passed
    with pytest.raises(InterviewEndedError):
        interview.skip()


@given(answers_to(FICTIONAL), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_answers_never_matters(answers: dict[str, Any], order: Any) -> None:
    straight = walked(FICTIONAL, answers)
    interview = Interview.start(FICTIONAL)
    for _ in answers:
        waiting = [
            each.key
            for each in interview.shown
            if each.key in answers and each.key not in interview.answers
        ]
        if not waiting:
            break
        key = order.choice(waiting)
        interview = interview.put(key, answers[key])
    assert interview.answers == straight.answers


@given(answers_to(FICTIONAL))
@settings(max_examples=60, deadline=None)
def test_what_counts_is_what_the_walk_says_and_no_hidden_answer_changes_it(
    answers: dict[str, Any],
) -> None:
    everything = walk(FICTIONAL, answers, [each.key for each in FICTIONAL.questions])
    visible = walk(FICTIONAL, everything.answers, [each.key for each in FICTIONAL.questions])
    assert visible.answers == everything.answers
    assert visible.shown == everything.shown


def test_a_hidden_answer_is_kept_and_counts_again_when_its_condition_returns() -> None:
    here = Interview.start(FICTIONAL).put("works", "yes").put("pay", "kept")
    gone = here.put("works", "no")
    assert "pay" not in gone.answers
    assert "pay" in gone.passed
    assert gone.put("works", "yes").answers["pay"] == "kept"


def test_a_gate_that_ends_leads_to_the_close_and_shows_why() -> None:
    ended = Interview.start(FICTIONAL).answer("no")
    assert ended.current is not None
    assert ended.current.key == "thanks"
    assert ended.notice is not None
    assert ended.notice.key == "not_private"
    assert ended.back().answer("yes").current == FICTIONAL.by_key["danger"]


def test_a_notice_gate_is_shown_once_at_the_step_that_opened_it() -> None:
    here = walked(FICTIONAL, {}).put("age_group", "unsure")
    at_age = evolve(here, position="age_group").answer("unsure")
    assert at_age.notice is not None
    assert at_age.notice.checklist == "fictional-child"
    assert at_age.answer(["nothing"]).notice is None


def test_a_stopped_interview_keeps_what_was_said_and_is_taken_up_again() -> None:
    here = Interview.start(FICTIONAL).answer("yes").answer("yes")
    stopped = here.stop("not_safe")
    assert stopped.answers == here.answers
    assert stopped.current == FICTIONAL.by_key["thanks"]
    assert kept(stopped).stopped == "not_safe"
    assert stopped.next().finished
    assert stopped.resume() == here
    with pytest.raises(AnswerError):
        here.stop("Ahmed came in")


BAD: list[tuple[str, Any]] = [
    ("pay", "gold"),
    ("pay", ["fair"]),
    ("pay", None),
    ("pay", 1),
    ("works", True),
    ("seen", "papers"),
    ("seen", []),
    ("seen", ["papers", "papers"]),
    ("seen", ["papers", "nothing"]),
    ("seen", ["papers", 1]),
    ("hours", "80"),
    ("hours", 80.0),
    ("hours", True),
    ("hours", -1),
    ("hours", 169),
    ("since", "2026-13"),
    ("since", "2026-02-30"),
    ("since", "0000"),
    ("since", "٢٠٢٦"),
    ("since", "2026-1"),
    ("since", "yesterday"),
    ("interpreter", "  "),
    ("interpreter", "x" * 2001),
    ("interpreter", "\ud800"),
    ("explain", "read"),
]


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_value_that_does_not_fit_is_refused_and_nothing_changes(key: str, value: Any) -> None:
    here = Interview.start(FICTIONAL).put("works", "yes")
    before = here.to_plain()
    with pytest.raises(AnswerError, match=key):
        here.put(key, value)
    assert here.to_plain() == before


def test_steps_that_cannot_be_taken_are_refused_by_name() -> None:
    here = Interview.start(FICTIONAL)
    with pytest.raises(InterviewError, match="first question"):
        here.back()
    with pytest.raises(InterviewError, match="still open"):
        here.forward()
    with pytest.raises(InterviewError, match="asks for an answer"):
        here.next()
    with pytest.raises(InterviewError, match="not shown"):
        here.put("hours", 3)
    with pytest.raises(InterviewError, match="not shown"):
        here.put("nothing_like_it", 3)


def test_what_was_given_is_kept_in_the_checklists_order() -> None:
    one = Interview.start(FICTIONAL).put("works", "no").put("danger", "no")
    assert one == Interview.start(FICTIONAL).put("danger", "no").put("works", "no")
    assert [each.question for each in one.given] == ["danger", "works"]


def test_several_choices_are_kept_in_the_files_order() -> None:
    here = Interview.start(FICTIONAL)
    assert here.put("seen", ["housing", "papers"]) == here.put("seen", ("papers", "housing"))


def test_a_skip_forgets_what_was_answered_before() -> None:
    here = Interview.start(FICTIONAL).answer("yes").back()
    assert here.given_here == "yes"
    assert here.skip().answers == {}
    assert here.skip().skipped == ("private",)


def test_no_text_of_the_checklist_is_kept_only_keys_and_answers() -> None:
    data = json.dumps(walked(FICTIONAL, {"pay": "kept", "works": "yes"}).to_plain())
    assert "fictional)" not in data


@pytest.mark.parametrize(
    "damage",
    [
        {"position": "hours"},
        {"position": "nowhere"},
        {"given": [{"question": "nowhere", "value": "yes"}]},
        {"given": [{"question": "private", "value": "yes"}] * 2},
        {"given": "private"},
        {"stopped": 1},
        {"more": 1},
    ],
)
def test_a_damaged_kept_interview_is_refused_by_name(damage: dict[str, Any]) -> None:
    kept_plain = {**Interview.start(FICTIONAL).to_plain(), **damage}
    with pytest.raises(MalformedError):
        Interview.from_plain(kept_plain, FICTIONAL)


def test_an_answer_that_no_longer_fits_is_refused_and_can_be_carried_over() -> None:
    old = walked(FICTIONAL, {"works": "yes", "pay": "kept", "hours": 90})
    file = {**plain(), "version": 4, "combinations": []}
    question_of(file, "pay")["choices"].pop()
    newer = read(file)
    with pytest.raises(ChecklistChangedError, match="version 3"):
        Interview.from_plain(old.to_plain(), newer)
    carried, dropped = Interview.carry_over(old.to_plain(), newer)
    assert dropped == ("pay",)
    assert carried.answers == {"works": "yes", "hours": 90}
    assert carried.current == newer.by_key["pay"]
