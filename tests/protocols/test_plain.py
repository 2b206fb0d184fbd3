"""The strict reader of JSON refuses what two readers could understand differently."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import MalformedError
from protocols.plain import (
    decode_base64,
    encode_base64,
    format_time,
    from_json,
    load_json,
    parse_time,
    to_json,
)


class Colour(StrEnum):
    RED = "red"


@frozen
class Inner:
    maybe: int | None = None


@frozen
class Sample:
    number: int
    moment: datetime
    data: bytes
    colour: Colour = Colour.RED
    inner: tuple[Inner, ...] = ()
    table: dict[str, tuple[str, ...]] | None = None


WHOLE = Sample(
    3, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), b"\x00\xff", Colour.RED, (Inner(1), Inner())
)


def test_a_value_returns_unchanged() -> None:
    assert from_json(to_json(WHOLE), Sample) == WHOLE


@given(
    st.integers(),
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1)),  # noqa: DTZ001
    st.binary(),
    st.lists(st.one_of(st.none(), st.integers())),
)
def test_any_value_returns_unchanged(
    number: int, moment: datetime, data: bytes, inner: list[int | None]
) -> None:
    whole = Sample(
        number,
        moment.replace(microsecond=0, tzinfo=UTC),
        data,
        inner=tuple(Inner(each) for each in inner),
    )
    assert from_json(to_json(whole), Sample) == whole


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"null",
        b'{"number":1}',
        b'{"number":1,"number":1,"moment":"2026-01-02T03:04:05Z","data":""}',
        b'{"number":true,"moment":"2026-01-02T03:04:05Z","data":""}',
        b'{"number":1.0,"moment":"2026-01-02T03:04:05Z","data":""}',
        b'{"number":NaN,"moment":"2026-01-02T03:04:05Z","data":""}',
        b'{"number":"1","moment":"2026-01-02T03:04:05Z","data":""}',
        b'{"number":1,"moment":"2026-01-02 03:04:05Z","data":""}',
        b'{"number":1,"moment":"2026-13-02T03:04:05Z","data":""}',
        b'{"number":1,"moment":12,"data":""}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"AA"}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"AB=="}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","more":1}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","colour":"blue"}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","colour":7}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","inner":"ab"}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","inner":{}}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","inner":[{"maybe":"x"}]}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","table":{"a":"b"}}',
        b'{"number":1,"moment":"9999-12-31T23:59:59Z","data":""}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","table":{"\\ud800":[]}}',
        b'{"number":1,"moment":"2026-01-02T03:04:05Z","data":"","table":{"a":["\\uDFFF"]}}',
        b"\xff\xfe",
        b"[" * 200_000,
    ],
)
def test_what_is_not_the_format_is_refused_by_name(damage: bytes) -> None:
    with pytest.raises(MalformedError):
        from_json(damage, Sample)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ('"colour":"rod"', "'rod' is unknown; nearest: red @ $.colour"),
        ('"colour":7', "expected a name, found int @ $.colour"),
        ('"inner":"ab"', "expected a list, found str @ $.inner"),
        ('"inner":[{"maybe":1},{"maybe":"x"}]', "@ $.inner[1].maybe"),
        ('"inner":[{"maybe":1},7]', "@ $.inner[1]"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(more: str, named: str) -> None:
    text = f'{{"number":1,"moment":"2026-01-02T03:04:05Z","data":"",{more}}}'
    with pytest.raises(MalformedError) as refused:
        from_json(text.encode(), Sample)
    assert named in str(refused.value)


@pytest.mark.parametrize("text", [b"[]", b"7", b"null", b'"x"'])
def test_what_is_no_object_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(MalformedError, match="expected an object"):
        from_json(text, Sample)


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(noise: bytes) -> None:
    try:
        from_json(noise, Sample)
    except MalformedError:
        return
    raise AssertionError(f"{noise!r} was read as a Sample")


@pytest.mark.parametrize("text", [b'"\\ud83d"', b'"\\ude00\\ud83d"', b"1e999", b"[-1e999]"])
def test_what_cannot_be_written_again_is_not_read(text: bytes) -> None:
    with pytest.raises(MalformedError):
        load_json(text)


def test_a_character_written_as_two_halves_is_one_character() -> None:
    assert load_json(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_more_bytes_than_the_limit_are_not_read() -> None:
    with pytest.raises(MalformedError, match="at most 10"):
        load_json(b" " * 11, limit=10)


def test_times_are_utc_to_the_second() -> None:
    cairo = timezone(timedelta(hours=2))
    assert format_time(datetime(2026, 1, 1, 1, 0, tzinfo=cairo)) == "2025-12-31T23:00:00Z"
    assert parse_time("2025-12-31T23:00:00Z") == datetime(2025, 12, 31, 23, tzinfo=UTC)
    with pytest.raises(MalformedError, match="zone"):
        format_time(datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.binary())
def test_base64_has_one_spelling(data: bytes) -> None:
    assert decode_base64(encode_base64(data)) == data
    for spoilt in (encode_base64(data) + "\n", encode_base64(data) + "="):
        with pytest.raises(MalformedError):
            decode_base64(spoilt)


def test_what_a_type_itself_refuses_is_said_in_its_own_words() -> None:
    @frozen
    class Even:
        number: int

        def __attrs_post_init__(self) -> None:
            if self.number % 2:
                raise MalformedError(f"{self.number} is odd; give an even number")

    with pytest.raises(MalformedError, match=r"^Even: 3 is odd; give an even number @ \$$"):
        from_json(b'{"number": 3}', Even)
