"""A proposal: what k of n keepers are asked to sign, in one file that goes from one to the next.

Two kinds. One for the root: authorities' certificates and revocations. One for an authority: its
next snapshot, with what is certified and revoked for the first time inside. A snapshot holds
certificates with their signatures, so it can only be signed once those are complete: then the
keepers still missing sign the same file again. The format is in docs/formats/proposal.md.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen
from nacl.signing import SigningKey

from backend.commands.offices.keepers import Keeper
from protocols.errors import AmanaError, MalformedError
from protocols.messages import SNAPSHOT_TYPE, Snapshot
from protocols.plain import dump_json, from_json, to_json, to_plain
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    REVOCATION_TYPE,
    Certificate,
    Revocation,
    Role,
    Root,
    UntrustedError,
)
from protocols.sealing.statement import Signature, Statement, holds, keyid, pae
from protocols.sealing.truststore import TrustStore

FORMAT = "amana-proposal/1"
LARGEST = 32 * 1024 * 1024
MARK_DIGITS = 16


class NotAProposalError(AmanaError):
    """A file that is no proposal, or one with anything in it that does not belong there."""

    code = "not_a_proposal"


class NotAKeeperError(AmanaError):
    """A key that is none of those that are to sign."""

    code = "not_a_keeper"


class NoAuthorityYetError(AmanaError):
    """A country for which the root has not certified an authority that holds now."""

    code = "no_authority_yet"


@frozen
class Proposal:
    """proposal-….json. `before` is the newest published snapshot, None before the first; of
    `root` (for the root to sign) and `next` (the snapshot, for the authority) exactly one is
    there. `keepers` gives names to keys: the office's word alone, signed by nobody."""

    format: str
    country: str
    keepers: tuple[Keeper, ...]
    before: Statement | None
    root: tuple[Statement, ...]
    next: Statement | None

    def __attrs_post_init__(self) -> None:
        if self.format != FORMAT:
            raise MalformedError(f"this reads {FORMAT}, not {self.format[:40]!r}; update Amana")
        if bool(self.root) == (self.next is not None):
            raise MalformedError("a proposal is for the root or for an authority, and not both")

    @property
    def mark(self) -> str:
        """16 hex digits, 4 by 4, that stand for all that is proposed, whoever signed so far:
        keepers compare them by telephone."""
        inside = self.snapshot
        proposed = {
            "country": self.country,
            "keepers": to_plain(self.keepers),
            "before": None if self.before is None else to_plain(self.before),
            "root": [_unsigned(each) for each in self.root],
            "next": None if inside is None else _essence(inside),
        }
        digits = hashlib.sha256(dump_json(proposed)).hexdigest()[:MARK_DIGITS]
        return "-".join(digits[at : at + 4] for at in range(0, MARK_DIGITS, 4))

    @property
    def snapshot(self) -> Snapshot | None:
        """The proposed snapshot. Raises MalformedError."""
        return None if self.next is None else from_json(self.next.payload, Snapshot)

    @property
    def file_name(self) -> str:
        """How the office calls the file."""
        inside = self.snapshot
        what = "root" if inside is None else str(inside.number)
        return f"proposal-{self.country}-{what}.json"


def read_proposal(data: bytes) -> Proposal:
    """The proposal in a file's bytes, which are exactly those that `to_json` writes.

    Raises NotAProposalError.
    """
    try:
        found = from_json(data, Proposal, LARGEST)
        if to_json(found) != data or not _is_exact(found.next):
            raise MalformedError("it is not written as Amana writes it")
    except MalformedError as error:
        raise NotAProposalError(
            f"not a whole proposal ({error}); have the office send it again"
        ) from error
    return found


def _is_exact(statement: Statement | None) -> bool:
    return statement is None or (
        statement.payloadType == SNAPSHOT_TYPE
        and to_json(from_json(statement.payload, Snapshot)) == statement.payload
    )


def _unsigned(statement: Statement) -> list[str]:
    return [statement.payloadType, statement.digest]


def _essence(snapshot: Snapshot) -> dict[str, object]:
    plain = dict(to_plain(snapshot))
    plain["statements"] = [_unsigned(each) for each in snapshot.statements]
    return plain


def essence(snapshot: Snapshot) -> bytes:
    """What a snapshot says, without who signed what is inside, its number or its days."""
    plain = _essence(snapshot)
    return dump_json(
        {name: plain[name] for name in plain if name not in ("number", "issued", "expires")}
    )


def of_root(statement: Statement) -> bool:
    """Whether the root is to sign it: an authority's certificate or revocation.

    Raises MalformedError for what is neither certificate nor revocation.
    """
    if statement.payloadType == CERTIFICATE_TYPE:
        return from_json(statement.payload, Certificate).role is Role.AUTHORITY
    if statement.payloadType == REVOCATION_TYPE:
        return from_json(statement.payload, Revocation).subject.startswith("authority-")
    raise MalformedError(f"a statement of type {statement.payloadType[:80]!r} belongs nowhere here")


