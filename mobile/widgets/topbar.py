"""The head of a screen: back, title, and the quick way out, always in the same place."""

from kivy.lang import Builder
from kivy.properties import BooleanProperty, StringProperty

from mobile.widgets.row import Row

Builder.load_string("""
#:import IconAction mobile.widgets.button.IconAction
#:import Text mobile.widgets.text.Text

<TopBar>:
    padding: dp(8) if root.can_go_back else dp(theme.MARGIN), dp(8), dp(8), dp(6)
    spacing: dp(4)
    IconAction:
        icon: "back"
        size: dp(theme.TARGET) if root.can_go_back else 0, dp(theme.TARGET)
        disabled: not root.can_go_back
        opacity: 1 if root.can_go_back else 0
        on_release: root.dispatch("on_back")
    Text:
        text: root.title
        role: "title" if len(root.title) <= 24 else "heading"
    IconAction:
        icon: "leave"
        size: dp(theme.TARGET) if root.can_leave else 0, dp(theme.TARGET)
        disabled: not root.can_leave
        opacity: 1 if root.can_leave else 0
        on_release: root.dispatch("on_leave")
""")


class TopBar(Row):
    """Events: `on_back`, `on_leave`."""

    __events__ = ("on_back", "on_leave")

    title = StringProperty("")
    can_go_back = BooleanProperty(False)
    can_leave = BooleanProperty(True)

    def on_back(self) -> None:
        """The back arrow was pressed."""

    def on_leave(self) -> None:
        """The quick way out was pressed."""
