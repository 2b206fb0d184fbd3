"""A country's page: one page, everything on it, nothing over anything else."""

import re
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve

from protocols.countries.country import codes, country
from protocols.countries.model import LANGUAGES, Country, Fact, Text
from protocols.countries.words import hotline_text
from protocols.paper.errors import PaperError, PaperFullError, PaperTextError, PaperWidthError
from protocols.paper.pathway import MARGIN, pathway_page, pathway_pdf
from protocols.paper.pieces import Line, Role
from protocols.paper.setting import LEAST_BODY, LEAST_SMALL
from protocols.paper.sheet import HIGH, WIDE, Page

DAY = date(2026, 11, 25)
PAGES = [(code, language) for code in codes() for language in LANGUAGES]
every_page = pytest.mark.parametrize(("code", "language"), PAGES)


@cache
def page(code: str, language: str) -> Page:
    return pathway_page(country(code), language, DAY)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).replace(" :", ":").strip()


@cache
def said(code: str, language: str) -> str:
    """The page as it is read out, line after line."""
    return squeezed(" ".join(each.text for each in page(code, language).lines))


def texts(found: Country) -> list[Text]:
    told = [found.names, found.mechanism.text]
    for law in found.laws:
        told += [law.titles, law.about, *(each.text for each in law.articles)]
    for body in found.bodies:
        told += [body.names, body.role]
    for step in found.pathway:
        told += [each for each in (step.texts, step.who, step.within, step.cautions) if each]
    for line in found.hotlines:
        told += [line.operator, line.purpose]
    return told + [each.text for each in found.gaps]


def marked(found: Country, language: str) -> list[tuple[Fact, str]]:
    """Facts with the words that their mark follows."""
    rows: list[tuple[Fact, str]] = [(found.mechanism, found.mechanism.text[language])]
    rows += [(each, each.about[language]) for each in found.laws]
    rows += [(each, each.role[language]) for each in found.bodies]
    rows += [(each, each.texts[language]) for each in found.pathway]
    rows += [(each, f"{hotline_text(each, language)}.") for each in found.hotlines]
    return rows


@every_page
def test_every_word_of_the_package_stands_on_the_page(code: str, language: str) -> None:
    missing = [
        each[language]
        for each in texts(country(code))
        if squeezed(each[language]) not in said(code, language)
    ]
    assert missing == []


@every_page
def test_every_number_stands_with_its_state(code: str, language: str) -> None:
    for line in country(code).hotlines:
        after = said(code, language).split(squeezed(line.number), 1)[1]
        state = squeezed(hotline_text(line, language))
        assert state[1:] in after[:400]


@every_page
def test_every_fact_carries_its_mark_and_the_number_of_its_source(code: str, language: str) -> None:
    lines = page(code, language).lines
    titles = {
        lines[place].text: squeezed(lines[place + 1].paragraph)
        for place in range(len(lines) - 1)
        if re.fullmatch(r"\[\d+\]", lines[place].text)
    }
    for fact, words in marked(country(code), language):
        after = re.escape(squeezed(words)[1:]) + r" (○|●) (\[\d+\])"
        found = re.findall(after, said(code, language))
        mark = "●" if fact.verified else "○"
        title = squeezed(fact.source.title).rstrip(" .")
        assert any(each == mark and titles[of].startswith(title) for each, of in found), words


@every_page
def test_what_is_not_known_is_said(code: str, language: str) -> None:
    unknown = {"ar": "غير معروف", "fr": "non connu", "en": "not known"}[language]
    found = country(code)
    least = sum((each.who is None) + (each.within is None) for each in found.pathway)
    assert said(code, language).lower().count(unknown) >= least + len(found.gaps)


@every_page
def test_nothing_leaves_the_page(code: str, language: str) -> None:
    for each in page(code, language).boxes:
        assert each.x >= MARGIN - 0.5 and each.x + each.width <= WIDE - MARGIN + 0.5
        assert each.y >= MARGIN - 0.5 and each.y + each.height <= HIGH - MARGIN + 0.5


@every_page
def test_no_line_stands_over_another(code: str, language: str) -> None:
    def over(one: Line, other: Line) -> bool:
        across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
        down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
        return across > 0.5 and down > 0.5

    lines = page(code, language).lines
    assert [(a.text, b.text) for a, b in combinations(lines, 2) if over(a, b)] == []


