"""An office of which three keepers hold a key each, any two sign, and one of them works there."""

import json
import shutil
from pathlib import Path
from typing import Any

import attrs

from backend.api.runtime import current, install, open_runtime
from backend.commands.offices.keepers import KeeperFolder
from protocols.errors import AmanaError
from tests.backend.commands.office import SERVER, NewDevice, Office

ROOT_PASSPHRASES = tuple(f"fictional root passphrase {each}" for each in (1, 2, 3))
PASSPHRASES = tuple(f"fictional authority passphrase {each}" for each in (1, 2, 3))
FOUNDING = (
    *("--country", "TN", "--fictional", "--server", SERVER, "--work-factor", "1"),
    *("--root-keys", "3", "--root-threshold", "2"),
    *("--authority-keys", "3", "--authority-threshold", "2"),
)


@attrs.define
class Trio(Office):
    """`homes` holds the folders that keepers carried away; keeper 1 of TN stays at the office."""

    homes: Path = attrs.field(kw_only=True)

    def ask(self, *words: str, passphrase: str = PASSPHRASES[0]) -> Any:
        result = self.type(*words, "--json", passphrase=passphrase)
        assert result.exit_code == 0, (result.output, result.exception)
        return json.loads(result.stdout)

    def refused(self, *words: str, passphrase: str = PASSPHRASES[0]) -> AmanaError:
        error = self.type(*words, passphrase=passphrase).exception
        assert isinstance(error, AmanaError), error
        return error

    def home(self, of: str, number: int) -> Path:
        """The folder of a keeper who is not at the office, or of the one who is."""
        here = self.folder / "authorities" / "TN" / f"keeper-{number}"
        return here if of == "TN" and number == 1 else self.homes / f"{of}-{number}"

    def signing(self, file: str | Path, number: int, of: str = "TN") -> tuple[str, ...]:
        return ("sign", str(file), "--keeper", str(self.home(of, number)), "--yes")

    def sign(self, file: str | Path, number: int, of: str = "TN", *more: str) -> dict[str, Any]:
        """What keeper `number` saw and signed."""
        passphrases = ROOT_PASSPHRASES if of == "root" else PASSPHRASES
        words = (*self.signing(file, number, of), *more)
        answer: dict[str, Any] = self.ask(*words, passphrase=passphrases[number - 1])
        return answer

    def publish(self, *more: str) -> dict[str, Any]:
        """`publish` for TN, at the office with its own keeper."""
        chosen = more or ("--country", "TN")
        (outcome,) = self.ask("publish", *self.here, *chosen)
        answer: dict[str, Any] = outcome
        return answer

    def finish(self, file: str | Path) -> dict[str, Any]:
        """The proposal signed by keeper 2 and brought back."""
        return self.finish_with(file, 2)

    def finish_with(self, file: str | Path, number: int) -> dict[str, Any]:
        """The same by another keeper."""
        self.sign(file, number)
        return self.publish("--proposal", str(file))

    def let_in(self, device: NewDevice) -> str:
        """Compared at the office; the proposal that waits for keeper 2."""
        name, code = self.compared(device)
        done = self.ask("approve", *self.here, "--invitation", name, "--code", code)
        assert not done["published"]
        proposal: str = done["proposal"]
        return proposal

    def restart_server(self) -> None:
        """The server starts again, on the same database, with the files in `server/` now."""
        current().database.close()
        url = f"sqlite:///{self.folder.parent / 'amana.db'}"
        install(open_runtime(self.folder / "server", url))

    def status(self) -> dict[str, Any]:
        (country,) = self.ask("status", *self.here)["countries"]
        answer: dict[str, Any] = country
        return answer


def carry_away(folder: Path, homes: Path) -> None:
    """Every keeper's folder leaves the office, but keeper 1's of TN."""
    homes.mkdir()
    for number in (1, 2, 3):
        shutil.move(folder / "root" / f"keeper-{number}", homes / f"root-{number}")
        if number > 1:
            source = folder / "authorities" / "TN" / f"keeper-{number}"
            shutil.move(source, homes / f"TN-{number}")


def key_of(folder: Path) -> str:
    """The id of the key in a keeper's folder."""
    return KeeperFolder(folder).read().id
