"""A case in the reader's words: whatever another phone put in is shown, and nothing breaks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.flows.case_words import case_sections
from mobile.locale import LANGUAGES, words
from tests.mobile.flows.checklists import ID, everything


def nothing(checklist, version):
    """No checklist is here."""
    return


def made(checklist, version):
    """The fictional checklist, in the first version only."""
    return everything() if (checklist, version) == (ID, 1) else None


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each, max_size=3)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(
    ["identity", "contact", "needs", "findings", "answers", "health", "notes", "unheard_of"]
)
NAMES = st.sampled_from(
    ["name", "sex", "age", "languages", "services", "kind", "text", "question", "value", "asked"]
)
ODD = PLAIN | st.lists(st.dictionaries(NAMES, PLAIN, max_size=4), max_size=3)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KINDS, ODD | st.dictionaries(NAMES, PLAIN, max_size=4), max_size=4))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_content_breaks_the_screen(language, content):
    for section in case_sections(words(language), content, made):
        assert section.title
        assert all(isinstance(line, str) for line in section.lines)


def test_codes_are_said_in_words_and_kinds_keep_their_order(english):
    found = case_sections(
        english,
        {
            "unheard_of": {"x": 1},
            "needs": {"services": ["shelter", "teleport"], "urgency": "urgent", "families": True},
            "identity": {"nationality": "SD", "languages": ["ti", "xx"], "sex": "female"},
            "contact": {"place": "Sfax"},
        },
        nothing,
    )
    assert [each.title for each in found] == [
        "Who the person is",
        "How to reach the person",
        "What help is needed",
        "unheard_of",
    ]
    assert found[0].lines == ("Sex: Female", "Nationality: Sudan", "Languages: Tigrinya, xx")
    assert found[2].lines == (
        "Services: Shelter, teleport",
        "Urgency: Urgent",
        "Has children along: Yes",
    )
    assert found[3].lines == ("x: 1",)


@pytest.mark.parametrize(
    ("named", "line"),
    [
        (f"{ID}/1", "papers taken"),
        (f"{ID}/2", "fr:papers fr:taken"),
        (f"{ID}/1.0", "fr:papers fr:taken"),
        (f"{ID}/{10**20}", "fr:papers fr:taken"),
        ("elsewhere-adult/1", "fr:papers fr:taken"),
        ("", "fr:papers fr:taken"),
        (7, "fr:papers fr:taken"),
    ],
)
def test_answers_of_another_edition_are_shown_as_they_were_asked(english, named, line):
    answer = {
        "checklist": named,
        "question": "papers",
        "value": "taken",
        "asked": "fr:papers",
        "answer": "fr:taken",
    }
    assert case_sections(english, {"answers": [answer]}, made)[0].lines == (line,)


def test_a_finding_is_said_in_the_reader_s_language():
    text = {"ar": "fictional ar", "fr": "fictional fr", "en": "fictional en"}
    finding = {"kind": "emergency", "forms": ["forced_begging"], "text": text}
    line = case_sections(words("fr"), {"findings": [finding]}, nothing)[0].lines[0]
    assert line.endswith("fictional fr")
    assert line.startswith("Urgence")
    both = {**finding, "forms": ["sexual", "labour", "unheard_of"]}
    line = case_sections(words("fr"), {"findings": [both]}, nothing)[0].lines[0]
    assert "Exploitation sexuelle" in line
    assert "Exploitation par le travail" in line
    odd = case_sections(words("fr"), {"findings": [{"kind": "not_a_victim"}]}, nothing)[0].lines[0]
    assert "not_a_victim" in odd
