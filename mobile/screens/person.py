"""About the person, before help is looked for."""

from mobile.flows.parts import Option
from mobile.flows.person import PersonFlow
from mobile.screens.base import Navigator, Screen, load_rule
from mobile.widgets import fold, picker
from mobile.widgets.field_list import FieldList

load_rule(__file__)

KIT = (fold.Fold, picker.Picker, FieldList)
FIELDS = ("name", "age", "texts")


class PersonScreen(Screen):
    """Everything may be left out."""

    passing = False

    @classmethod
    def flow(cls, navigator: Navigator, record: str | None) -> PersonFlow:
        """About the screening `record`."""
        assert record is not None
        return PersonFlow(navigator.phone, navigator.words, record, navigator.run)

    def write(self, field: str, text: str) -> bool:
        """Keep what was written; False if it was refused."""
        if field == "age":
            return self.attempt(self.presenter.set_age, text)
        return self.attempt(self.presenter.write, field, text)

    def turn(self, key: str) -> None:
        """One of the circumstances was touched."""
        if key == "families":
            self.attempt(self.presenter.set_families, not self.view.families)
        else:
            self.attempt(self.presenter.set_disability, not self.view.disability)

    def next(self) -> None:
        """On, if everything written could be kept."""
        if self._flush():
            self.attempt(self.presenter.next)

    def gone(self) -> None:
        """What was written a moment ago is kept before the phone locks."""
        super().gone()
        if self.navigator.phone.unlocked:
            self._flush()

    def circumstance_options(self) -> list[Option]:
        """The ticks, from the view."""
        view = self.view
        return [
            Option("families", view.families_label, view.families),
            Option("disability", view.disability_label, view.disability),
        ]

    def _flush(self) -> bool:
        kept = [self.ids[each].flush() for each in FIELDS]
        return all(kept)
