"""A country's whole log with its certificates, for whoever audits it offline."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from backend.services import steps, witnessing
from backend.services.context import Context
from backend.store import directory, log
from protocols.audit.export import write_export
from protocols.plain import from_json
from protocols.sealing.statement import Statement


def export(session: Session, context: Context, country: str, now: datetime) -> Iterator[bytes]:
    """The lines of the export (see `protocols.audit.export`), read a page at a time."""
    snapshot = directory.newest_snapshot(session, country)
    head = context.head(session, country)
    yield from write_export(
        country=country,
        origin=context.server.origin(country),
        exported=steps.received(head, now),
        directory=from_json(snapshot.body, Statement) if snapshot else None,
        certificates=context.trust_in(session, country).statements,
        leaves=(row.leaf for row in log.all_leaves(session, country, head.size)),
        cosigned=witnessing.notes(session, context, head, head.size - 1, now),
        checkpoint=witnessing.attached(session, context, head, now),
    )
