"""Makes the app's fonts from IBM Plex Sans Arabic: `fonts.py REGULAR.ttf SEMIBOLD.ttf`.

The app joins and orders Arabic itself and hands finished glyphs to the renderer from left to right.
A font's own ligatures would then join what only looks adjacent ("حال" became "حلا"), so they are
taken out, with every glyph that the app's languages don't need. The SIL Open Font License 1.1 asks
that a changed font not carry the reserved name "Plex": these are called "Amana Sans".

Needs fontTools, which nothing else here does: `pip install fonttools`. Its source files are those
of the npm package @expo-google-fonts/ibm-plex-sans-arabic 0.4.2.
"""

import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Amana Sans"
OUT = Path(__file__).parent.parent / "mobile" / "fonts"
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
    """The font with the glyphs of RANGES, kerning, and no substitution."""
    options = subset.Options(
        layout_features=["kern"], name_IDs=["*"], hinting=True, glyph_names=False
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    for table in ("GSUB", "DSIG"):
        if table in font:
            del font[table]
    return font


def rename(font: Any, style: str) -> None:
    """The changed font's own name; the copyright and the licence stay."""
    names = {
        1: FAMILY,
        2: style,
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        10: "IBM Plex Sans Arabic without its substitutions and with fewer glyphs, by Amana.",
    }
    kept = [each for each in font["name"].names if each.nameID in (0, 5, 13, 14)]
    font["name"].names = kept
    for identity, said in names.items():
        font["name"].setName(said, identity, 3, 1, 0x409)


def main() -> None:
    for source, style in zip(sys.argv[1:3], ("Regular", "SemiBold"), strict=True):
        font = lean(Path(source))
        rename(font, style)
        font.save(OUT / f"AmanaSans-{style}.ttf")


if __name__ == "__main__":
    main()
