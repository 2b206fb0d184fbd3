"""One question a screen, saved at each step, resumed exactly after a kill."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobile.flows.home import HomeFlow
from mobile.flows.interview import InterviewFlow
from mobile.flows.new_screening import NewScreeningFlow
from mobile.flows.refusals import NothingChosenError
from mobile.locale import words
from protocols.screening.errors import AnswerError
from tests.mobile.flows.checklists import ID
from tests.mobile.flows.walks import answer_all, begin


def at(phone, words, key):
    """An interview that stands at the question `key`."""
    flow = InterviewFlow(phone, words, begin(phone, words))
    while flow.record.interview.position != key:
        flow.skip()
    return flow


def test_a_new_screening_offers_what_the_directory_names(worker, english):
    view = NewScreeningFlow(worker, english).view
    assert [(each.key, each.chosen) for each in view.checklists] == [(ID, True)]
    assert [each.key for each in view.languages] == ["ar", "fr", "en"]
    assert "TN-61" in [each.key for each in view.divisions]
    assert view.ready


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_questions_are_in_the_screening_s_language_and_the_rest_in_the_phone_s(worker, language):
    english = words("en")
    flow = InterviewFlow(worker, english, begin(worker, english, language=language))
    prefix = "" if language == "en" else f"{language}:"
    assert flow.view.text == f"{prefix}private"
    assert flow.view.rtl == (language == "ar")
    assert flow.view.next_button == "Next"


def test_a_gate_s_notice_is_shown_once_and_progress_moves(worker, english):
    flow = InterviewFlow(worker, english, begin(worker, english))
    assert not flow.view.can_go_back
    flow.answer("no")
    assert flow.view.notice == "find another place"
    assert flow.view.progress > 0
    assert flow.view.progress_text == "1 of about 10"
    flow.answer("no")
    assert flow.view.notice == ""


def test_several_choices_are_picked_and_one_that_excludes_drops_the_others(worker, english):
    flow = at(worker, english, "signs")
    assert not flow.view.to_person
    assert flow.view.help == "look around"
    with pytest.raises(NothingChosenError):
        flow.confirm()
    flow.toggle("shelter")
    flow.toggle("lawyer")
    flow.toggle("none")
    assert [each.key for each in flow.view.choices if each.chosen] == ["none"]
    flow.toggle("lawyer")
    flow.confirm()
    flow.back()
    assert [each.key for each in flow.view.choices if each.chosen] == ["lawyer"]
    flow.toggle("lawyer")
    flow.toggle("shelter")
    flow.confirm()
    assert flow.record.interview.answers["signs"] == ("shelter",)


def test_numbers_are_typed_in_any_digits_and_wrong_ones_change_nothing(worker, english):
    flow = at(worker, english, "age")
    assert flow.view.input_hint == "From 0 to 120"
    for wrong in ("121", "-1", "old", ""):
        with pytest.raises(AnswerError):
            flow.answer(wrong)
    assert flow.record.interview.position == "age"
    flow.answer("٢٧")
    flow.back()
    assert flow.view.value == "27"


def test_stopping_leads_to_the_close_and_is_taken_up_again(worker, english):
    flow = at(worker, english, "who")
    flow.stop("person_distressed")
    assert flow.view.kind == "notice"
    flow.next()
    assert flow.view.kind == "end"
    assert flow.view.leads_to.screen == "findings"
    flow.resume()
    assert flow.record.interview.position == "who"


def test_practice_says_so_on_every_question(worker, english):
    flow = InterviewFlow(worker, english, begin(worker, english, practice=True))
    assert flow.view.practice
    flow.skip()
    assert flow.view.practice


def test_home_lists_what_is_unfinished_and_forgets_it_when_told(worker, english):
    screening = begin(worker, english)
    title, rows = HomeFlow(worker, english).view.lists[0]
    assert title == "Unfinished"
    assert rows[0].goto.screen == "interview"
    answer_all(worker, english, screening)
    assert HomeFlow(worker, english).view.lists[0][1][0].goto.screen == "findings"
    HomeFlow(worker, english).forget(screening)
    assert HomeFlow(worker, english).view.lists == ()


STEPS = st.lists(st.sampled_from(["answer", "skip", "back", "stop", "resume"]), max_size=25)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_a_kill_after_any_step_resumes_exactly_there(town, worker, english, steps):
    screening = begin(worker, english)
    flow = InterviewFlow(worker, english, screening)
    for step in steps:
        _try(flow, step)
    again = InterviewFlow(town.restart(worker), english, screening)
    assert again.view == flow.view
    assert again.record.interview == flow.record.interview


GIVEN = {
    "yes_no_unknown": "yes",
    "single": None,
    "multiple": None,
    "number": "30",
    "date": "2026",
    "text": "fictional",
}


def _try(flow, step):
    view = flow.view
    if step == "back":
        if view.can_go_back:
            flow.back()
    elif step == "resume":
        flow.resume()
    elif step == "stop":
        flow.stop("interrupted")
    elif view.kind == "end":
        return
    elif view.kind == "notice":
        flow.next()
    elif step == "skip":
        flow.skip()
    elif view.kind == "multiple":
        flow.answer([view.choices[0].key])
    else:
        flow.answer(GIVEN[view.kind] or view.choices[0].key)
