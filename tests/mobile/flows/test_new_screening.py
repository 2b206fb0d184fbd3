"""What a worker begins a screening with."""

from types import SimpleNamespace

import pytest

from mobile.flows.new_screening import NewScreeningFlow, offered
from mobile.locale import words
from protocols.screening.checklist import available
from tests.mobile.flows.packaged import installed

TWO_ROLES = ("health_worker-adult", "labour_inspector-adult", "labour_inspector-child")


@pytest.fixture(autouse=True)
def every_role(monkeypatch, fictional_checklist):
    installed(monkeypatch)


def phone(*screened):
    """A phone whose directory names two roles' checklists, and what it screened for, newest
    first, after a health worker's practice."""
    return SimpleNamespace(
        directory=SimpleNamespace(checklists=TWO_ROLES),
        editions=SimpleNamespace(available=available),
        screenings=SimpleNamespace(
            list=lambda: (
                SimpleNamespace(checklist="health_worker-adult", practice=True),
                *(SimpleNamespace(checklist=each, practice=False) for each in screened),
            )
        ),
    )


@pytest.mark.parametrize(
    ("screened", "order"),
    [
        ((), TWO_ROLES),
        (("health_worker-adult", "labour_inspector-child"), TWO_ROLES),
        (("labour_inspector-child", "health_worker-adult"), (*TWO_ROLES[1:], TWO_ROLES[0])),
    ],
)
def test_the_checklists_of_the_role_screened_for_last_come_first(screened, order):
    assert offered(phone(*screened)) == order


def test_with_several_checklists_none_is_chosen_for_the_worker(town):
    flow = NewScreeningFlow(town.worker(), words("fr"))
    assert len(flow.view.checklists) > 1
    assert not flow.view.ready
