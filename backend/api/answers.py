"""Bodies that exist only in HTTP: small answers beside those of `protocols.messages`."""

from attrs import frozen

from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement


@frozen
class Health:
    """GET /v1/health: `status` is "ok" when the database answered, `log` the entries by country."""

    status: str
    log: dict[str, int]


@frozen
class ProgrammeAnswer:
    """GET /v1/programme: hold the root's fingerprint against the invitation's before trusting."""

    root: Root
    authorities: tuple[Statement, ...]
    servers: tuple[Statement, ...]


@frozen
class SnapshotBody:
    """PUT /v1/directory/{country}."""

    snapshot: Statement


@frozen
class StatementBody:
    """POST /v1/sealing-keys and /v1/capacity."""

    statement: Statement


@frozen
class Published:
    """A snapshot that is now the directory, or a statement now among its live ones: the number
    of the newest snapshot and the version of the live state."""

    number: int
    live: int


@frozen
class StoredFile:
    """PUT /v1/checklists/{country}/{sha256}: what is now stored."""

    sha256: str
    size: int


@frozen
class CheckpointAnswer:
    """GET /v1/log/{country}/checkpoint: a C2SP tlog-checkpoint note."""

    checkpoint: str


@frozen
class ConsistencyAnswer:
    """GET /v1/log/{country}/consistency: RFC 9162 proof that `second` leaves extend `first`."""

    first: int
    second: int
    proof: tuple[bytes, ...]


@frozen
class CosignaturesKept:
    """POST /v1/log/{country}/cosignatures: how many were newer than what was kept."""

    kept: int
