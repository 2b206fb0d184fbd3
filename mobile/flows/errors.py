"""Every refusal in words that say what to do, by its stable code."""

import re
from datetime import timedelta

from mobile.casework.errors import NotAllowedNowError
from mobile.casework.views import Problem
from mobile.flows.error_words import ADVICE, BY_CODE, UNKNOWN
from mobile.flows.refusals import NotAsCopiedError
from mobile.locale import Words
from mobile.sync.errors import RefusedError
from mobile.vault.errors import (
    LockedOutError,
    RecoveryError,
    SheetOfAnotherSetError,
    SheetTwiceError,
    SheetWordUnknownError,
    SheetWordWrongError,
    WrongPinError,
)
from protocols.errors import AmanaError
from protocols.referral.lifecycle import StepRefusedError

_CODE = re.compile("[a-z]+(_[a-z]+){0,5}")
_LONGEST_CODE = 40


def explain(words: Words, error: AmanaError) -> str:
    """What was refused and what to do next, for the person who holds the phone."""
    if isinstance(error, WrongPinError):
        left = words.plural("{n} try is left.", "{n} tries are left.", error.tries_left)
        first = words("The PIN is wrong.")
        return f"{first} {left} {wait(words, error.wait_seconds)}".strip()
    if isinstance(error, LockedOutError):
        return wait(words, error.wait_seconds)
    if isinstance(error, RecoveryError | NotAsCopiedError):
        return _of_a_sheet(words, error)
    if isinstance(error, NotAllowedNowError | StepRefusedError):
        return explain_code(words, error.rule)
    if isinstance(error, RefusedError):
        return explain_code(words, error.problem.code)
    return explain_code(words, error.code)


def _of_a_sheet(words: Words, error: RecoveryError | NotAsCopiedError) -> str:
    """With the word or the sheet that is meant, where it is known."""
    if isinstance(error, NotAsCopiedError):
        place = words.number(error.position)
        return words("Word {number} is not as it was shown. Look at the words again.", number=place)
    if isinstance(error, SheetWordUnknownError):
        return words(
            "Word {number} is none of the list: {word}. Look at the sheet again.",
            number=words.number(error.position),
            word=latin(words, error.typed),
        )
    if isinstance(error, SheetWordWrongError) and error.position is not None:
        return words(
            "Word {number} does not fit: {word}. Compare it with the sheet, and enter it again.",
            number=words.number(error.position),
            word=latin(words, error.word or ""),
        )
    if isinstance(error, SheetOfAnotherSetError):
        return words(
            "This sheet begins with {name}, but the sheets of this phone begin with {expected}. It"
            " is older, or of another phone, or one of its first two words is wrong.",
            name=latin(words, error.name),
            expected=latin(words, error.expected),
        )
    if isinstance(error, SheetTwiceError):
        return words(
            "Sheet {number} was entered already. Take another colleague's sheet.",
            number=words.number(error.number),
        )
    return explain_code(words, error.code)


def latin(words: Words, text: str) -> str:
    """Words of a sheet inside a sentence: in quotes, and from left to right in Arabic too."""
    return words("“{quoted}”", quoted=f"\u2066{text}\u2069")


def explain_problem(words: Words, problem: Problem) -> str:
    """The same for a problem that a sync or the outbox noted."""
    return explain_code(words, problem.code)


def explain_code(words: Words, code: str) -> str:
    """The words of one code; a code that this app does not know is named, so that it can be
    reported, unless it is none: a server must not put words of its own on the screen."""
    text = BY_CODE.get(code)
    if text is not None:
        return words(text)
    unknown = f"{words(UNKNOWN)} {words(ADVICE)}"
    return f"{unknown} ({code})" if _is_code(code) else unknown


def _is_code(text: str) -> bool:
    return len(text) <= _LONGEST_CODE and _CODE.fullmatch(text) is not None


def wait(words: Words, seconds: int) -> str:
    """How long to wait before the next PIN; empty for no wait."""
    if seconds <= 0:
        return ""
    return words(
        "Wait {time} before the next try.", time=words.duration(timedelta(seconds=seconds))
    )
