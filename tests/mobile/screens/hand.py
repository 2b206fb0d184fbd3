"""A hand that scrolls to what it touches."""

from tests.mobile.window import Driver, UnitTestTouch, idle

from mobile.widgets.scroll import Scroll  # isort: skip


class Hand(Driver):
    """A driver for screens higher than the window."""

    def shown(self, kind, text=None, within=None):
        """The widgets of that class, with that text where one is said."""
        return [
            each
            for each in (within or self.app.frame).walk(restrict=True)
            if type(each).__name__ == kind and (text is None or each.text == text)
        ]

    def card(self, kind, text):
        """The card of that class and name."""
        return self.find(kind, text)

    def touch(self, kind, text=None, within=None):
        """Scroll to it and touch it."""
        found = self.shown(kind, text, within)
        assert found, f"no {kind} {text or ''} on {self.screen}"
        self.press(found[0])

    def press(self, widget):
        """Scroll to it and touch it in its middle."""
        self.reach(widget)
        touch = UnitTestTouch(*widget.to_window(*widget.center))
        touch.touch_down()
        idle(1)
        touch.touch_up()
        idle(6)

    def reach(self, widget):
        """Scroll until it is in sight."""
        for each in self.app.frame.walk(restrict=True):
            if isinstance(each, Scroll) and widget in each.walk(restrict=True):
                each.scroll_to(widget, padding=20, animate=False)
        idle(2)

    def write(self, label, text):
        """Touch the field under that label and type; what stood in it is replaced."""
        field = next(each for each in self.shown("Field") if each.label == label)
        entry = field.ids.entry
        self.press(entry)
        assert entry.focus, f"{label} takes no writing"
        entry.select_all()
        entry.delete_selection()
        self.type(text)
        entry.focus = False
        idle(2)

    def words(self, within=None):
        """Everything written, one text a line."""
        return "\n".join(each.text for each in self.shown("Text", within=within) if each.text)

    def said(self, text):
        """Whether it can be read now."""
        return text in self.words()


def title(key, options):
    """The words of a choice."""
    return next(each.label for each in options if each.key == key)


def tick(hand, provider, *kinds):
    """Allow a provider these kinds of information, on the screen of consent."""
    shown = next(each for each in hand.view.recipients if each.id == provider)
    for kind in kinds:
        card = hand.find("RecipientCard", shown.name)
        hand.touch("Choice", title(kind, shown.kinds), within=card)
