"""The demo speaks three languages, completely, and says only what it has words for."""

import re
from io import StringIO
from pathlib import Path
from string import Formatter

import pytest
from rich.console import Console

import mobile.commands.demo
import mobile.commands.demonstration
from mobile.commands.demonstration.narration import LANGUAGES, Narrator, load_words

HERE = Path(mobile.commands.demonstration.__file__).parent
SAID = re.compile(r"""tell\.(?:words|act|done|turned|note)\(\s*"(\w+)\"""")


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(load_words()))
def test_each_sentence_is_there_in_each_language_with_the_same_values(key):
    words = load_words()[key]
    assert sorted(words) == sorted(LANGUAGES)
    assert all(text.strip() for text in words.values())
    assert len({frozenset(placeholders(text)) for text in words.values()}) == 1


def test_every_sentence_that_the_demo_says_has_words():
    sources = [*HERE.glob("*.py"), Path(mobile.commands.demo.__file__)]
    said = {key for each in sources for key in SAID.findall(each.read_text(encoding="utf-8"))}
    assert len(said) > 30
    assert said <= load_words().keys()


def test_values_are_shown_as_they_are_and_not_taken_for_markup():
    out = StringIO()
    tell = Narrator(Console(file=out, width=200), "en")
    tell.done("accepted", name="[bold]a shelter[/] with {braces}")
    assert "[bold]a shelter[/] with {braces}" in out.getvalue()
