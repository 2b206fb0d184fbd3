"""A country's pathway on one printed page, in Arabic, French or English.

Everything that the country package says stands on the page, and what it does not know is said. The
page is set as large as it fits and never smaller than can be read.
"""

from datetime import date
from itertools import combinations

from protocols.countries.model import LANGUAGES, Country
from protocols.paper.citations import Citations
from protocols.paper.errors import PaperFullError, PaperTextError, PaperWidthError
from protocols.paper.pathway_sections import Sections
from protocols.paper.pieces import Box, Piece, Role, Span, Style, beside, mirrored, paragraph, stack
from protocols.paper.setting import DEEP, INK, LEAST_BODY, Setting, rule
from protocols.paper.sheet import HIGH, WIDE, Document, Page, draw
from protocols.paper.words import WORDS

MARGIN = 30.0
LARGEST_BODY = 11.0
_STEP = 0.125
_LEAST_ROOMY = 8.75
_SHARES = (0.6, 0.58, 0.62, 0.56, 0.64, 0.54, 0.66, 0.52, 0.68)
"""How much of the width the pathway may take."""
_UNDER = ("reflection", "coordinating", "bodies", "laws", "languages")
"""The sections that may stand under the pathway, where there is more room than beside it."""
_MOST_CHARACTERS = 30_000
"""Several times what a page holds at the least size: more is not even tried."""


def pathway_pdf(country: Country, language: str, printed: date) -> bytes:
    """The page as a PDF file; the same arguments give the same bytes.

    `language` is ar, fr or en, `printed` the day that stands on the page. Raises PaperTextError,
    PaperWidthError or PaperFullError, which say what to change.
    """
    page = pathway_page(country, language, printed)
    title = f"{country.name(language)}: {WORDS['title'][language]}"
    edition = _edition(country, language, printed)
    return draw(Document((page,), title, edition, language, language == "ar", printed))


def pathway_page(country: Country, language: str, printed: date) -> Page:
    """What stands where on the page. Raises as `pathway_pdf` does."""
    if language not in LANGUAGES:
        raise PaperTextError(f"no page in {language[:20]!r}; there are {', '.join(LANGUAGES)}")
    _short_enough(country, language)
    found = _largest(country, language, printed)
    return Page(mirrored(found, WIDE) if language == "ar" else found)


def _largest(country: Country, language: str, printed: date) -> tuple[Box, ...]:
    """The boxes of the page at the largest size that fits: roomy if that is large enough to be
    read from some way off, else dense."""

    def set_in(body: float, dense: bool) -> tuple[Box, ...] | None:
        return _set(country, Setting(language, body, dense), printed)

    try:
        dense = set_in(_LEAST_ROOMY, False) is None
    except PaperWidthError:
        dense = True

    def set_at(step: int) -> tuple[Box, ...] | None:
        return set_in(LEAST_BODY + _STEP * step, dense)

    found = set_at(0)
    if found is None:
        raise PaperFullError(
            f"{country.code} does not fit on one page in {language!r}; shorten what is longest: "
            f"{', '.join(_longest(country, language))}"
        )
    fits, steps = 0, round((LARGEST_BODY - LEAST_BODY) / _STEP)
    while fits < steps:
        middle = (fits + steps + 1) // 2
        try:
            larger = set_at(middle)
        except PaperWidthError:
            larger = None
        if larger is None:
            steps = middle - 1
        else:
            fits, found = middle, larger
    return found


def _set(country: Country, setting: Setting, printed: date) -> tuple[Box, ...] | None:
    """The boxes of the page at one size, or None where they do not fit. Raises PaperWidthError
    where no share of the width is wide enough for some word."""
    too_wide = None
    for share in _SHARES:
        try:
            boxes = _boxes(country, setting, printed, share)
        except PaperWidthError as error:
            too_wide = error
            continue
        if boxes is not None:
            return boxes
    if too_wide is not None:
        raise too_wide
    return None


def _boxes(
    country: Country, setting: Setting, printed: date, share: float
) -> tuple[Box, ...] | None:
    """The boxes of the page at one size, or None where they do not fit."""
    sections = Sections(country, setting, Citations())
    wide = WIDE - 2 * MARGIN
    top = _top(sections, wide)
    gutter = setting.body * 1.8
    main, side = _columns(sections, wide * share, wide * (1 - share) - gutter)
    columns = beside(main, side, wide * share + gutter)
    foot = _foot(sections, wide, printed)
    gap = setting.gap * 2
    room = HIGH - 2 * MARGIN - top.height - columns.height - foot.height - 2 * gap
    if room < 0:
        return None
    down = MARGIN + top.height + gap + min(room / 4, gap)
    return (
        *top.moved(MARGIN, MARGIN),
        *columns.moved(MARGIN, down),
        *foot.moved(MARGIN, HIGH - MARGIN - foot.height),
    )


