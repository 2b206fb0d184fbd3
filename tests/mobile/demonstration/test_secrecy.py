"""The check that a demo passes fails where a secret leaked, and where the search is blind."""

import base64
import sqlite3

import pytest

from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.secrecy import check

SECRET = "آدم طيف الخيالي"
CASE = f'{{"name": "{SECRET}"}}'.encode()
KNOWN = "referral-that-travels"


@pytest.fixture
def folder(tmp_path):
    """What a demo leaves, as far as the search cares: nothing secret, and what travels."""
    with sqlite3.connect(tmp_path / "amana.db") as connection:
        connection.execute("CREATE TABLE leaves (data BLOB)")
        connection.execute("INSERT INTO leaves VALUES (?)", (base64.b64encode(KNOWN.encode()),))
    connection.close()
    for name in ("server.log", "wire/to-server.log", "wire/from-server.log", "export.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b'"' + base64.b64encode(KNOWN.encode()) + b'"')
    (tmp_path / "phones" / "inspector").mkdir(parents=True)
    (tmp_path / "phones" / "inspector" / "vault.db").write_bytes(b"sealed")
    return Folder(tmp_path)


def test_where_nothing_leaked_it_holds(folder):
    checked = check(folder, (SECRET,), CASE, (KNOWN,))
    assert checked.holds
    assert len(checked.places) == 6


@pytest.mark.parametrize(
    "place",
    [
        "server.log",
        "wire/to-server.log",
        "wire/from-server.log",
        "export.jsonl",
        "phones/inspector/vault.db",
    ],
)
def test_a_secret_in_any_file_fails_it(folder, place):
    with (folder / place).open("ab") as file:
        file.write(b'"' + base64.b64encode(CASE) + b'"')
    checked = check(folder, (SECRET,), CASE, (KNOWN,))
    assert not checked.holds
    assert [each.secret for each in checked.hits] == [SECRET]


def test_a_secret_in_the_database_fails_it(folder):
    with sqlite3.connect(folder.database) as connection:
        connection.execute("INSERT INTO leaves VALUES (?)", (CASE.hex(),))
    connection.close()
    checked = check(folder, (SECRET,), CASE, (KNOWN,))
    assert not checked.holds
    assert "amana.db, table leaves" in {each.place for each in checked.hits}


def test_a_search_that_misses_what_travels_is_worth_nothing(folder):
    (folder / "wire" / "to-server.log").write_bytes(b"")
    checked = check(folder, (SECRET,), CASE, (KNOWN,))
    assert checked.hits == ()
    assert checked.blind == (f"{KNOWN} in to-server.log",)
    assert not checked.holds


def test_a_secret_that_is_not_of_the_case_is_no_canary(folder):
    checked = check(folder, (SECRET, "of another case"), CASE, (KNOWN,))
    assert checked.blind == ("line 2 of canaries.txt in the case",)
    assert not checked.holds
