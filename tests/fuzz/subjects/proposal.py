"""A proposal that comes to a keeper, rightly written and signed whatever it says: it is refused by
name or told in words, and signing it changes nothing of what it says.

An input is JSON: {"snapshot": payload, "new": [[issuer's number, payload]…], "root": [[issuer's
number, payload]…], "by": [signer's number…]}; with "root" it is for the root's keepers.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import attrs

from backend.commands.offices.examining import ProposalRefusedError, examine
from backend.commands.offices.keepers import ROOT as OF_ROOT
from backend.commands.offices.keepers import Keeper
from backend.commands.offices.proposal import (
    FORMAT,
    NoAuthorityYetError,
    NotAProposalError,
    Proposal,
    read_proposal,
    with_signature,
)
from backend.commands.offices.telling import tell
from protocols.errors import MalformedError
from protocols.messages import SNAPSHOT_TYPE, Snapshot
from protocols.plain import dump_json, load_json, to_json, to_plain
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    REVOCATION_TYPE,
    Revocation,
    Role,
    UntrustedError,
)
from protocols.sealing.statement import Statement, StatementError, sign
from tests.fuzz.fictional import (
    AUTHORITY,
    DEVICE,
    KEYS,
    NOW,
    ORGANISATION,
    ROOT,
    ROOT_KEY,
    certificate,
    statements,
)
from tests.fuzz.target import Target, same

BEFORE = Snapshot("TN", 1, NOW, NOW + timedelta(days=9), statements(), (), (), ())
PUBLISHED = sign(SNAPSHOT_TYPE, BEFORE, AUTHORITY)
LATER = NOW + timedelta(hours=1)


def read(data: bytes) -> object:
    match load_json(data):
        case {"snapshot": dict(snapshot), "new": list(new), "root": list(root), "by": list(by)}:
            pass
        case _:
            raise MalformedError("no proposal")
    words = tuple(_signed(root))
    key = ROOT_KEY if words else AUTHORITY
    keeper = Keeper("Fictional keeper", OF_ROOT if words else "TN", bytes(key.verify_key))
    inside = [to_plain(each) for each in (*BEFORE.statements, *_signed(new))]
    signers = [KEYS[each % len(KEYS)] for each in by if isinstance(each, int)]
    next_ = sign(SNAPSHOT_TYPE, dump_json(snapshot | {"statements": inside}), *signers)
    proposal = Proposal(FORMAT, "TN", (keeper,), PUBLISHED, words, None if words else next_)
    proposal = read_proposal(to_json(proposal))
    shown = tell(examine(proposal, keeper, ROOT, LATER))
    signed = with_signature(proposal, key, ROOT, LATER)
    same(signed.mark, proposal.mark)
    again = tell(examine(signed, keeper, ROOT, LATER))
    same((again.heading, again.changes), (shown.heading, shown.changes))
    same(again.lacking, 0)
    return again


def _signed(given: list[Any]) -> Iterator[Statement]:
    for each in given:
        match each:
            case [int(signer), dict(body)]:
                kind = REVOCATION_TYPE if "revoked" in body else CERTIFICATE_TYPE
                issuers = [KEYS[signer % len(KEYS)]] if signer else []
                yield sign(kind, dump_json(body), *issuers)


def seeds() -> Iterator[bytes]:
    snapshot = to_plain(attrs.evolve(BEFORE, number=2, issued=LATER, statements=()))
    device = certificate(Role.PROVIDER_STAFF, DEVICE, organisation=ORGANISATION, serial="ab" * 8)
    void = Revocation(ORGANISATION, "0123456789abcdef", NOW, "left")
    new = [[1, to_plain(device)], [0, to_plain(void)]]
    nothing: dict[str, Any] = {"snapshot": snapshot, "new": [], "root": [], "by": []}
    yield dump_json(nothing)
    yield dump_json(nothing | {"by": [1]})
    yield dump_json(nothing | {"new": new})
    keepers = certificate(Role.AUTHORITY, AUTHORITY, serial="cd" * 8, not_before=NOW)
    yield dump_json(nothing | {"root": [[0, to_plain(keepers)]]})
    yield dump_json(nothing | {"new": [[2, to_plain(device)]]})


TARGET = Target(
    read,
    (
        MalformedError,
        NotAProposalError,
        ProposalRefusedError,
        NoAuthorityYetError,
        StatementError,
        UntrustedError,
    ),
    seeds,
    longest=8192,
)
