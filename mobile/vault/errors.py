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
