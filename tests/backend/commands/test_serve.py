"""`amana serve` refuses what it cannot run, and says what to do."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.commands.programme import programme
from backend.commands.serve import CannotListenError, CannotLogError, free_port, serve
from backend.services.server import NoProgrammeError
from backend.store.errors import StoreUnavailableError


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve") / "programme"
    words = ("init", "--out", str(folder), "--work-factor", "1")
    made = CliRunner().invoke(programme, words, env={"AMANA_PASSPHRASE": "fictional"})
    assert made.exit_code == 0, made.output
    return folder / "server"


def run(*words: object) -> BaseException | None:
    return CliRunner().invoke(serve, [str(each) for each in words]).exception


def test_a_folder_without_a_programme_is_refused(tmp_path: Path) -> None:
    error = run("--data", tmp_path)
    assert isinstance(error, NoProgrammeError)
    assert "amana programme init" in str(error)


def test_sqlite_takes_one_process(data: Path) -> None:
    result = CliRunner().invoke(serve, ["--data", str(data), "--workers", "2"])
    assert result.exit_code == 2
    assert "PostgreSQL" in result.output


def test_a_database_that_is_away_is_named_without_its_password(data: Path) -> None:
    url = "postgresql://amana:fictional-password@127.0.0.1:1/amana"
    error = run("--data", data, "--database", url)
    assert isinstance(error, StoreUnavailableError)
    assert "fictional-password" not in str(error)


@pytest.mark.parametrize(
    "url", ["mysql://amana:fictional-password@x/y", "nonsense", "a:b:c", "x://"]
)
def test_another_kind_of_database_is_refused_without_its_password(data: Path, url: str) -> None:
    result = CliRunner().invoke(serve, ["--data", str(data), "--database", url])
    assert result.exit_code == 2
    assert "sqlite:///FILE" in result.stderr
    assert "fictional-password" not in result.stderr


def test_a_log_that_cannot_be_written_is_named_before_anything_starts(data: Path) -> None:
    for log in (data, data / "programme.json" / "server.log"):
        error = run("--data", data, "--log", log)
        assert isinstance(error, CannotLogError)
        assert str(log) in str(error)


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=str(port)):
            free_port("127.0.0.1", port)
    assert free_port("127.0.0.1", port) == port


def test_help_shows_an_example() -> None:
    assert "Example: amana serve --data" in CliRunner().invoke(serve, ["--help"]).output
