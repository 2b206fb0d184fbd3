"""UNODC's signs, the instruments that forms cite, and what both do to findings."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import Assessment, assess_answers, findings_of_set
from protocols.screening.dimensions import assess_indicators
from protocols.screening.errors import UnknownReferenceError, UnknownWordsError
from protocols.screening.findings import Finding, Ground, findings_of
from protocols.screening.instruments import instruments, source_of_finding, source_of_form
from protocols.screening.model import LANGUAGES
from protocols.screening.raised import AnswerRef, Raised
from protocols.screening.tables import DIMENSIONS, references
from protocols.screening.unodc import sign_of, sign_references, signs_seen, unodc
from protocols.screening.vocabulary import FORMS, PREFIXES, SHOWN_BY_AN_ANSWER
from protocols.screening.words import form_rule, ic_tip, sign_text, texts
from tests.protocols.screening.fictional import plain, question_of, read

ADULT = {"age_group": "adult"}


def raises(*signs: str, choice: int = 2) -> Any:
    """The fictional checklist, whose `made_to.other` raises these."""
    file = plain()
    question_of(file, "made_to")["choices"][choice]["raises"] = list(signs)
    return read(file)


def reasons(assessed: Assessment, kind: str) -> dict[str, Any]:
    finding = next(each for each in assessed.findings if each.kind == kind)
    return {each.rule: each for each in finding.reasons}


def test_every_sign_is_fed_by_what_exists_and_has_words() -> None:
    known = references("adult-labour") | references("child-sexual") | set(DIMENSIONS)
    known |= {f"form:{each}" for each in FORMS}
    for sector in unodc().sectors.values():
        assert set(sector.applies_with or ()) <= known
        assert set(sector.text) == set(LANGUAGES)
        assert sector.read_at.startswith("http") and sector.how_read
        for sign in sector.signs:
            assert set(sign.fed_by) <= known
            assert all(sign.text[each].strip() for each in LANGUAGES)
    assert len(set(sign_references())) == len(sign_references())
    assert PREFIXES["sign"] == sign_references()
    assert unodc().weights is None
    assert sign_of("general.mystery") is None
    with pytest.raises(UnknownWordsError, match="no sign"):
        sign_text("mystery.fear", "en")


def test_a_sector_is_fed_only_where_it_applies_and_raised_always() -> None:
    locked = "coercion_at_destination.isolation_confinement_surveillance"
    assert set(signs_seen([locked], (), False)) == {"general"}
    worked = signs_seen([locked, "exploitation.hazardous_work"], (), False)
    assert set(worked) == {"general", "labour_exploitation"}
    child = signs_seen(["exploitation.hazardous_work"], (), True)
    assert "children.unsuitable_work" in child["children"]
    raised = signs_seen([], ["labour_exploitation.no_wage_records"], False)
    assert raised == {
        "labour_exploitation": {
            "labour_exploitation.no_wage_records": ("sign:labour_exploitation.no_wage_records",)
        }
    }


def test_a_sign_alone_is_a_need_for_protection_with_its_source_and_never_more() -> None:
    found = assess_answers(raises("sign:general.fear"), {**ADULT, "made_to": ["other"]})
    assert [(each.kind, each.forms, each.unconfirmed) for each in found.findings] == [
        ("other_protection_need", (), True)
    ]
    reason = reasons(found, "other_protection_need")["unodc_signs"]
    assert reason.names == ("general.fear",)
    assert reason.answers == (AnswerRef("made_to", "other"),)
    assert "UNODC" in reason.source
    for language in LANGUAGES:
        assert sign_text("general.fear", language) in reason.text[language]
    assert found.urgency == "routine"


def test_a_sign_that_another_finding_shows_already_makes_none_of_its_own() -> None:
    checklist = raises("sign:general.fear", "finding:smuggling_aggravated")
    found = assess_answers(checklist, {**ADULT, "made_to": ["other"]})
    assert [each.kind for each in found.findings] == ["smuggling_aggravated"]
    assert reasons(found, "smuggling_aggravated")["unodc_signs"].names == ("general.fear",)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(references("adult-labour"))), unique=True, max_size=8),
    st.lists(st.sampled_from(FORMS[:-1]), unique=True, max_size=2),
    st.lists(st.sampled_from(sign_references()), unique=True, max_size=4),
)
def test_signs_change_no_finding_of_exploitation(
    indicators: list[str], forms: list[str], signs: list[str]
) -> None:
    sets = (assess_indicators("adult-labour", indicators),)

    def found(*seen: str) -> dict[str, Finding]:
        raised = Raised(
            indicators={each: (AnswerRef("i", each),) for each in indicators},
            forms={each: (AnswerRef("f", each),) for each in forms},
            signs={each: (AnswerRef("s", each),) for each in seen},
        )
        return {each.kind: each for each in findings_of(Ground(sets, raised, False))}

    before, after = found(), found(*signs)
    assert set(before) - {"no_indicators_now"} <= set(after)
    assert set(after) - set(before) <= {"other_protection_need"}
    for kind, finding in before.items():
        if kind != "no_indicators_now":
            assert after[kind].forms == finding.forms
            assert {each.rule for each in finding.reasons} <= {
                each.rule for each in after[kind].reasons
            }
    said = {name for each in after.values() for r in each.reasons for name in r.names}
    assert set(signs) <= said


def test_every_form_and_shown_finding_cites_texts_and_says_whether_they_were_read() -> None:
    known = instruments().instruments
    assert {each.read for each in known.values()} == {"reproduction", "no"}
    assert all((each.where is None) == (each.read == "no") for each in known.values())
    assert set(instruments().forms) == {*FORMS, "labour", "sexual"} == set(texts("forms"))
    assert set(instruments().findings) == set(SHOWN_BY_AN_ANSWER)
    assert "1956" in source_of_form("forced_marriage")
    assert "No. 182" in source_of_form("child_recruitment")
    assert "article 6 (3)" in source_of_finding("smuggling_aggravated")
    for form in FORMS:
        assert set(form_rule(form) or ()) == set(LANGUAGES)
        assert ic_tip(form) is None


@pytest.mark.parametrize("form", [each for each in FORMS if each != "child_recruitment"])
def test_a_form_named_says_by_which_text_and_without_a_means_what_is_missing(form: str) -> None:
    checklist = raises(f"form:{form}")
    alone = assess_answers(checklist, {**ADULT, "made_to": ["other"]})
    rules = reasons(alone, "other_protection_need")
    assert set(rules) >= {"form_named", "form_without_means"}
    assert rules["form_named"].source == source_of_form(form)
    assert rules["form_named"].names == (form,)
    assert alone.findings[0].ic_tip == {form: None}
    assert "seen" in alone.findings[0].would_change
    held = assess_answers(checklist, {**ADULT, "made_to": ["other"], "seen": ["papers"]})
    assert held.findings[0].kind == "trafficking_indicated"
    assert held.findings[0].forms == (form,)
    assert "form_without_means" not in reasons(held, "trafficking_indicated")


def test_recruitment_of_children_is_for_childrens_checklists_alone() -> None:
    with pytest.raises(UnknownReferenceError, match="children only"):
        raises("form:child_recruitment")
    file = plain()
    question_of(file, "made_to")["choices"][2]["raises"] = ["form:child_recruitment"]
    file["id"], file["population"] = "fictional-child", "child"
    file["sets"] = [{"name": "child-labour", "coverage": "gate"}]
    question_of(file, "made_to")["choices"][1]["raises"] = []
    found = assess_answers(read(file), {"made_to": ["other"]})
    assert found.findings[0].forms == ("child_recruitment",)
    assert (found.needs, found.urgency) == (("child_protection",), "urgent")


def test_each_of_the_eleven_is_named_with_its_answers() -> None:
    file = plain()
    found = assess_answers(
        read(file), {**ADULT, "works": "yes", "hours": 90, "pay": "little", "seen": ["papers"]}
    )
    finding = next(each for each in found.findings if each.kind == "forced_labour_indicated")
    named = {each.names: each.answers for each in finding.reasons if each.rule == "ilo_eleven"}
    assert named == {
        ("retention_of_identity_documents",): (AnswerRef("seen", "papers"),),
        ("withholding_of_wages",): (AnswerRef("pay", "little"),),
        ("excessive_overtime",): (AnswerRef("hours", "90"),),
    }


def test_signs_beside_an_answer_that_shows_a_need_are_listed_with_it() -> None:
    checklist = raises("finding:other_protection_need")
    found = assess_answers(checklist, {**ADULT, "made_to": ["other"], "seen": ["papers"]})
    rules = reasons(found, "other_protection_need")
    assert set(rules) == {
        "shown_by_an_answer",
        "signs_short_of_a_rule",
        "ilo_eleven",
        "unodc_signs",
    }


def test_no_work_no_forced_labour() -> None:
    """A marriage or an operation under pressure, and sexual exploitation that is only awaited."""
    checklist = raises("deceptive_recruitment.wages_or_earnings", "form:organ_removal")
    answers = {**ADULT, "made_to": ["other"], "seen": ["papers", "locked"]}
    kinds = {each.kind for each in assess_answers(checklist, answers).findings}
    assert kinds == {"trafficking_indicated"}
    awaited = raises("deceptive_recruitment.wages_or_earnings", "exploitation.sexual_exploitation")
    kinds = {each.kind for each in assess_answers(awaited, answers).findings}
    assert kinds == {"trafficking_indicated"}
    worked = {**answers, "works": "yes", "pay": "little"}
    kinds = {each.kind for each in assess_answers(checklist, worked).findings}
    assert "forced_labour_indicated" in kinds
    by_hand = findings_of_set(
        assess_indicators(
            "adult-labour",
            ["coercion_at_destination.confiscation_of_documents", "job_nature_location_employer"],
        )
    )
    assert "forced_labour_indicated" in {each.kind for each in by_hand}


def test_what_is_shown_for_want_of_an_answer_says_so_and_goes_with_it() -> None:
    file = plain()
    file["combinations"].append(
        {
            "key": "no_age",
            "when": {"not": {"answered": "age_group"}},
            "raises": ["finding:other_protection_need"],
        }
    )
    checklist = read(file)
    found = assess_answers(checklist, {"danger": "no"})
    assert set(reasons(found, "other_protection_need")) == {"shown_by_a_missing_answer"}
    assert "age_group" in found.findings[0].would_change
    assert assess_answers(checklist, ADULT).findings[0].kind == "no_indicators_now"


def test_not_said_is_a_missing_answer() -> None:
    file = plain()
    question_of(file, "made_to")["choices"][2]["key"] = "not_said"
    found = assess_answers(read(file), {**ADULT, "made_to": ["not_said"]})
    assert "made_to" in found.findings[0].would_change
