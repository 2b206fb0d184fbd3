"""The other programs that the demo starts: `amana programme …` and `amana serve`, each its own
process, none of them imported. Only processes started here are ever stopped here."""

import json
import os
import signal
import socket
import subprocess  # nosec
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from protocols.errors import AmanaError

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 25
COMMAND_SECONDS = 180
NOT_BY_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), HOST)
"""The demo's server is on this machine; no proxy could reach it."""
PASSPHRASE = "AMANA_PASSPHRASE"  # noqa: S105 the variable's name


class DemoError(AmanaError):
    """The demo cannot go on; what it made so far stays where it is."""

    code = "demo_failed"


def amana_command() -> list[str]:
    """How to run `amana` with this very Python."""
    script = Path(sys.executable).with_name("amana")
    if script.exists():
        return [str(script)]
    return [sys.executable, "-c", "from protocols.commands import main; main()"]


def run_amana(*words: str, passphrase: str, log: Path) -> str:
    """Run an `amana` command to its end and give its stdout; its stderr goes to `log`.

    Raises DemoError with what it said when it fails.
    """
    environment = {**os.environ, **NOT_BY_PROXY, PASSPHRASE: passphrase}
    try:
        done = subprocess.run(
            [*amana_command(), *words],
            capture_output=True,
            text=True,
            env=environment,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DemoError(
            f"amana {words[0]} took more than {COMMAND_SECONDS} s; try again"
        ) from error
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ amana {' '.join(words)}\n{done.stderr}")
    if done.returncode != 0:
        raise DemoError(
            f"amana {' '.join(words[:2])} failed: {(done.stderr or done.stdout)[-600:]}"
        )
    return done.stdout


def run_amana_json(*words: str, passphrase: str, log: Path) -> Any:
    """The same with `--json`: the document it printed."""
    return json.loads(run_amana(*words, "--json", passphrase=passphrase, log=log))


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


class ServerProcess:
    """`amana serve` on the loopback with SQLite, in a session of its own."""

    def __init__(self, data: Path, port: int, log: Path, database: Path) -> None:
        self.url = f"http://{HOST}:{port}"
        self._words = [
            "serve", "--data", str(data), "--port", str(port), "--log", str(log),
            "--database", f"sqlite:///{database}", "--json",
        ]  # fmt: skip
        self._errors = log.with_suffix(".stderr.log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, extra_environment: dict[str, str] | None = None) -> None:
        """Return once it answers. Raises DemoError if it does not."""
        environment = {**os.environ, **(extra_environment or {})}
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                [*amana_command(), *self._words],
                stdout=errors,
                stderr=errors,
                env=environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.1)
        self.stop()
        raise DemoError(f"the server did not start; read {self._errors}")

    def stop(self) -> None:
        """Ask it to end, then end it."""
        self._signal(signal.SIGTERM)
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """End it and its workers at once, as a power cut would."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(STOP_SECONDS)
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            self._process.poll()

    def _answers(self) -> bool:
        try:
            with httpx.Client(trust_env=False) as http:
                return http.get(f"{self.url}/v1/health", timeout=2).is_success
        except httpx.TransportError:
            return False
