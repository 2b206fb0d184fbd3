"""What every use case may need beside its session: the server's identity and whom it trusts."""

from collections.abc import Callable
from threading import Lock

from attrs import define, field
from sqlalchemy.orm import Session

from backend.services.server import Server
from backend.store import directory, log
from backend.store.database import WRITER
from backend.store.tables import CountryRow
from protocols.errors import AmanaError
from protocols.plain import from_json
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore


class UnknownCountryError(AmanaError):
    """The server keeps no log for this country."""

    code = "unknown_country"

    def __init__(self, country: str) -> None:
        super().__init__(
            f"this server does not serve {country[:8]!r}; check the country, or ask the"
            " coordinator for the right server"
        )


@define
class TrustCache:
    """Each country's TrustStore, built anew only when its statements have changed.

    What a transaction that may still be undone has read is not kept: the version it saw would be
    given again, to other statements.
    """

    server: Server
    _kept: dict[str, tuple[int, TrustStore]] = field(factory=dict)
    _lock: Lock = field(factory=Lock)

    def of(self, session: Session, country: str, version: int) -> TrustStore:
        """The country's store at `version`. Raises what TrustStore.build raises."""
        kept = self._kept.get(country)
        if kept is not None and kept[0] == version:
            return kept[1]
        statements = [from_json(body, Statement) for body in directory.statements(session, country)]
        built = TrustStore.build(self.server.root, statements)
        if session.info.get(WRITER):
            return built
        with self._lock:
            self._kept[country] = (version, built)
        return built


@define
class Context:
    """The server's identity and trust. `entropy` gives unpredictable bytes."""

    server: Server
    entropy: Callable[[int], bytes] = field(repr=False)
    trust: TrustCache = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.trust = TrustCache(self.server)

    def trust_in(self, session: Session, country: str) -> TrustStore:
        """Whom the country's directory vouches for, as this session sees it."""
        return self.trust.of(session, country, self.head(session, country).trust_version)

    def head(self, session: Session, country: str) -> CountryRow:
        """The country's row. Raises UnknownCountryError."""
        row = log.country(session, country) if country in self.server.keys else None
        if row is None:
            raise UnknownCountryError(country)
        return row

    def locked_head(self, session: Session, country: str) -> CountryRow:
        """The country's row, held until the transaction ends. Raises UnknownCountryError."""
        row = log.lock_country(session, country) if country in self.server.keys else None
        if row is None:
            raise UnknownCountryError(country)
        return row
