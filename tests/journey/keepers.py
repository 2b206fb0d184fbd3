"""A fictional programme of which any two of three keepers sign, each on a machine of their own."""

import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from backend.commands.programme import programme
from mobile.commands.demonstration.programme import Programme

PASSPHRASES = tuple(f"fictional passphrase of keeper {each}" for each in (1, 2, 3))
ROOT_PASSPHRASE = "fictional passphrase of the root's keepers"


class KeptProgramme(Programme):
    """Keeper 1 works at the office; 2 and 3 sign what is carried to them, in `homes/`."""

    @property
    def homes(self) -> Path:
        return self.folder.parent / "homes"

    def init(self) -> None:
        quorums = [
            f"--{of}-{what}" for of in ("root", "authority") for what in ("keys", "threshold")
        ]
        numbers = dict(zip(quorums, ("3", "2", "3", "2"), strict=True))
        lines = "\n".join((*(ROOT_PASSPHRASE,) * 3, *PASSPHRASES))
        words = ("--country", "TN", "--fictional", "--server", self.server, "--work-factor", "1")
        more = [word for pair in numbers.items() for word in pair]
        self.run("init", "--out", str(self.folder), *words, *more, passphrase=lines)
        self.homes.mkdir()
        for number in (1, 2, 3):
            root = self.folder / "root" / f"keeper-{number}"
            shutil.move(root, self.homes / f"root-{number}")
        for number in (2, 3):
            own = self.folder / "authorities" / "TN" / f"keeper-{number}"
            shutil.move(own, self.homes / f"TN-{number}")

    def publish(self) -> list[dict[str, Any]]:
        return [self.finish(each) for each in super().publish()]

    def approve(self, invitation: str, code: str) -> None:
        words = ("--invitation", invitation, "--code", code, "--server", self.server)
        self.finish(self.run("approve", *self.here, *words))

    def revoke(self, *words: str) -> None:
        self.finish(self.run("revoke", *self.here, *words))

    @property
    def here(self) -> tuple[str, str]:
        return ("--dir", str(self.folder))

    def finish(self, waiting: dict[str, Any], keeper: int = 2) -> dict[str, Any]:
        """The proposal is carried to a keeper and back to the office, which publishes it."""
        proposal = waiting["proposal"]
        home = str(self.homes / f"TN-{keeper}")
        signing = ("sign", proposal, "--keeper", home, "--yes")
        self.run(*signing, passphrase=PASSPHRASES[keeper - 1])
        (done,) = self.run("publish", *self.here, "--proposal", proposal)
        assert done["published"]
        answer: dict[str, Any] = done
        return answer

    def run(self, *words: str, passphrase: str = PASSPHRASES[0]) -> Any:
        done = CliRunner().invoke(
            programme, [*words, "--json"], env={"AMANA_PASSPHRASE": passphrase}
        )
        if done.exception is not None:
            raise done.exception
        return json.loads(done.stdout)

    def _run(self, *words: str) -> Any:
        return self.run(*words)
