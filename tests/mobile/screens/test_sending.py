"""From the findings to a sent referral by touches alone, in Arabic and in French."""

import pytest

from mobile.flows.draft import load_draft
from mobile.locale import words
from protocols.screening.assessment import assess
from tests.mobile.flows.walks import screen
from tests.mobile.screens.hand import tick, title
from tests.mobile.town import FIRST, SECOND, sync_all

NAME = "CANARY-Fictional-Amina"


def draft_of(phone, screening):
    record = phone.screenings.get(screening)
    return load_draft(phone, record, assess(record.interview))


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_person_is_referred_by_touches_alone(drive, worker, shelter, language):
    screening = screen(worker, words(language), who="Fictional")
    hand = drive(worker, language)
    hand.app.go("findings", screening)
    hand.touch("Action", hand.view.actions[0].label)
    assert hand.screen == "PersonScreen"

    hand.touch("Choice", title("female", hand.view.sexes))
    hand.write(hand.view.texts[0].label, NAME)
    hand.touch("FoldHead", hand.view.nationality_title)
    hand.press(hand.shown("Picker")[0].ids.sought.ids.entry)
    hand.type({"ar": "السود", "fr": "soud"}[language])
    hand.touch("Choice", title("SD", hand.view.nationalities))
    hand.touch("Action", hand.view.next_button)
    about = draft_of(worker, screening).about
    assert (about.name, about.sex, about.nationality) == (NAME, "female", "SD")

    assert hand.screen == "ProvidersScreen"
    names = {each.id: each.name for each in hand.view.ranked}
    hand.touch("ProviderCard", names[FIRST])
    hand.touch("ProviderCard", names[SECOND])
    places = {each.id: each.place for each in hand.view.ranked}
    assert (places[FIRST], places[SECOND]) == (1, 2)
    hand.touch("Action", hand.view.next_button)

    assert hand.screen == "ConsentScreen"
    hand.touch("Action", hand.view.record_button)
    assert hand.screen == "ConsentScreen"
    assert hand.app.screen.trouble
    tick(hand, FIRST, "identity", "needs")
    tick(hand, SECOND, "needs")
    hand.touch("Action", hand.view.record_button)

    assert hand.screen == "ReviewScreen"
    assert NAME in hand.words(hand.find("PartCard", names[FIRST]))
    assert NAME not in hand.words(hand.find("PartCard", names[SECOND]))
    assert not worker.referrals.list()
    hand.touch("Action", hand.view.send_button)

    assert hand.screen == "SentScreen"
    assert hand.view.waits
    assert hand.said(hand.view.waits)
    hand.app.screen.go_back()
    assert hand.screen == "HomeScreen"
    sync_all(worker, shelter)
    assert [each.from_name for each in shelter.inbox.list()]
