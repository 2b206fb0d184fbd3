"""Keys, their ids, statements, thresholds."""

from typing import Any

from protocols.errors import AmanaError
from protocols.plain import dump_json, encode_base64, to_plain
from protocols.sealing.statement import Signature, Statement, pae, payload_type, sign, verify
from tools.vectors.cast import id_of, key, public, root, seed

KIND = payload_type("vector")
BODY = dump_json({"greeting": "سلام", "number": 7})
NAMES = ("root-1", "root-2", "root-3")


def make() -> dict[str, Any]:
    """`docs/vectors/statements.json`."""
    pinned = root()
    return {
        "about": "Ed25519 keys by seed; one payload and its DSSE encoding; statements to be"
        " verified against `keys` and `threshold`. `error` null means: it holds.",
        "keys": [
            {
                "name": name,
                "seed": seed(name).hex(),
                "public": public(name).hex(),
                "keyid": id_of(name),
            }
            for name in NAMES
        ],
        "root": {"json": to_plain(pinned), "fingerprint": pinned.fingerprint},
        "encoding": {
            "payload_type": KIND,
            "payload": encode_base64(BODY),
            "pae": pae(KIND, BODY).hex(),
            "digest": sign(KIND, BODY).digest,
        },
        "statements": [_judged(*each) for each in _cases()],
    }


def _cases() -> list[tuple[str, Statement, tuple[str, ...], int]]:
    one, two = sign(KIND, BODY, key("root-1")), sign(KIND, BODY, key("root-1"), key("root-2"))
    twice = Statement(KIND, BODY, one.signatures * 2)
    false = Signature(id_of("root-2"), one.signatures[0].sig)
    stranger = sign(KIND, BODY, key("stranger")).signatures
    return [
        ("one of one", one, NAMES[:1], 1),
        ("two of three", two, NAMES, 2),
        ("one of two needed", one, NAMES, 2),
        ("the same key twice is one", twice, NAMES, 2),
        ("a false signature of a known key beside a good one", _with(one, false), NAMES, 1),
        ("a stranger beside a good one does not count", _with(one, *stranger), NAMES, 1),
        ("a stranger alone", Statement(KIND, BODY, stranger), NAMES, 1),
        ("another payload", Statement(KIND, BODY + b" ", one.signatures), NAMES, 1),
        ("another type", Statement(payload_type("other"), BODY, one.signatures), NAMES, 1),
    ]


def _with(statement: Statement, *more: Signature) -> Statement:
    return Statement(statement.payloadType, statement.payload, (*statement.signatures, *more))


def _judged(
    name: str, statement: Statement, names: tuple[str, ...], threshold: int
) -> dict[str, Any]:
    try:
        verify(
            statement,
            {id_of(each): public(each) for each in names},
            threshold,
            payload_type=KIND,
        )
        error = None
    except AmanaError as refused:
        error = refused.code
    return {
        "name": name,
        "statement": to_plain(statement),
        "keys": [public(each).hex() for each in names],
        "threshold": threshold,
        "payload_type": KIND,
        "error": error,
    }
