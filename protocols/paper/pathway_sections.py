"""The sections of a country's page: steps, lines to call, bodies, laws, and what is not known."""

from collections.abc import Iterator

from attrs import frozen

from protocols.countries.model import (
    Article,
    Basis,
    Body,
    Country,
    Fact,
    Hotline,
    Law,
    Missing,
    PathwayStep,
    Population,
)
from protocols.countries.words import hotline_text
from protocols.paper.citations import UNVERIFIED, VERIFIED, Citations
from protocols.paper.pieces import Piece, Span, Style, beside, paragraph, space, stack
from protocols.paper.setting import Setting, rule
from protocols.paper.typeface import NBSP
from protocols.paper.words import ARTICLES, LANGUAGE_NAMES, WORDS


@frozen
class Sections:
    """Builds the sections of one country at one size, citing as it goes."""

    country: Country
    setting: Setting
    citations: Citations

    def word(self, key: str) -> str:
        """A word of the page in its language."""
        return WORDS[key][self.setting.language]

    def principle(self, wide: float) -> Piece:
        """How to treat the person, and what the marks mean."""
        meanings = (
            f"{UNVERIFIED} {self.word('unverified')}",
            f"{VERIFIED} {self.word('is_verified')}",
            f"[1] {self.word('source_number')}",
        )
        marks = " · ".join(meanings)
        words = self.setting.text(self.word("principle"), wide, bold=True)
        return stack((words, self.setting.text(marks, wide)), self.setting.body * 0.25)

    def pathway(self, wide: float) -> Piece:
        """What the steps rest on, then the steps."""
        rows: list[Piece] = [self._mechanism(wide)]
        for step in self.country.pathway:
            rows += [rule(wide), self._step(step, wide)]
        head = self.setting.heading(self.word("pathway"), wide)
        return stack((head, stack(rows, self.setting.gap)))

    def hotlines(self, wide: float) -> Piece:
        """Numbers to call, each with whether anybody verified it."""
        inside = self.setting.inside(wide)
        lines = [self._hotline(each, inside) for each in self.country.hotlines]
        rows = [*lines, *self._gap(Missing.HOTLINES, inside)]
        head = self.setting.heading(self.word("hotlines"), inside)
        return self.setting.box(stack((head, stack(rows, self.setting.body * 0.7))), wide)

    def coordinating(self, wide: float) -> Piece:
        """Who coordinates."""
        rows = [self._body(each, wide) for each in self.country.bodies if each.coordinates]
        return self._section(
            "coordinating", [*rows, *self._gap(Missing.COORDINATING_BODY, wide)], wide
        )

    def bodies(self, wide: float) -> Piece | None:
        """Who else has a part; None where nobody is known."""
        rows = [self._body(each, wide) for each in self.country.bodies if not each.coordinates]
        return self._section("bodies", rows, wide) if rows else None

    def reflection(self, wide: float) -> Piece:
        """The recovery and reflection period, or that it is not known."""
        rows = self._gap(Missing.REFLECTION_PERIOD, wide)
        period = self.country.reflection_period
        if period is not None:
            days = self.word("days").format(days=period.days)
            about = self._told(period.about[self.setting.language], period)
            rows.append(self.setting.text([Span(days, True), *about], wide))
        return self._section("reflection", rows, wide)

    def languages(self, wide: float) -> Piece:
        """The languages with a standing in public offices."""
        names = [
            LANGUAGE_NAMES.get(each, {}).get(self.setting.language, each)
            for each in self.country.languages
        ]
        comma = "، " if self.setting.rtl else ", "
        spoken = tuple(each for each in self.country.places if "languages" in (each.note or ""))
        mark = self.citations.cite_sources(spoken or self.country.places)
        text = self.setting.text(_marked(comma.join(names), mark), wide)
        return self._section("languages", [text], wide)

    def laws(self, wide: float) -> Piece:
        """Laws with the articles that were read."""
        rows = self._gap(Missing.SPECIFIC_LAW, wide)
        rows += [self._law(each, wide) for each in self.country.laws]
        return self._section("laws", rows, wide)

    def _section(self, key: str, rows: list[Piece], wide: float) -> Piece:
        head = self.setting.heading(self.word(key), wide)
        return stack((head, stack(rows, self.setting.gap)))

    def _gap(self, missing: Missing, wide: float) -> list[Piece]:
        told = [each.text for each in self.country.gaps if each.missing is missing]
        head = f"{self.word('not_known')}."
        return [
            self.setting.warning([Span(head, True), Span(each[self.setting.language])], wide)
            for each in told
        ]

    def _mechanism(self, wide: float) -> Piece:
        found = self.country.mechanism
        basis = Span(self.word(found.basis.value), True)
        spans = [basis, *self._told(found.text[self.setting.language], found)]
        if found.basis is Basis.NATIONAL:
            return self.setting.text(spans, wide)
        rows = [self.setting.warning(spans, wide), *self._gap(Missing.NATIONAL_PATHWAY, wide)]
        return stack(rows, self.setting.body * 0.4)

    def _step(self, step: PathwayStep, wide: float) -> Piece:
        setting, language = self.setting, self.setting.language
        indent, gap = setting.body * 2.5, setting.body * 0.8
        whom = setting.badge(
            self.word(step.population.value), dark=step.population is Population.CHILD
        )
        inside = wide - indent
        told = [*self._told(step.texts[language], step)]
        part = [*self._who(step), *self._within(step)]
        if setting.dense:
            told, part = [*told, *part], []
        top = setting.text(told, inside - whom.width - gap)
        rows = [beside(top, whom, inside - whom.width)]
        if part:
            rows.append(setting.text(part, inside))
        if step.cautions is not None:
            head = Span(self.word("caution"), True)
            rows.append(setting.warning([head, Span(step.cautions[language])], inside))
        return beside(setting.disc(step.order), stack(rows, setting.body * 0.2), indent)

    def _who(self, step: PathwayStep) -> Iterator[Span]:
        yield Span(self.word("who"), True, held=True)
        known = step.who
        yield Span((known[self.setting.language] if known else self.word("not_known_who")) + ".")

    def _within(self, step: PathwayStep) -> Iterator[Span]:
        yield Span(self.word("within"), True, held=True)
        known = step.within
        text = known[self.setting.language] if known else self.word("not_known_within")
        yield Span(f"{text}.")

    def _hotline(self, line: Hotline, wide: float) -> Piece:
        setting, language = self.setting, self.setting.language
        big = Style(setting.body * 1.75, True, leading=1.3)
        number = paragraph([Span(line.number, True, held=True)], wide, big, setting.rtl)
        free = {True: "free", False: "not_free", None: "free_not_known"}[line.free]
        purpose = f"{line.purpose[language]} ({self.word(free)})."
        state = Span(_capital(f"{hotline_text(line, language)}."), True)
        mark = Span(self.citations.cite(line), held=True)
        rows = (
            number,
            setting.text(line.operator[language], wide, bold=True),
            setting.text(purpose, wide),
            setting.warning([state, mark], wide),
        )
        return stack(rows)

    def _body(self, body: Body, wide: float) -> Piece:
        colon = " :" if self.setting.language == "fr" else ":"
        name = Span(f"{body.names[self.setting.language]}{colon}", True)
        return self.setting.text([name, *self._told(body.role[self.setting.language], body)], wide)

    def _law(self, law: Law, wide: float) -> Piece:
        language, setting = self.setting.language, self.setting
        name = Span(f"{law.titles[language]}.", True)
        told = [name, *self._told(law.about[language], law)]
        articles = [self._article(each) for each in law.articles]
        if setting.dense:
            return setting.text([*told, *(span for each in articles for span in each)], wide)
        inside = wide - setting.body
        rows = [setting.text(told, wide)]
        rows += [beside(space(0), setting.text(each, inside), setting.body) for each in articles]
        return stack(rows, setting.body * 0.12)

    def _article(self, article: Article) -> list[Span]:
        form = self.word("article")
        if self.setting.language == "ar":
            form = ARTICLES.get(self.country.code, form)
        head = Span(form.format(number=article.number), True, held=True)
        return [head, Span(article.text[self.setting.language])]

    def _told(self, text: str, fact: Fact) -> Iterator[Span]:
        yield Span(_marked(text, self.citations.cite(fact)))


def _marked(text: str, mark: str) -> str:
    """The mark keeps to its number and to the last word of its fact."""
    return f"{text}{NBSP}{mark.replace(' ', NBSP)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
