"""What every widget asks before it draws: language direction, colours, text size, words.

In every kv file `style`, `colour` and `theme` are known without an import. `style` changes only
between two trees of widgets: whoever changes it builds the tree anew.
"""

from kivy.event import EventDispatcher
from kivy.lang.parser import global_idmap
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

from mobile import theme
from mobile.locale import Words, words


class Style(EventDispatcher):
    """`scale` multiplies every size of type (1.0 to 2.0)."""

    palette = ObjectProperty(theme.LIGHT)
    rtl = BooleanProperty(False)
    scale = NumericProperty(1.0)
    words = ObjectProperty(None)

    def use(self, language: Words, *, dark: bool = False, scale: float = 1.0) -> None:
        """Speak `language`, in its direction."""
        self.words = language
        self.rtl = language.rtl
        self.palette = theme.DARK if dark else theme.LIGHT
        self.scale = scale


style = Style()
style.use(words("en"))


def colour(name: str, alpha: float = 1.0) -> list[float]:
    """A colour of the palette in use, as Kivy wants it."""
    return [*theme.rgb(getattr(style.palette, name)), alpha]


global_idmap.update(style=style, colour=colour, theme=theme)
