"""The ground of the screens between findings and sending: one screening and its draft."""

from collections.abc import Iterable
from typing import Any

from mobile.casework.phone import Phone
from mobile.casework.views import DirectoryView, ScreeningRecord
from mobile.flows.draft import Draft, changed, keep_draft, load_draft
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto
from mobile.flows.places import directory_of
from mobile.locale import Words
from protocols.screening.assessment import Assessment, assess


class CaseFlow(Flow):
    """Whatever is entered is in the vault before the screen shows it. Raises
    UnknownRecordError, and PracticeError where the person is fictional."""

    def __init__(self, phone: Phone, words: Words, screening: str, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        phone.practice.demand_real(screening)
        self.record: ScreeningRecord = phone.screenings.get(screening)
        self.assessment: Assessment = assess(self.record.interview)
        self.draft: Draft = load_draft(phone, self.record, self.assessment)
        self._goto: Goto | None = None
        self._directory: DirectoryView | None = None

    @property
    def child(self) -> bool:
        """Whether the person goes a child's way."""
        return self.draft.child(self.assessment.population)

    @property
    def directory(self) -> DirectoryView | None:
        """The list of providers, read once a screen; None before the first sync."""
        if self._directory is None:
            self._directory = directory_of(self.phone)
        return self._directory

    def name(self, provider: str, words: Words | None = None) -> str:
        """A provider's name in the language of `words` (None: the reader's)."""
        directory, language = self.directory, (words or self.words).language
        return directory.name(provider, language) if directory else provider

    def _keep(self, draft: Draft) -> None:
        keep_draft(self.phone, self.record, draft)
        self.draft = draft

    def _change(self, **changes: Any) -> None:
        """Keep a change on which the consent rests: it is to be asked again."""
        self._keep(changed(self.draft, **changes))

    def _lead_to(self, screen: str) -> None:
        self._goto = Goto(screen, self.record.id)


def toggled(items: Iterable[str], item: str) -> tuple[str, ...]:
    """The items without `item` if it was among them, else with it at the end."""
    kept = tuple(items)
    return tuple(each for each in kept if each != item) if item in kept else (*kept, item)
