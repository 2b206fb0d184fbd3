"""About the person: what is written is kept, refused words stay in their field."""

import pytest

from mobile.flows.draft import load_draft
from mobile.locale import words
from protocols.screening.assessment import assess
from tests.mobile.flows.walks import screen
from tests.mobile.screens.hand import title


def about(phone, screening):
    record = phone.screenings.get(screening)
    return load_draft(phone, record, assess(record.interview)).about


@pytest.fixture(params=["ar", "fr"])
def hand(request, drive, worker):
    screening = screen(worker, words(request.param), who="Fictional", age="30")
    hand = drive(worker, request.param)
    hand.screening = screening
    hand.app.go("person", screening)
    return hand


def test_what_the_answers_said_stands_there_already(hand):
    fields = {each.label: each.text for each in hand.shown("Field")}
    assert fields[hand.view.age.label] == "30"
    assert fields[hand.view.texts[0].label] == "Fictional"


def test_a_letter_written_just_before_the_phone_locks_is_kept(hand, worker):
    name = hand.view.texts[0].label
    field = next(each for each in hand.shown("Field") if each.label == name)
    hand.press(field.ids.entry)
    hand.type("CANARY")
    assert "CANARY" not in about(worker, hand.screening).name

    hand.app.lock()

    worker.unlock("482913")
    assert "CANARY" in about(worker, hand.screening).name


def test_an_age_nobody_has_is_refused_stays_written_and_holds_the_way_on(hand, worker):
    hand.write(hand.view.age.label, "130")
    assert hand.app.screen.trouble
    hand.touch("Action", hand.view.next_button)
    assert hand.screen == "PersonScreen"
    assert about(worker, hand.screening).age == 30

    hand.write(hand.view.age.label, "13")
    assert hand.said(hand.view.as_child)
    assert hand.view.as_child
    hand.touch("Action", hand.view.next_button)
    assert hand.screen == "ProvidersScreen"
    assert about(worker, hand.screening).age == 13


def test_languages_are_found_by_their_letters_and_taken_back(hand, worker):
    hand.touch("FoldHead", hand.view.languages_title)
    picker = hand.shown("Picker")[0]
    assert not hand.shown("Choice", within=picker)
    hand.press(picker.ids.sought.ids.entry)
    hand.type({"ar": "فرنس", "fr": "francais"}[hand.app.words.language])
    french = title("fr", hand.view.languages)
    hand.touch("Choice", french, within=picker)
    assert about(worker, hand.screening).languages == ("fr",)
    assert picker.ids.sought.text == ""
    assert hand.view.spoken == french
    hand.touch("Choice", french, within=picker)
    assert about(worker, hand.screening).languages == ()


def test_circumstances_are_ticked_one_by_one(hand, worker):
    hand.touch("Choice", hand.view.families_label)
    assert about(worker, hand.screening).families
    assert not about(worker, hand.screening).disability
    hand.touch("Choice", hand.view.disability_label)
    hand.touch("Choice", hand.view.families_label)
    assert (about(worker, hand.screening).families, hand.view.disability) == (False, True)
