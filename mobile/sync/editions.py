"""The editions of checklists on this phone: those that the app carries, and those that arrived
because the country's signed directory names them.

Whatever has the hash that the directory names is kept, also where this app cannot use it: a newer
app may. What is used is judged each time, by this app's own strict reader.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from attrs import frozen

from mobile.sync.errors import (
    EditionAlteredError,
    EditionConflictError,
    EditionMismatchError,
    EditionOlderError,
    EditionUnusableError,
)
from mobile.vault.records import OpenVault
from protocols.messages import Edition
from protocols.plain import from_json, to_json
from protocols.screening.checklist import available, packaged
from protocols.screening.checklist_file import read_checklist
from protocols.screening.errors import ChecklistError, UnknownChecklistError
from protocols.screening.model import Checklist

EDITIONS = "edition"
FILES = "edition-file"
_read = lru_cache(maxsize=64)(read_checklist)


@frozen
class KeptEdition:
    """An edition whose file is in the vault. `named`: the country's directory named it; otherwise
    it is a copy of what the app carried when a screening began under it."""

    id: str
    version: int
    sha256: str
    since: datetime
    named: bool


@frozen
class Usable:
    """An edition that screenings can run under. `since`: when it came to this phone, None where
    the app carries it."""

    checklist: Checklist
    sha256: str
    since: datetime | None = None


class Shelf:
    """The editions in an open vault and in the app."""

    def __init__(self, vault: OpenVault) -> None:
        self._vault = vault
        self._judged: dict[str, Checklist] = {}

    def ids(self) -> tuple[str, ...]:
        """The checklists of which there is an edition that can be used, sorted."""
        carried = frozenset(available())
        arrived = {each.id for each in self.kept() if each.id not in carried and self._try(each)}
        return tuple(sorted(carried | arrived))

    def newest(self, checklist: str) -> Usable:
        """The edition of the highest version that can be used; of the same version, the one that
        was kept first counts. Raises UnknownChecklistError, or a ChecklistError where the file
        that the app carries is damaged."""
        found = self.usable(checklist)
        if not found:
            raise UnknownChecklistError(
                f"no checklist {checklist[:60]!r} is on this phone; sync, or update the app"
            )
        return found[0]

    def usable(self, checklist: str) -> tuple[Usable, ...]:
        """Every edition that can be used, newest first. Raises a ChecklistError where the file
        that the app carries is damaged."""
        found = [self._try(each) for each in self.kept() if each.id == checklist]
        usable = [each for each in found if each is not None]
        if checklist in available():
            usable.append(_carried(checklist))
        return tuple(sorted(usable, key=lambda each: -each.checklist.version))

    def exactly(self, sha256: str | None, checklist: str, version: int) -> Usable | None:
        """That very edition, or None where it is not here or this app cannot use it. Without a
        hash, one of that version."""
        for each in self.kept() if sha256 is None else self._kept_as(sha256):
            if (each.id, each.version) == (checklist, version):
                return self._try(each)
        if checklist not in available():
            return None
        carried = _carried(checklist)
        same = carried.checklist.version == version and sha256 in (None, carried.sha256)
        return carried if same else None

    def wants(self, named: Edition) -> bool:
        """Whether to fetch what the directory names. False where it is here, or the app carries a
        newer one. Raises EditionConflictError, EditionOlderError."""
        known = [each for each in self.kept() if each.id == named.id]
        carried = _carried(named.id) if named.id in available() else None
        here = {each.sha256 for each in known} | ({carried.sha256} if carried else set())
        if any(each.named and each.version > named.version for each in known):
            raise EditionOlderError(
                f"the directory goes back to {named.id} version {named.version}; the newer one"
                " stays in use, tell a coordinator"
            )
        if named.sha256 in here:
            return False
        versions = {each.version for each in known}
        if carried is not None:
            versions.add(carried.checklist.version)
        if named.version in versions:
            raise EditionConflictError(
                f"another file calls itself {named.id} version {named.version}; it is not used,"
                " tell a coordinator"
            )
        return named.version > max(versions, default=0)

    def take(self, named: Edition, data: bytes, now: datetime) -> None:
        """Keep the file of an edition that the directory names. Raises EditionAlteredError."""
        if len(data) != named.size or hashlib.sha256(data).hexdigest() != named.sha256:
            raise EditionAlteredError(
                f"what came as {named.id} version {named.version} is not what the directory"
                " names; refused, try another network"
            )
        kept = KeptEdition(named.id, named.version, named.sha256, now, named=True)
        self._put(kept, data)

    def demand_usable(self, named: Edition) -> None:
        """Raises EditionUnusableError or EditionMismatchError where the edition is here and cannot
        be used."""
        here = [self._judge(each) for each in self._kept_as(named.sha256)]
        if not here and named.id in available():
            here = [each for each in (_carried(named.id),) if each.sha256 == named.sha256]
        for each in here:
            _demand_named(each.checklist, named.id, named.version)

    def pin(self, sha256: str, now: datetime) -> None:
        """Keep a copy of what the app carries under that hash: a later app may not carry it. Call
        in the transaction that keeps what refers to it."""
        if self._kept_as(sha256):
            return
        for each in available():
            if (carried := _carried(each)).sha256 == sha256:
                version = carried.checklist.version
                self._put(KeptEdition(each, version, sha256, now, named=False), packaged(each))

    def kept(self) -> tuple[KeptEdition, ...]:
        """What is in the vault, the country's before copies of the app's."""
        found = (from_json(body, KeptEdition) for _, body in self._vault.items(EDITIONS))
        return tuple(sorted(found, key=lambda each: (each.id, not each.named, each.sha256)))

    def forget_others(self, hashes: Collection[str], versions: Collection[tuple[str, int]]) -> None:
        """Remove what is neither of these hashes nor of these (checklist, version) pairs, except
        the newest of each checklist where the app carries none as new: a directory that goes back
        is noticed by it. Call in a transaction."""
        newest: dict[str, int] = {}
        for each in self.kept():
            newest[each.id] = max(each.version, newest.get(each.id, 0))
        for each in self.kept():
            carried = _carried(each.id).checklist.version if each.id in available() else 0
            last = each.version == newest[each.id] and each.version > carried
            if each.sha256 in hashes or (each.id, each.version) in versions or last:
                continue
            self._vault.delete(EDITIONS, each.sha256)
            self._vault.delete(FILES, each.sha256)

    def _kept_as(self, sha256: str) -> tuple[KeptEdition, ...]:
        body = self._vault.get(EDITIONS, sha256)
        return () if body is None else (from_json(body, KeptEdition),)

    def _put(self, kept: KeptEdition, data: bytes) -> None:
        with self._vault.transaction():
            self._vault.put(EDITIONS, kept.sha256, to_json(kept))
            self._vault.put(FILES, kept.sha256, data)

    def _try(self, kept: KeptEdition) -> Usable | None:
        try:
            return self._judge(kept)
        except (EditionUnusableError, EditionMismatchError):
            return None

    def _judge(self, kept: KeptEdition) -> Usable:
        try:
            checklist = self._judged.get(kept.sha256) or read_checklist(
                self._vault.get(FILES, kept.sha256) or b""
            )
        except ChecklistError as error:
            raise EditionUnusableError(
                f"{kept.id} version {kept.version} cannot be used by this app ({error}); the older"
                " one stays in use, update the app"
            ) from error
        _demand_named(checklist, kept.id, kept.version)
        self._judged[kept.sha256] = checklist
        return Usable(checklist, kept.sha256, kept.since if kept.named else None)


def _demand_named(checklist: Checklist, name: str, version: int) -> None:
    if (checklist.id, checklist.version) != (name, version):
        raise EditionMismatchError(
            f"what the directory calls {name} version {version} calls itself {checklist.id} version"
            f" {checklist.version}; it is not used as that, tell a coordinator"
        )


def _carried(checklist: str) -> Usable:
    """What the app carries under that id. Raises a ChecklistError where its file is damaged."""
    data = packaged(checklist)
    return Usable(_read(data), _sha256(data))


@lru_cache(maxsize=64)
def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
