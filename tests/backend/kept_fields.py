"""Every field that a server keeps, by name: columns, and what their signed bytes hold inside."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from backend.store.database import Database

JSON_COLUMNS = {
    "log_leaves.leaf": "leaf",
    "referrals.projection": "standing",
    "enrolments.request": "request",
    "enrolments.contribution": "statement",
    "enrolments.endorsement": "statement",
    "statements.body": "statement",
    "snapshots.body": "statement",
    "live_statements.body": "statement",
}
"""Columns that hold JSON, with the name that its fields go by."""
PUBLIC = {"snapshot.providers", "snapshot.editions"}
"""Parts of the directory that are published in full; their form is in docs/formats."""
LOG_LINES = {
    "request": re.compile(
        r"(?P<time>\S+Z) (?P<method>[A-Z]+) (?P<route>/\S*|/\(no such address\))"
        r" (?P<status>\d{3}) (?P<milliseconds>[\d.]+ms)"
    ),
    "defect": re.compile(
        r"(?P<time>\S+Z) defect (?P<error>\w+) at (?P<places>\w+\.py:\d+( < \w+\.py:\d+)*)"
    ),
    "duties": re.compile(r"(?P<time>\S+Z) duties: (?P<words>[a-z ,]+)"),
}


def rows(database: Database) -> Iterator[tuple[str, list[Any]]]:
    """(table.column, its values) of every table of the database itself, also those nobody maps."""
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            found = connection.execute(text(f'SELECT * FROM "{table}"'))
            columns, values = list(found.keys()), found.fetchall()
            for number, column in enumerate(columns):
                yield f"{table}.{column}", [row[number] for row in values]


def columns(database: Database) -> set[str]:
    return {name for name, _ in rows(database)}


def inner_fields(database: Database) -> set[str]:
    """Names inside the JSON columns: `event.referral`, `leaf.received`, …"""
    return {
        field
        for name, values in rows(database)
        if name in JSON_COLUMNS
        for value in values
        if value
        for field, _ in walk(JSON_COLUMNS[name], json.loads(bytes(value)))
    }


def walk(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """(field, plain value) of everything in a JSON value; statements by what they say."""
    if isinstance(value, dict) and "payloadType" in value:
        kind = value["payloadType"].removeprefix("application/vnd.amana.").removesuffix(".v1+json")
        for field in value:
            if field == "payload":
                yield from walk(kind, json.loads(base64.b64decode(value[field])))
            else:
                yield from walk(f"statement.{field}", value[field])
    elif isinstance(value, dict) and name not in PUBLIC:
        for field, inner in value.items():
            yield from walk(f"{name}.{field}", inner)
    elif isinstance(value, list) and name not in PUBLIC and any(isinstance(x, dict) for x in value):
        for inner in value:
            yield from walk(name, inner)
    else:
        yield name, value


def log_fields(file: Path) -> set[str]:
    """`kind.field` of every line; a line of no known kind is `unknown: …`."""
    found: set[str] = set()
    for line in file.read_text(encoding="utf-8").splitlines():
        kinds = [(kind, form.fullmatch(line)) for kind, form in LOG_LINES.items()]
        matched = [(kind, match) for kind, match in kinds if match]
        if not matched:
            found.add(f"unknown: {line}")
        found |= {f"{kind}.{field}" for kind, match in matched for field in match.groupdict()}
    return found
