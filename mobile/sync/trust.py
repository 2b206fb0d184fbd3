"""Whom this phone trusts: its programme's root, and every certificate that chains to it.

Certificates and revocations once verified are never forgotten, so a server that leaves a
revocation out of a later directory gains nothing by it.
"""

from collections.abc import Iterable
from datetime import datetime

from mobile.sync.errors import ForeignCertificateError
from mobile.vault.errors import VaultDamagedError
from mobile.vault.records import OpenVault
from protocols.errors import AmanaError
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement
from protocols.sealing.truststore import TrustStore
from protocols.timeline.cosignature import witness_name

ROOT = "trust-root"
STATEMENTS = "trust"


class Trust:
    """The trust store of an open vault."""

    def __init__(self, vault: OpenVault) -> None:
        self._vault = vault
        self._store: TrustStore | None = None

    @property
    def root(self) -> Root:
        """The root pinned at enrolment. Raises VaultDamagedError before that."""
        data = self._vault.get(ROOT, "root")
        if data is None:
            raise VaultDamagedError("the programme's root is not in the vault; enrol again")
        return from_json(data, Root)

    def pin(self, root: Root) -> None:
        """Make `root` the only trust anchor."""
        self._store = None
        self._vault.put(ROOT, "root", to_json(root))

    def clear(self) -> None:
        """Forget root and certificates, for an enrolment that starts anew."""
        with self._vault.transaction():
            self._vault.delete(ROOT, "root")
            for row in self._vault.list(STATEMENTS):
                self._vault.delete(STATEMENTS, row)
        self._store = None

    @property
    def store(self) -> TrustStore:
        """Everything the root vouches for, as far as this phone has seen."""
        if self._store is None:
            kept = (from_json(body, Statement) for _, body in self._vault.items(STATEMENTS))
            self._store = TrustStore.build(self.root, kept)
        return self._store

    def with_(self, statements: Iterable[Statement]) -> TrustStore:
        """A store that knows `statements` too, kept nowhere yet. Raises ForeignCertificateError for
        one that does not chain to the root."""
        try:
            return self.store.extended(statements)
        except AmanaError as error:
            raise ForeignCertificateError(
                f"certificates that do not chain to the programme's root ({error}); refused"
            ) from error

    def keep(self, store: TrustStore) -> None:
        """Remember every statement of `store`; call inside a transaction."""
        known = {to_json(each) for each in self.store.statements}
        for each in store.statements:
            if (body := to_json(each)) not in known:
                self._vault.put(STATEMENTS, _row(each, body), body)
        self._store = None

    def servers(self, country: str, at: datetime) -> tuple[bytes, ...]:
        """The public keys of the country's certified servers."""
        return tuple(key for each in self.store.servers(country, at) for key in each.keys)

    def witnesses(self, country: str, at: datetime, keyids: Iterable[str]) -> dict[str, bytes]:
        """The public key of each of `keyids` that may cosign the country's log, by its name."""
        found = (self.store.witness(each, country, at) for each in keyids)
        return {witness_name(each.subject): each.keys[0] for each in found if each is not None}


def _row(statement: Statement, body: bytes) -> str:
    signers = "+".join(sorted(each.keyid for each in statement.signatures))
    return f"{statement.digest}/{signers}/{len(body)}"
