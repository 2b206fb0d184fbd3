"""Certificates and revocations, and who is trusted when."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import evolve

from protocols.errors import AmanaError
from protocols.plain import format_time, load_json, to_json
from protocols.sealing.certificate import Revocation, Role, certify, revoke
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore
from tools.vectors.cast import (
    DAY,
    HOUR,
    NORTH,
    SENDER,
    SOUTH,
    START,
    certificate,
    id_of,
    key,
    root,
)

AUTHORITY = ("authority-1", "authority-2", "authority-3")
SECOND = HOUR / 3600
Store = tuple[str, list[Statement], list[tuple[str, datetime]]]
"""Its name, what it is built of, who is asked about and when."""


def authority() -> Statement:
    """Tunisia's authority, two of three keys, signed by two of the root's three."""
    made = certificate(Role.AUTHORITY, AUTHORITY, threshold=2)
    return certify(made, key("root-1"), key("root-3"))


def by_authority(*, serial: int, role: Role, names: tuple[str, ...], **rest: Any) -> Statement:
    """A certificate signed by two of the authority's keys."""
    made = certificate(role, names, serial=serial, **rest)
    return certify(made, key("authority-1"), key("authority-2"))


def chain() -> list[Statement]:
    """Everybody of the other vectors: three organisations, their devices, the server."""
    return [
        authority(),
        by_authority(serial=2, role=Role.SERVER, names=("server",)),
        *(
            by_authority(serial=number, role=Role.ORGANISATION, names=(), subject=subject)
            for number, subject in ((3, SENDER), (4, NORTH), (5, SOUTH))
        ),
        by_authority(serial=6, role=Role.FIELD_WORKER, names=("inspector",), organisation=SENDER),
        by_authority(serial=7, role=Role.PROVIDER_STAFF, names=("north",), organisation=NORTH),
        by_authority(serial=8, role=Role.PROVIDER_STAFF, names=("south",), organisation=SOUTH),
        by_authority(serial=9, role=Role.COORDINATOR, names=("coordinator",), organisation=SENDER),
    ]


def revocation(name: str, serial: int, since: datetime) -> Statement:
    """Takes a device's certificate back."""
    body = Revocation(id_of(name), f"{serial:032x}", since, "lost")
    return revoke(body, key("authority-2"), key("authority-3"))


def _renewed(name: str, serial: int) -> Statement:
    return by_authority(
        serial=serial,
        role=Role.PROVIDER_STAFF,
        names=(name,),
        organisation=NORTH,
        begins=START,
        ends=START + 10 * DAY,
    )


def make() -> dict[str, Any]:
    """`docs/vectors/trust.json`."""
    stores = [*_kept(), *_refused()]
    known = list(dict.fromkeys(to_json(each) for _, given, _ in stores for each in given))
    return {
        "about": "Each store is built of those of `statements` that its numbers name, under the"
        " root of statements.json. `error` of a store: it is refused whole. `asked`: whether"
        " `subject`'s device is trusted `at` a moment (`error` null), or why not.",
        "statements": [load_json(each) for each in known],
        "stores": [
            _judged(name, given, [known.index(to_json(each)) for each in given], asked)
            for name, given, asked in stores
        ],
    }


def _kept() -> list[Store]:
    plain, taken = chain(), [*chain(), revocation("north", 7, START + DAY)]
    renewed = [*chain(), _renewed("north", 20)]
    taken_anew = [*renewed, revocation("north", 20, START + DAY)]
    north, end = id_of("north"), START + 335 * DAY
    last = START + 365 * DAY
    return [
        ("the chain", plain, [(id_of("inspector"), START), (id_of("server"), START)]),
        (
            "from the first moment up to, not including, the last",
            plain,
            [
                (north, START - 30 * DAY - SECOND),
                (north, START - 30 * DAY),
                (north, end),
                (north, last - SECOND),
                (north, last),
            ],
        ),
        ("a stranger", plain, [(id_of("stranger"), START)]),
        (
            "a revocation counts from the moment it names",
            taken,
            [(north, START), (north, START + DAY - SECOND), (north, START + DAY)],
        ),
        (
            "of two certificates the newest begun counts, also once it lapsed",
            renewed,
            [(north, START - SECOND), (north, START), (north, START + 10 * DAY)],
        ),
        (
            "a revoked renewal brings no older one back",
            taken_anew,
            [(north, START), (north, START + DAY), (north, START + 20 * DAY)],
        ),
        (
            "a device of an organisation that is revoked",
            [*plain, _organisation_revoked()],
            [(north, START), (north, START + 2 * DAY)],
        ),
    ]


def _organisation_revoked() -> Statement:
    body = Revocation(NORTH, f"{4:032x}", START + DAY, "compromised")
    return revoke(body, key("authority-1"), key("authority-3"))


def _refused() -> list[Store]:
    one_key = certify(
        certificate(Role.PROVIDER_STAFF, ("ghost",), organisation=NORTH, serial=30),
        key("authority-1"),
    )
    own = certify(
        certificate(Role.PROVIDER_STAFF, ("ghost",), organisation=NORTH, serial=31),
        key("ghost"),
    )
    elsewhere = by_authority(
        serial=32, role=Role.PROVIDER_STAFF, names=("ghost",), organisation=NORTH, country="MA"
    )
    root_alone = certify(
        certificate(Role.AUTHORITY, AUTHORITY, threshold=2, serial=33), key("root-1")
    )
    by_north = evolve(revocation("inspector", 6, START), signatures=())
    body = Revocation(id_of("inspector"), f"{6:032x}", START, "lost")
    return [
        ("one of the authority's two signatures", [*chain(), one_key], []),
        ("a device that certifies itself", [*chain(), own], []),
        ("another country's certificate by this authority", [*chain(), elsewhere], []),
        ("an authority with one of the root's two signatures", [root_alone], []),
        ("a device that revokes another", [*chain(), revoke(body, key("north"))], []),
        ("a revocation that nobody signed", [*chain(), by_north], []),
    ]


def _attempt(task: Callable[[], object]) -> str | None:
    try:
        task()
    except AmanaError as refused:
        return refused.code
    return None


def _judged(
    name: str,
    statements: list[Statement],
    places: list[int],
    asked: list[tuple[str, datetime]],
) -> dict[str, Any]:
    error = _attempt(lambda: TrustStore.build(root(), statements))
    store = None if error else TrustStore.build(root(), statements)
    return {
        "name": name,
        "statements": places,
        "error": error,
        "asked": [
            {
                "subject": subject,
                "at": format_time(at),
                "error": _attempt(lambda subject=subject, at=at: store.device(subject, at)),
            }
            for subject, at in asked
            if store is not None
        ],
    }
