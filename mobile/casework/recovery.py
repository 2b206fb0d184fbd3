"""Recovery sheets: handed to colleagues, so that a lost PIN loses nobody's case.

Nothing of them ever goes to a server, and no sheet is kept on the phone: what is drawn lives in
memory until the last sheet is on paper, and opens nothing before `keep`.
"""

from collections.abc import Callable
from datetime import datetime

from attrs import frozen

from mobile.casework.desk import Clock, Desk
from mobile.vault.recovery import NewSheets, Recovery, RecoveryFile


@frozen
class SheetsView:
    """The set that opens this phone: any `needed` of `sheets`, named by the two words with which
    each of them begins."""

    name: str
    needed: int
    sheets: int
    made: datetime


class RecoverySheets:
    """`Phone.recovery`."""

    def __init__(
        self,
        recovery: Recovery,
        desk: Callable[[], Desk],
        clock: Clock,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._recovery = recovery
        self._desk = desk
        self._clock = clock
        self._changed = changed

    @property
    def standing(self) -> SheetsView | None:
        """The sheets that open this vault now, verified; None where there are none. Raises
        LockedError."""
        return _view(self._recovery.standing(self._desk().vault))

    @property
    def on_file(self) -> SheetsView | None:
        """What a locked phone can say of its sheets, unverified. Raises RecoveryDamagedError."""
        return _view(self._recovery.on_file())

    def draw(self, needed: int, sheets: int) -> NewSheets:
        """A new set in memory; see `mobile.vault.sheets.CHOICES`. Raises LockedError."""
        self._desk()
        return self._recovery.draw(needed, sheets)

    def keep(self, drawn: NewSheets) -> None:
        """From now on these sheets open the vault, and older ones nothing. Raises LockedError,
        VaultStorageError."""
        self._recovery.keep(self._desk().vault, drawn, self._clock())
        self._changed()

    def remove(self) -> None:
        """From now on no sheet opens anything. Raises LockedError, VaultStorageError."""
        self._desk()
        self._recovery.remove()
        self._changed()


def _view(file: RecoveryFile | None) -> SheetsView | None:
    return None if file is None else SheetsView(file.name, file.needed, file.sheets, file.made)
