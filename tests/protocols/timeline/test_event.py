"""Events carry codes, ids and hashes, and nothing that a person could be recognised by."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import MalformedError
from protocols.plain import from_json, to_json
from protocols.timeline.event import EnvelopeRef, Event, Kind, is_referral_id, new_referral_id

REF = EnvelopeRef("demo-shelter", "ab" * 32, 2048)
FIRST = Event(
    referral=new_referral_id(lambda n: b"\x05" * n),
    kind=Kind.SUBMITTED,
    sequence=0,
    previous=None,
    actor="a" * 32,
    provider=None,
    claimed=datetime(2026, 11, 24, 10, tzinfo=UTC),
    reason=None,
    envelopes=(REF,),
    respond_within=240,
    country="TN",
)
LATER = evolve(
    FIRST,
    kind=Kind.ACCEPTED,
    sequence=2,
    previous="cd" * 32,
    provider="demo-shelter",
    envelopes=(),
    respond_within=None,
)


RESEALED = evolve(LATER, kind=Kind.RESEALED, envelopes=(REF,))


@pytest.mark.parametrize("event", [FIRST, LATER, RESEALED])
def test_an_event_returns_unchanged(event: Event) -> None:
    assert from_json(to_json(event), Event) == event


@pytest.mark.parametrize(
    ("event", "change"),
    [
        (FIRST, {"referral": "A" * 26}),
        (FIRST, {"referral": "a" * 25 + "b"}),
        (FIRST, {"actor": "someone@example.org"}),
        (FIRST, {"country": "tn"}),
        (RESEALED, {"envelopes": ()}),
        (RESEALED, {"provider": None}),
        (RESEALED, {"provider": "demo-other-shelter"}),
        (RESEALED, {"envelopes": (REF, EnvelopeRef("demo-other-shelter", "ab" * 32, 1))}),
        (FIRST, {"sequence": -1}),
        (FIRST, {"sequence": 1}),
        (FIRST, {"previous": "cd" * 32}),
        (FIRST, {"kind": Kind.OFFERED}),
        (FIRST, {"envelopes": ()}),
        (FIRST, {"envelopes": (REF, REF)}),
        (FIRST, {"envelopes": tuple(EnvelopeRef(f"p{n}", "ab" * 32, 1) for n in range(33))}),
        (FIRST, {"respond_within": None}),
        (FIRST, {"respond_within": 0}),
        (FIRST, {"respond_within": 10**9}),
        (LATER, {"respond_within": 60}),
        (LATER, {"previous": None}),
        (LATER, {"previous": "cd"}),
        (LATER, {"sequence": 0}),
        (LATER, {"kind": Kind.SUBMITTED}),
        (LATER, {"reason": "Her name is Demo"}),
        (LATER, {"reason": "no places"}),
        (LATER, {"provider": "Demo Shelter"}),
    ],
)
def test_a_field_of_another_form_is_refused(event: Event, change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        evolve(event, **change)


@pytest.mark.parametrize(
    ("recipient", "sha256", "size"),
    [("", "ab" * 32, 1), ("x", "AB" * 32, 1), ("x", "ab", 1), ("x", "ab" * 32, 0)],
)
def test_an_envelope_is_named_whole(recipient: str, sha256: str, size: int) -> None:
    with pytest.raises(MalformedError):
        EnvelopeRef(recipient, sha256, size)


@given(st.text(max_size=60))
def test_no_text_field_takes_free_text(text: str) -> None:
    """Whatever is typed, only short codes and ids pass; a name with a space or a capital never."""
    named = " " in text or any(each.isupper() or ord(each) > 127 for each in text)
    for name in ("referral", "actor", "reason", "provider", "previous", "country"):
        if name == "country" and text.isascii() and len(text) == 2:
            continue
        if not named:
            continue
        with pytest.raises(MalformedError):
            evolve(LATER, **{name: text})


def test_the_fields_are_the_ones_that_the_threat_model_lists() -> None:
    assert {each.name for each in fields(Event)} == {
        "referral",
        "kind",
        "sequence",
        "previous",
        "actor",
        "provider",
        "claimed",
        "reason",
        "envelopes",
        "respond_within",
        "country",
    }


@given(st.binary(min_size=16, max_size=16))
def test_referral_ids_have_one_form(raw: bytes) -> None:
    assert is_referral_id(new_referral_id(lambda n: raw[:n]))