@every_page
def test_everything_can_be_read_with_the_eyes(code: str, language: str) -> None:
    for each in page(code, language).lines:
        note = each.style.role is Role.NOTE or each.paragraph.startswith(("Sources", "المصادر"))
        assert each.style.size >= (LEAST_SMALL if note else LEAST_BODY)


@every_page
def test_lines_start_where_the_language_starts(code: str, language: str) -> None:
    lines = page(code, language).lines
    headings = [each for each in lines if each.style.role in (Role.TITLE, Role.HEADING)]
    title = headings[0]
    if language == "ar":
        assert title.x + title.width == pytest.approx(WIDE - MARGIN)
        assert {each.rtl for each in headings} == {True}
    else:
        assert title.x == pytest.approx(MARGIN)
        assert not any(each.rtl for each in lines)


@every_page
def test_adult_and_child_are_told_apart(code: str, language: str) -> None:
    words = {
        "adult": {"ar": "بالغ", "fr": "adulte", "en": "adult"},
        "child": {"ar": "طفل", "fr": "enfant", "en": "child"},
        "all": {"ar": "الجميع", "fr": "tous", "en": "everyone"},
    }
    badges = {each[language] for each in words.values()}
    seen = [each.text for each in page(code, language).lines if each.paragraph in badges]
    assert seen == [words[each.population][language] for each in country(code).pathway]


def test_a_verified_fact_is_marked_as_one_and_names_who_answers_for_it() -> None:
    found = country("TN")
    line = evolve(
        found.hotlines[0], verified=True, verified_by="Fictional Office", verified_on="2026-12-01"
    )
    words = squeezed(
        " ".join(
            each.text for each in pathway_page(evolve(found, hotlines=(line,)), "en", DAY).lines
        )
    )
    assert "Verified by Fictional Office on 2026-12-01. ● [" in words
    assert "● verified by: Fictional Office (2026-12-01)" in words


def verified(fact: Fact) -> Any:
    office = "Fictional Ministry of Justice, Department of Cooperation"
    return evolve(fact, verified=True, verified_by=office, verified_on="2026-12-01")


@every_page
def test_a_page_still_fits_once_every_fact_is_verified(code: str, language: str) -> None:
    found = country(code)
    sure = evolve(
        found,
        laws=tuple(map(verified, found.laws)),
        bodies=tuple(map(verified, found.bodies)),
        mechanism=verified(found.mechanism),
        pathway=tuple(map(verified, found.pathway)),
        hotlines=tuple(map(verified, found.hotlines)),
    )
    words = squeezed(" ".join(each.text for each in pathway_page(sure, language, DAY).lines))
    assert words.count("● [") == len(tuple(found.facts()))


def changed(words: str) -> Country:
    found = country("LY")
    step = evolve(found.pathway[0], texts=dict.fromkeys(LANGUAGES, words))
    return evolve(found, pathway=(step, *found.pathway[1:]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("word " * 900, PaperFullError),
        ("word " * 400_000, PaperFullError),
        ("كلمة " * 900, PaperFullError),
        ("w" * 5_000, PaperWidthError),
        ("ش" * 90, PaperWidthError),
        ("turn \u202e around", PaperTextError),
        ("two\nlines", PaperTextError),
        ("nothing\x00", PaperTextError),
        ("half \ud83d", PaperTextError),
        ("smile \U0001f600", PaperTextError),
    ],
)
def test_hostile_words_are_refused_by_name(
    words: str, error: type[PaperError], language: str
) -> None:
    with pytest.raises(error):
        pathway_pdf(changed(words), language, DAY)


def test_what_does_not_fit_is_told_where_to_shorten() -> None:
    with pytest.raises(PaperFullError, match=r"LY.*pathway\.1"):
        pathway_page(changed("word " * 900), "en", DAY)


def test_a_longer_package_is_set_smaller_but_still_on_one_page() -> None:
    body = {each.style.size for each in page("LY", "en").lines}
    longer = pathway_page(changed("a longer step " * 25), "en", DAY)
    assert max(each.style.size for each in longer.lines) < max(body)


def test_no_page_in_a_language_there_is_not() -> None:
    with pytest.raises(PaperError, match="no page in 'de'"):
        pathway_page(country("TN"), "de", DAY)
