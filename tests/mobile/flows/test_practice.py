"""Practice: the fictional person's words, then what was noticed; and no way out of the phone."""

import pytest

from mobile.casework.errors import PracticeError
from mobile.flows.consent import ConsentFlow
from mobile.flows.difference_words import difference_view
from mobile.flows.findings import FindingsFlow
from mobile.flows.home import HomeFlow
from mobile.flows.interview import InterviewFlow
from mobile.flows.person import PersonFlow
from mobile.flows.practice import SHOWN, PracticeFlow
from mobile.flows.practice_case import PracticeCaseFlow
from mobile.flows.practice_feedback import PracticeFeedbackFlow
from mobile.flows.practice_progress import PracticeProgressFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.review import ReviewFlow
from mobile.locale import LANGUAGES, words
from protocols.practice.cases import available, load
from protocols.practice.compare import compare
from protocols.screening import checklist
from protocols.screening.interview import Interview
from tests.mobile.flows.packaged import installed

PRESS = load("tn-labour_inspector-adult-olive-press")
INSPECTOR = checklist.load(PRESS.checklist)


@pytest.fixture(autouse=True)
def packaged(monkeypatch, fictional_checklist):
    installed(monkeypatch)


def begin(phone, say, language=None):
    flow = PracticeCaseFlow(phone, say, PRESS.id)
    flow.choose_language(language or say.language)
    flow.begin()
    return InterviewFlow(phone, say, flow.view.leads_to.record)


def lead(flow, **instead):
    """To the end as scripted, but for `instead`; None passes a question over."""
    answers = {**PRESS.answers, **instead}
    while flow.view.kind != "end":
        value = answers.get(flow.record.interview.position)
        if flow.view.kind == "notice":
            flow.next()
        elif value is None:
            flow.skip()
        else:
            flow.answer(value)
    return flow.record.id


def told(phone, say, **instead):
    return PracticeFeedbackFlow(phone, say, lead(begin(phone, say), **instead))


@pytest.mark.parametrize("role", ["worker", "shelter", "coordinator"])
def test_every_role_may_practise(role, request, english):
    phone = request.getfixturevalue(role)
    assert "practice" in [each.key for each in HomeFlow(phone, english).view.actions]
    assert begin(phone, english).view.reply.text


def test_cases_of_this_country_come_first_and_done_ones_are_marked(worker, english):
    flow = PracticeFlow(worker, english)
    assert len(flow.view.cases) == min(SHOWN, len(available()))
    while flow.view.more_button:
        flow.more()
    countries = [load(each.key).country for each in flow.view.cases]
    assert countries == sorted(countries, key=lambda each: each != "TN")
    assert {each.key for each in flow.view.cases} == set(available())
    feedback = told(worker, english)

    def marks():
        listed = PracticeFlow(worker, english)
        listed.filter_by(PRESS.checklist)
        while listed.view.more_button:
            listed.more()
        fitting = {each for each in available() if load(each).checklist == PRESS.checklist}
        assert {each.key for each in listed.view.cases} == fitting
        return {each.key: each.mark for each in listed.view.cases}[PRESS.id]

    assert marks() == "under way"
    feedback.done()
    assert marks() == "done"
    assert feedback.view.leads_to.screen == "practice"


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_each_question_the_person_s_words_are_shown_and_never_which_choice_fits(
    worker, language
):
    say = words(language)
    flow = begin(worker, say)
    shown = {}
    while flow.view.kind != "end":
        key = flow.record.interview.position
        view = flow.view
        assert view.practice
        if view.kind == "notice":
            assert view.reply.text == ""
            flow.next()
            continue
        shown[key] = view.reply.text
        assert not any(each.chosen for each in view.choices)
        flow.answer(PRESS.answers[key])
    assert {key: PRESS.says[key][language] for key in PRESS.says} == {
        key: text for key, text in shown.items() if key in PRESS.says
    }
    for key in set(shown) - set(PRESS.says):
        question = INSPECTOR.by_key[key]
        assert shown[key] == question.choice(PRESS.answers[key][0]).text[language]


def test_where_the_case_has_no_answer_none_comes(worker, english):
    flow = begin(worker, english)
    while flow.record.interview.position != "can_move":
        flow.answer("no")
    assert flow.view.reply.text == "The case says nothing about this."
    assert flow.view.reply.title == "What you see and know"


def test_the_words_are_in_the_language_of_the_questions(worker, english):
    flow = begin(worker, english, "ar")
    assert flow.view.reply.text == PRESS.says["place_private"]["ar"]
    assert flow.view.rtl


