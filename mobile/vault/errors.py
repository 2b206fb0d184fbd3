"""What the vault refuses, each with the way out."""

from protocols.errors import AmanaError


class VaultError(AmanaError):
    """The vault could not do what was asked."""

    code = "vault"


class NoVaultError(VaultError):
    """No vault is in this folder."""

    code = "vault_missing"


class VaultExistsError(VaultError):
    """A vault is already in this folder."""

    code = "vault_exists"


class VaultLockedError(VaultError):
    """The vault was locked: its keys are gone from memory."""

    code = "vault_locked"

    def __init__(self) -> None:
        super().__init__("the vault is locked; enter the PIN")


class VaultDamagedError(VaultError):
    """A file or record of the vault is not what was written: moved, changed or cut."""

    code = "vault_damaged"


class VaultStorageError(VaultError):
    """The phone's storage refused a write or read (full, or failing); nothing was half written."""

    code = "vault_storage"


class WeakPinError(VaultError):
    """The PIN is too short or too plain."""

    code = "weak_pin"


class WeakParametersError(VaultError):
    """Argon2id parameters below the floor, outside tests."""

    code = "weak_parameters"


class WrongPinError(VaultError):
    """The PIN is wrong. The next try waits `wait_seconds`; after `tries_left` more wrong ones the
    vault is wiped."""

    code = "wrong_pin"

    def __init__(self, wait_seconds: int, tries_left: int) -> None:
        super().__init__(
            f"wrong PIN; wait {wait_seconds} s before the next of {tries_left} tries left"
        )
        self.wait_seconds = wait_seconds
        self.tries_left = tries_left


class LockedOutError(VaultError):
    """Too early for another try; this one was not looked at and not counted."""

    code = "locked_out"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"too early for another try; wait {wait_seconds} s")
        self.wait_seconds = wait_seconds


class WipedError(VaultError):
    """The vault's key was destroyed: by too many wrong PINs or by a quick wipe."""

    code = "wiped"

    def __init__(self) -> None:
        super().__init__("this phone's vault was wiped; enrol it again with a new invitation")


class RecoveryError(VaultError):
    """Recovery sheets could not be made or used."""

    code = "recovery"


class SheetUnfinishedError(RecoveryError):
    """A sheet has `needed` words; `given` were entered."""

    code = "sheet_unfinished"

    def __init__(self, given: int, needed: int) -> None:
        super().__init__(f"a recovery sheet has {needed} words, not {given}; enter all of them")
        self.given = given
        self.needed = needed


class SheetWordUnknownError(RecoveryError):
    """The word at `position` (from 1) is none of the list, or its first letters fit several."""

    code = "sheet_word_unknown"

    def __init__(self, position: int, typed: str) -> None:
        super().__init__(f"word {position} is none of the list; look at the sheet again")
        self.position = position
        self.typed = typed


class SheetWordWrongError(RecoveryError):
    """The checksum of a sheet is wrong; `position` (from 1) where one word alone explains it."""

    code = "sheet_word_wrong"

    def __init__(self, position: int | None, words: tuple[str, ...]) -> None:
        where = "its words" if position is None else f"word {position}"
        super().__init__(f"this sheet does not fit together; compare {where} with the paper")
        self.position = position
        self.word = None if position is None else words[position - 1]


class SheetUnfitError(RecoveryError):
    """Words whose checksum is right, but that are no sheet of this app, or not of one set."""

    code = "sheet_unfit"


class SheetOfAnotherSetError(RecoveryError):
    """The sheet belongs to the set `name`, and `expected` is wanted."""

    code = "sheet_of_another_set"

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(
            f"this sheet is of the set {name}, not {expected}; it was replaced, or is of another"
            " phone: take a sheet of the right set"
        )
        self.name = name
        self.expected = expected


class SheetTwiceError(RecoveryError):
    """The same sheet was entered before."""

    code = "sheet_twice"

    def __init__(self, number: int) -> None:
        super().__init__(f"sheet {number} was entered already; take another colleague's")
        self.number = number


class TooFewSheetsError(RecoveryError):
    """`given` sheets do not open anything; `needed` (None: not known yet) do."""

    code = "sheets_too_few"

    def __init__(self, given: int, needed: int | None) -> None:
        super().__init__(f"{given} of {needed or 'the'} sheets needed; enter another colleague's")
        self.given = given
        self.needed = needed


class NoRecoveryError(RecoveryError):
    """No recovery sheets were made for this phone, or they were removed."""

    code = "recovery_none"


class RecoveryDamagedError(RecoveryError):
    """`vault.recovery` is not what was written, or belongs to another vault."""

    code = "recovery_damaged"


class PinTooCloseError(VaultError):
    """The duress PIN and the PIN are so alike that a slip would take one for the other."""

    code = "pin_too_close"


class DuressNotYetError(VaultError):
    """A duress PIN is for a phone that has joined an organisation."""

    code = "duress_not_yet"

    def __init__(self) -> None:
        super().__init__("join an organisation first; then a duress PIN can be set")


class DeviceKeyError(VaultError):
    """The phone's secure hardware did not answer, or no longer holds this app's key."""

    code = "device_key"


class SpareError(VaultError):
    """A spare copy could not be written or taken in."""

    code = "spare"


class SpareDamagedError(SpareError):
    """A file that is no spare copy, or one that was changed or cut."""

    code = "spare_damaged"


class SpareOfOtherSheetsError(SpareError):
    """A spare copy that other recovery sheets open."""

    code = "spare_of_other_sheets"


class SpareKindError(SpareError):
    """A spare copy sealed with hybrid keys, on a phone without the library for them."""

    code = "spare_kind"


class SparePlaceError(SpareError):
    """The place chosen for a spare copy cannot be written or read."""

    code = "spare_place"


class SpareFormatError(SpareError):
    """A spare copy of a format that this app does not read."""

    code = "spare_format"


class SpareForeignError(SpareError):
    """A spare copy of a phone of another organisation, country or role."""

    code = "spare_foreign"


class SpareTooLargeError(SpareError):
    """More open work than a spare copy holds."""

    code = "spare_too_large"
