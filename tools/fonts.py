"""Makes the fonts of phone and paper from IBM Plex Sans Arabic: `fonts.py REGULAR.ttf BOLD.ttf`.

The app joins and orders Arabic itself and hands finished glyphs to the renderer from left to right.
A font's own ligatures would then join what only looks adjacent ("حال" became "حلا"), so they are
taken out, with every glyph that the app's languages don't need. On paper HarfBuzz joins the letters
by the same joined forms; where marks such as the shadda sit is kept for it. Two marks that Plex
lacks and paper needs, ○ and ●, are drawn here. The SIL Open Font License 1.1 asks that a changed
font not carry the reserved name "Plex": these are called "Amana Sans".

Needs fontTools, which nothing else here does: `pip install fonttools`. Its source files are those
of the npm package @expo-google-fonts/ibm-plex-sans-arabic 0.4.2.
"""

import sys
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "Amana Sans"
OUT = Path(__file__).parent.parent / "protocols" / "fonts"
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2B0, 0x2DD),
    (0x60C, 0x6FF),
    (0x2000, 0x2044),
    (0x20AC, 0x20AC),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFC),
)


def lean(source: Path) -> TTFont:
    """The font with the glyphs of RANGES, kerning, places of marks, and no substitution."""
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk"], name_IDs=["*"], hinting=True, glyph_names=False
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    for table in ("GSUB", "DSIG"):
        if table in font:
            del font[table]
    return font


def ring(pen: TTGlyphPen, radius: float, outwards: bool) -> None:
    """A circle around the middle of a sign, in eight quadratic curves."""
    turn = 1 if outwards else -1
    points = []
    for step in range(16):
        angle = -turn * step * pi / 8
        far = radius / cos(pi / 8) if step % 2 else radius
        points.append((round(330 + far * cos(angle)), round(350 + far * sin(angle))))
    pen.moveTo(points[0])
    for step in range(1, 16, 2):
        pen.qCurveTo(points[step], points[(step + 1) % 16])
    pen.closePath()


def add_circles(font: TTFont) -> None:
    """○ (U+25CB) and ● (U+25CF)."""
    added = {"whitecircle": (0x25CB, 60), "blackcircle": (0x25CF, None)}
    for name, (code, stroke) in added.items():
        pen = TTGlyphPen(None)
        ring(pen, 270, True)
        if stroke is not None:
            ring(pen, 270 - stroke, False)
        font["glyf"][name] = pen.glyph()
        font["glyf"][name].recalcBounds(font["glyf"])
        font["hmtx"][name] = (660, 60)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name
    font.setGlyphOrder(font["glyf"].glyphOrder)


def rename(font: Any, style: str) -> None:
    """The changed font's own name; the copyright and the licence stay."""
    names = {
        1: FAMILY,
        2: style,
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        10: "IBM Plex Sans Arabic with fewer glyphs, two added, and no substitutions, by Amana.",
    }
    kept = [each for each in font["name"].names if each.nameID in (0, 5, 13, 14)]
    font["name"].names = kept
    for identity, said in names.items():
        font["name"].setName(said, identity, 3, 1, 0x409)


def main() -> None:
    for source, style in zip(sys.argv[1:3], ("Regular", "SemiBold"), strict=True):
        font = lean(Path(source))
        add_circles(font)
        rename(font, style)
        font.save(OUT / f"AmanaSans-{style}.ttf")


if __name__ == "__main__":
    main()
