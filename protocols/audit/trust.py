"""The certificates of an export as a trust store, with every statement that fails named."""

from collections.abc import Iterable

from protocols.audit.export import CertificateLine
from protocols.audit.report import Fault
from protocols.errors import AmanaError, MalformedError
from protocols.messages import SNAPSHOT_TYPE, Snapshot
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import CERTIFICATE_TYPE, Certificate, Role, Root
from protocols.sealing.statement import Statement, verify
from protocols.sealing.truststore import TrustStore


def build_trust(root: Root, lines: Iterable[CertificateLine]) -> tuple[TrustStore, list[Fault]]:
    """A store of the statements that hold, and a fault for each that doesn't.

    The usual case costs one build; only a damaged export is sifted.
    """
    every = list(lines)
    try:
        return TrustStore.build(root, [each.statement for each in every]), []
    except AmanaError:
        return _sifted(root, every)


def _sifted(root: Root, lines: list[CertificateLine]) -> tuple[TrustStore, list[Fault]]:
    """Authorities first, for nothing of a country holds without its own; revocations last, for a
    false one must not make its subject's certificate look false."""
    problems: dict[int, AmanaError] = {}
    ordered = sorted(lines, key=lambda each: _turn(each.statement))
    store = _grown(TrustStore.build(root, []), ordered, problems)
    return store, [
        Fault(error.code, f"line {number}", f"a certificate that does not hold: {error}")
        for number, error in sorted(problems.items())
    ]


def _turn(statement: Statement) -> int:
    if statement.payloadType != CERTIFICATE_TYPE:
        return 2
    try:
        return int(from_json(statement.payload, Certificate).role is not Role.AUTHORITY)
    except MalformedError:
        return 1  # `_grown` says what is wrong with it


def _grown(
    store: TrustStore, lines: list[CertificateLine], problems: dict[int, AmanaError]
) -> TrustStore:
    """`store` with each line that holds; `problems` takes those that don't. By halves, so that one
    bad line among thousands costs a few builds and not thousands."""
    if not lines:
        return store
    try:
        return store.extended([each.statement for each in lines])
    except AmanaError as error:
        if len(lines) == 1:
            problems[lines[0].number] = error
            return store
    half = len(lines) // 2
    return _grown(_grown(store, lines[:half], problems), lines[half:], problems)


def disordered(lines: Iterable[CertificateLine]) -> list[Fault]:
    """A fault for each line that does not come after the one before it, in the one order in which
    exports are written: somebody doubled or moved it."""
    found = []
    before: bytes | None = None
    for each in lines:
        here = to_json(each.statement)
        if before is not None and here <= before:
            rule, what = ("doubled", "once more") if here == before else ("out_of_order", "late")
            message = f"a certificate that stands here {what}; export the log again"
            found.append(Fault(rule, f"line {each.number}", message))
        before = here
    return found


def read_snapshot(statement: Statement, trust: TrustStore, country: str) -> Snapshot:
    """The directory snapshot, if the country's authority signed it while it was in force.

    Raises UntrustedError, StatementError or MalformedError.
    """
    issued = from_json(statement.payload, Snapshot).issued
    authority = trust.authority(country, issued)
    payload = verify(statement, authority.key_map, authority.threshold, payload_type=SNAPSHOT_TYPE)
    snapshot = from_json(payload, Snapshot)
    if snapshot.country != country:
        raise MalformedError(f"a directory of {snapshot.country}; export this country's log again")
    return snapshot


def missing(snapshot: Snapshot, lines: list[CertificateLine], where: str) -> list[Fault]:
    """A fault for each statement of the directory that the export leaves out: a stripped
    revocation would let a revoked device pass."""
    here = {each.statement.digest for each in lines}
    return [
        Fault("stripped", where, f"the directory lists a statement that is not here: {_name(each)}")
        for each in snapshot.statements
        if each.digest not in here
    ]


def _name(statement: Statement) -> str:
    return f"{statement.payloadType.removeprefix('application/vnd.amana.')} {statement.digest[:16]}"
