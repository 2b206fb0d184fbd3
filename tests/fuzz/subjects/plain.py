"""Strict JSON as each value that travels: what is read is written and read as equal."""

from collections.abc import Iterator

from attrs import has

import protocols.messages as messages
from protocols.errors import MalformedError
from protocols.plain import dump_json, from_json, load_json, to_json, to_plain
from protocols.referral.provider import Provider
from protocols.sealing.certificate import Certificate, Revocation, Root, SealingKey
from protocols.sealing.envelope import Sealed
from protocols.sealing.statement import Signature, Statement
from protocols.timeline.event import EnvelopeRef, Event, Leaf
from tests.fuzz import fictional
from tests.fuzz.target import Target, same

KINDS = (
    *sorted(
        (each for each in vars(messages).values() if isinstance(each, type) and has(each)),
        key=lambda each: each.__name__,
    ),
    *(Certificate, Revocation, Root, SealingKey, Sealed, Signature, EnvelopeRef, Event, Leaf),
)
INDEX = {kind: place for place, kind in enumerate(KINDS)}


def read(data: bytes) -> object:
    rest = data[1:]
    value = load_json(rest)
    same(load_json(dump_json(value)), value)
    kind = KINDS[data[0] % len(KINDS)] if data else Statement
    found = from_json(rest, kind)
    same(from_json(to_json(found), kind), found)
    return found


def seeds() -> Iterator[bytes]:
    statement = fictional.statements()[0]
    plain = to_plain(statement)
    digest = "0" * 64
    for value in (
        statement,
        statement.signatures[0],
        fictional.ROOT,
        *(each for each, _ in fictional.certificates()),
        Revocation(fictional.ORGANISATION, "0123456789abcdef", fictional.NOW, "lost"),
        EnvelopeRef("fictional-shelter", digest, 700),
        Leaf(plain, fictional.NOW),
        messages.Edition("labour_inspector-adult", 2, digest, 900),
        messages.SealedPart("fictional-shelter", b"sealed"),
        messages.Submission(statement, (messages.SealedPart("fictional-shelter", b"sealed"),)),
        messages.Approval(statement, statement),
        messages.EnrolmentRequest(
            "a" * 26, bytes(32), "Fictional phone", statement, bytes(32), bytes(32)
        ),
        messages.PendingEnrolment(
            "a" * 26,
            fictional.NOW,
            messages.EnrolmentRequest(
                "a" * 26, bytes(32), "Phone", statement, bytes(32), bytes(32)
            ),
        ),
        messages.Invitation(
            "a" * 26,
            bytes(32),
            "https://fictional.example",
            digest,
            fictional.ORGANISATION,
            "field_worker",
            "TN",
            fictional.NOW,
        ),
        Provider("fictional-shelter", "TN", ()),
    ):
        place = INDEX.get(type(value), 0)
        yield bytes([place]) + to_json(value)
    for place in range(len(KINDS)):
        yield bytes([place]) + b"{}"


TARGET = Target(read, (MalformedError,), seeds, head=1)
