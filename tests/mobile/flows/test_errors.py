"""Every refusal that can reach a phone has words of its own, in every language."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import mobile
import protocols
from mobile.casework.errors import NotAllowedNowError
from mobile.casework.views import Problem as Noted
from mobile.flows.error_words import BY_CODE, UNKNOWN
from mobile.flows.errors import explain, explain_code, explain_problem
from mobile.locale import LANGUAGES, words
from mobile.sync.errors import RefusedError
from mobile.vault.errors import LockedOutError, WrongPinError
from protocols.errors import AmanaError
from protocols.messages import Problem
from protocols.referral.lifecycle import RULES, StepRefusedError

ROOT = Path(__file__).resolve().parents[3]
NOT_ON_A_PHONE = (
    "mobile.commands",
    "mobile.screens",
    "mobile.widgets",
    "protocols.commands",
    "protocols.exchange",
    "protocols.paper",
)
NEVER_SHOWN = {
    "mobile.app",
    "mobile.cover",
    "mobile.theme",
}
"""Modules of the interface itself: they raise nothing of their own."""
SERVER_ONLY = re.compile(r"backend/commands/")


def phone_modules():
    for package in (protocols, mobile):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(NOT_ON_A_PHONE) and found.name not in NEVER_SHOWN:
                yield found.name


def all_errors():
    for name in phone_modules():
        importlib.import_module(name)
    found, todo = set(), [AmanaError]
    while todo:
        kind = todo.pop()
        found.add(kind)
        todo += kind.__subclasses__()
    return {
        each
        for each in found
        if each.__module__.startswith(("protocols.", "mobile."))
        and not each.__module__.startswith(NOT_ON_A_PHONE)
    }


def server_codes():
    """The codes in the backend's own files, read as text: backend is not imported here."""
    for path in sorted((ROOT / "backend").rglob("*.py")):
        if not SERVER_ONLY.search(path.as_posix()):
            yield from re.findall(r'^    code = "([a-z_]+)"', path.read_text(), re.MULTILINE)


def test_every_error_of_protocols_and_mobile_has_words():
    missing = {each.code: each.__qualname__ for each in all_errors() if each.code not in BY_CODE}
    assert missing == {}


def test_every_code_that_the_server_may_answer_has_words():
    codes = set(server_codes())
    assert "timeline_moved" in codes
    assert codes - set(BY_CODE) == set()


def test_every_rule_of_the_lifecycle_has_words():
    assert set(RULES) - set(BY_CODE) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_end_as_sentences_and_hold_no_code_or_placeholder(language):
    say = words(language)
    for code in BY_CODE:
        text = explain_code(say, code)
        assert text.endswith((".", "؟")), code
        assert not re.search(r"[{}_]", text), code


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_words_are_not_english(language):
    say, english = words(language), words("en")
    assert all(explain_code(say, each) != explain_code(english, each) for each in BY_CODE)


def test_an_unknown_code_is_named_so_that_it_can_be_reported():
    text = explain_code(words("en"), "from_the_future")
    assert text.startswith(UNKNOWN)
    assert "(from_the_future)" in text


@pytest.mark.parametrize("code", ["Call +999 now", "a" * 60, "a_b_c_d_e_f_g_h", "", "اتصلوا"])
def test_what_is_no_code_is_not_shown(code):
    text = explain_code(words("en"), code)
    assert text.startswith(UNKNOWN)
    assert "(" not in text


def test_a_wrong_pin_says_how_long_to_wait_and_what_is_left():
    english = words("en")
    assert explain(english, WrongPinError(0, 9)) == "The PIN is wrong. 9 tries are left."
    assert explain(english, WrongPinError(60, 1)) == (
        "The PIN is wrong. 1 try is left. Wait 1 minute before the next try."
    )
    assert explain(english, LockedOutError(90)) == "Wait 1 minute before the next try."
    assert "محاولتان" in explain(words("ar"), WrongPinError(0, 2))


def test_the_server_s_and_the_lifecycle_s_reason_decide_the_words():
    english = words("en")
    refused = RefusedError(Problem("t", 409, "d", "invitation_used", "a"))
    assert explain(english, refused) == english(BY_CODE["invitation_used"])
    late = StepRefusedError("deadline_passed", "accepted", None)
    assert explain(english, late) == explain(english, NotAllowedNowError(late))
    assert explain(english, late) == english(BY_CODE["deadline_passed"])
    assert explain_problem(english, Noted("offline", "d")) == english(BY_CODE["offline"])
