"""Findings by worked examples, by an oracle written a second time, and by what must always hold."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.screening.assessment import (
    AnswerRef,
    Assessment,
    answer_text,
    assess,
    assess_answers,
    assess_indicators,
    dimension_text,
    finding_title,
    findings_of_set,
    form_text,
    indicator_text,
)
from protocols.screening.checklist import available, load
from protocols.screening.errors import AnswerError, InterviewError, UnknownWordsError
from protocols.screening.interview import Interview
from protocols.screening.model import LANGUAGES, Checklist, Kind
from protocols.screening.open_questions import is_missing
from protocols.screening.tables import SETS, indicator_set, references
from protocols.screening.vocabulary import FINDINGS, FORMS, NEEDS
from protocols.screening.words import PARTS, finding_words, rule_words, set_text, texts
from tests.protocols.screening.fictional import answers_to, plain, question_of, read, walked

FICTIONAL = read(plain())
CHECKLISTS = {each.id: each for each in (FICTIONAL, *(load(each) for each in available()))}
ADULT = {"age_group": "adult"}
EXPLOITED = {"works": "yes", "hours": 90, "pay": "little"}
HELD = {"seen": ["papers", "locked"]}


def kinds(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    return {each.kind: each.forms for each in assessment.findings}


def named(assessment: Assessment, kind: str) -> Any:
    return next(each for each in assessment.findings if each.kind == kind)


def by_hand(name: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(references(name))), unique=True, max_size=14)


def positive_by_hand(name: str, there: set[str]) -> dict[str, bool]:
    """The published rule once more, counted from the tables in another way."""
    found = {}
    for dimension, indicators in indicator_set(name).dimensions.items():
        here = [each.strength for each in indicators if f"{dimension}.{each.key}" in there]
        if name.endswith("sexual"):
            found[dimension] = len(here) > 0
            continue
        points = {"strong": 0, "medium": 0, "weak": 0}
        for each in here:
            points[str(each)] += 1
        if points["strong"] > 1 or points["medium"] > 2:
            found[dimension] = True
        elif points["strong"] == 1:
            found[dimension] = len(here) > 1
        else:
            found[dimension] = points["medium"] == 2 and points["weak"] > 0
    return found


PRESSURE = {
    "isolation_confinement_surveillance": "movement",
    "violence_on_victim": "violence",
    "violence_on_family": "violence",
    "threats_of_violence": "threats",
    "threat_of_denunciation_to_authorities": "threats",
    "threat_of_worse_working_conditions": "threats",
    "threat_to_inform_family_community_public": "threats",
    "confiscation_of_documents": "papers",
    "withholding_of_money": "wages",
    "withholding_of_wages": "wages",
    "debt_bondage": "debt",
}
NOT_AGREED = {
    "excessive_working_days_or_hours": "overtime",
    "bad_living_conditions": "conditions",
    "very_bad_working_conditions": "conditions",
    "hazardous_work": "conditions",
}
DECEIVED_BUT_NOT_ABOUT_WORK = (
    "family_reunification",
    "promise_of_marriage_or_adoption",
    "access_to_education",
)


def forced_labour_by_hand(there: set[str]) -> bool:
    """Menace, work not agreed to, and work: the Convention's definition once more."""
    menace, unfree, work = set(), set(), False
    for each in there:
        dimension, _, key = each.partition(".")
        if dimension.startswith("coerci"):
            menace |= {PRESSURE[key]} if key in PRESSURE else set()
            unfree |= {"debt"} if key == "debt_bondage" else set()
            unfree |= {key} if key.startswith(("forced_tasks", "forced_illicit")) else set()
        if dimension.startswith("deceptive") and key not in DECEIVED_BUT_NOT_ABOUT_WORK:
            unfree.add("deception")
        if dimension == "exploitation" and key in NOT_AGREED:
            unfree.add(NOT_AGREED[key])
        at_work = dimension.endswith("at_destination") or dimension == "exploitation"
        work = work or (at_work and key != "no_access_to_education")
    return work and any(one != other for one in menace for other in unfree)