def root_words(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Those that the root signs."""
    return tuple(each for each in statements if of_root(each))


def authority_of(
    root: Root, statements: Iterable[Statement], country: str, at: datetime
) -> Certificate:
    """The country's authority at `at` as the root certified it. Raises NoAuthorityYetError where
    no certificate with enough of the root's signatures holds, and as TrustStore.build does."""
    complete = [
        each
        for each in root_words(statements)
        if not lacking(each, _keys(root.keys), root.threshold)
    ]
    try:
        return TrustStore.build(root, complete).authority(country, at)
    except UntrustedError as error:
        raise NoAuthorityYetError(
            f"the root has not certified keepers for {country} that hold now ({error}); have the"
            " root's keepers sign first"
        ) from error


def complete(root: Root, statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Those that enough of the root's keepers signed, or enough of an authority's among them."""
    every = tuple(statements)
    keys = _keys(root.keys)
    whole = [each for each in root_words(every) if not lacking(each, keys, root.threshold)]
    authorities = [
        from_json(each.payload, Certificate)
        for each in whole
        if each.payloadType == CERTIFICATE_TYPE
    ]
    others = [
        each
        for each in every
        if not of_root(each)
        and any(not lacking(each, by.key_map, by.threshold) for by in authorities)
    ]
    return (*whole, *others)


def _keys(keys: Iterable[bytes]) -> dict[str, bytes]:
    return {keyid(key): key for key in keys}


def signers(statement: Statement, keys: dict[str, bytes]) -> tuple[str, ...]:
    """Ids of those of `keys` that truly signed, each once, in the file's order."""
    message = pae(statement.payloadType, statement.payload)
    found = (
        each.keyid
        for each in statement.signatures
        if each.keyid in keys and holds(keys[each.keyid], message, each.sig)
    )
    return tuple(dict.fromkeys(found))


def lacking(statement: Statement, keys: dict[str, bytes], threshold: int) -> int:
    """How many signatures by further `keys` it still needs."""
    return max(0, threshold - len(signers(statement, keys)))


def signed(statement: Statement, key: SigningKey) -> Statement:
    """`statement` with the key's signature too; once, however often it signs."""
    own = keyid(bytes(key.verify_key))
    if any(each.keyid == own for each in statement.signatures):
        return statement
    message = pae(statement.payloadType, statement.payload)
    signature = Signature(own, key.sign(message).signature)
    return evolve(statement, signatures=(*statement.signatures, signature))


def authority_open(
    statements: tuple[Statement, ...], authority: Certificate, at: datetime
) -> tuple[int, ...]:
    """Which of a snapshot's `statements` (by place) `authority` has yet to sign: what is new, and
    of what a former authority signed the certificates that hold at `at`, so that they go on."""
    earlier = _former(statements, authority)
    revoked = {
        (found.subject, found.serial)
        for each in statements
        if each.payloadType == REVOCATION_TYPE
        for found in [from_json(each.payload, Revocation)]
    }
    return tuple(
        place
        for place, each in enumerate(statements)
        if not of_root(each)
        and lacking(each, authority.key_map, authority.threshold)
        and not _rests(each, earlier, revoked, at)
    )


def _former(statements: Iterable[Statement], authority: Certificate) -> list[Certificate]:
    found = [
        from_json(each.payload, Certificate)
        for each in root_words(statements)
        if each.payloadType == CERTIFICATE_TYPE
    ]
    return [each for each in found if each.serial != authority.serial]


def _rests(
    statement: Statement,
    earlier: Iterable[Certificate],
    revoked: set[tuple[str, str]],
    at: datetime,
) -> bool:
    """Whether a former authority's signatures are enough for what it is: a revocation, or a
    certificate that is over."""
    if all(lacking(statement, each.key_map, each.threshold) for each in earlier):
        return False
    if statement.payloadType == REVOCATION_TYPE:
        return True
    certificate = from_json(statement.payload, Certificate)
    return certificate.not_after <= at or (certificate.subject, certificate.serial) in revoked


def with_signature(proposal: Proposal, key: SigningKey, root: Root, at: datetime) -> Proposal:
    """`proposal` with all that `key` can sign of it now, and no more than is needed.

    Raises NoAuthorityYetError, NotAKeeperError, MalformedError.
    """
    if proposal.next is None:
        keys = _keys(root.keys)
        demand_keeper(key, keys, "the root")
        return evolve(
            proposal,
            root=tuple(
                signed(each, key) if lacking(each, keys, root.threshold) else each
                for each in proposal.root
            ),
        )
    inside = from_json(proposal.next.payload, Snapshot)
    authority = authority_of(root, inside.statements, proposal.country, at)
    return evolve(proposal, next=sign_snapshot(proposal.next, inside, authority, key, at))


def demand_keeper(key: SigningKey, keys: dict[str, bytes], whose: str) -> None:
    """Raises NotAKeeperError for a key that is not among `keys`."""
    own = keyid(bytes(key.verify_key))
    if own not in keys:
        raise NotAKeeperError(
            f"the key {own} is not one of the keepers of {whose} now, so its signature would not"
            " count; ask the office who the keepers are"
        )


def sign_snapshot(
    statement: Statement, inside: Snapshot, authority: Certificate, key: SigningKey, at: datetime
) -> Statement:
    """The snapshot's statement with what `key` can sign: first what is open inside, and, once
    nothing is, the whole. Raises NotAKeeperError."""
    demand_keeper(key, authority.key_map, inside.country)
    found = list(inside.statements)
    for place in authority_open(inside.statements, authority, at):
        found[place] = signed(found[place], key)
    if tuple(found) != inside.statements:
        inside = evolve(inside, statements=tuple(found))
        statement = Statement(SNAPSHOT_TYPE, to_json(inside), ())
    if authority_open(inside.statements, authority, at):
        return statement
    if not lacking(statement, authority.key_map, authority.threshold):
        return statement
    return signed(statement, key)
