"""A secret hidden in any form a server could keep is found, and chance finds nothing."""

import base64
import gzip
import json
import os
import sqlite3
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.commands.demonstration.canaries import (
    SHORTEST,
    distinctive,
    search,
    search_files,
    search_tables,
    strings_of,
)

SECRET = "نورس الوهمي، هاتف ٠٠٠"
NOISE = os.urandom(3000)
HIDDEN = {
    "utf-8": SECRET.encode(),
    "utf-16-le": SECRET.encode("utf-16-le"),
    "utf-16-be": SECRET.encode("utf-16-be"),
    "json": json.dumps({"name": SECRET}).encode(),
    "json in upper case": json.dumps(SECRET).upper().replace("\\U", "\\u").encode(),
    "query": quote(SECRET).encode(),
    "query in lower case": quote(SECRET).lower().encode(),
    "hex": SECRET.encode().hex().encode(),
    "base64 of json": base64.b64encode(json.dumps({"n": SECRET}).encode()),
    "base64 twice": base64.b64encode(base64.b64encode(SECRET.encode())),
    "gzip": gzip.compress(SECRET.encode()),
    "gzip in base64": base64.urlsafe_b64encode(gzip.compress(SECRET.encode())),
    "statement in a body": json.dumps(
        {
            "statement": {
                "payload": base64.b64encode(
                    json.dumps(
                        {"data": base64.b64encode(json.dumps({"x": SECRET}).encode()).decode()}
                    ).encode()
                ).decode()
            }
        }
    ).encode(),
    "cut by a chunk": SECRET.encode()[:9] + b"\r\n1f40\r\n" + SECRET.encode()[9:],
}


@pytest.mark.parametrize("form", HIDDEN)
def test_a_secret_in_any_form_is_found(form):
    data = NOISE + b'"' + HIDDEN[form] + b'"' + NOISE
    assert [each.secret for each in search([SECRET], data, "here")] == [SECRET]


@given(st.binary(max_size=40), st.text(min_size=SHORTEST, max_size=30), st.binary(max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_secret_in_base64_is_found_at_every_alignment(before, secret, after):
    encoded = base64.b64encode(before + secret.encode() + after)
    for noise in (b"", b"ab", b"xyz"):
        assert search([secret], noise + encoded, "here")


def test_where_none_is_none_is_found():
    assert search([SECRET, "+999 0140 772 635"], NOISE + b"nothing" + NOISE, "here") == ()


def test_a_secret_in_a_file_and_in_a_table_is_found_and_placed(tmp_path):
    database = tmp_path / "server.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE log (leaf BLOB)")
        long = NOISE * 4 + base64.b64encode(SECRET.encode()) + NOISE * 4
        connection.execute("INSERT INTO log VALUES (?)", (long,))
    assert [each.place for each in search_tables([SECRET], database)] == ["server.db, table log"]
    log = tmp_path / "server.log"
    log.write_text(f"GET /v1/{SECRET}\n")
    (hit,) = search_files([SECRET], [log])
    assert (hit.place, hit.form) == ("server.log", "UTF-8")


def test_what_is_not_distinctive_is_left_out():
    strings = [
        "نعم", "yes", "within_72_hours", "livelihood", "labour_inspector-adult/1", "public words",
        "+9990140772", "two\nseveral words", "Alexander", "first answer · the second",
    ]  # fmt: skip
    assert distinctive(strings, ["public words"]) == (
        "+9990140772", "several words", "Alexander", "first answer · the second", "first answer",
        "the second",
    )  # fmt: skip


def test_every_string_of_a_case_is_gathered():
    case = {"identity": {"name": SECRET, "age": 31}, "answers": [{"text": "a"}, ["b"]]}
    assert list(strings_of(case)) == [SECRET, "a", "b"]
