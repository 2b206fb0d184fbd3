"""Presenters with a button that sends what waits and fetches what is new."""

from mobile.casework.views import SyncReport
from mobile.flows.errors import explain_problem
from mobile.flows.flow import Flow


class SyncingFlow(Flow):
    """`synced`: that it was done, in words; `problems`: what it could not do, empty for nothing."""

    synced = ""
    problems: tuple[str, ...] = ()

    def sync(self) -> None:
        """Send what waits, fetch what is new."""
        self.synced = ""
        self._slowly(lambda: self.phone.sync(hurry=True), self._synced)

    def _synced(self, report: SyncReport) -> None:
        told = (explain_problem(self.words, each) for each in report.problems)
        self.problems = tuple(dict.fromkeys(told))
        self.synced = self.words("Synced just now.")
