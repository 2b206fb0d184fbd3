"""Which edition of a checklist is used: the newest one to begin with, its own one to go on with."""

from collections.abc import Callable, Iterator
from typing import Any

from mobile.casework.desk import Desk
from mobile.casework.records import OPENED, SCREENINGS, KeptOpened, KeptScreening
from mobile.casework.views import EditionView, Problem
from mobile.sync.editions import Usable
from mobile.sync.errors import (
    EditionAlteredError,
    EditionError,
    EditionUnusableError,
    HostileAnswerError,
    OfflineError,
    RefusedError,
    ServerTroubleError,
)
from mobile.sync.server import Server
from mobile.vault.errors import VaultStorageError
from protocols.messages import Edition
from protocols.plain import from_json
from protocols.screening.model import Checklist
from protocols.sealing.certificate import Role

NOT_YET = "edition_waiting"


class Editions:
    """`Phone.editions`."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def available(self) -> tuple[str, ...]:
        """The ids of the checklists that this phone can screen with, sorted."""
        return self._desk().shelf.ids()

    def newest(self, checklist: str) -> EditionView:
        """The edition that the next screening of that id runs under. Raises
        UnknownChecklistError."""
        desk = self._desk()
        found = desk.shelf.newest(checklist)
        named = [each for each in _named(desk) if each.id == checklist]
        return EditionView(
            checklist=found.checklist,
            since=found.since,
            newer_unusable=any(not _is_usable(desk, each) for each in named),
        )

    def find(self, checklist: str, version: int) -> Checklist | None:
        """That very edition, to say an answer in the reader's language, or None."""
        found = self._desk().shelf.exactly(None, checklist, version)
        return None if found is None else found.checklist


def under_which(desk: Desk, kept: KeptScreening) -> Usable | None:
    """The very edition that a kept screening runs under, or None where it is gone."""
    version = kept.interview.get("version")
    if type(version) is not int:
        return None
    return desk.shelf.exactly(kept.edition, kept.checklist, version)


def refresh_editions(desk: Desk, server: Server) -> list[Problem]:
    """Fetch and keep what the directory names and this phone lacks; what of it cannot be used, and
    why. Whatever the server answers here, the rest of a sync stands. Coordinators screen nobody
    and read no case."""
    if desk.me.role == Role.COORDINATOR:
        return []
    problems = []
    for named in _named(desk):
        try:
            _fetch(desk, server, named)
            desk.shelf.demand_usable(named)
        except (EditionError, VaultStorageError) as error:
            problems.append(Problem(error.code, str(error), named.id))
        except (RefusedError, ServerTroubleError) as error:
            problems.append(Problem(NOT_YET, str(error), named.id))
        except HostileAnswerError as error:
            problems.append(Problem(EditionAlteredError.code, str(error), named.id))
        except OfflineError as error:
            problems.append(Problem(NOT_YET, str(error), named.id))
            break
    try:
        with desk.vault.transaction():
            forget_unused(desk)
    except VaultStorageError as error:
        problems.append(Problem(error.code, str(error)))
    return problems


def _fetch(desk: Desk, server: Server, named: Edition) -> None:
    if not desk.shelf.wants(named):
        return
    data = server.edition(named)
    with desk.vault.transaction():
        desk.shelf.take(named, data, desk.clock())
        forget_unused(desk)


def forget_unused(desk: Desk) -> None:
    """Let go of editions that no screening, no opened case and no directory refers to. Call in the
    transaction that ends the need for one."""
    kept = [from_json(body, KeptScreening) for _, body in desk.vault.items(SCREENINGS)]
    hashes = {each.edition for each in kept if each.edition is not None}
    hashes |= {each.sha256 for each in _named(desk)}
    versions = {
        (each.checklist, each.interview.get("version")) for each in kept if each.edition is None
    }
    desk.shelf.forget_others(hashes, {*versions, *_answered(desk)})


def _answered(desk: Desk) -> Iterator[tuple[str, int]]:
    """The (checklist, version) pairs whose answers stand in a case that this phone opened."""
    for _, body in desk.vault.items(OPENED):
        answers: Any = from_json(body, KeptOpened).content.get("answers")
        for each in answers if isinstance(answers, list) else ():
            name = each.get("checklist") if isinstance(each, dict) else None
            checklist, _, version = name.rpartition("/") if isinstance(name, str) else ("", "", "")
            if version.isascii() and version.isdecimal() and len(version) < 9:
                yield checklist, int(version)


def _named(desk: Desk) -> tuple[Edition, ...]:
    if desk.identity is None:
        return ()
    snapshot = desk.directory.snapshot
    return () if snapshot is None else snapshot.editions


def _is_usable(desk: Desk, named: Edition) -> bool:
    try:
        desk.shelf.demand_usable(named)
    except EditionUnusableError:
        return False
    except EditionError:
        return True
    return True
