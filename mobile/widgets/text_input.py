"""Writing in Arabic, French or English: `.text` stays in the order of reading, what is drawn is
joined and ordered, and caret, touch and selection follow what is drawn."""

from functools import lru_cache
from typing import Any

from kivy.cache import Cache
from kivy.graphics import Color, Rectangle
from kivy.lang import Builder
from kivy.metrics import sp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.textinput import TextInput

from mobile import theme
from mobile.widgets.bidi import typed
from mobile.widgets.caret import ShapedLine
from mobile.widgets.row import Column
from mobile.widgets.style import colour, style
from mobile.widgets.text import measure

Builder.load_string("""
#:import Row mobile.widgets.row.Row
#:import Text mobile.widgets.text.Text

<Field>:
    spacing: dp(6)
    Text:
        text: root.label
        role: "label"
    BoxLayout:
        size_hint_y: None
        height: max(dp(theme.BUTTON), entry.minimum_height, dp(root.room))
        canvas.before:
            Color:
                rgba: colour("surface")
            SmoothRoundedRectangle:
                pos: self.pos
                size: self.size
                radius: [dp(theme.RADIUS)]
            Color:
                rgba: colour("primary" if root.writing else "outline")
            SmoothLine:
                rounded_rectangle: self.x + 1, self.y + 1, self.width - 2, self.height - 2, \
                    dp(theme.RADIUS)
                width: dp(1.2 if root.writing else 0.7)
        Entry:
            id: entry
            rtl: root.rtl
            one_line: root.one_line
            centred: root.centred
            password: root.password
            input_type: root.input_type
            hint_text: root.example
            disabled: root.disabled
            on_focus: root.writing = self.focus
            on_text_validate: root.dispatch("on_done")
    Text:
        text: root.hint
        role: "small"
        colour: "ink_soft"
""")

_line = lru_cache(maxsize=512)(
    lambda text, font, size, rtl: ShapedLine(text, measure(font, size), rtl=rtl)
)


def forget_written() -> None:
    """Let go of everything that was written or shown in a field."""
    _line.cache_clear()
    for kept in ("textinput.label", "textinput.width"):
        Cache.remove(kept)


