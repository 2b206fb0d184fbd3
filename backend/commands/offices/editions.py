"""Editions of checklists: read and proven here, kept, and handed to the server that serves them.

Nothing names an edition before its file is kept in the folder, so whatever breaks in between, the
same command again brings it to its end.
"""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from attrs import evolve, frozen

from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.uplink import ServerRefusedError, Uplink
from protocols.errors import AmanaError
from protocols.messages import MOST_EDITION_BYTES, Edition
from protocols.screening.check import check
from protocols.screening.checklist import available, load, packaged
from protocols.screening.checklist_file import read_checklist

T = TypeVar("T")
FILES_MISSING = "checklist_files_missing"
PROBLEMS_TOLD = 5


class ChecklistDoesNotHoldError(AmanaError):
    """A checklist that `amana checklist check` finds fault with."""

    code = "checklist_does_not_hold"


class EditionTooLargeError(AmanaError):
    """A checklist's file larger than phones take."""

    code = "edition_too_large"


class EditionNotNewerError(AmanaError):
    """An edition whose version does not grow, so that phones would not use it."""

    code = "edition_not_newer"


@frozen
class Offered:
    """One checklist as a country stands to it: `offered` in its directory, the version that this
    installation carries, and the edition published."""

    id: str
    offered: bool
    packaged: int | None
    published: Edition | None


def read_edition(data: bytes) -> Edition:
    """The edition that the file's bytes make, once everything about it is proven.

    Raises EditionTooLargeError, a ChecklistError, ChecklistDoesNotHoldError.
    """
    if len(data) > MOST_EDITION_BYTES:
        raise EditionTooLargeError(
            f"over {MOST_EDITION_BYTES} bytes, the most that phones take; shorten its texts"
        )
    found = read_checklist(data)
    report = check(found)
    if not report.holds:
        told = (f"{each.where}: {each.message}" for each in report.problems[:PROBLEMS_TOLD])
        raise ChecklistDoesNotHoldError(
            f"{found.id} version {found.version} does not hold, and was not published"
            f" ({' | '.join(told)}); mend it, and prove it with `amana checklist check`"
        )
    return Edition(found.id, found.version, hashlib.sha256(data).hexdigest(), len(data))


def demand_newer(state: AuthorityState, edition: Edition) -> None:
    """Raises EditionNotNewerError where phones would keep what they have: a version published
    before, or one that apps carry already. The very same file again is fine."""
    before = published(state, edition.id)
    if before is not None and before != edition and before.version >= edition.version:
        raise EditionNotNewerError(
            f"{state.country} has published {edition.id} version {before.version};"
            f" give this file a version above that"
        )
    if edition.id not in available():
        return
    carried = load(edition.id).version
    same = edition.sha256 == hashlib.sha256(packaged(edition.id)).hexdigest()
    if not same and carried >= edition.version:
        raise EditionNotNewerError(
            f"apps carry {edition.id} version {carried} already; give this file a version above"
            " that"
        )


def published(state: AuthorityState, checklist: str) -> Edition | None:
    """The edition of the checklist that the country has published last, or None."""
    return next((each for each in state.editions if each.id == checklist), None)


def naming(state: AuthorityState, edition: Edition) -> AuthorityState:
    """`state` with this edition in the place of an older one, and its checklist in use."""
    others = [each for each in state.editions if each.id != edition.id]
    checklists = dict.fromkeys((*state.checklists, edition.id))
    return evolve(
        state,
        editions=tuple(sorted([*others, edition], key=lambda each: each.id)),
        checklists=tuple(checklists),
    )


def with_files(
    folder: ProgrammeFolder, state: AuthorityState, uplink: Uplink, send: Callable[[], T]
) -> T:
    """What `send` gives. Where the server lacks the file of an edition that is named (it was
    restored from an older copy, say), every one is handed to it first. Raises as `send` does, and
    ChecklistFileGoneError."""
    try:
        return send()
    except ServerRefusedError as refusal:
        if refusal.problem_code != FILES_MISSING:
            raise
    for each in state.editions:
        uplink.store_edition(state.country, each, folder.read_edition(state.country, each))
    return send()


def overview(state: AuthorityState) -> tuple[Offered, ...]:
    """Every checklist that the country offers or that this installation carries, by id."""
    carried = available()
    named = {*state.checklists, *carried, *(each.id for each in state.editions)}
    return tuple(
        Offered(
            id=each,
            offered=each in state.checklists,
            packaged=load(each).version if each in carried else None,
            published=published(state, each),
        )
        for each in sorted(named)
    )