def test_an_interrupted_practice_is_taken_up_where_it_was(worker, english, town):
    flow = begin(worker, english, "fr")
    flow.answer("yes")
    again = PracticeCaseFlow(town.restart(worker), english, PRESS.id)
    assert (again.view.button, again.view.languages) == ("Go on", ())
    again.begin()
    assert again.view.leads_to.record == flow.record.id
    resumed = InterviewFlow(again.phone, english, flow.record.id)
    assert resumed.record.interview.position == "feels_safe"
    again.again()
    assert again.view.leads_to.record != flow.record.id
    assert len(again.phone.screenings.list()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_led_carefully_nothing_is_missed(worker, language):
    view = told(worker, words(language)).view
    assert view.good and not view.differences and not view.added
    assert view.share == 1.0
    assert len(view.noticed) == 12
    assert all(each.agrees for each in view.findings)
    assert view.why == PRESS.reference.why[language]
    assert view.patterns[0].title.startswith("Chowdury") and view.patterns[0].standing


def test_what_was_missed_is_told_with_question_words_choice_and_what_fits(worker, english):
    view = told(worker, english, rest="long_but_free", feels_safe="unknown").view
    groups = dict(view.differences)
    (safety,) = groups["Before the questions: safety and consent"]
    assert safety.question == INSPECTOR.by_key["feels_safe"].text["en"]
    (missed,) = groups["What you missed, and why"]
    assert missed.said == ("Koffi (fictional) said", PRESS.says["rest"]["en"])
    assert missed.chosen == ("You chose", "Long, but I can refuse")
    assert missed.fitting[1].startswith("Too little sleep")
    assert missed.missed and not missed.added
    assert view.counts == "11 of 12 signs noticed"
    assert not view.good


def test_what_an_earlier_answer_hid_names_it(worker, english):
    view = told(worker, english, as_promised="yes").view
    cards = [each for _, group in view.differences for each in group]
    hidden = next(each for each in cards if each.because)
    assert INSPECTOR.by_key["as_promised"].text["en"] in hidden.because


def test_a_sign_that_is_not_there_is_told(worker, english):
    view = told(worker, english, harmed_by=["violence", "report"]).view
    assert view.added == "1 sign chosen that the person did not show"
    (card,) = dict(view.differences)["What the person did not show"]
    assert len(card.added) >= 1


def test_stopping_is_told(worker, english):
    flow = begin(worker, english)
    flow.answer("yes")
    flow.stop("interrupted")
    view = PracticeFeedbackFlow(worker, english, lead(flow)).view
    assert view.stopped
    assert any("stopped" in each.because for _, group in view.differences for each in group)


def test_trying_again_begins_anew_and_keeps_the_attempt(worker, english, clock):
    flow = told(worker, english, rest="regular")
    clock.forward(days=1)
    flow.again()
    assert flow.view.leads_to.screen == "interview"
    anew = InterviewFlow(worker, english, flow.view.leads_to.record)
    assert anew.record.interview.given == ()
    PracticeFeedbackFlow(worker, english, lead(anew)).done()
    before = PracticeCaseFlow(worker, english, PRESS.id).view.before
    assert [each.rpartition(": ")[2] for each in before] == [
        "12 of 12 signs noticed",
        "11 of 12 signs noticed",
    ]


def test_progress_counts_and_can_be_deleted(worker, english, clock):
    assert PracticeProgressFlow(worker, english).view.none
    told(worker, english, rest="regular").done()
    clock.forward(days=1)
    told(worker, english).done()
    flow = PracticeProgressFlow(worker, english)
    assert flow.view.cases == f"1 of {len(available())} cases done"
    assert flow.view.signs == "23 of 24 signs noticed"
    assert [each.text for each in flow.view.recent] == [
        "12 of 12 signs noticed",
        "11 of 12 signs noticed",
    ]
    flow.forget()
    assert flow.view.none and not flow.view.recent


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_any_question_of_any_case_raises_has_words(worker, language):
    say = words(language)
    for case_id in available():
        case = load(case_id)
        used = checklist.load(case.checklist)
        feedback = compare(case, Interview.start(used).stop("interrupted"))
        views = [difference_view(say, case, used, feedback, each) for each in feedback.differences]
        assert len(views) == len(case.answers)
        assert all(each.question and each.fitting[1] and each.because for each in views)


def test_home_does_not_list_what_is_practised_among_the_unfinished(worker, english):
    begin(worker, english)
    assert HomeFlow(worker, english).view.lists == ()


def test_findings_of_practice_lead_to_the_feedback_and_not_to_help(worker, english):
    screening = lead(begin(worker, english))
    flow = FindingsFlow(worker, english, screening)
    assert [each.key for each in flow.view.actions] == ["feedback", "reopen", "finish"]
    with pytest.raises(PracticeError):
        flow.refer()
    assert flow.view.leads_to is None
    flow.feedback()
    assert flow.view.leads_to.screen == "practice_feedback"


def test_a_fictional_child_is_not_led_into_a_real_screening(worker, english):
    screening = lead(begin(worker, english), age_group="child")
    flow = FindingsFlow(worker, english, screening)
    assert flow.view.instead == ()
    flow.begin_instead()
    assert flow.view.leads_to is None


@pytest.mark.parametrize("screen", [PersonFlow, ProvidersFlow, ConsentFlow, ReviewFlow])
def test_no_screen_on_the_way_to_sending_opens(worker, english, screen):
    screening = lead(begin(worker, english))
    with pytest.raises(PracticeError):
        screen(worker, english, screening)
    assert worker.outbox.items() == ()
    assert worker.referrals.list() == ()