@pytest.mark.parametrize("name", SETS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_dimensions_and_findings_are_those_of_the_rule_written_a_second_time(
    name: str, data: st.DataObject
) -> None:
    there = data.draw(by_hand(name))
    assessed = assess_indicators(name, there)
    positive = positive_by_hand(name, set(there))
    assert assessed.positive == positive
    found = {each.kind: each for each in findings_of_set(assessed)}
    means = any(positive[each] for each in positive if each != "exploitation")
    child, sexual = name.startswith("child"), name.endswith("sexual")
    trafficking = positive["exploitation"] and (child or means)
    assert ("trafficking_indicated" in found) is trafficking
    assert ("labour_rights_violation" in found) is (
        positive["exploitation"] and not trafficking and not sexual
    )
    assert ("forced_labour_indicated" in found) is (
        not sexual and forced_labour_by_hand(set(there))
    )
    if trafficking:
        assert found["trafficking_indicated"].forms == (name.split("-")[1],)
        assert found["trafficking_indicated"].unconfirmed is sexual
    if any(positive.values()) and not sexual:
        assert "no_indicators_now" not in found


@pytest.mark.parametrize("name", SETS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_another_indicator_never_turns_a_positive_dimension_negative(
    name: str, data: st.DataObject
) -> None:
    there = data.draw(by_hand(name))
    more = data.draw(by_hand(name))
    before = assess_indicators(name, there)
    after = assess_indicators(name, [*there, *more])
    assert all(after.positive[each] for each, yes in before.positive.items() if yes)
    if "trafficking_indicated" in {each.kind for each in findings_of_set(before)}:
        assert "trafficking_indicated" in {each.kind for each in findings_of_set(after)}


@pytest.mark.parametrize(
    ("name", "there", "expected"),
    [
        ("adult-labour", "", {"no_indicators_now": ()}),
        (
            "adult-labour",
            "exploitation.excessive_working_days_or_hours,low_or_no_salary",
            {"labour_rights_violation": ("labour",)},
        ),
        (
            "adult-labour",
            "excessive_working_days_or_hours,low_or_no_salary,job_nature_location_employer,"
            "wages_or_earnings",
            {"trafficking_indicated": ("labour",)},
        ),
        (
            "adult-labour",
            "excessive_working_days_or_hours,hazardous_work,difficult_family_situation,"
            "irregular_status,lack_of_information",
            {"trafficking_indicated": ("labour",)},
        ),
        (
            "adult-labour",
            "excessive_working_days_or_hours,hazardous_work,debt_bondage,violence_on_victim",
            {"trafficking_indicated": ("labour",), "forced_labour_indicated": ("labour",)},
        ),
        ("adult-labour", "confiscation_of_documents", {"other_protection_need": ()}),
        ("adult-labour", "low_or_no_salary,hazardous_work", {"other_protection_need": ()}),
        (
            "adult-labour",
            "difficult_family_situation,irregular_status,lack_of_information",
            {"other_protection_need": ()},
        ),
        ("adult-labour", "lack_of_information", {"no_indicators_now": ()}),
        ("adult-labour", "access_to_education,no_access_to_education", {"no_indicators_now": ()}),
        (
            "adult-labour",
            "coercion_at_destination.threat_to_inform_family_community_public",
            {"other_protection_need": ()},
        ),
        (
            "child-labour",
            "excessive_working_days_or_hours,no_access_to_education",
            {"trafficking_indicated": ("labour",)},
        ),
        ("child-labour", "hazardous_work,no_access_to_education", {"other_protection_need": ()}),
        ("child-sexual", "sexual_exploitation", {"trafficking_indicated": ("sexual",)}),
        ("adult-sexual", "sexual_exploitation", {"other_protection_need": ("sexual",)}),
        (
            "adult-sexual",
            "sexual_exploitation,debt_bondage",
            {"trafficking_indicated": ("sexual",)},
        ),
    ],
)
def test_worked_examples_of_one_set(
    name: str, there: str, expected: dict[str, tuple[str, ...]]
) -> None:
    found = findings_of_set(assess_indicators(name, [key for key in there.split(",") if key]))
    assert {each.kind: each.forms for each in found} == expected
    order = [FINDINGS.index(each.kind) for each in found]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (ADULT, {"no_indicators_now": ()}),
        ({**ADULT, **EXPLOITED}, {"labour_rights_violation": ("labour",)}),
        (
            {**ADULT, **EXPLOITED, **HELD},
            {"trafficking_indicated": ("labour",), "forced_labour_indicated": ("labour",)},
        ),
        (
            {**ADULT, **EXPLOITED, **HELD, "danger": "yes"},
            {
                "emergency": (),
                "trafficking_indicated": ("labour",),
                "forced_labour_indicated": ("labour",),
            },
        ),
        ({**ADULT, "made_to": ["beg"]}, {"other_protection_need": ("forced_begging",)}),
        (
            {**ADULT, "made_to": ["beg"], "seen": ["papers"]},
            {"trafficking_indicated": ("forced_begging",)},
        ),
        ({**ADULT, "made_to": ["sex"]}, {"other_protection_need": ("sexual",)}),
        (
            {**ADULT, "made_to": ["sex"], "seen": ["locked"]},
            {"trafficking_indicated": ("sexual",)},
        ),
        (
            {**ADULT, **EXPLOITED, "seen": ["papers"], "made_to": ["sex"]},
            {
                "trafficking_indicated": ("sexual",),
                "forced_labour_indicated": ("labour",),
                "labour_rights_violation": ("labour",),
            },
        ),
        (
            {**ADULT, **EXPLOITED, **HELD, "made_to": ["beg", "sex"]},
            {
                "trafficking_indicated": ("labour", "sexual", "forced_begging"),
                "forced_labour_indicated": ("labour",),
            },
        ),
    ],
)
def test_worked_examples_of_an_interview(
    answers: dict[str, Any], expected: dict[str, tuple[str, ...]]
) -> None:
    found = assess_answers(FICTIONAL, answers)
    assert kinds(found) == expected
    assert found.population == "adult"