class Entry(TextInput):
    """The writing itself; most screens want a `Field`. `rtl` None: as the interface is."""

    rtl = BooleanProperty(None, allownone=True)
    one_line = BooleanProperty(True)
    centred = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        for name, value in {
            "font_name": theme.REGULAR,
            "font_size": sp(theme.SCALE["body"].size) * style.scale,
            "background_normal": "",
            "background_active": "",
            "background_disabled_normal": "",
            "background_color": (0, 0, 0, 0),
            "foreground_color": colour("ink"),
            "disabled_foreground_color": colour("on_off"),
            "hint_text_color": colour("ink_soft"),
            "cursor_color": colour("primary"),
            "cursor_width": "2dp",
            "selection_color": colour("primary", 0.3),
            "padding": ("14dp", "13dp"),
            "password_mask": "•",
            "write_tab": False,
            "input_type": "text",
        }.items():
            given.setdefault(name, value)
        super().__init__(**given)
        self.fbind("rtl", self._align)
        self.fbind("centred", self._align)
        self._align()

    def _align(self, *_: Any) -> None:
        self.halign = "center" if self.centred else "right" if self._rtl else "left"
        self._trigger_refresh_text()

    @property
    def _rtl(self) -> bool:
        return bool(style.rtl if self.rtl is None else self.rtl)

    def _shaped(self, text: str) -> ShapedLine:
        return _line(text.replace("\n", ""), self.font_name, self.font_size, self._rtl)

    def insert_text(self, substring: str, from_undo: bool = False) -> None:
        """Without control characters; a single line takes no line breaks."""
        fit = typed(substring)
        if self.one_line:
            fit = " ".join(fit.split("\n")) if fit != "\n" else ""
        super().insert_text(fit, from_undo=from_undo)

    def copy(self, data: str = "") -> None:
        """Not: other apps read the clipboard, and it outlives the lock. Pasting works."""

    def cut(self) -> None:
        """Not, as `copy`; what is selected stays."""

    def _cut(self, data: str) -> None:
        """The same from the keyboard."""

    def _update_cutbuffer(self, *_: Any) -> None:
        """Nor does what is merely selected leave the app, as X11 would have it."""

    def keyboard_on_key_down(
        self, window: Any, keycode: tuple[int, str], text: str, modifiers: list[str]
    ) -> bool:
        """Enter ends a single line."""
        if self.one_line and keycode[1] in ("enter", "numpadenter"):
            self.dispatch("on_text_validate")
            self.focus = False
            return True
        return bool(super().keyboard_on_key_down(window, keycode, text, modifiers))

    def do_cursor_movement(self, action: str, control: bool = False, alt: bool = False) -> None:
        """The arrow keys move the way they point."""
        turned = {"cursor_left": "cursor_right", "cursor_right": "cursor_left"}
        if action in turned and not self.password:
            row = self._lines[self.cursor_row] if self._lines else ""
            if self._shaped(row).backwards:
                action = turned[action]
        super().do_cursor_movement(action, control=control, alt=alt)

    def cursor_offset(self) -> float:
        """From the left edge of the line as drawn."""
        if self.password or self.cursor_row >= len(self._lines):
            return float(super().cursor_offset())
        return self._shaped(self._lines[self.cursor_row]).caret(self.cursor_col)

    def get_cursor_from_xy(self, x: float, y: float) -> tuple[int, int]:
        """(column, row) of the caret nearest to a touch."""
        column, row = super().get_cursor_from_xy(x, y)
        if self.password or row >= len(self._lines):
            return column, row
        line = self._shaped(self._lines[row])
        return line.place(x - self._left(line) + self.scroll_x), row

    def _left(self, line: ShapedLine) -> float:
        left, right = self.x + self.padding[0], self.right - self.padding[2]
        slack = {"left": 0.0, "center": 0.5, "right": 1.0}[self.halign]
        return left + max(0.0, right - left - line.width) * slack

    def _create_line_label(self, text: str, hint: bool = False) -> Any:
        hidden = self.password and not hint
        return super()._create_line_label(text if hidden else self._shaped(text).visual, hint)

    def _get_text_width(self, text: str, tab_width: int, label: Any) -> float:
        if self.password:
            return float(super()._get_text_width(text, tab_width, label))
        return self._shaped(text).width

    def _draw_selection(self, *given: Any) -> None:
        """Kivy's arguments: position and size of the line's rectangle, its number, (column, row) of
        both ends, the lines, and what only its own drawing needs."""
        if self.password:
            super()._draw_selection(*given)
            return
        (_, bottom), (_, height), row, (first, first_row), (last, last_row), lines, *_ = given
        if not first_row <= row <= last_row:
            return
        line = self._shaped(lines[row])
        start = first if row == first_row else 0
        end = last if row == last_row else len(lines[row])
        self.canvas.add(Color(*self.selection_color, group="selection"))
        for left, right in line.spans(start, end):
            self.canvas.add(
                Rectangle(
                    pos=(self._left(line) + left, bottom),
                    size=(right - left, height),
                    group="selection",
                )
            )


class Field(Column):
    """A labelled place to write: `label` above, `hint` below, `example` inside while empty. `room`
    is the least height of the writing in dp. Event: `on_done` (enter on a single line)."""

    __events__ = ("on_done",)

    label = StringProperty("")
    hint = StringProperty("")
    example = StringProperty("")
    one_line = BooleanProperty(True)
    password = BooleanProperty(False)
    centred = BooleanProperty(False)
    input_type = StringProperty("text")
    rtl = BooleanProperty(None, allownone=True)
    room = NumericProperty(0)
    writing = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        written = given.pop("text", None)
        super().__init__(**given)
        if written is not None:
            self.text = written

    @property
    def text(self) -> str:
        """What is written, in the order of reading."""
        return str(self.ids.entry.text)

    @text.setter
    def text(self, text: str) -> None:
        self.ids.entry.text = text

    def on_done(self) -> None:
        """Enter was pressed."""
