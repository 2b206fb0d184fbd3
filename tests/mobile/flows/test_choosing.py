"""About the person, and choosing providers: what is entered stays, and every reason is said."""

import pytest
from attrs import evolve

from mobile.flows.draft import About
from mobile.flows.findings import FindingsFlow
from mobile.flows.person import PersonFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.refusals import NothingChosenError
from mobile.locale import LANGUAGES, words
from protocols.screening.errors import AnswerError
from protocols.sealing.certificate import Role
from tests.mobile.flows.walks import ANSWERS, answer_all, screen
from tests.mobile.town import FIRST, INSPECTORATE, SECOND


@pytest.fixture
def screening(worker, english):
    return screen(worker, english)


def shelter_only(phone, words_, screening):
    flow = ProvidersFlow(phone, words_, screening)
    for each in flow.draft.services:
        if each != "shelter":
            flow.toggle_service(each)
    return flow


def test_what_the_answers_said_is_not_asked_again(worker, english, screening):
    about = PersonFlow(worker, english, screening).draft.about
    assert about == About(name=ANSWERS["who"], age=27, notes="2026-10")


def test_what_is_entered_survives_a_kill(town, worker, english, screening):
    flow = PersonFlow(worker, english, screening)
    flow.choose_sex("female")
    flow.choose_nationality("SD")
    flow.toggle_language("ar")
    flow.toggle_language("fr")
    flow.toggle_language("ar")
    flow.set_families(True)
    flow.set_disability(True)
    flow.write("place", " Sfax ")
    again = PersonFlow(town.restart(worker), english, screening)
    assert again.view == flow.view
    assert again.draft.about.languages == ("fr",)
    assert again.draft.about.place == "Sfax"
    assert again.view.nationalities[0].key == "SD"


def test_a_chosen_nationality_can_be_taken_back(worker, english, screening):
    flow = PersonFlow(worker, english, screening)
    flow.choose_nationality("SD")
    flow.choose_nationality("SD")
    assert flow.draft.about.nationality == ""


@pytest.mark.parametrize("wrong", ["-1", "121", "many", "1.5"])
def test_an_age_that_is_none_changes_nothing(worker, english, screening, wrong):
    flow = PersonFlow(worker, english, screening)
    with pytest.raises(AnswerError):
        flow.set_age(wrong)
    assert flow.draft.about.age == 27


def test_a_text_too_long_or_for_no_field_is_refused(worker, english, screening):
    flow = PersonFlow(worker, english, screening)
    with pytest.raises(AnswerError):
        flow.write("notes", "x" * 2001)
    with pytest.raises(AnswerError):
        flow.write("password", "x")


def test_without_an_age_the_person_goes_a_child_s_way(worker, english, screening):
    flow = PersonFlow(worker, english, screening)
    assert not flow.view.as_child
    flow.set_age("")
    assert not flow.view.as_child
    flow.set_age("١٧")
    assert flow.view.as_child
    unknown = PersonFlow(worker, english, screen(worker, english, age=None))
    assert unknown.view.as_child
    unknown.set_age(30)
    assert not unknown.view.as_child


def test_an_adult_of_unknown_years_is_not_offered_as_a_child(worker, english, screening):
    PersonFlow(worker, english, screening).set_age("")
    assert ProvidersFlow(worker, english, screening).person().age == 18


@pytest.mark.parametrize("language", LANGUAGES)
def test_providers_come_with_reasons_and_the_rest_with_theirs(worker, english, language):
    say = words(language)
    flow = shelter_only(worker, say, screen(worker, english))
    assert {each.id for each in flow.view.ranked} == {FIRST, SECOND}
    assert all(each.reasons for each in flow.view.ranked)
    flow.toggle_conflict(FIRST)
    assert [each.id for each in flow.view.ranked] == [SECOND]
    assert [each.key for each in flow.view.excluded] == [FIRST]
    assert flow.view.excluded[0].detail
    flow.toggle_service("shelter")
    flow.toggle_service("asylum")
    assert flow.view.nobody
    assert flow.view.ranked == ()
    assert flow.view.focal_points == ("Fictional Coordination Office",)


def test_first_choice_and_fallbacks_are_numbered_in_the_order_of_choosing(
    worker, english, screening
):
    flow = shelter_only(worker, english, screening)
    flow.choose(SECOND)
    flow.choose(FIRST)
    places = {each.id: each.place_text for each in flow.view.ranked}
    assert places == {SECOND: "First choice", FIRST: "Fallback 1"}
    flow.choose(SECOND)
    assert flow.draft.shortlist == (FIRST,)
    assert flow.view.chosen == "1 provider chosen"


def test_who_no_longer_fits_leaves_the_list(worker, english, screening):
    flow = shelter_only(worker, english, screening)
    flow.choose(FIRST)
    flow.choose(SECOND)
    flow.toggle_conflict(FIRST)
    assert flow.draft.shortlist == (SECOND,)
    flow.toggle_service("shelter")
    with pytest.raises(NothingChosenError):
        flow.next()
    assert flow.view.leads_to is None


def test_needs_of_later_answers_are_added_and_what_was_chosen_stays(worker, english, screening):
    flow = shelter_only(worker, english, screening)
    assert flow.draft.services == ("shelter",)
    FindingsFlow(worker, english, screening).reopen()
    answer_all(worker, english, screening, papers="taken", hurt="yes")
    again = ProvidersFlow(worker, english, screening)
    assert "shelter" in again.draft.services
    assert "consular_help" not in again.draft.services


def test_an_emergency_found_later_raises_the_urgency_and_never_lowers_it(worker, english):
    screening = screen(worker, english)
    flow = ProvidersFlow(worker, english, screening)
    flow.set_urgency("routine")
    record = worker.screenings.get(screening)
    worse = record.interview.put("hurt", "yes")
    worker.screenings.save(evolve(record, interview=worse))
    assert ProvidersFlow(worker, english, screening).draft.urgency == "immediate"


def test_before_the_first_sync_the_list_is_missed_by_name(town, english, server):
    phone = town.new_phone("alone")
    phone.enrolment.begin(server.invite(INSPECTORATE, Role.FIELD_WORKER), "alone")
    phone.enrolment.poll()
    view = ProvidersFlow(phone, english, screen(phone, english)).view
    assert view.directory_old
    assert "sync once" in view.directory
    assert view.ranked == ()