@pytest.mark.parametrize("age", [{"age_group": "child"}, {"age_group": "unsure"}, {}])
def test_a_child_and_an_unknown_age_need_no_means(age: dict[str, str]) -> None:
    found = assess_answers(FICTIONAL, {**EXPLOITED, **age}, skipped=["age_group"])
    trafficking = named(found, "trafficking_indicated")
    assert found.population == "child"
    assert "child_protection" in found.needs
    assert {each.rule for each in trafficking.reasons} >= {
        "child_exploitation_alone",
        "treated_as_child",
    }
    assert trafficking.text == finding_words("trafficking_indicated", "child")
    assert [each.population for each in found.sets] == ["child", "adult", "child", "adult"]


def test_an_age_question_not_reached_treats_as_a_child_but_calls_nobody_in() -> None:
    found = assess(Interview.start(FICTIONAL).put("danger", "yes").stop("not_safe"))
    assert found.population == "child"
    assert found.needs == ("safety_protection",)


def test_an_age_that_no_gate_speaks_of_is_a_childs_until_it_is_answered() -> None:
    file = plain()
    gate = question_of(file, "age_group")["gates"][0]
    gate["when"] = {"equals": {"question": "age_group", "value": "child"}}
    checklist = read(file)
    assert assess_answers(checklist, EXPLOITED).population == "child"
    assert assess_answers(checklist, EXPLOITED, skipped=["age_group"]).population == "child"
    assert assess_answers(checklist, {**EXPLOITED, **ADULT}).population == "adult"
    assert assess_answers(checklist, {**EXPLOITED, "age_group": "child"}).population == "child"


