"""What a server is given to run: the programme it serves and its own signing keys, in one folder.

`programme.json` is public: the root and the statements that certify authorities and this server.
`server.key` is secret: one signing key a country, so that each country's log and offers are
signed by a key that only its own authority certifies.
"""

from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError
from protocols.plain import from_json
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement
from protocols.timeline.checkpoint import origin_for

PROGRAMME_FILE = "programme.json"
KEY_FILE = "server.key"


class NoProgrammeError(AmanaError):
    """The folder holds no programme that a server could run."""

    code = "no_programme"


@frozen
class Bundle:
    """programme.json: the root, with authority and server certificates."""

    root: Root
    statements: tuple[Statement, ...]


@frozen
class ServerKeys:
    """server.key: country code -> 32-byte Ed25519 seed."""

    keys: dict[str, bytes] = field(repr=False)


@frozen
class Server:
    """The programme a server runs, and the keys it signs with, by country."""

    root: Root
    statements: tuple[Statement, ...]
    keys: Mapping[str, SigningKey] = field(repr=False)

    def origin(self, country: str) -> str:
        """The name of the country's log, and of the key that signs its checkpoints."""
        return origin_for(self.root.programme, country)


def load_server(folder: Path) -> Server:
    """The server whose files are in `folder`. Raises NoProgrammeError or MalformedError."""
    for name in (PROGRAMME_FILE, KEY_FILE):
        if not (folder / name).is_file():
            raise NoProgrammeError(
                f"{folder} has no {name}; make one with `amana programme init --out DIR` and"
                " serve DIR/server"
            )
    bundle = from_json((folder / PROGRAMME_FILE).read_bytes(), Bundle)
    seeds = from_json((folder / KEY_FILE).read_bytes(), ServerKeys).keys
    keys = {country: SigningKey(seed) for country, seed in sorted(seeds.items())}
    return Server(bundle.root, bundle.statements, keys)
