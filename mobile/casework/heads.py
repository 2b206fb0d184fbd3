"""Checkpoints as the server shows them, held against the log this phone has seen."""

from collections.abc import Sequence

from mobile.casework.desk import Desk
from mobile.casework.errors import WrongRootError
from mobile.sync.errors import RefusedError
from mobile.sync.ledger import Fetch, Head
from mobile.sync.server import Server
from protocols.timeline.merkle import ProofError


def refresh_servers(desk: Desk, server: Server) -> None:
    """Fetch the certificates of authorities and servers. Raises WrongRootError, and
    DirectoryInvalidError for certificates that do not chain to the root."""
    programme = server.programme()
    if programme.root.fingerprint != desk.trust.root.fingerprint:
        raise WrongRootError("the server shows another programme's root; do not use it")
    store = desk.trust.with_((*programme.authorities, *programme.servers))
    with desk.vault.transaction():
        desk.trust.keep(store)


def checked_head(
    desk: Desk,
    server: Server,
    note: str,
    proof: Sequence[bytes] | None,
    *,
    since: Head | None = None,
) -> Head:
    """As `Ledger.check`. A note under a key not known here may be a server's new one: its
    certificate is asked for before the note is refused."""
    if not desk.ledger.knows(note):
        refresh_servers(desk, server)
    return desk.ledger.check(note, proof, prover(desk, server), desk.clock(), since=since)


def prover(desk: Desk, server: Server) -> Fetch:
    """Asks the server for consistency proofs; its refusal is no proof."""
    country = desk.me.country

    def fetch(first: int, second: int) -> Sequence[bytes]:
        try:
            return server.consistency(country, first, second)
        except RefusedError as error:
            raise ProofError(
                f"the server refuses to prove that its log of {second} entries continues the one"
                f" of {first}: {error}"
            ) from error

    return fetch
