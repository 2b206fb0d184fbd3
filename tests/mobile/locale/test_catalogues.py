"""The catalogues are in step with the code, whole, and compiled."""

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
catalogues = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(catalogues)

PLACES = re.compile(r"\{(\w*)\}")
SAID_BY_THE_FORM = {"n"}
"""Arabic's forms for one and two say the number in the word itself."""


@pytest.fixture(scope="module")
def fresh():
    return catalogues.template()


def catalogue(language, fresh):
    return catalogues.updated(language, fresh)


def forms(message):
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return ids, strings


def test_the_code_says_something(fresh):
    assert len(fresh) > 300


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_po_and_mo_are_in_step(language, fresh):
    """Run python tools/catalogues.py when this fails."""
    found = catalogue(language, fresh)
    assert (catalogues.LOCALE / f"{language}.po").read_bytes() == catalogues.as_po(found)
    assert (catalogues.LOCALE / f"{language}.mo").read_bytes() == catalogues.as_mo(found)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_nothing_is_untranslated_or_doubtful(language, fresh):
    assert catalogues.untranslated(catalogue(language, fresh)) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_places_for_values_agree(language, fresh):
    for message in catalogue(language, fresh):
        if not message.id:
            continue
        ids, strings = forms(message)
        wanted = Counter(PLACES.findall(ids[-1]))
        for form in strings:
            held = Counter(PLACES.findall(form))
            missing = set(wanted) - set(held)
            assert missing <= (SAID_BY_THE_FORM if len(ids) > 1 else set()), message.id
            assert set(held) <= set(wanted), message.id


@pytest.mark.parametrize(("language", "count"), [("ar", 6), ("fr", 2)])
def test_plurals_have_every_form_of_the_language(language, count, fresh):
    plurals = [each for each in catalogue(language, fresh) if isinstance(each.id, tuple | list)]
    assert plurals
    assert all(len(each.string) == count for each in plurals)


def test_only_the_words_for_one_two_and_none_may_leave_the_number_out(fresh):
    for message in catalogue("ar", fresh):
        if isinstance(message.id, tuple | list):
            assert all("{n}" in form for form in message.string[3:]), message.id


def test_arabic_is_in_arabic_letters_and_french_has_its_spaces(fresh):
    for message in catalogue("ar", fresh):
        for form in forms(message)[1] if message.id else ():
            bare = PLACES.sub("", form)
            assert not re.search(r"[A-Za-zА-я]", bare), form
    for message in catalogue("fr", fresh):
        for form in forms(message)[1] if message.id else ():
            assert not re.search(r"\w[?!;»]|«\w", form), form


def test_what_a_new_text_looks_like(tmp_path):
    code = tmp_path / "sample.py"
    code.write_text(
        'words("one")\nsay.plural("{n} a", "{n} b", 2)\nT = {"k": mark("two")}\nf(say)\n'
    )
    rule = tmp_path / "sample.kv"
    rule.write_text("Label:\n    text: app.words('three')\n")
    assert list(catalogues.messages_in(code)) == ["one", ("{n} a", "{n} b"), "two"]
    assert list(catalogues.messages_in(rule)) == ["three"]
