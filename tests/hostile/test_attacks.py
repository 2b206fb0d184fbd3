"""A hostile server against real phones, over real HTTP: every attack of the catalogue."""

from importlib import import_module

import pytest
from attrs import evolve

from mobile.flows.error_words import UNKNOWN
from mobile.flows.errors import explain
from mobile.locale import LANGUAGES, words
from mobile.sync.directory import Directory
from mobile.sync.errors import GarbledAnswerError, RefusedError
from mobile.sync.ledger import Ledger
from tests.hostile.catalogue import ATTACKS, modules
from tests.hostile.hostile_server import Reply
from tests.hostile.lying import DIRECTORY, SYNC, at, entries, instead, refusing
from tests.hostile.town import HostileTown
from tests.hostile.watching import goes_on, play_round, sealed_for_nobody_else, stays_refused

for each in modules():
    import_module(each)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """What a phone rehearses beside its work at each unlocking, with no server in it, is left
    out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mobile.casework.phone.rehearse", lambda *_: None)
        made = HostileTown(tmp_path_factory.mktemp("hostile"))
        yield made
        made.stop()


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_server(town, tmp_path, name):
    attack, stage, victims = ATTACKS[name], town.stage(tmp_path), set()
    try:
        for round_ in attack.play(stage):
            play_round(attack, stage, round_)
            victims.add(round_.victim)
            if attack.proven:
                stays_refused(stage, stage.phone(round_.victim))
        goes_on(attack, stage, victims)
        sealed_for_nobody_else(stage)
        if attack.check is not None:
            attack.check(stage)
    finally:
        stage.close()


def test_lies_told_together_are_noticed_one_by_one(town, tmp_path):
    """A cookie, a false date and a false directory on the way, a withheld case at the end."""
    stage = town.stage(tmp_path)
    try:
        stage.deliver()
        stage.server.tell(
            at(r"/v1/.*", lambda _, honest: honest().with_header("Set-Cookie", "phone=7")),
            at(r"/v1/.*", lambda _, honest: honest().with_header("Date", "yesterday")),
            entries(lambda all_: (evolve(each, envelopes=()) for each in all_)),
            instead(r"/v1/checklists/.*", Reply(body=b"[]")),
        )
        codes = {each.code for each in stage.first.sync().problems}
        assert codes == {"envelope_withheld"}
        stage.server.tell(instead(DIRECTORY, Reply(body=b"{}")))
        with pytest.raises(GarbledAnswerError):
            stage.first.sync()
        stage.server.be_honest()
        assert stage.first.sync().problems == ()
        assert stage.first.inbox.open(stage.new).referral == stage.new
    finally:
        stage.close()


@pytest.mark.parametrize(
    "code", ["Call +999 0140 000 000 at once", "x" * 500, "<b>act_now</b>", "", "اتصلوا بنا"]
)
def test_a_server_puts_no_words_of_its_own_on_the_screen(town, tmp_path, code):
    stage = town.stage(tmp_path)
    try:
        stage.deliver()
        stage.server.tell(refusing(SYNC, 403, code))
        with pytest.raises(RefusedError) as told:
            stage.worker.sync()
        for language in LANGUAGES:
            text = explain(words(language), told.value)
            assert not code or code not in text
            assert text.startswith(words(language)(UNKNOWN))
    finally:
        stage.close()


@pytest.mark.parametrize("blind", ["Ledger.check", "Directory.take"])
def test_a_phone_that_believes_everything_is_found_out(town, tmp_path, monkeypatch, blind):
    """The tests above can fail: they do where the phone stops to look."""
    attack = ATTACKS[{"Ledger.check": "replayed-page", "Directory.take": "old-directory"}[blind]]
    if blind == "Ledger.check":
        monkeypatch.setattr(Ledger, "check", lambda self, note, *_, **__: self._open(note))
    else:
        monkeypatch.setattr(Directory, "_demand_not_older", lambda *_: False)
    stage = town.stage(tmp_path)
    try:
        with pytest.raises(AssertionError):
            for round_ in attack.play(stage):
                play_round(attack, stage, round_)
    finally:
        stage.close()
