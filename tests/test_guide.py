"""docs/guide tells people what to press and type: what it names exists, and tests play it."""

import re
import shlex
from pathlib import Path

import click
import pytest

from protocols.commands import amana
from tests.test_house import HOUSE

GUIDE = HOUSE / "docs" / "guide"
PAGES = sorted(each for each in GUIDE.glob("*.md") if each.name != "README.md")
TEST = re.compile(r"`(tests/[a-z_/0-9]+\.py)(?:::(test_[a-z_0-9]+))?`")
CODE = re.compile(r"```[a-z]*\n(.*?)```|`(amana [^`]+)`", re.DOTALL)
NAMED = pytest.mark.parametrize("page", PAGES, ids=lambda each: each.stem)


def commands(text: str) -> list[str]:
    """Every `amana …` of the page, a line each; lines that end in a backslash go on."""
    found = []
    for block, inline in CODE.findall(text):
        lines = (block or inline).replace("\\\n", " ").splitlines()
        found += [each.strip().removeprefix("$ ") for each in lines]
    return [each for each in found if each.startswith("amana ")]


def unknown_in(line: str) -> str | None:
    """What of a command line does not exist: a command or an option; None where all does."""
    words = shlex.split(line.partition(" #")[0].replace("…", ""))[1:]
    command: click.Command = amana
    while words and isinstance(command, click.Group):
        if words[0].startswith("-"):
            break
        name = words.pop(0)
        below = command.get_command(click.Context(command), name)
        if below is None:
            return name
        command = below
    known = {text for each in command.params for text in (*each.opts, *each.secondary_opts)}
    options = [each.partition("=")[0] for each in words if each.startswith("--")]
    return next((each for each in options if each not in {*known, "--help"}), None)


def test_there_are_pages_and_each_is_listed() -> None:
    listed = (GUIDE / "README.md").read_text(encoding="utf-8")
    assert len(PAGES) >= 8
    assert [each.name for each in PAGES if f"({each.name})" not in listed] == []


@NAMED
def test_what_a_page_says_is_played_by_tests(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "\nShown by:" in text, "name the tests that play it"
    named = TEST.findall(text.partition("\nShown by:")[2])
    assert named
    for path, name in named:
        source = (HOUSE / path).read_text(encoding="utf-8")
        assert not name or re.search(rf"^def {name}\(", source, re.MULTILINE), f"{path} {name}"


@NAMED
def test_commands_and_options_exist(page: Path) -> None:
    wrong = {
        line: unknown
        for line in commands(page.read_text(encoding="utf-8"))
        if (unknown := unknown_in(line))
    }
    assert wrong == {}


@NAMED
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [each for each in links if not (page.parent / each).exists()] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert unknown_in("amana programme approve --invitation x --code 1") is None
    assert unknown_in("amana programme approove") == "approove"
    assert unknown_in("amana audit verify export.jsonl --rot root.json") == "--rot"
