"""The next steps of a country's pathway, and the time limits that medicine sets, in words."""

from mobile.flows.parts import Row
from mobile.locale import Words
from protocols.countries.country import country
from protocols.countries.model import PathwayStep


def step_rows(words: Words, code: str, population: str) -> tuple[Row, ...]:
    """The steps for an "adult" or a "child" in that country, in order, each with who, within what
    time and what to beware of, as far as known."""
    return tuple(_step(words, each) for each in country(code).steps(population))


def mechanism_text(words: Words, code: str) -> str:
    """What the steps rest on, and how much of it is known."""
    return country(code).mechanism.text[words.language]


def _step(words: Words, step: PathwayStep) -> Row:
    language = words.language
    who = step.who[language] if step.who else words("who does it is not known")
    within = step.within[language] if step.within else ""
    cautions = step.cautions[language] if step.cautions else ""
    lines = (who, within, cautions)
    mark = "" if step.verified else words("not verified")
    return Row(str(step.order), step.texts[language], "\n".join(filter(None, lines)), mark)


def window_text(words: Words, window: str) -> str:
    """A medical deadline, as a sentence."""
    if window == "within_72_hours":
        return words(
            "Medical care is needed within 72 hours of what happened, the sooner the better."
        )
    if window == "within_120_hours":
        return words(
            "Medical care is needed within 120 hours of what happened, the sooner the better."
        )
    return window