def test_a_notice_counts_as_read_and_its_gate_hides_what_follows() -> None:
    file = plain()
    gate = {**question_of(file, "private")["gates"][0], "key": "stop_here"}
    gate["when"] = {"equals": {"question": "private", "value": "unknown"}}
    question_of(file, "explain")["gates"] = [gate]
    answers = {**ADULT, **EXPLOITED, **HELD}
    checklist = read(file)
    assert kinds(assess_answers(checklist, {**answers, "private": "unknown"})) == {
        "no_indicators_now": ()
    }
    assert "trafficking_indicated" in kinds(assess_answers(checklist, answers))


def test_an_unknown_age_is_told_as_what_could_change_the_finding() -> None:
    unknown = named(assess_answers(FICTIONAL, EXPLOITED), "trafficking_indicated")
    assert "age_group" in unknown.would_change
    known = assess_answers(FICTIONAL, {**EXPLOITED, **ADULT})
    assert "age_group" not in named(known, "labour_rights_violation").would_change


def test_work_alone_says_nothing_of_sexual_exploitation() -> None:
    found = assess_answers(FICTIONAL, {**ADULT, **EXPLOITED, **HELD})
    sexual = next(each for each in found.sets if each.set == "adult-sexual")
    assert not sexual.exploited
    assert sexual.dimension("exploitation").indicators == ()
    assert sexual.positive["coercion_at_destination"]


def test_what_rests_on_unconfirmed_strengths_says_so() -> None:
    sexual = assess_answers(FICTIONAL, {**ADULT, "made_to": ["sex"], **HELD})
    finding = named(sexual, "trafficking_indicated")
    assert finding.unconfirmed
    assert "palermo_elements" in {each.rule for each in finding.reasons}
    both = assess_answers(FICTIONAL, {**ADULT, **EXPLOITED, **HELD, "made_to": ["sex"]})
    assert not named(both, "trafficking_indicated").unconfirmed


def test_a_reason_names_its_answers_its_indicators_and_its_source() -> None:
    found = assess_answers(FICTIONAL, {**ADULT, **EXPLOITED, **HELD})
    reasons = {each.rule: each for each in named(found, "trafficking_indicated").reasons}
    assert reasons["two_strong"].answers == (
        AnswerRef("seen", "papers"),
        AnswerRef("seen", "locked"),
    )
    assert reasons["two_strong"].indicators == (
        "coercion_at_destination.confiscation_of_documents",
        "coercion_at_destination.isolation_confinement_surveillance",
    )
    assert reasons["one_strong_and_another"].answers == (
        AnswerRef("hours", "90"),
        AnswerRef("pay", "little"),
    )
    assert "WCMS_105023" in reasons["two_strong"].source
    assert "article 3" in reasons["adult_exploitation_and_means"].source
    for language in LANGUAGES:
        assert (
            dimension_text("coercion_at_destination", language)
            in (reasons["two_strong"].text[language])
        )


def test_a_combination_raises_on_all_its_answers() -> None:
    found = assess_answers(FICTIONAL, {**ADULT, "works": "yes", "pay": "kept", "seen": ["locked"]})
    labour = next(each for each in found.sets if each.set == "adult-labour")
    threats = next(
        each
        for each in labour.dimension("coercion_at_destination").indicators
        if each.key == "threats_of_violence"
    )
    assert threats.answers == (AnswerRef("pay", "kept"), AnswerRef("seen", "locked"))
    assert threats.strength == "medium"


