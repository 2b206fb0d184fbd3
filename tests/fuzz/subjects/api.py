"""The HTTP API on a database of its own: every request is answered, and a refusal is a problem
with a code; never a defect (5xx).

An input is JSON: [method, path, who signs, body]. In a body, `{"sign": kind, "body": …}` stands
for a statement by the sender, and `@` there and in a path for the sender's key id.
"""

import atexit
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import django
from nacl.signing import SigningKey

from protocols.errors import MalformedError
from protocols.messages import PROBLEM_TYPE, Problem
from protocols.plain import dump_json, from_json, load_json, to_plain
from protocols.sealing.age_x25519 import X25519Identity
from protocols.sealing.statement import keyid, payload_type, sign
from tests.fuzz.target import DifferentError, Target

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
SAFE = "/@?&=-_.~"
SOON = "2026-12-01T12:00:00Z"
_HASH = "0" * 64
RECIPIENT = X25519Identity(bytes([7]) * 32).recipient.text
_nonces = count()


@cache
def _world() -> tuple[Any, list[SigningKey | None]]:
    """A founded server, and who may sign (nobody, too)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup(set_prefix=False)
    import tests.backend.world as made  # noqa: PLC0415 - needs Django set up
    from backend.store.database import Database  # noqa: PLC0415
    from backend.store.migrate import upgrade  # noqa: PLC0415

    folder = tempfile.TemporaryDirectory(prefix="amana-fuzz-")
    atexit.register(folder.cleanup)
    database = Database(f"sqlite:///{Path(folder.name) / 'fictional.db'}")
    upgrade(database.engine)
    world = made.make_world(database)
    made.install_world(world)
    roles = {"field_worker": made.SERVICE, "coordinator": made.OFFICE}
    devices = [world.device(role, office) for role, office in roles.items()]
    devices += [world.device("provider_staff", each) for each in made.SHELTERS]
    world.publish()
    stranger = SigningKey(bytes([9]) * 32)
    return world, [None, stranger, world.authority(), *(each.key for each in devices)]


def read(data: bytes) -> object:
    match load_json(data):
        case [str(method), str(path), int(who), body] if method in METHODS:
            pass
        case _:
            raise MalformedError("no request")
    world, signers = _world()
    key = signers[who % len(signers)]
    if key is not None:
        path = path.replace("@", keyid(bytes(key.verify_key)))
    path = "/v1/" + quote(path.encode("utf-8", "replace"), safe=SAFE)
    sent = None if body is None else dump_json(_signed(body, key))
    defects: list[Exception] = []
    with patch("backend.api.application.tell_defect", defects.append):
        answer = world.send(method, path, sent, key, nonce=f"n-{next(_nonces)}")
    if defects:
        raise defects.pop()
    if answer.status >= 500 or answer.status < 200:
        raise DifferentError(f"answered {answer.status}: {answer.body[:200]!r}")
    if answer.status >= 400 and method != "HEAD":
        if answer.headers["Content-Type"] != PROBLEM_TYPE:
            raise DifferentError(f"{answer.status} is no problem: {answer.body[:200]!r}")
        return from_json(answer.body, Problem)
    return answer.body


def _signed(value: Any, key: SigningKey | None) -> Any:
    match value:
        case "@" if key is not None:
            return keyid(bytes(key.verify_key))
        case {"sign": str(kind), "body": body, **more} if not more and key is not None:
            return to_plain(sign(payload_type(kind), dump_json(_signed(body, key)), key))
        case dict():
            return {name: _signed(each, key) for name, each in value.items()}
        case list():
            return [_signed(each, key) for each in value]
    return value


def seeds() -> Iterator[bytes]:
    at = "2026-11-24T12:00:00Z"
    referral = "a" * 26
    for path in (
        *("health", "programme", "directory/TN?after=0", "log/TN/checkpoint", "openapi.json"),
        *(f"enrolments?country=TN&invitation={referral}", "enrolments?country=TN"),
        *(f"enrolments/{referral}", "sync/TN?after=0&known=0&limit=2"),
        *(f"referrals/{referral}/timeline", f"referrals/{referral}/events"),
        *(f"checklists/{_HASH}", "log/TN/consistency?first=1&second=2", "log/TN/export"),
    ):
        for who in (0, 3, 4):
            yield dump_json(["GET", path, who, None])
    envelope = {"recipient": "demo-shelter-a", "sha256": _HASH, "size": 6}
    event = {
        **{"referral": referral, "kind": "submitted", "sequence": 0, "previous": None},
        **{"actor": "@", "provider": None, "claimed": at, "reason": None, "country": "TN"},
        **{"envelopes": [envelope], "respond_within": 60},
    }
    sealed = [{"recipient": "demo-shelter-a", "data": "c2VhbGVk"}]
    submission = {"event": {"sign": "event", "body": event}, "envelopes": sealed}
    key = {"device": "@", "recipient": RECIPIENT, "not_before": at, "not_after": SOON}
    capacity = {"provider": "demo-shelter-a", "free_places": 3, "stated": at}
    snapshot = {
        **{"country": "TN", "number": 2, "issued": at, "expires": SOON},
        **{"statements": [], "providers": [], "focal_points": [], "checklists": []},
    }
    asked = {
        **{"invitation": referral, "device_key": "A" * 43 + "=", "label": "Fictional phone"},
        **{"sealing_key": {"sign": "sealing-key", "body": key}, "proof": "A" * 43 + "="},
        **{"commitment": "A" * 43 + "="},
    }
    drawn = {
        "sign": "enrolment-contribution",
        "body": {"invitation": referral, "device": "@", "commitment": "", "nonce": ""},
    }
    for method, path, who, body in (
        ("POST", "referrals", 3, submission),
        ("POST", f"referrals/{referral}/events", 5, submission),
        ("POST", "sealing-keys", 3, {"statement": {"sign": "sealing-key", "body": key}}),
        ("POST", "capacity", 5, {"statement": {"sign": "capacity", "body": capacity}}),
        ("PUT", f"checklists/TN/{_HASH}", 2, {"fictional": True}),
        ("PUT", "directory/TN", 2, {"snapshot": {"sign": "snapshot", "body": snapshot}}),
        ("POST", "enrolments", 1, asked),
        ("POST", f"enrolments/{referral}/refusal", 2, {"reason": "different"}),
        ("POST", f"enrolments/{referral}/opening", 1, {"nonce": "A" * 43 + "="}),
        ("POST", f"enrolments/{referral}/contribution", 2, {"statement": drawn}),
        ("POST", f"enrolments/{referral}/endorsement", 4, {"statement": drawn}),
        ("POST", f"enrolments/{referral}/approval", 2, {"certificate": {}, "snapshot": {}}),
    ):
        yield dump_json([method, path, who, body])


TARGET = Target(read, (MalformedError,), seeds, longest=8192)
