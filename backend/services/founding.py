"""The first start of a server on an empty database, and each later start."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.services import statements
from backend.services.context import Context
from backend.store import directory, log
from protocols.sealing.certificate import UntrustedError
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import Checkpoint, sign_checkpoint
from protocols.timeline.merkle import root_at


def found(session: Session, context: Context, now: datetime) -> None:
    """Open a log for each country the server has a key for, and store the programme's own
    certificates. Safe to repeat; new certificates are added, none is ever dropped.

    Raises UntrustedError when a certificate does not chain to the root, or this server's own key
    is not certified at `now`.
    """
    server = context.server
    TrustStore.build(server.root, server.statements)
    for country, key in server.keys.items():
        if log.country(session, country) is None:
            origin = server.origin(country)
            empty = Checkpoint(origin=origin, size=0, root=root_at(0, _no_node))
            log.add_country(session, country, origin, sign_checkpoint(empty, origin, key))
        own = [each for each in server.statements if statements.country_of(each) == country]
        directory.add_statements(session, country, statements.rows(country, own))
        session.expire_all()
        _check_own_key(session, context, country, now)


def _check_own_key(session: Session, context: Context, country: str, now: datetime) -> None:
    public = bytes(context.server.keys[country].verify_key)
    valid = context.trust_in(session, country).servers(country, now)
    if not any(public in each.keys for each in valid):
        raise UntrustedError(
            f"this server's key for {country} is not certified now; ask that country's authority"
            " to certify it, and put the certificate into programme.json"
        )


def _no_node(level: int, index: int) -> bytes:
    raise LookupError(f"an empty tree has no node {level}/{index}")
