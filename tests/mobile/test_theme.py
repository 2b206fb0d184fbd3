"""Colours that can be read, targets that can be touched, fonts that hold what the app says."""

import struct
from pathlib import Path

import pytest
from arabic_reshaper.letters import LETTERS_ARABIC
from attrs import fields

from mobile import theme
from mobile.widgets.bidi import lay_out

PALETTES = [theme.LIGHT, theme.DARK]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda each: each.name)
@pytest.mark.parametrize(("text", "ground"), theme.PAIRS)
def test_every_text_stands_out_from_its_ground(palette, text, ground):
    assert theme.contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES, ids=lambda each: each.name)
@pytest.mark.parametrize(("sign", "ground"), theme.SIGNS)
def test_every_sign_stands_out_from_its_ground(palette, sign, ground):
    assert theme.contrast(getattr(palette, sign), getattr(palette, ground)) >= 3


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_is_one():
    for palette in PALETTES:
        for each in fields(theme.Palette)[1:]:
            assert all(0 <= part <= 1 for part in theme.rgb(getattr(palette, each.name)))


def test_what_is_touched_is_a_finger_high():
    assert theme.TARGET >= 48
    assert theme.BUTTON >= theme.TARGET


def tables(path):
    data = Path(path).read_bytes()
    count = struct.unpack(">H", data[4:6])[0]
    found = {}
    for place in range(12, 12 + 16 * count, 16):
        tag, _, start, length = struct.unpack(">4sIII", data[place : place + 16])
        found[tag.decode()] = data[start : start + length]
    return found


def characters(path):
    """The characters that a font maps, from its format 4 table (OpenType specification, cmap)."""
    cmap = tables(path)["cmap"]
    for place in range(4, 4 + 8 * struct.unpack(">H", cmap[2:4])[0], 8):
        start = struct.unpack(">I", cmap[place + 4 : place + 8])[0]
        if struct.unpack(">H", cmap[start : start + 2])[0] == 4:
            break
    else:
        pytest.fail("the font has no table of format 4")
    twice = struct.unpack(">H", cmap[start + 6 : start + 8])[0]
    ends = struct.unpack(f">{twice // 2}H", cmap[start + 14 : start + 14 + twice])
    begin = start + 16 + twice
    starts = struct.unpack(f">{twice // 2}H", cmap[begin : begin + twice])
    return {code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1)}


@pytest.mark.parametrize("font", [theme.REGULAR, theme.BOLD])
def test_the_fonts_hold_every_joined_letter_and_all_of_french(font):
    held = characters(font)
    joined = {
        ord(form)
        for letter, forms in LETTERS_ARABIC.items()
        if "\u0621" <= letter <= "\u064a"
        for form in forms
        if form
    }
    written = joined | set(map(ord, "éèêëàâçîïôûùœŒÉÈÀÇ«»’–…·•“”0123456789?!؟،؛٪")) | {0xA0}
    lam_alef = range(0xFEF5, 0xFEFD)

    assert written - held == set()
    assert set(lam_alef) - held == set()


@pytest.mark.parametrize("font", [theme.REGULAR, theme.BOLD])
def test_the_fonts_join_nothing_by_themselves(font):
    """A font's own ligatures would turn a reordered «حال» into «حلا»."""
    assert "GSUB" not in tables(font)


def said():
    """Everything that the app itself can say: catalogues, checklists, countries, indicators."""
    root = Path(theme.__file__).parents[1]
    files = [
        *(root / "mobile" / "locale").glob("*.po"),
        *(root / "protocols" / "screening").rglob("*.json"),
        *(root / "protocols" / "countries").rglob("*.json"),
    ]
    assert len(files) > 8
    return "".join(each.read_text(encoding="utf-8") for each in files)


@pytest.mark.parametrize("font", [theme.REGULAR, theme.BOLD])
def test_the_fonts_hold_everything_that_the_app_says(font):
    drawn = set("".join(lay_out(said(), None, len, rtl=True)))

    assert {char for char in drawn if ord(char) not in characters(font)} == set()
