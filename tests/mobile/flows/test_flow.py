"""What every presenter promises around slow work."""

from mobile.flows.draft import About
from mobile.flows.flow import Flow
from mobile.flows.referral import ReferralFlow
from tests.mobile.flows.walks import send
from tests.mobile.town import sync_all


class Later:
    """A `run` port that waits until told."""

    def __init__(self):
        self.waiting = []

    def __call__(self, work, done, failed):
        self.waiting.append((work, done, failed))

    def finish(self):
        work, done, _ = self.waiting.pop()
        done(work())


def test_a_phone_that_locked_itself_during_slow_work_is_told_not_broken(worker, shelter, english):
    referral = send(worker, english)
    sync_all(worker, shelter)
    later = Later()
    flow = ReferralFlow(shelter, english, referral, later)
    flow.sync()
    assert flow.busy
    work, done, _ = later.waiting.pop()
    report = work()
    shelter.lock()
    done(report)
    assert not flow.busy
    assert flow.problem == "The phone is locked. Enter the PIN."


def test_a_second_action_waits_for_the_first(worker, english):
    later = Later()
    flow = Flow(worker, english, later)
    told = []
    flow.changed = lambda: told.append(flow.busy)
    flow._slowly(lambda: 1, told.append)
    flow._slowly(lambda: 2, told.append)
    assert len(later.waiting) == 1
    later.finish()
    assert told == [1, False]


def test_nothing_of_a_person_is_in_a_repr():
    assert "CANARY" not in repr(About(name="CANARY", phone="CANARY", notes="CANARY"))
