"""Every refusal in words that say what to do, by its stable code."""

from datetime import timedelta

from mobile.casework.errors import NotAllowedNowError
from mobile.casework.views import Problem
from mobile.flows.error_words import ADVICE, BY_CODE, UNKNOWN
from mobile.locale import Words
from mobile.sync.errors import RefusedError
from mobile.vault.errors import LockedOutError, WrongPinError
from protocols.errors import AmanaError
from protocols.referral.lifecycle import StepRefusedError


def explain(words: Words, error: AmanaError) -> str:
    """What was refused and what to do next, for the person who holds the phone."""
    if isinstance(error, WrongPinError):
        left = words.plural("{n} try is left.", "{n} tries are left.", error.tries_left)
        first = words("The PIN is wrong.")
        return f"{first} {left} {wait(words, error.wait_seconds)}".strip()
    if isinstance(error, LockedOutError):
        return wait(words, error.wait_seconds)
    if isinstance(error, NotAllowedNowError | StepRefusedError):
        return explain_code(words, error.rule)
    if isinstance(error, RefusedError):
        return explain_code(words, error.problem.code)
    return explain_code(words, error.code)


def explain_problem(words: Words, problem: Problem) -> str:
    """The same for a problem that a sync or the outbox noted."""
    return explain_code(words, problem.code)


def explain_code(words: Words, code: str) -> str:
    """The words of one code; a code that this app does not know is named, so that it can be
    reported."""
    text = BY_CODE.get(code)
    return words(text) if text is not None else f"{words(UNKNOWN)} {words(ADVICE)} ({code})"


def wait(words: Words, seconds: int) -> str:
    """How long to wait before the next PIN; empty for no wait."""
    if seconds <= 0:
        return ""
    return words(
        "Wait {time} before the next try.", time=words.duration(timedelta(seconds=seconds))
    )
