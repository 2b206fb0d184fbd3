"""The files that are made: alike for alike input, small, tagged, with joined letters."""

import re
from datetime import date
from pathlib import Path

import pytest

from protocols.countries.country import codes, country
from protocols.countries.model import LANGUAGES
from protocols.paper.pathway import pathway_pdf
from protocols.paper.pieces import Role, Style, paragraph
from protocols.paper.sheet import Document, Page, draw
from tests.protocols.paper.opened import dated, drawing, streams

DAY = date(2026, 11, 25)
PATHWAYS = Path(__file__).resolve().parents[3] / "docs" / "pathways"


def drawn(text: str, *, rtl: bool = True) -> bytes:
    boxes = paragraph(text, 400, Style(12, role=Role.HEADING), rtl).boxes
    return draw(Document((Page(boxes),), "title", "subject", "ar" if rtl else "en", rtl, DAY))


def test_the_same_page_gives_the_same_bytes() -> None:
    one, other = (pathway_pdf(country("LY"), "ar", DAY) for _ in range(2))
    assert one == other
    assert pathway_pdf(country("LY"), "ar", date(2026, 11, 26)) != one


def test_the_file_says_its_language_direction_title_and_tags() -> None:
    pdf = pathway_pdf(country("TN"), "ar", DAY)
    assert b"/Lang (ar)" in pdf
    assert b"/Direction /R2L" in pdf and b"/DisplayDocTitle true" in pdf
    assert b"/Marked true" in pdf and b"/StructTreeRoot" in pdf
    title = "تونس: مسار".encode("utf-16-be").hex().encode()
    assert b"/Title <feff" + title in pdf
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    tags = re.findall(rb"/(\w+) (?:<</MCID \d+>> BDC|BMC)", drawing(pdf))
    assert tags[:2] == [b"Artifact", b"H1"] and {b"H2", b"P", b"Note"} < set(tags)
    assert drawing(pdf).count(b"EMC") == len(tags)


def test_arabic_reads_out_as_it_is_written() -> None:
    found = re.findall(rb"/Alt <feff([0-9a-f]+)>", drawn("اللجنة الوطنية (CNCLT) عدد 27"))
    said = [bytes.fromhex(each.decode()).decode("utf-16-be") for each in found]
    assert said == ["اللجنة الوطنية (CNCLT) عدد 27"]
    assert b"/Alt" not in drawn("Law 61 of 2016", rtl=False)


def test_a_mark_does_not_part_joined_letters() -> None:
    """The glyphs of a vowelled word are those of the bare word, and the marks."""

    def glyphs(word: str) -> set[bytes]:
        cmaps = b"".join(each for each in streams(drawn(word)) if b"beginbfchar" in each)
        return set(re.findall(rb"<[0-9A-F]+> <([0-9A-F]+)>", cmaps))

    def shown(word: str) -> int:
        return sum(len(each) // 2 for each in re.findall(rb"\((.*?)\) Tj", drawing(drawn(word))))

    assert glyphs("تُحقّق") - glyphs("تحقق") == {b"0651", b"064F"}
    assert shown("تُحقّق") == shown("تحقق") + 2


def test_a_mark_stands_over_its_letter() -> None:
    moves = re.findall(rb"1 0 0 1 [\d.]+ ([\d.]+) Tm", drawing(drawn("خطّ")))
    assert len({float(each) for each in moves}) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", codes())
def test_the_pages_in_the_documentation_are_what_is_drawn_now(code: str, language: str) -> None:
    """Made anew by `python tools/pathways.py`. Font programs and compression are left out of the
    comparison: they depend on libraries, what is read does not."""
    kept = (PATHWAYS / f"{code}-{language}.pdf").read_bytes()
    assert streams(kept) == streams(pathway_pdf(country(code), language, dated(kept)))
    assert len(kept) < 150_000


def test_the_documentation_holds_no_other_pages() -> None:
    wanted = {f"{code}-{language}.pdf" for code in codes() for language in LANGUAGES}
    assert {each.name for each in PATHWAYS.glob("*.pdf")} == wanted
