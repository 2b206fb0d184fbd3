"""What a vault asks of the phone's secure hardware. The adapters stand in `mobile.device`."""

from typing import Protocol


class DeviceKey(Protocol):
    """A key that the device does not give out. `in_hardware`: whether it lives in a chip of its
    own or a processor's trusted part; where it does not, it is used all the same, and the vault
    does not count on it."""

    @property
    def in_hardware(self) -> bool:
        """Raises DeviceKeyError."""

    def secret(self, salt: bytes) -> bytes:
        """32 bytes that follow from the key and `salt`; the key is made at the first call. Raises
        DeviceKeyError."""

    def destroy(self) -> None:
        """Delete the key for good; none is fine. Raises DeviceKeyError."""
