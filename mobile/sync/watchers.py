"""Who else was seen to watch the country's log, and what this phone itself has cosigned of it."""

from collections.abc import Collection
from datetime import datetime

from attrs import frozen

from mobile.vault.records import OpenVault
from protocols.plain import from_json, to_json
from protocols.timeline.cosignature import Witnessed, witness_keyid

COSIGNED = "log-cosigned"


@frozen
class Watch:
    """That the witness with this key id saw `size` entries, at `at` by its own clock: of the same
    history as this phone."""

    witness: str
    size: int
    at: datetime


@frozen
class Own:
    """The newest checkpoint that this phone has cosigned: kept before the cosignature is made."""

    size: int
    root: bytes
    at: datetime


class Watchers:
    """One country's."""

    def __init__(self, vault: OpenVault, country: str) -> None:
        self._vault = vault
        self._country = country

    def list(self) -> tuple[Watch, ...]:
        """The newest of each witness, by key id."""
        return tuple(from_json(body, Watch) for _, body in self._vault.items(self._collection))

    def take(self, found: Collection[Witnessed], size: int) -> None:
        """Keep what is newer than what is kept of each witness."""
        known = {each.witness: each for each in self.list()}
        for each in found:
            keyid = witness_keyid(each.name)
            if keyid is None:
                continue
            kept = known.get(keyid)
            if kept is None or (kept.at, kept.size) < (each.at, size):
                known[keyid] = Watch(keyid, size, each.at)
                self._vault.put(self._collection, keyid, to_json(known[keyid]))

    def forget_others(self, keyids: Collection[str]) -> None:
        """Let go of whoever is no witness any more."""
        for each in self.list():
            if each.witness not in keyids:
                self._vault.delete(self._collection, each.witness)

    @property
    def own(self) -> Own | None:
        """What this phone has cosigned last."""
        data = self._vault.get(COSIGNED, self._country)
        return None if data is None else from_json(data, Own)

    def promise(self, own: Own) -> None:
        """Write down what is about to be cosigned."""
        self._vault.put(COSIGNED, self._country, to_json(own))

    @property
    def _collection(self) -> str:
        return f"log-watched/{self._country}"
