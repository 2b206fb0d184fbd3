"""An office whose commands reach a real server in this very process."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler

from backend.api.runtime import install, open_runtime
from backend.commands.offices import uplink
from backend.store.database import make_engine
from backend.store.migrate import upgrade
from tests.backend.commands.office import SERVER, Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    folder = tmp_path / "programme"
    http = httpx.Client(transport=httpx.WSGITransport(WSGIHandler()), base_url=SERVER)
    made = Office(folder, http)
    made.ask("init", "--out", str(folder), "--fictional", "--server", SERVER, "--work-factor", "1")
    url = f"sqlite:///{tmp_path / 'amana.db'}"
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    runtime = open_runtime(folder / "server", url)
    install(runtime)
    monkeypatch.setattr(uplink.httpx, "request", http.request)
    yield made
    install(None)
    runtime.database.close()
    http.close()
