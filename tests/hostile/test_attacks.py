"""A hostile server against real phones, over real HTTP: every attack of the catalogue."""

from importlib import import_module

import pytest

from tests.hostile.catalogue import ATTACKS, modules
from tests.hostile.town import HostileTown
from tests.hostile.watching import goes_on, play_round, sealed_for_nobody_else, stays_refused

for each in modules():
    import_module(each)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
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