def _top(sections: Sections, wide: float) -> Piece:
    setting = sections.setting
    leading = 1.3 if setting.rtl else 1.15
    size = setting.body * (2.3 if setting.dense else 2.7)
    country = Style(size, True, DEEP, leading, Role.TITLE)
    title = Style(setting.body * 1.45, True, INK, 1.35, Role.TITLE)
    name = paragraph(sections.country.name(setting.language), wide, country, setting.rtl)
    said = paragraph(sections.word("title"), wide, title, setting.rtl)
    thick = rule(wide, DEEP, 2.4)
    return stack((name, said, thick, sections.principle(wide)), setting.gap * 0.7)


def _columns(sections: Sections, main: float, side: float) -> tuple[Piece, Piece]:
    """The pathway with what follows it, and what stands beside it, as even as can be."""
    gap = sections.setting.gap * 1.8
    pathway = sections.pathway(main)
    wide, narrow = _parts(sections, main), _parts(sections, side)

    def split(below: tuple[str, ...]) -> tuple[list[Piece], list[Piece]]:
        under = [wide[each] for each in _UNDER if each in below and each in wide]
        return [pathway, *under], [part for name, part in narrow.items() if name not in below]

    def height(column: list[Piece]) -> float:
        return sum(each.height for each in column) + gap * (len(column) - 1)

    choices = [split(below) for count in range(5) for below in combinations(_UNDER, count)]
    first, second = min(choices, key=lambda each: max(map(height, each)))
    return stack(first, gap), stack(second, gap)


def _parts(sections: Sections, wide: float) -> dict[str, Piece]:
    parts = {
        "hotlines": sections.hotlines(wide),
        "coordinating": sections.coordinating(wide),
        "bodies": sections.bodies(wide),
        "reflection": sections.reflection(wide),
        "laws": sections.laws(wide),
        "languages": sections.languages(wide),
    }
    return {name: part for name, part in parts.items() if part is not None}


def _foot(sections: Sections, wide: float, printed: date) -> Piece:
    setting = sections.setting
    rows = [rule(wide), _sources(sections, wide)]
    if verifiers := sections.citations.verifiers:
        named = ", ".join(f"{by} ({on})" for by, on in verifiers)
        rows.append(setting.note(f"● {sections.word('by')} {named}", wide))
    edition = _edition(sections.country, setting.language, printed)
    rows += [rule(wide), setting.text([Span(sections.word("disclaimer"), True)], wide)]
    rows.append(setting.note(edition, wide))
    return stack(rows, setting.body * 0.3)


def _sources(sections: Sections, wide: float) -> Piece:
    """The sources in two columns, numbered."""
    setting = sections.setting
    sources = sections.citations.sources
    first, last = min(each.read for each in sources), max(each.read for each in sources)
    key = "sources" if first == last else "sources_apart"
    head = sections.word(key).format(read=first, first=first, last=last)
    gutter = setting.small * 2
    column, indent = (wide - gutter) / 2, setting.small * 2.7
    entries = []
    for number, each in enumerate(sources, 1):
        said = (each.title, each.publisher, each.published)
        text = ". ".join(part.strip(" .") for part in said if part) + "."
        label = setting.note(f"[{number}]", indent)
        words = setting.note(text, column - indent, link=_link(each.url))
        entries.append(beside(label, words, indent))
    half, left = sum(each.height for each in entries) / 2, 0
    tall = 0.0
    while left < len(entries) and tall + entries[left].height / 2 <= half:
        tall += entries[left].height
        left += 1
    columns = beside(stack(entries[:left]), stack(entries[left:]), column + gutter)
    style = Style(setting.small, True, INK, 1.4, Role.HEADING)
    return stack((paragraph(head, wide, style, setting.rtl), columns))


def _link(url: str | None) -> str | None:
    return url if url and url.isascii() and url.isprintable() else None


def _edition(country: Country, language: str, printed: date) -> str:
    return WORDS["edition"][language].format(
        code=country.code, version=country.version, printed=printed.isoformat()
    )


def _texts(country: Country, language: str) -> dict[str, str]:
    """The words of each fact by its place in the file."""
    found = {f"laws.{each.key}": each.about[language] for each in country.laws}
    for law in country.laws:
        for article in law.articles:
            found[f"laws.{law.key}.{article.number}"] = article.text[language]
    found |= {f"bodies.{each.key}": each.role[language] for each in country.bodies}
    found["mechanism"] = country.mechanism.text[language]
    for step in country.pathway:
        parts = (step.texts, step.who, step.within, step.cautions)
        found[f"pathway.{step.order}"] = " ".join(each[language] for each in parts if each)
    found |= {f"hotlines.{each.number}": each.purpose[language] for each in country.hotlines}
    found |= {f"gaps.{each.missing}": each.text[language] for each in country.gaps}
    return found


def _longest(country: Country, language: str) -> list[str]:
    texts = _texts(country, language)
    return sorted(texts, key=lambda each: -len(texts[each]))[:3]


def _short_enough(country: Country, language: str) -> None:
    if sum(map(len, _texts(country, language).values())) > _MOST_CHARACTERS:
        longest = ", ".join(_longest(country, language))
        raise PaperFullError(
            f"{country.code} holds several pages of text; shorten what is longest: {longest}"
        )
