"""Damaged country files are refused, each by the name of what is wrong with it."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.countries import errors
from protocols.countries.country import read_country, read_facts

DATA = files("protocols.countries").joinpath("data")
FACTS = json.loads(DATA.joinpath("TN.json").read_bytes())
PLACES = json.loads(DATA.joinpath("divisions", "TN.json").read_bytes())
LINE = FACTS["hotlines"][0]
BY = {"verified": True, "verified_by": "Somebody (fictional)", "verified_on": "2026-11-20"}


def facts() -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(FACTS))
    return copy


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def changed(*path: Any, to: Any) -> bytes:
    value = facts()
    at = value
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return encoded(value)


DAMAGES = {
    "not JSON": (b"{", errors.CountryFormatError),
    "another format": (changed("format", to="amana-country/9"), errors.CountryFormatError),
    "a field too many": (changed("extra", to=1), errors.CountryFormatError),
    "a country without divisions": (changed("code", to="XX"), errors.UnknownCountryError),
    "version nought": (changed("version", to=0), errors.CountryFormatError),
    "a key with spaces": (changed("laws", 0, "key", to="the law"), errors.CountryFormatError),
    "a law twice": (changed("laws", to=FACTS["laws"][:1] * 2), errors.CountryDoubleError),
    "no French": (changed("laws", 0, "about", "fr", to=" "), errors.CountryTextError),
    "a fourth language": (changed("laws", 0, "about", "de", to="x"), errors.CountryTextError),
    "no source title": (changed("laws", 0, "source", "title", to=""), errors.SourceError),
    "no such date": (changed("laws", 0, "source", "read", to="2026-02-30"), errors.SourceError),
    "half a date read": (changed("laws", 0, "source", "read", to="2026-02"), errors.SourceError),
    "no address": (changed("laws", 0, "source", "url", to="javascript:1"), errors.SourceError),
    "no source": (changed("hotlines", 0, "source", to=None), errors.CountryFormatError),
    "verified by nobody": (changed("hotlines", 0, "verified", to=True), errors.VerificationError),
    "verified by blanks": (
        changed("hotlines", 0, to=LINE | BY | {"verified_by": " "}),
        errors.VerificationError,
    ),
    "verified without a date": (
        changed("hotlines", 0, to=LINE | BY | {"verified_on": None}),
        errors.VerificationError,
    ),
    "a verifier of nothing": (
        changed("hotlines", 0, "verified_by", to="Somebody"),
        errors.VerificationError,
    ),
    "letters to dial": (changed("hotlines", 0, "number", to="80 HELP"), errors.CountryFormatError),
    "a number twice": (
        changed(
            "hotlines", to=[FACTS["hotlines"][0], FACTS["hotlines"][0] | {"number": "80104748"}]
        ),
        errors.CountryDoubleError,
    ),
    "published some day": (changed("hotlines", 0, "published", to="soon"), errors.SourceError),
    "a number in a text": (
        changed("pathway", 1, "texts", "en", to="Call 80 104 748."),
        errors.NumberInTextError,
    ),
    "a dotted number": (
        changed("pathway", 1, "texts", "fr", to="Appelez le 80.104.748."),
        errors.NumberInTextError,
    ),
    "an Arabic number": (
        changed("pathway", 1, "texts", "ar", to="اتصل بالرقم ٨٠١٠٤٧٤٨"),
        errors.NumberInTextError,
    ),
    "a step left out": (changed("pathway", 0, "order", to=2), errors.CountryFormatError),
    "no step for children": (
        changed("pathway", to=[FACTS["pathway"][0] | {"population": "adult"}]),
        errors.CountryFormatError,
    ),
    "a step for nobody": (
        changed("pathway", 0, "population", to="nobody"),
        errors.CountryFormatError,
    ),
    "no hotline, not said": (changed("hotlines", to=[]), errors.GapError),
    "no law, not said": (changed("laws", to=[]), errors.GapError),
    "no body, not said": (changed("bodies", to=[]), errors.GapError),
    "a gap that is filled": (
        changed("gaps", to=[*FACTS["gaps"], FACTS["gaps"][0] | {"missing": "hotlines"}]),
        errors.GapError,
    ),
    "a gap not said": (changed("gaps", to=[]), errors.GapError),
    "general, not said": (changed("mechanism", "basis", to="general"), errors.GapError),
    "a name of no division": (
        changed("division_names", to=[FACTS["laws"][0]]),
        errors.CountryFormatError,
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_facts_are_refused_by_name(damage: str) -> None:
    data, error = DAMAGES[damage]
    with pytest.raises(errors.CountryError) as caught:
        read_facts(data)
    assert type(caught.value) is error, caught.value


def test_the_undamaged_file_is_read() -> None:
    assert read_facts(encoded(FACTS)).code == "TN"


def places(change: Callable[[dict[str, Any]], object]) -> bytes:
    copy: dict[str, Any] = json.loads(json.dumps(PLACES))
    change(copy)
    return encoded(copy)


@pytest.mark.parametrize(
    "damaged",
    [
        places(lambda each: each["divisions"].append(each["divisions"][0])),
        places(lambda each: each["divisions"][0].update(code="EG-C")),
        places(lambda each: each["divisions"][0].update(parent="TN-99")),
        places(lambda each: each["divisions"][0].update(parent=each["divisions"][0]["code"])),
        places(
            lambda each: (
                each["divisions"][0].update(parent="TN-12"),
                each["divisions"][1].update(parent="TN-11"),
            )
        ),
        places(lambda each: each["divisions"][0].update(names={"ar": None})),
        places(lambda each: each.update(divisions=[])),
        places(lambda each: each.update(timezone="Tunis")),
        places(lambda each: each.update(languages=[])),
        places(lambda each: each.update(code="EG")),
        places(lambda each: each.update(format="amana-country/1")),
        places(lambda each: each["sources"][0].update(title="")),
    ],
)
def test_damaged_divisions_are_refused(damaged: bytes) -> None:
    with pytest.raises(errors.CountryError):
        read_country(encoded(FACTS), damaged)


def test_a_verified_hotline_is_read_with_its_verifier() -> None:
    line = LINE | BY
    found = read_facts(changed("hotlines", 0, to=line)).hotlines[0]
    assert (found.verified, found.verified_by) == (True, "Somebody (fictional)")


def own_name(code: str) -> dict[str, Any]:
    fact = {key: FACTS["laws"][0][key] for key in ("source", *BY)}
    return fact | {"code": code, "names": {"ar": "أ", "fr": "B", "en": "C"}}


def test_a_countrys_own_name_goes_before_the_generated_one() -> None:
    found = read_facts(changed("division_names", to=[own_name("TN-61")]))
    assert found.division("TN-61").name("fr") == "B"
    assert found.division("TN-11").name("fr") == "Tunis"


@pytest.mark.parametrize("codes", [("TN-99",), ("TN-61", "TN-61"), ("MA-06",)])
def test_own_names_are_for_one_division_of_the_country(codes: tuple[str, ...]) -> None:
    with pytest.raises(errors.CountryError):
        read_facts(changed("division_names", to=[own_name(code) for code in codes]))


def test_an_unsourced_own_name_is_refused() -> None:
    name = own_name("TN-61")
    name["verified"] = True
    with pytest.raises(errors.VerificationError, match=r"division_names\.TN-61"):
        read_facts(changed("division_names", to=[name]))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(one for key in value for one in leaves(value[key], (*path, key)))]
    if isinstance(value, list):
        return [path, *(one for at in range(len(value)) for one in leaves(value[at], (*path, at)))]
    return [path]


PATHS = [path for path in leaves(FACTS) if path]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PATHS), st.sampled_from([None, 7, "", [], {}, -1, True, "\u0000"]))
def test_whatever_is_put_anywhere_the_file_is_read_or_refused_by_name(
    path: tuple[Any, ...], value: Any
) -> None:
    try:
        read_facts(changed(*path, to=value))
    except errors.CountryError as error:
        assert str(error)
