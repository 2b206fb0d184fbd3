"""How Amana looks: colours, type, space. Plain values, no Kivy; lengths are in dp, type in sp.

Calm paper and deep green for a talk that may be the hardest of somebody's life; red only for
danger. `PAIRS` names every text-on-background pair the widgets use: each is held to WCAG 2.2's
4.5:1 (1.4.3), and the marks in `SIGNS` to its 3:1 (1.4.11), by tests.
"""

from attrs import frozen

from protocols import fonts

REGULAR = fonts.REGULAR
BOLD = fonts.SEMIBOLD

TARGET = 48.0
"""The least height and width of anything that can be touched."""
BUTTON = 54.0
GAP = 8.0
SPACE = 16.0
MARGIN = 20.0
RADIUS = 12.0
STROKE = 1.5


@frozen
class Type:
    """One step of the type scale: `size` in sp, `bold` or not."""

    size: float
    bold: bool = False


SCALE: dict[str, Type] = {
    "clock": Type(56),
    "code": Type(36, bold=True),
    "display": Type(28, bold=True),
    "title": Type(22, bold=True),
    "heading": Type(17, bold=True),
    "body": Type(16),
    "strong": Type(16, bold=True),
    "label": Type(15, bold=True),
    "small": Type(14),
    "caption": Type(13),
}


@frozen
class Palette:
    """The colours of one theme as `#rrggbb`. `…_soft` are backgrounds of their own sign."""

    name: str
    paper: str
    surface: str
    sunken: str
    ink: str
    ink_soft: str
    line: str
    outline: str
    primary: str
    primary_down: str
    on_primary: str
    primary_soft: str
    danger: str
    danger_down: str
    on_danger: str
    danger_soft: str
    notice: str
    notice_soft: str
    good: str
    good_soft: str
    off: str
    on_off: str


LIGHT = Palette(
    name="light",
    paper="#f6f4ee",
    surface="#ffffff",
    sunken="#ece9e0",
    ink="#16282b",
    ink_soft="#4b5c5f",
    line="#dedad0",
    outline="#76858a",
    primary="#0e5a58",
    primary_down="#083f3e",
    on_primary="#ffffff",
    primary_soft="#e0eeeb",
    danger="#a32a1d",
    danger_down="#7d1c12",
    on_danger="#ffffff",
    danger_soft="#fbe9e5",
    notice="#79480a",
    notice_soft="#fdf1d8",
    good="#22663a",
    good_soft="#e3f2e6",
    off="#e3e0d7",
    on_off="#535f61",
)

DARK = Palette(
    name="dark",
    paper="#0f1819",
    surface="#192527",
    sunken="#0a1112",
    ink="#ecf1ef",
    ink_soft="#adbbba",
    line="#2d3b3d",
    outline="#7b8c8d",
    primary="#7fd1c5",
    primary_down="#a6e3da",
    on_primary="#06302d",
    primary_soft="#1c3a38",
    danger="#f2a498",
    danger_down="#f8c6be",
    on_danger="#4a0d06",
    danger_soft="#432220",
    notice="#f0c878",
    notice_soft="#3d3119",
    good="#93d3a2",
    good_soft="#1d3826",
    off="#2a3638",
    on_off="#a3b0b0",
)

PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink", "primary_soft"),
    ("ink", "danger_soft"),
    ("ink", "notice_soft"),
    ("ink", "good_soft"),
    ("ink_soft", "paper"),
    ("ink_soft", "surface"),
    ("ink_soft", "sunken"),
    ("ink_soft", "primary_soft"),
    ("primary", "paper"),
    ("primary", "surface"),
    ("primary", "primary_soft"),
    ("primary", "sunken"),
    ("on_primary", "primary"),
    ("on_primary", "primary_down"),
    ("danger", "paper"),
    ("danger", "surface"),
    ("danger", "danger_soft"),
    ("on_danger", "danger"),
    ("on_danger", "danger_down"),
    ("notice", "paper"),
    ("notice", "surface"),
    ("notice", "notice_soft"),
    ("good", "paper"),
    ("good", "surface"),
    ("good", "good_soft"),
    ("on_off", "off"),
)
"""(text, background) wherever the app writes."""

SIGNS: tuple[tuple[str, str], ...] = (
    ("outline", "paper"),
    ("outline", "surface"),
    ("primary", "sunken"),
    ("danger", "paper"),
    ("notice", "notice_soft"),
    ("good", "good_soft"),
)
"""(mark, background): outlines of controls, progress, icons."""


def rgb(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` as three numbers from 0 to 1."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, from 0 (black) to 1 (white)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
