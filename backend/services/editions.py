"""The files of checklists' editions: an authority stores them, a snapshot names them, devices fetch
them. The server knows only bytes and their SHA-256; what they say is for the phones to judge."""

import hashlib
from collections.abc import Collection

from sqlalchemy.orm import Session

from backend.services.context import Context
from backend.store import checklists
from protocols.errors import AmanaError, MalformedError
from protocols.messages import MOST_EDITION_BYTES, MOST_EDITIONS, Edition, is_sha256


class UnknownChecklistFileError(AmanaError):
    """A checklist's file that no country's directory names here."""

    code = "unknown_checklist_file"


class ChecklistFileMismatchError(AmanaError):
    """Bytes that are not those of the hash they were sent under."""

    code = "checklist_file_mismatch"


class ChecklistFileTooLargeError(AmanaError):
    """A checklist's file over the limit, or empty."""

    code = "checklist_file_size"


class TooManyChecklistFilesError(AmanaError):
    """A country has stored more files than one directory can name."""

    code = "too_many_checklist_files"


class ChecklistFilesMissingError(AmanaError):
    """A snapshot names editions whose files are not here: phones could not fetch them."""

    code = "checklist_files_missing"

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(
            f"{len(missing)} of the checklists that this snapshot names have no file here; upload"
            " those files first, then publish the same snapshot again"
        )
        self.missing = sorted(missing)


def store_file(session: Session, context: Context, country: str, sha256: str, data: bytes) -> bool:
    """Keep the file until a snapshot of `country` names it or another one does without it; False
    if it was here.

    Raises MalformedError, ChecklistFileMismatchError, ChecklistFileTooLargeError,
    TooManyChecklistFilesError, UnknownCountryError.
    """
    _check_name(sha256)
    if not 0 < len(data) <= MOST_EDITION_BYTES:
        raise ChecklistFileTooLargeError(
            f"a checklist's file is 1 to {MOST_EDITION_BYTES} bytes, not {len(data)}; shorten it"
        )
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ChecklistFileMismatchError(
            "these bytes have another SHA-256 than the address says; send the file again"
        )
    context.locked_head(session, country)
    new = checklists.put(session, country, sha256, data)
    if new and checklists.count(session, country) > 2 * MOST_EDITIONS:
        raise TooManyChecklistFilesError(
            f"{country} has stored {2 * MOST_EDITIONS} checklists' files; publish the snapshot"
            " that names those in use, which lets go of the others"
        )
    return new


def read_file(session: Session, sha256: str) -> bytes:
    """The file of that hash. Raises MalformedError, UnknownChecklistFileError."""
    _check_name(sha256)
    found = checklists.get(session, sha256)
    if found is None:
        raise UnknownChecklistFileError(
            "no checklist of that hash is here; fetch the directory again and ask for what it names"
        )
    return found


def demand_files(session: Session, country: str, named: Collection[Edition]) -> None:
    """Raises ChecklistFilesMissingError unless the country has stored each edition's file."""
    missing = {each.sha256 for each in named} - checklists.stored(session, country)
    if missing:
        raise ChecklistFilesMissingError(missing)


def forget_others(session: Session, country: str, named: Collection[Edition]) -> None:
    """Let go of the country's files that its newest snapshot does not name."""
    checklists.keep_only(session, country, {each.sha256 for each in named})


def _check_name(sha256: str) -> None:
    if not is_sha256(sha256):
        raise MalformedError("the address ends in no SHA-256; write 64 lower-case hex digits")
