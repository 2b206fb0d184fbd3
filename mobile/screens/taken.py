"""If this phone is taken: the lock, the tries, and a second PIN."""

from mobile.flows.taken import TakenFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets.fold import Fold

load_rule(__file__)

FURTHER = (Fold,)
PINS = ("own", "second", "again")


class TakenScreen(Screen):
    """No PIN stays written longer than until it is used."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> TakenFlow:
        """About the phone."""
        return TakenFlow(navigator.phone, navigator.words, navigator.run)

    def set_duress(self) -> None:
        """With what is written."""
        self.attempt(self.presenter.set_duress, *self._taken())

    def remove_duress(self) -> None:
        """With the PIN that is written."""
        self.attempt(self.presenter.remove_duress, self._taken()[0])

    def _taken(self) -> list[str]:
        written = [self.ids[each].text for each in PINS]
        for each in PINS:
            self.ids[each].text = ""
        return written
