"""`amana serve`: one server process over WSGI threads, its database brought up to date first."""

import json
import os
import socket
import sys
import time
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from backend.api.runtime import KEEP_DAYS, default_url
from backend.services.server import load_server
from backend.store.database import make_engine
from backend.store.errors import StoreUnavailableError
from backend.store.migrate import upgrade
from protocols.errors import AmanaError

BACKLOG = 512
STOP_SECONDS = 20
START_PAUSE = 0.1
DATABASES = ("postgresql", "postgres", "sqlite")


class CannotListenError(AmanaError):
    """The address is taken, or not this machine's."""

    code = "cannot_listen"


class CannotLogError(AmanaError):
    """The request log can't be written where it was asked for."""

    code = "cannot_log"


def _witness_addresses(
    _: click.Context, __: click.Parameter, addresses: tuple[str, ...]
) -> tuple[str, ...]:
    for each in addresses:
        parts = urlsplit(each)
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in each:
            raise click.BadParameter("a witness's address is like https://example.org/v1/witness")
    return addresses


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    envvar="AMANA_DATA",
    help="Folder with programme.json and server.key (`amana programme init` makes DIR/server).",
)
@click.option(
    "--database",
    envvar="AMANA_DATABASE",
    help="postgresql://… or sqlite:///FILE (default: amana.db in the data folder).",
)
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=click.IntRange(0, 65535), help="0: any free port.")
@click.option("--threads", default=16, type=click.IntRange(1, 256), help="Requests at once.")
@click.option("--workers", default=1, type=click.IntRange(1, 32), help="Processes; PostgreSQL.")
@click.option(
    "--keep-days",
    envvar="AMANA_KEEP_DAYS",
    default=KEEP_DAYS,
    show_default=True,
    type=click.IntRange(1, 3650),
    help="Days for which ciphertext stays once its referral is over.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    callback=_witness_addresses,
    help="Ask this witness to cosign the logs: https://…/v1/witness (may be repeated).",
)
@click.option("--log", help="File for the request log (default: DATA/server.log; -: stderr).")
@click.option("--json", "as_json", is_flag=True, help="One JSON line on stdout once it listens.")
def serve(
    data: Path,
    database: str | None,
    host: str,
    port: int,
    *,
    threads: int,
    workers: int,
    keep_days: int,
    witnesses: tuple[str, ...],
    log: str | None,
    as_json: bool,
) -> None:
    """Run the server until SIGTERM or Ctrl-C.

    Example: amana serve --data demo/server --port 8000
    """
    data = data.resolve()
    load_server(data)
    url = database or default_url(data)
    _check_url(url, workers)
    log = "" if log == "-" else log or str(data / "server.log")
    _check_log(log)
    migrate(url)
    port = free_port(host, port)
    _hand_down(data, url, log=log, threads=threads, keep_days=keep_days)
    if witnesses:
        os.environ["AMANA_WITNESSES"] = " ".join(witnesses)
    announcer = Thread(
        target=_announce, args=(host, port, url), kwargs={"as_json": as_json}, daemon=True
    )
    server = Granian(
        "backend.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.on_startup(announcer.start)
    server.serve()


def migrate(url: str) -> None:
    """Bring the database at `url` up to date. Raises StoreUnavailableError."""
    engine = make_engine(url, pool_size=1)
    try:
        upgrade(engine)
    except OperationalError as error:
        raise StoreUnavailableError(type(error.orig).__name__) from error
    finally:
        engine.dispose()


def free_port(host: str, port: int) -> int:
    """`port` if it is free, or a free one for 0. Raises CannotListenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CannotListenError(
                f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port"
            ) from error
        return int(trial.getsockname()[1])


def _check_url(url: str, workers: int) -> None:
    try:
        kind = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):
        kind = ""
    if kind not in DATABASES:
        # The URL itself may hold a password: it is not repeated.
        raise click.UsageError("--database is neither postgresql://… nor sqlite:///FILE")
    if workers > 1 and url.startswith("sqlite"):
        raise click.UsageError("SQLite takes one process: leave --workers at 1, or use PostgreSQL")


def _check_log(log: str) -> None:
    """Raises CannotLogError: a worker process that can't log would die without a word."""
    if not log:
        return
    try:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        Path(log).open("a", encoding="utf-8").close()
    except OSError as error:
        raise CannotLogError(
            f"{log} can't be written ({error.strerror}); name another file with --log"
        ) from error


def _hand_down(data: Path, url: str, *, log: str, threads: int, keep_days: int) -> None:
    """Settings for the worker process, by environment."""
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "AMANA_DATA": str(data),
            "AMANA_DATABASE": url,
            "AMANA_POOL": str(threads + 2),
            "AMANA_LOG": log,
            "AMANA_KEEP_DAYS": str(keep_days),
        }
    )


def _announce(host: str, port: int, url: str, *, as_json: bool) -> None:
    """Once it accepts connections, say where; the database by kind only, since its URL may hold a
    password. The first pause lets the worker be forked while this thread holds nothing."""
    time.sleep(START_PAUSE)
    while not _accepts(host, port):
        time.sleep(START_PAUSE)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    if as_json:
        line = {"url": address, "port": port, "pid": os.getpid(), "database": urlsplit(url).scheme}
        sys.stdout.write(json.dumps(line) + "\n")
    else:
        sys.stdout.write(f"Amana server at {address} (stop with Ctrl-C)\n")
    sys.stdout.flush()


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
