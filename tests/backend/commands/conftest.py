"""An office whose commands reach a real server in this very process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler

from backend.api.runtime import current, install, open_runtime
from backend.commands.offices import uplink
from backend.store.database import make_engine
from backend.store.migrate import upgrade
from tests.backend.commands.office import SERVER, Office
from tests.backend.commands.trio import (
    FOUNDING,
    PASSPHRASES,
    ROOT_PASSPHRASES,
    Trio,
    carry_away,
)


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(transport=httpx.WSGITransport(WSGIHandler()), base_url=SERVER) as client:
        yield client


@contextmanager
def served(folder: Path, http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The programme in `folder` has its server, in this process."""
    url = f"sqlite:///{folder.parent / 'amana.db'}"
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    install(open_runtime(folder / "server", url))
    monkeypatch.setattr(uplink.httpx, "request", http.request)
    yield
    current().database.close()
    install(None)


@pytest.fixture
def office(tmp_path: Path, http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = Office(tmp_path / "programme", http)
    words = ("--fictional", "--server", SERVER, "--work-factor", "1")
    made.ask("init", "--out", str(made.folder), *words)
    with served(made.folder, http, monkeypatch):
        yield made


@pytest.fixture
def founded(tmp_path: Path, http: httpx.Client) -> Trio:
    """Three keepers of the root and three of TN, whose folders have been carried away."""
    return found_trio(tmp_path, http)


def found_trio(folder: Path, http: httpx.Client) -> Trio:
    made = Trio(folder / "programme", http, homes=folder / "homes")
    lines = "\n".join((*ROOT_PASSPHRASES, *PASSPHRASES))
    made.ask("init", "--out", str(made.folder), *FOUNDING, passphrase=lines)
    carry_away(made.folder, made.homes)
    return made


@pytest.fixture
def trio(founded: Trio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trio]:
    """The same with a server, before anything is published."""
    with served(founded.folder, founded.http, monkeypatch):
        yield founded


@pytest.fixture
def running(trio: Trio) -> Trio:
    """The same with its first directory published."""
    trio.finish(trio.publish()["proposal"])
    return trio
