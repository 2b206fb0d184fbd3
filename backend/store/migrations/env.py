"""Alembic's entry: migrations run on the connection that `backend.store.migrate` gives."""

from alembic import context

from backend.store.tables import Table

ADVISORY_LOCK = 0x616D616E61
"""Two servers that start together migrate one after the other (PostgreSQL)."""


def run() -> None:
    """Run the migrations inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