def test_needs_windows_and_urgency() -> None:
    calm = assess_answers(FICTIONAL, {**ADULT, "wants": ["lawyer", "bed"]})
    assert (calm.needs, calm.windows, calm.urgency) == (("shelter", "legal_aid"), (), "routine")
    held = assess_answers(FICTIONAL, {**ADULT, **EXPLOITED, **HELD})
    assert (held.needs, held.urgency) == (("safety_protection",), "urgent")
    soon = assess_answers(FICTIONAL, {**ADULT, "made_to": ["sex"]})
    assert (soon.windows, soon.urgency) == (("within_72_hours",), "urgent")
    now = assess_answers(FICTIONAL, {**ADULT, "danger": "yes"})
    assert now.urgency == "immediate"


def test_a_missing_answer_is_no_no() -> None:
    asked = [each.key for each in FICTIONAL.questions if each.kind is not Kind.NOTICE]
    nos = {
        "private": "yes",
        "danger": "no",
        "age_group": "adult",
        "seen": ["nothing"],
        "works": "no",
        "made_to": ["other"],
        "wants": ["bed"],
    }
    said = named(assess_answers(FICTIONAL, nos), "no_indicators_now")
    assert said.would_change == ()
    assert said.text == finding_words("no_indicators_now")
    silent = named(assess_answers(FICTIONAL, ADULT, skipped=asked), "no_indicators_now")
    assert silent.would_change == ("danger", "seen", "made_to")
    assert silent.text == finding_words("no_indicators_now", "open")
    unknown = named(assess_answers(FICTIONAL, {**nos, "danger": "unknown"}), "no_indicators_now")
    assert unknown.would_change == ("danger",)


def test_open_questions_that_together_could_change_nothing_are_not_named() -> None:
    nos = {**ADULT, "danger": "no", "seen": ["nothing"], "made_to": ["other"]}
    works = {**nos, "works": "yes", "hours": 70, "pay": "fair"}
    found = assess_answers(FICTIONAL, works)
    assert named(found, "no_indicators_now").would_change == ("tired",)
    emergency = assess_answers(FICTIONAL, {**nos, "danger": "yes"})
    assert named(emergency, "emergency").would_change == ()


def test_what_is_settled_asks_for_nothing_more() -> None:
    found = assess_answers(FICTIONAL, {**ADULT, **EXPLOITED, **HELD})
    assert named(found, "trafficking_indicated").would_change == ("made_to",)
    assert named(found, "forced_labour_indicated").would_change == ()
    labour = assess_answers(FICTIONAL, {**ADULT, **EXPLOITED, "made_to": ["other"]})
    assert named(labour, "labour_rights_violation").would_change == ("seen", "tired")
    seen = assess_answers(
        FICTIONAL, {**ADULT, **EXPLOITED, "made_to": ["other"], "seen": ["nothing"]}
    )
    assert named(seen, "labour_rights_violation").would_change == ()


