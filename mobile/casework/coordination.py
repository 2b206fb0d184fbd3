"""A coordinator's side: everything of the country, late steps first, and the proof of it."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from mobile.casework.desk import Desk
from mobile.casework.proof import bounded, verify_seen
from mobile.casework.showing import known_referrals, show_referral
from mobile.casework.views import OverdueItem, ReferralView
from mobile.vault.errors import VaultStorageError
from protocols.audit.report import Report
from protocols.referral.arrows import UNANSWERED
from protocols.referral.lifecycle import State

IN_MEMORY = 8_000_000
"""Bytes of an export that are checked without storing it."""


class Coordination:
    """`Phone.coordination`; events and proofs only, never an envelope."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def list(self) -> tuple[ReferralView, ...]:
        """Every referral of the country, newest first."""
        desk = self._desk()
        views = (show_referral(desk, each) for each in known_referrals(desk))
        return tuple(sorted(views, key=lambda each: (each.created, each.id), reverse=True))

    def get(self, referral: str) -> ReferralView:
        """Raises UnknownRecordError."""
        return show_referral(self._desk(), referral)

    def overdue(self) -> tuple[OverdueItem, ...]:
        """Offers unanswered past their deadline, and referrals that came back because nobody was
        left to ask (late since then); longest wait first."""
        desk = self._desk()
        found = (_overdue(desk, each) for each in known_referrals(desk))
        late = [each for each in found if each is not None]
        return tuple(sorted(late, key=lambda each: (each.deadline, each.referral)))

    def export(self, path: Path) -> int:
        """Download the country's signed export (JSON Lines) to `path`; returns its bytes. The
        file appears only when whole. Check it with `verify`, or with `amana audit verify`."""
        desk = self._desk()
        partial = path.with_name(path.name + ".part")
        size = 0
        try:
            with (
                desk.online() as server,
                server.export(desk.me.country) as chunks,
                partial.open("wb") as file,
            ):
                for chunk in bounded(chunks):
                    size += file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return size

    def verify(self, path: Path) -> Report:
        """Check an export against the programme's root and against the log that this phone has
        seen. Raises NotAnExportError."""
        with path.open("rb") as file:
            return verify_seen(self._desk(), file)

    def check(self) -> Report:
        """Download the country's signed export and check it as `verify` does; nothing of it stays
        on this phone. Raises VaultStorageError when there is no room for it, and what
        a download raises."""
        desk = self._desk()
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
                with desk.online() as server, server.export(desk.me.country) as chunks:
                    for chunk in bounded(chunks):
                        file.write(chunk)
                file.seek(0)
                return verify_seen(desk, cast(BinaryIO, file))
        except OSError as error:
            raise VaultStorageError(
                f"there is no room to check the log ({error.strerror}); free some space, then try"
                " again"
            ) from error


def _overdue(desk: Desk, referral: str) -> OverdueItem | None:
    now = desk.clock()
    standing = desk.standing(referral).referral
    if standing is None:
        return None
    if standing.state in UNANSWERED:
        deadline, waiting_on = standing.deadline, standing.offered_to
    elif standing.state is State.RETURNED:
        deadline, waiting_on = standing.since, standing.sender
    else:
        return None
    if deadline is None or deadline > now:
        return None
    return OverdueItem(
        referral=referral,
        state=str(standing.state),
        waiting_on=waiting_on,
        waiting_on_name=desk.names().get(waiting_on or "", waiting_on),
        deadline=deadline,
        overdue_by=now - deadline,
    )
