"""Without consent nothing leaves: who may know what, for what, until when, and who decided."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import MalformedError
from protocols.plain import from_json, to_json
from protocols.referral.consent import (
    LONGEST,
    Assent,
    Basis,
    Consent,
    ConsentEndedError,
    ConsentWithdrawnError,
    Grant,
    How,
    InformationKind,
    InvalidConsentError,
    NoConsentError,
    NothingToShareError,
    Population,
    Purpose,
    UnknownInformationError,
    Witness,
    filter_case,
    withdraw,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
END = NOW + timedelta(days=30)
CASE: dict[str, Any] = {
    "identity": {"name": "Fictional Person", "age": 29},
    "contact": {"phone": "+999 0140 772 635"},
    "needs": {"services": ["shelter"], "urgency": "urgent"},
    "findings": ["fictional finding"],
    "health": {"text": "fictional"},
    "notes": {"text": "fictional"},
}


def grant(recipient: str = "demo-a", *kinds: str, until: datetime = END) -> Grant:
    return Grant(recipient, kinds or ("needs",), Purpose.REFERRAL, until)


def consent(*grants: Grant, **fields: Any) -> Consent:
    given_fields = {
        "referral": "demo-referral",
        "grants": grants or (grant(),),
        "given": NOW,
        "how": "spoken",
        "language": "ar",
        "population": "adult",
        **fields,
    }
    return Consent(**given_fields)


def child(**fields: Any) -> Consent:
    return consent(**{"population": "child", "basis": "guardian", "assent": "given", **fields})


def test_each_recipient_knows_what_was_granted_and_no_more() -> None:
    both = consent(grant("demo-a", "identity", "needs", "answers"), grant("demo-b", "health"))
    assert filter_case(CASE, both, "demo-a", "referral", NOW) == {
        "identity": CASE["identity"],
        "needs": CASE["needs"],
    }
    assert filter_case(CASE, both, "demo-b", "referral", NOW) == {"health": CASE["health"]}
    with pytest.raises(NoConsentError, match="demo-c"):
        filter_case(CASE, both, "demo-c", "referral", NOW)


def test_the_copy_shares_nothing_with_the_case() -> None:
    shown = filter_case(CASE, consent(grant("demo-a", "identity")), "demo-a", "referral", NOW)
    shown["identity"]["name"] = "changed"
    assert CASE["identity"]["name"] == "Fictional Person"


def test_another_purpose_was_not_consented_to() -> None:
    with pytest.raises(NoConsentError):
        filter_case(CASE, consent(), "demo-a", "research", NOW)


def test_consent_ends_at_its_end_to_the_second() -> None:
    before = END - timedelta(seconds=1)
    assert filter_case(CASE, consent(), "demo-a", "referral", before)
    with pytest.raises(ConsentEndedError):
        filter_case(CASE, consent(), "demo-a", "referral", END)


def test_a_withdrawn_consent_lets_nothing_through() -> None:
    later = NOW + timedelta(hours=1)
    taken_back = withdraw(consent(), later)
    assert taken_back.grants == ()
    assert taken_back.withdrawn == later
    assert withdraw(taken_back, later + timedelta(hours=1)) == taken_back
    with pytest.raises(ConsentWithdrawnError):
        filter_case(CASE, taken_back, "demo-a", "referral", later)


def test_a_childs_consent_can_be_withdrawn_too() -> None:
    assert withdraw(child(), NOW).withdrawn == NOW


def test_unknown_information_is_refused_by_name_even_if_not_granted() -> None:
    with pytest.raises(UnknownInformationError, match="passport"):
        filter_case({**CASE, "passport": "x"}, consent(), "demo-a", "referral", NOW)


def test_a_case_without_anything_granted_is_not_sent_empty() -> None:
    with pytest.raises(NothingToShareError):
        filter_case({"notes": {}}, consent(), "demo-a", "referral", NOW)


@pytest.mark.parametrize("error", [ConsentEndedError, ConsentWithdrawnError, NothingToShareError])
def test_every_way_to_have_no_consent_is_caught_as_one(error: type[Exception]) -> None:
    assert issubclass(error, NoConsentError)


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("nobody", {"grants": ()}),
    ("twice", {"grants": (grant(), grant("demo-a", "health"))}),
    ("ends before", {"grants": (grant(until=NOW),)}),
    ("runs longer", {"grants": (grant(until=NOW + LONGEST + timedelta(seconds=1)),)}),
    ("no id", {"referral": " "}),
    ("without a zone", {"given": datetime(2026, 11, 24)}),  # noqa: DTZ001
    ("no how", {"how": "shouted"}),
    ("no witness", {"witness_role": "employer"}),
    ("no population", {"population": "unknown"}),
    ("no basis", {"basis": "husband"}),
    ("was not asked", {"how": "not_asked"}),
    ("an adult decides alone", {"basis": "guardian"}),
    ("an adult decides alone", {"basis": "best_interests", "legal_ground": "fictional"}),
    ("assent is a child's", {"assent": "given"}),
    ("only where nobody consented", {"legal_ground": "fictional law"}),
    ("state the ground", {"basis": "emergency", "how": "not_asked"}),
    ("state the ground", {"basis": "emergency", "how": "not_asked", "legal_ground": " "}),
    ("too long", {"basis": "emergency", "how": "not_asked", "legal_ground": "x" * 501}),
    ("needs a guardian", {"population": "child"}),
    ("child was not asked", {"population": "child", "basis": "guardian"}),
    ("child refused", {"population": "child", "basis": "authority", "assent": "refused"}),
    ("state the ground", {"population": "child", "basis": "best_interests"}),
    ("grants nothing", {"withdrawn": NOW}),
]


@pytest.mark.parametrize(("problem", "fields"), REFUSED)
def test_what_is_no_consent_cannot_be_written_down(problem: str, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidConsentError, match=problem):
        consent(**fields)


@pytest.mark.parametrize(
    ("problem", "make"),
    [
        ("granted nothing", lambda: Grant("demo-a", (), Purpose.REFERRAL, END)),
        ("stands twice", lambda: grant("demo-a", "needs", "needs")),
        ("passport", lambda: grant("demo-a", "passport")),
        ("no purpose", lambda: Grant("demo-a", ("needs",), "research", END)),
        ("without a zone", lambda: grant(until=datetime(2026, 12, 24))),  # noqa: DTZ001
    ],
)
def test_what_is_no_grant_cannot_be_written_down(problem: str, make: Any) -> None:
    with pytest.raises(InvalidConsentError, match=problem):
        make()


def test_a_recipient_that_is_no_id_is_refused() -> None:
    with pytest.raises(MalformedError):
        grant("Demo House, second floor")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"basis": "authority"},
        {"assent": "too_young"},
        {"basis": "best_interests", "legal_ground": "fictional law, article 1"},
        {"basis": "best_interests", "legal_ground": "fictional law", "assent": "refused"},
        {"basis": "emergency", "how": "not_asked", "assent": None, "legal_ground": "fictional"},
    ],
)
def test_a_child_is_decided_for_and_heard(fields: dict[str, Any]) -> None:
    asked = child(**fields)
    assert filter_case(CASE, asked, "demo-a", "referral", NOW) == {"needs": CASE["needs"]}


def test_an_adult_in_an_emergency_needs_a_stated_ground() -> None:
    stated = consent(basis="emergency", how="not_asked", legal_ground="fictional law, article 2")
    assert stated.basis is Basis.EMERGENCY
    assert filter_case(CASE, stated, "demo-a", "referral", NOW)


def test_codes_become_what_they_stand_for() -> None:
    asked = child(how="signed", witness_role="interpreter")
    assert asked.how is How.SIGNED
    assert asked.witness_role is Witness.INTERPRETER
    assert asked.population is Population.CHILD
    assert asked.assent is Assent.GIVEN
    assert asked.grants[0].kinds == (InformationKind.NEEDS,)


kinds = st.lists(st.sampled_from(InformationKind), min_size=1, unique=True).map(tuple)
lengths = st.timedeltas(timedelta(seconds=1), LONGEST)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=100, deadline=None)
@given(kinds, st.sets(st.sampled_from(InformationKind)), moments, lengths, lengths)
def test_never_more_than_granted_and_never_after_the_end(
    granted: tuple[InformationKind, ...],
    held: set[InformationKind],
    at: datetime,
    lasts: timedelta,
    later: timedelta,
) -> None:
    case = {each.value: {"text": each.value} for each in held}
    asked = consent(grant("demo-a", *granted, until=at + lasts), given=at)
    try:
        shown = filter_case(case, asked, "demo-a", "referral", at + later)
    except ConsentEndedError:
        assert later >= lasts
    except NothingToShareError:
        assert not held & set(granted)
    else:
        assert later < lasts
        assert set(shown) == held & set(granted)


@settings(max_examples=100, deadline=None)
@given(moments, lengths)
def test_a_written_consent_can_always_be_read_again(at: datetime, lasts: timedelta) -> None:
    """Times are written to the second; what was valid stays valid, and what is read is stable."""
    asked = consent(grant(until=at + lasts), given=at)
    read = from_json(to_json(asked), Consent)
    assert to_json(read) == to_json(asked)


def test_a_record_that_was_made_invalid_is_refused_when_read() -> None:
    kept = to_json(consent())
    with pytest.raises(MalformedError):
        from_json(kept.replace(b'"adult"', b'"child"'), Consent)
