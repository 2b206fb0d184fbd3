"""Draws finished pages with fpdf2: A4, tagged for reading aloud, the same bytes for the same pages.

fpdf2 cuts a text where a vowel mark follows a letter, which breaks the joining of Arabic and leaves
the mark beside its letter; it tags pictures only; and it misspells the direction of a document. All
this is put right in `_Sheet` and `_Preferences`, which alone reach into fpdf2's own methods.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from attrs import field, frozen
from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.line_break import Fragment
from fpdf.prefs import ViewerPreferences

from protocols.fonts import REGULAR, SEMIBOLD
from protocols.paper.pieces import Box, Line, Panel
from protocols.paper.reading import Run, right_to_left, runs
from protocols.paper.typeface import width

WIDE, HIGH = 595.28, 841.89
"""A4 in points."""
_FONT = "AmanaSans"


@frozen
class Page:
    """What is drawn on one page of A4: boxes from the left and the top, in points, in the order
    in which they are read."""

    boxes: tuple[Box, ...] = field(default=())

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of text alone."""
        return tuple(each for each in self.boxes if isinstance(each, Line))


@frozen
class Document:
    """Pages with what a reader's device wants to know. `language` is a code of BCP 47, `dated`
    the day that stands as the day of making."""

    pages: tuple[Page, ...]
    title: str
    subject: str
    language: str
    rtl: bool
    dated: date


def draw(document: Document) -> bytes:
    """The document as a PDF file."""
    sheet = _Sheet(unit="pt", format="A4")
    sheet.set_auto_page_break(False)
    sheet.set_margin(0)
    sheet.c_margin = 0
    sheet.add_font(_FONT, "", REGULAR)
    sheet.add_font(_FONT, "B", SEMIBOLD)
    sheet.set_creation_date(datetime.combine(document.dated, datetime.min.time(), UTC))
    sheet.set_title(document.title)
    sheet.set_subject(document.subject)
    sheet.set_lang(document.language)
    sheet.set_author("Amana")
    sheet.set_creator("Amana")
    sheet.set_producer("Amana")
    sheet.viewer_preferences = _Preferences(
        display_doc_title=True,
        direction=TextDirection.RTL if document.rtl else TextDirection.LTR,
    )
    for page in document.pages:
        sheet.add_page()
        _draw_page(sheet, page, document.language)
    return bytes(sheet.output())


def _draw_page(sheet: "_Sheet", page: Page, language: str) -> None:
    with sheet.decoration():
        for each in page.boxes:
            if isinstance(each, Panel):
                _draw_panel(sheet, each)
    for (role, _), group in groupby(page.lines, lambda each: (each.style.role, each.paragraph)):
        lines = tuple(group)
        with sheet.tagged(role.value, _read_out(lines)):
            for line in lines:
                _draw_line(sheet, line, language)


def _read_out(lines: tuple[Line, ...]) -> str | None:
    """The words of a paragraph with Arabic in it: readers of PDF take joined letters apart in the
    wrong order. They stand beside the drawing, not in it, where some readers would turn them."""
    text = " ".join(each.text for each in lines)
    return text if right_to_left(text, True) else None


def _draw_panel(sheet: "_Sheet", panel: Panel) -> None:
    style = ("D" if panel.outline else "") + ("F" if panel.fill else "")
    if panel.outline:
        sheet.set_draw_color(panel.outline)
        sheet.set_line_width(panel.stroke)
    if panel.fill:
        sheet.set_fill_color(panel.fill)
    corners = panel.radius > 0
    sheet.rect(
        panel.x,
        panel.y,
        panel.width,
        panel.height,
        style=style,
        round_corners=corners,
        corner_radius=panel.radius,
    )


def _draw_line(sheet: "_Sheet", line: Line, language: str) -> None:
    sheet.set_text_color(line.style.ink)
    across = line.x
    for run in runs(line.text, line.bolds, line.rtl):
        wide = _draw_run(sheet, run, line, across, language)
        across += wide
    if line.link is not None:
        sheet.link(line.x, line.y, line.width, line.height, line.link)


def _draw_run(sheet: "_Sheet", run: Run, line: Line, across: float, language: str) -> float:
    sheet.set_font(_FONT, "B" if run.bold else "", line.style.size)
    sheet.set_text_shaping(direction="rtl" if run.rtl else "ltr", language=language)
    wide = sheet.get_string_width(run.text)
    sheet.set_xy(across, line.y)
    sheet.cell(wide, line.height, run.text)
    return wide


def drawn_width(line: Line) -> float:
    """The width in points of what will be drawn of a line, measured run by run."""
    pieces = runs(line.text, line.bolds, line.rtl)
    return sum(width(each.text, each.bold, each.rtl) for each in pieces) * line.style.size


class _Preferences(ViewerPreferences):
    """fpdf2 writes a direction as a word that is no name of ISO 32000-1 (12.2)."""

    def serialize(self, *arguments: Any, **named: Any) -> str:
        written = super().serialize(*arguments, **named)
        names = (("Direction RTL", "Direction /R2L"), ("Direction LTR", "Direction /L2R"))
        for wrong, right in names:
            written = written.replace(wrong, right)
        return written


class _Sheet(FPDF):
    """fpdf2 with whole runs and with tags."""

    def _preload_font_styles(self, text: str | None, *_: Any, **__: Any) -> tuple[Fragment, ...]:
        return (Fragment(text or "", self._get_current_graphics_state(), self.k),)

    @contextmanager
    def tagged(self, kind: str, read_out: str | None) -> Iterator[None]:
        """What is drawn meanwhile is one paragraph or heading (ISO 32000-1, 14.8); `read_out` is
        how it reads, where that can't be told from the glyphs (14.9.3)."""
        mark = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=mark, alt_text=read_out)
        self._out(f"/{kind} <</MCID {mark}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is drawn meanwhile is passed over when the page is read out."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")
