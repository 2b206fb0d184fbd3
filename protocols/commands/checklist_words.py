"""The few words that `amana checklist show` adds to a checklist's own, in its three languages.

Our own words, unreviewed by native readers.
"""

from attrs import frozen

from protocols.screening.conditions import (
    All,
    Answered,
    AnyOf,
    Condition,
    Equals,
    Greater,
    Includes,
    Not,
    in_words,
)


@frozen
class _Words:
    judges: str
    only_if: str
    both: str
    either: str
    denied: str
    equals: str
    includes: str
    answered: str


_WORDS = {
    "ar": _Words(
        judges="(يُقدَّر ولا يُسأل عنه)",
        only_if="فقط إذا",
        both=" و",
        either=" أو ",
        denied="ليس صحيحًا أن ",
        equals="{} هو «{}»",
        includes="{} يشمل «{}»",
        answered="{} له جواب",
    ),
    "fr": _Words(
        judges="(à apprécier, sans poser la question)",
        only_if="seulement quand",
        both=" et ",
        either=" ou ",
        denied="il n'est pas vrai que ",
        equals="{} est « {} »",
        includes="{} comprend « {} »",
        answered="{} a une réponse",
    ),
}


def worker_judges(language: str) -> str:
    """Marks a question that the worker answers from what they see."""
    return _WORDS[language].judges if language in _WORDS else "(the worker judges)"


def only_if(condition: Condition, language: str) -> str:
    """When a question is shown, on one line: `only if pay is "late"`. Keys stay as they are."""
    words = _WORDS.get(language)
    if words is None:
        return f"only if {in_words(condition)}"
    return f"{words.only_if} {_said(condition, words)}"


def _said(condition: Condition, words: _Words) -> str:
    if isinstance(condition, All):
        return words.both.join(_bracketed(each, words) for each in condition.parts)
    if isinstance(condition, AnyOf):
        return words.either.join(_bracketed(each, words) for each in condition.parts)
    if isinstance(condition, Not):
        return f"{words.denied}{_bracketed(condition.part, words)}"
    if isinstance(condition, Answered):
        return words.answered.format(condition.question)
    if isinstance(condition, Equals | Includes):
        pattern = words.equals if isinstance(condition, Equals) else words.includes
        return pattern.format(condition.question, condition.value)
    sign = ">" if isinstance(condition, Greater) else "<"
    return f"{condition.question} {sign} {condition.than}"


def _bracketed(condition: Condition, words: _Words) -> str:
    said = _said(condition, words)
    return f"({said})" if isinstance(condition, All | AnyOf) else said