def test_values_are_checked_and_unknown_questions_refused() -> None:
    with pytest.raises(AnswerError):
        assess_answers(FICTIONAL, {"pay": "gold"})
    with pytest.raises(InterviewError, match="mood"):
        assess_answers(FICTIONAL, {"mood": "low"})
    with pytest.raises(InterviewError, match="mood"):
        assess_answers(FICTIONAL, {}, skipped=["mood"])


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_assessing_is_a_function_of_what_counts(data: st.DataObject) -> None:
    checklist = CHECKLISTS[data.draw(st.sampled_from(sorted(CHECKLISTS)))]
    answers = data.draw(answers_to(checklist))
    interview = walked(checklist, answers)
    found = assess(interview)
    # hidden answers never count
    hidden = assess_answers(checklist, {**answers, **interview.answers}, interview.skipped)
    visible = assess_answers(checklist, interview.answers, interview.skipped)
    assert hidden.findings == visible.findings
    assert kinds(found) == kinds(visible)
    # the order of answers never matters
    order = data.draw(st.permutations(list(answers)))
    assert assess_answers(checklist, {key: answers[key] for key in order}) == assess_answers(
        checklist, answers
    )
    # stopping takes nothing back
    assert assess(interview.stop("person_wishes")) == found


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_answered_the_assessment_keeps_its_promises(data: st.DataObject) -> None:
    checklist = CHECKLISTS[data.draw(st.sampled_from(sorted(CHECKLISTS)))]
    answers = data.draw(answers_to(checklist))
    found = assess_answers(checklist, answers)
    assert found.findings
    order = [FINDINGS.index(each.kind) for each in found.findings]
    assert order == sorted(set(order))
    assert set(found.needs) <= set(NEEDS)
    assert len(set(found.needs)) == len(found.needs)
    assert found.urgency in ("immediate", "urgent", "routine")
    if "no_indicators_now" in kinds(found):
        assert list(kinds(found)) == ["no_indicators_now"]
    for finding in found.findings:
        assert set(finding.text) == set(LANGUAGES)
        assert finding.reasons
        for reason in finding.reasons:
            assert reason.source
            assert all(reason.text[each] for each in LANGUAGES)
            for ref in reason.answers:
                assert ref.question in answers
                assert all(answer_text(checklist, ref, each) for each in LANGUAGES)
        for key in finding.would_change:
            assert is_missing(
                checklist.by_key[key].accept(answers[key]) if key in answers else None
            )


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_another_observation_never_turns_a_dimension_negative(data: st.DataObject) -> None:
    answers = {**data.draw(answers_to(FICTIONAL)), "age_group": "adult"}
    seen = [each for each in answers.get("seen", ()) if each != "nothing"]
    more = {**answers, "seen": sorted({*seen, "papers", "locked", "housing"})}
    if answers.get("private") == "no":
        return
    before, after = assess_answers(FICTIONAL, answers), assess_answers(FICTIONAL, more)
    for one, other in zip(before.sets, after.sets, strict=True):
        assert all(other.positive[each] for each, yes in one.positive.items() if yes)


def test_a_checklist_without_ages_keeps_its_own_population() -> None:
    file = plain()
    question_of(file, "age_group")["gates"] = []
    assert assess_answers(read(file), EXPLOITED).population == "adult"


def test_every_indicator_dimension_form_finding_and_rule_has_words() -> None:
    for language in LANGUAGES:
        for name in SETS:
            assert set_text(name, language).strip()
            for reference in references(name):
                dimension, _, key = reference.partition(".")
                assert indicator_text(reference, language) == indicator_text(key, language)
                assert dimension_text(dimension, language).strip()
        for kind in FINDINGS:
            assert finding_title(kind, language).strip()
        for form in (*FORMS, "labour", "sexual"):
            assert form_text(form, language).strip()
        for branch in texts("rules"):
            assert "{" not in rule_words(branch, dimension="exploitation", form="labour")[language]
    keys = {reference.partition(".")[2] for name in SETS for reference in references(name)}
    assert set(texts("indicators")) == keys
    assert set(texts("findings")) == set(FINDINGS)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    return [] if value is None else [value]


def test_no_words_ever_say_that_somebody_is_not_a_victim() -> None:
    forbidden = ("not a victim", "no victim", "pas une victime", "pas victime", "ليس ضحية")
    every = [leaf for part in PARTS for leaf in leaves(texts(part))]
    assert len(every) > 250
    assert [leaf for leaf in every if any(each in leaf for each in forbidden)] == []
    assert [leaf for leaf in every if "  " in leaf or leaf != leaf.strip()] == []


def test_words_that_do_not_exist_are_refused_by_name(fictional: Checklist) -> None:
    with pytest.raises(UnknownWordsError, match="languages are"):
        finding_title("emergency", "de")
    with pytest.raises(UnknownWordsError, match="mystery"):
        indicator_text("exploitation.mystery", "en")
    with pytest.raises(UnknownWordsError, match="no question"):
        answer_text(fictional, AnswerRef("mood", "low"), "en")
    assert answer_text(fictional, AnswerRef("hours", "90"), "ar") == "90"
    assert answer_text(fictional, AnswerRef("danger", "yes"), "fr") == "Oui"
