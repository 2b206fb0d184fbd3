"""A spare copy of a field worker's open work, for the day on which the phone is lost.

In it: screenings that are not over, what was entered with them, and the cases of referrals that are
not over, each with its messages. Not in it: any key of the device, practice, and what has ended.
It lies where the worker puts it, is opened by enough recovery sheets, and never goes to a server.
A provider needs none: its phones share cases, or the sender seals them anew.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from mobile.casework.desk import Desk
from mobile.casework.drafts import DRAFTS
from mobile.casework.records import (
    REFERRALS,
    SCREENINGS,
    KeptMessage,
    KeptReferral,
    KeptScreening,
    keep_message,
    messages_of,
)
from mobile.casework.showing import show_referral
from mobile.sync.editions import EDITIONS, FILES, KeptEdition
from mobile.vault.errors import (
    NoRecoveryError,
    SpareDamagedError,
    SpareForeignError,
    SpareFormatError,
    SpareTooLargeError,
)
from mobile.vault.recovery import Recovery
from mobile.vault.sheets import Gathered
from mobile.vault.spare import open_copy, read_copy, seal_copy, write_copy
from protocols.errors import MalformedError
from protocols.plain import (
    MAX_JSON_BYTES,
    dump_json,
    from_json,
    from_plain,
    load_json,
    to_json,
)
from protocols.referral.arrows import FINAL, State

FORMAT = "amana-spare/1"
SPARE, LAST_ROW = "spare", "last"
NAME_BYTES = 4
SUFFIX = ".age"
OVER = FINAL - {State.RETURNED}
"""A referral that came back has ended, and its person still waits for help."""


@frozen
class SpareEdition:
    """An edition of a checklist under which a screening runs, with its file."""

    edition: KeptEdition
    file: bytes = field(repr=False)


@frozen
class SpareCase:
    """A referral that is not over, with what was written about it."""

    referral: KeptReferral
    messages: tuple[KeptMessage, ...] = field(repr=False)


@frozen
class SpareContent:
    """Everything in a copy. `device`: the keyid of the phone that wrote it."""

    format: str
    country: str
    organisation: str
    role: str
    device: str
    label: str
    made: datetime
    screenings: tuple[KeptScreening, ...] = field(repr=False)
    drafts: dict[str, Any] = field(repr=False)
    cases: tuple[SpareCase, ...] = field(repr=False)
    editions: tuple[SpareEdition, ...] = field(repr=False)


@frozen
class KeptLast:
    """The copy written last: where, when, for which set of sheets, and what is in it."""

    path: str
    made: datetime
    sheets: str
    screenings: int
    cases: int


@frozen
class CopyView:
    """The copy written last. `fits`: the present recovery sheets open it."""

    path: Path
    made: datetime
    fits: bool
    screenings: int
    cases: int


@frozen
class TakenIn:
    """What came from the phone called `label`; `known`: what was on this phone already."""

    label: str
    made: datetime
    screenings: int
    cases: int
    known: int


class Spare:
    """`Phone.spare`."""

    def __init__(self, recovery: Recovery, desk: Callable[[], Desk]) -> None:
        self._recovery = recovery
        self._desk = desk

    @property
    def last(self) -> CopyView | None:
        """The copy that this phone wrote last, or None. Raises LockedError."""
        desk = self._desk()
        kept = _last(desk)
        if kept is None:
            return None
        standing = self._recovery.standing(desk.vault)
        fits = standing is not None and standing.name == kept.sheets
        return CopyView(Path(kept.path), kept.made, fits, kept.screenings, kept.cases)

    def write(self, folder: Path) -> CopyView:
        """A copy of today's open work in `folder`, in place of the one there before. Raises
        NoRecoveryError, NotEnrolledError, SparePlaceError, SpareTooLargeError."""
        desk = self._desk()
        standing = self._recovery.standing(desk.vault)
        if standing is None:
            raise NoRecoveryError("a spare copy needs recovery sheets; make them first")
        content = gather(desk)
        data = to_json(content)
        if len(data) > MAX_JSON_BYTES:
            raise SpareTooLargeError("too much is open for one copy; finish or delete screenings")
        sealed = seal_copy(data, self._recovery.recipients(desk.vault), desk.entropy)
        before = _last(desk)
        name = Path(before.path).name if before else desk.entropy(NAME_BYTES).hex() + SUFFIX
        path = folder / name
        write_copy(path, sealed)
        kept = KeptLast(
            str(path),
            content.made,
            standing.name,
            len(content.screenings),
            len(content.cases),
        )
        desk.vault.put(SPARE, LAST_ROW, to_json(kept))
        return CopyView(path, kept.made, fits=True, screenings=kept.screenings, cases=kept.cases)

    def take_in(self, path: Path, sheets: Gathered) -> TakenIn:
        """Put what is in the copy onto this phone, all of it or nothing; what is here already
        stays as it is. Raises TooFewSheetsError, SheetUnfitError, SpareDamagedError,
        SpareOfOtherSheetsError, SpareKindError, SparePlaceError, SpareFormatError,
        SpareForeignError, NotEnrolledError."""
        desk = self._desk()
        me = desk.me
        content = read_content(open_copy(read_copy(path), sheets.secret()))
        theirs = (content.country, content.organisation, content.role)
        if theirs != (me.country, me.organisation, me.role):
            raise SpareForeignError(
                "this copy is of a phone of another organisation or role; take it in on a phone"
                " enrolled as that one was"
            )
        return _restore(desk, content)


def gather(desk: Desk) -> SpareContent:
    """The open work on this phone: what has ended or was withdrawn stays out, and a submission that
    has not left yet is a screening that can be sent. Raises NotEnrolledError."""
    me = desk.me
    kept = [from_json(body, KeptReferral) for _, body in desk.vault.items(REFERRALS)]
    over = {each.id for each in kept if State(show_referral(desk, each.id).state) in OVER}
    arrived = {each.id for each in kept if desk.proven(each.id).events}
    screenings = [
        evolve(each, sent=each.referral in arrived)
        for _, body in desk.vault.items(SCREENINGS)
        for each in (from_json(body, KeptScreening),)
        if not each.practice and each.referral not in over
    ]
    drafts = {each.id: desk.vault.get(DRAFTS, each.id) for each in screenings}
    return SpareContent(
        format=FORMAT,
        country=me.country,
        organisation=me.organisation,
        role=me.role,
        device=me.keyid,
        label=me.label,
        made=desk.clock(),
        screenings=tuple(screenings),
        drafts={key: load_json(body) for key, body in drafts.items() if body is not None},
        cases=tuple(
            SpareCase(each, messages_of(desk.vault, each.id))
            for each in kept
            if each.id in arrived - over
        ),
        editions=_editions(desk, {each.edition for each in screenings}),
    )


def read_content(data: bytes) -> SpareContent:
    """Raises SpareFormatError for another format, SpareDamagedError for none."""
    try:
        plain = load_json(data)
        named = plain.get("format") if isinstance(plain, dict) else None
        if named != FORMAT:
            raise SpareFormatError(
                f"this copy has the format {str(named)[:40]!r} and this app reads {FORMAT}; use"
                " the app that wrote it, or write a new copy"
            )
        content = from_plain(plain, SpareContent)
    except MalformedError as error:
        raise SpareDamagedError(f"this copy cannot be read ({error}); take another") from error
    for each in content.editions:
        if hashlib.sha256(each.file).hexdigest() != each.edition.sha256:
            raise SpareDamagedError("a checklist in this copy is not what it says; take another")
    return content


def _editions(desk: Desk, hashes: set[str | None]) -> tuple[SpareEdition, ...]:
    found = []
    for sha256 in sorted(each for each in hashes if each is not None):
        edition, file = desk.vault.get(EDITIONS, sha256), desk.vault.get(FILES, sha256)
        if edition is not None and file is not None:
            found.append(SpareEdition(from_json(edition, KeptEdition), file))
    return tuple(found)


def _restore(desk: Desk, content: SpareContent) -> TakenIn:
    screenings, cases, known = 0, 0, 0
    with desk.vault.transaction():
        for edition in content.editions:
            _restore_edition(desk, edition)
        for each in content.screenings:
            if desk.vault.get(SCREENINGS, each.id) is not None:
                known += 1
                continue
            desk.vault.put(SCREENINGS, each.id, to_json(each))
            if each.id in content.drafts:
                desk.vault.put(DRAFTS, each.id, dump_json(content.drafts[each.id]))
            screenings += 1
        for case in content.cases:
            if desk.vault.get(REFERRALS, case.referral.id) is not None:
                known += 1
                continue
            desk.vault.put(REFERRALS, case.referral.id, to_json(case.referral))
            for message in case.messages:
                keep_message(desk.vault, case.referral.id, message)
            cases += 1
    return TakenIn(content.label, content.made, screenings, cases, known)


def _restore_edition(desk: Desk, spare: SpareEdition) -> None:
    """As a copy: what the country's directory names, this phone learns from the directory."""
    sha256 = spare.edition.sha256
    if desk.vault.get(EDITIONS, sha256) is None:
        desk.vault.put(EDITIONS, sha256, to_json(evolve(spare.edition, named=False)))
        desk.vault.put(FILES, sha256, spare.file)


def _last(desk: Desk) -> KeptLast | None:
    data = desk.vault.get(SPARE, LAST_ROW)
    return None if data is None else from_json(data, KeptLast)
