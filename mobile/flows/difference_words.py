"""One answer that differs from the case's, in words: what was said, chosen, and would fit."""

from collections.abc import Callable, Iterable

from attrs import frozen

from mobile.flows.labels import service_title
from mobile.flows.next_steps import window_text
from mobile.flows.practising import answer_words, choice_words, sign_text
from mobile.locale import Words
from protocols.practice.case import PracticeCase
from protocols.practice.feedback import Difference, Feedback, Standing, Why
from protocols.screening.assessment import finding_title, form_text
from protocols.screening.model import Checklist, Question, Voice
from protocols.screening.vocabulary import split
from protocols.screening.words import sign_text as unodc_text


@frozen
class DifferenceView:
    """`missed`, `added`: the signs and findings that hang on it, in words; `said`, `chosen` and
    `fitting` are (title, text), the text empty where there is none; `because`: why it was not
    asked; `listed`: missed and added are to be told apart under their titles."""

    question: str
    said: tuple[str, str]
    chosen: tuple[str, str]
    fitting: tuple[str, str]
    because: str
    missed: tuple[str, ...]
    added: tuple[str, ...]
    missed_title: str
    added_title: str
    listed: bool


def difference_view(
    words: Words,
    case: PracticeCase,
    checklist: Checklist,
    feedback: Feedback,
    difference: Difference,
) -> DifferenceView:
    """The difference in the phone's language."""
    question, language = checklist.by_key[difference.question], words.language
    says = difference.says[language] if difference.says else ""
    noticed = {each.indicator for each in feedback.signs if each.standing is Standing.AGREES}
    missed = _points(words, (*difference.missed, *_signs(feedback, difference)), noticed)
    added = _points(words, difference.added, noticed)
    return DifferenceView(
        question=question.text[language],
        said=(_said_title(words, case, question), says or _fitting(words, case, question)),
        chosen=(words("You chose"), choice_words(question, difference.chosen, language)),
        fitting=(words("What fits"), _fitting(words, case, question)),
        because=_because(words, checklist, difference),
        missed=missed,
        added=added,
        missed_title=words("Missed"),
        added_title=words("Not shown by the person"),
        listed=difference.safety or bool(missed and added),
    )


def _said_title(words: Words, case: PracticeCase, question: Question) -> str:
    if question.voice is Voice.WORKER:
        return words("What there was to see")
    return words("{name} said", name=case.person.name[words.language])


def _fitting(words: Words, case: PracticeCase, question: Question) -> str:
    found = answer_words(question, case, words.language)
    return found or words("No answer comes.")


def _signs(feedback: Feedback, difference: Difference) -> Iterable[str]:
    """Missed signs that stand on this answer together with others."""
    return (
        each.indicator
        for each in feedback.signs
        if each.standing is Standing.MISSED and difference in feedback.about(each)
    )


def _points(words: Words, raised: Iterable[str], noticed: set[str]) -> tuple[str, ...]:
    """What an answer raises, in words; signs that another answer showed all the same left out."""
    language = words.language
    say: dict[str, Callable[[str], str]] = {
        "indicator": lambda value: sign_text(words, value),
        "need": lambda value: words("Need: {need}", need=service_title(words, value)),
        "finding": lambda value: finding_title(value, language),
        "form": lambda value: form_text(value, language),
        "window": lambda value: window_text(words, value),
        "sign": lambda value: unodc_text(value, language),
    }
    parts = (split(each) for each in raised if each not in noticed)
    return tuple(dict.fromkeys(say[prefix](value) for prefix, value in parts))


def _because(words: Words, checklist: Checklist, difference: Difference) -> str:
    hidden = [checklist.by_key[each].text[words.language] for each in difference.hidden_by]
    if difference.why is Why.HIDDEN and hidden:
        return words(
            "Not asked, because of your answer to: {questions}", questions=" ".join(hidden)
        )
    told = {
        Why.OTHERWISE: "",
        Why.SKIPPED: words("You passed this question over."),
        Why.HIDDEN: words("Not asked, because of earlier answers."),
        Why.STOPPED: words("Not asked: you stopped before it."),
        Why.NOT_REACHED: words("Not asked yet."),
        Why.NOT_SAID: words("The person gave no answer to this."),
    }
    return told[difference.why]
