"""Words that every screen of practice shares: who the person is, what they reply, what counts."""

from collections.abc import Iterable

from attrs import frozen

from mobile.flows.labels import SEXES, label
from mobile.locale import Words
from protocols.practice.case import PracticeCase
from protocols.practice.feedback import Counts
from protocols.screening.assessment import dimension_text, indicator_text
from protocols.screening.model import Kind, Question, Voice
from protocols.screening.raised import parts_of


@frozen
class Reply:
    """What the case's person says at a question, or what there is to see. `text` is in the
    screening's language, `title` in the phone's."""

    title: str
    text: str


NO_REPLY = Reply("", "")


def practice_text(words: Words) -> str:
    """What stands on every screen of practice."""
    return words("Practice: nothing of this is sent")


def person_text(words: Words, case: PracticeCase) -> str:
    """Sex, age and nationality in a row."""
    person = case.person
    sex = label(words, SEXES, person.sex.value)
    age = words.plural("{n} year old", "{n} years old", person.age)
    if person.nationality is None:
        return words.list((sex, age, words("nationality not known")))
    country = words.country(person.nationality)
    return words.list((sex, age, words("nationality: {country}", country=country)))


def reply_to(words: Words, case: PracticeCase, question: Question, language: str) -> Reply:
    """The person's own words where the case has them, else those of the answer, else that none
    comes. It never says which choice fits."""
    if question.kind is Kind.NOTICE:
        return NO_REPLY
    seen = question.voice is Voice.WORKER
    name = case.person.name[words.language]
    title = words("What you see and know") if seen else words("{name} answers", name=name)
    if question.key in case.says:
        return Reply(title, case.says[question.key][language])
    if question.key in case.answers:
        return Reply(title, answer_words(question, case, language))
    if seen:
        return Reply(title, words("The case says nothing about this."))
    return Reply(title, words("No answer comes."))


def answer_words(question: Question, case: PracticeCase, language: str) -> str:
    """The scripted answer in the words of its choices; empty for none."""
    value = case.answers.get(question.key)
    return "" if value is None else choice_words(question, map(str, parts_of(value)), language)


def choice_words(question: Question, parts: Iterable[str], language: str) -> str:
    """Answers as a question words them, one a line."""
    chosen = [(each, question.choice(each)) for each in parts]
    return "\n".join(each.text[language] if each else part for part, each in chosen)


def sign_text(words: Words, indicator: str) -> str:
    """A sign, "dimension.key", after the dimension it belongs to."""
    dimension = dimension_text(indicator.partition(".")[0], words.language)
    return words("{name}: {value}", name=dimension, value=indicator_text(indicator, words.language))


def signs_text(words: Words, counts: Counts) -> str:
    """How many of the signs were noticed: a count, never a score."""
    if not counts.signs:
        return words("There was no sign to notice")
    return words.plural(
        "{noticed} of {n} sign noticed",
        "{noticed} of {n} signs noticed",
        counts.signs,
        noticed=words.number(counts.noticed),
    )


def share(part: int, whole: int) -> float:
    """How much of a bar is filled; whole where there is nothing to fill it with."""
    return part / whole if whole else 1.0
