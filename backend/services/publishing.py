"""A country's directory: the authority publishes it, devices read it and keep it alive."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy.orm import Session

from backend.services import editions, statements
from backend.services.context import Context
from backend.store import directory
from backend.store.tables import CountryRow
from protocols.errors import AmanaError
from protocols.messages import SNAPSHOT_TYPE, DirectoryAnswer, Snapshot
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    PERSONAL,
    Certificate,
    Role,
    UntrustedError,
)
from protocols.sealing.statement import Statement, verify

CLOCK_SLACK = timedelta(minutes=5)
LONGEST_VALIDITY = timedelta(days=92)
KEYED = (*PERSONAL, Role.SERVER, Role.WITNESS)


class SnapshotNumberError(AmanaError):
    """A snapshot that does not follow the newest one."""

    code = "snapshot_number"

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(
            f"snapshot {number} does not follow {newest}; build snapshot {newest + 1} from the"
            " newest directory and publish that"
        )
        self.newest = newest


class SnapshotUnusableError(AmanaError):
    """A snapshot that says something no client could accept."""

    code = "snapshot_unusable"


class NoDirectoryYetError(AmanaError):
    """The country's authority has published nothing yet."""

    code = "directory_unpublished"


@frozen
class DirectoryVersion:
    """What a client knows when it knows the newest: the snapshot's number and the live state's."""

    number: int
    live: int

    @property
    def etag(self) -> str:
        """The HTTP entity tag."""
        return f'"{self.number}.{self.live}"'


def read_snapshot(
    session: Session, context: Context, country: str, statement: Statement, now: datetime
) -> Snapshot:
    """The snapshot that the country's authority signed, if clients could accept it at `now`.

    Whose word that is the root says, also in the snapshot itself: one that brings in new keepers
    is signed by them, as clients demand. Raises the errors of `statement.verify`,
    SnapshotUnusableError, UntrustedError.
    """
    snapshot = from_json(statement.payload, Snapshot)
    trust = context.trust_in(session, country)
    known = set(trust.statements)
    if words := [each for each in statements.root_words(snapshot.statements) if each not in known]:
        trust = trust.extended(words)
    authority = trust.authority(country, now)
    verify(statement, authority.key_map, authority.threshold, payload_type=SNAPSHOT_TYPE)
    wrong = [
        (snapshot.country != country, f"it is for {snapshot.country[:8]!r}"),
        (snapshot.issued > now + CLOCK_SLACK, "it was issued in the future"),
        (snapshot.expires <= now, "it has expired"),
        (snapshot.expires - snapshot.issued > LONGEST_VALIDITY, "it is valid for too long"),
        (
            any(each.country != country for each in snapshot.providers),
            "it lists a foreign provider",
        ),
    ]
    for is_wrong, why in wrong:
        if is_wrong:
            raise SnapshotUnusableError(f"this snapshot cannot be published: {why}; build it anew")
    return snapshot


def publish(
    session: Session, context: Context, country: str, statement: Statement, now: datetime
) -> DirectoryVersion:
    """Make `statement` the country's directory. Publishing the newest again changes nothing.

    Every certificate in it must chain to the root, and none that was published before is
    forgotten here: dropping one does not untrust it, revoking does. Each edition of a checklist
    that it names must have its file here; files that it does not name go.
    Raises as `read_snapshot` does, SnapshotNumberError, and ChecklistFilesMissingError.
    """
    head = context.locked_head(session, country)
    newest = directory.newest_snapshot(session, country)
    if newest is not None and newest.digest == statement.digest:
        return DirectoryVersion(head.snapshot_number, head.live_version)
    snapshot = read_snapshot(session, context, country, statement, now)
    if snapshot.number != head.snapshot_number + 1:
        raise SnapshotNumberError(snapshot.number, head.snapshot_number)
    context.trust_in(session, country).extended(snapshot.statements)
    _check_own(session, country, snapshot.statements)
    editions.demand_files(session, country, snapshot.editions)
    directory.add_statements(session, country, statements.rows(country, snapshot.statements))
    directory.add_snapshot(session, country, snapshot.number, statement.digest, to_json(statement))
    editions.forget_others(session, country, snapshot.editions)
    return version(context.locked_head(session, country))


def _check_own(session: Session, country: str, listed: Iterable[Statement]) -> None:
    """An authority speaks of its own country only, and of no key that another has certified: a
    request's key must lead to one country. Raises SnapshotUnusableError."""
    certificates = [
        from_json(each.payload, Certificate)
        for each in listed
        if each.payloadType == CERTIFICATE_TYPE
    ]
    foreign = {each.country for each in certificates} - {country}
    if foreign:
        raise SnapshotUnusableError(
            f"this snapshot lists certificates of {', '.join(sorted(foreign))}; leave them out"
        )
    keyed = [each.subject for each in certificates if each.role in KEYED]
    if taken := directory.certified_elsewhere(session, country, keyed):
        raise SnapshotUnusableError(
            f"another country has certified the key {taken}; have the device make a new key"
        )


def version(head: CountryRow) -> DirectoryVersion:
    """The newest directory's version."""
    return DirectoryVersion(head.snapshot_number, head.live_version)


def read_directory(
    session: Session, context: Context, country: str, now: datetime
) -> tuple[DirectoryAnswer, DirectoryVersion]:
    """The newest snapshot with the live statements of devices trusted at `now`.

    Raises UnknownCountryError, NoDirectoryYetError.
    """
    head = context.head(session, country)
    newest = directory.newest_snapshot(session, country)
    if newest is None:
        raise NoDirectoryYetError(
            f"the authority of {country} has published no directory yet; try again later"
        )
    trust = context.trust_in(session, country)
    live = [
        from_json(row.body, Statement)
        for row in directory.live(session, country, now)
        if _trusted(context, session, country, row.device, now)
    ]
    authority = _statement_of(trust.statements, trust.authority(country, now))
    answer = DirectoryAnswer(authority, from_json(newest.body, Statement), tuple(live))
    return answer, version(head)


def _trusted(context: Context, session: Session, country: str, device: str, now: datetime) -> bool:
    try:
        context.trust_in(session, country).device(device, now)
    except UntrustedError:
        return False
    return True


def _statement_of(known: tuple[Statement, ...], certificate: Certificate) -> Statement:
    wanted = to_json(certificate)
    return next(
        each
        for each in known
        if each.payloadType == CERTIFICATE_TYPE
        and to_json(from_json(each.payload, Certificate)) == wanted
    )


def programme_statements(session: Session) -> tuple[list[Statement], list[Statement]]:
    """(authority certificates, server certificates) of every country."""
    authorities = directory.statements_of_role(session, "authority")
    servers = directory.statements_of_role(session, "server")
    return (
        [from_json(body, Statement) for body in authorities],
        [from_json(body, Statement) for body in servers],
    )
