"""Key files as the app wrote them before there were two slots: opened once more, then upgraded."""

from attrs import evolve, field, frozen
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

from mobile.vault.errors import VaultDamagedError
from mobile.vault.keys import SALT_BYTES, Parameters, Protection
from protocols.errors import MalformedError
from protocols.plain import from_json, to_json

FORMAT = "amana-vault/1"


@frozen
class FirstKeyFile:
    """`vault.key` of format amana-vault/1: one wrapped key, everything else bound to it."""

    format: str
    parameters: Parameters
    protection: Protection
    device_secret: bool
    salt: bytes
    nonce: bytes
    wrapped: bytes = field(repr=False)

    def header(self) -> bytes:
        """The authenticated part."""
        return to_json(evolve(self, wrapped=b""))


def is_first(data: bytes) -> bool:
    """Whether these bytes name that format."""
    return f'"format":"{FORMAT}"'.encode() in data


def read(data: bytes) -> FirstKeyFile:
    """Raises VaultDamagedError."""
    try:
        file = from_json(data, FirstKeyFile)
    except MalformedError as error:
        raise VaultDamagedError(f"vault.key cannot be read: {error}; restore or wipe") from error
    if len(file.salt) != SALT_BYTES or not file.parameters.usable:
        raise VaultDamagedError("vault.key has parts of another shape; restore or wipe")
    return file


def unwrap(file: FirstKeyFile, kek: bytes) -> bytes | None:
    """The vault's key, or None when `kek` is not the one."""
    try:
        key: bytes = crypto_aead_xchacha20poly1305_ietf_decrypt(
            file.wrapped, file.header(), file.nonce, kek
        )
    except (CryptoError, ValueError):
        return None
    return key
