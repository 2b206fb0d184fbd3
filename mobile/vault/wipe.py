"""The quick wipe. While it is under way, `vault.key` begins with zeros, until nothing is left."""

from pathlib import Path

from mobile.vault import files
from mobile.vault.hardware import DeviceKey
from mobile.vault.inplace import blank

KEY = "vault.key"
KEYS = ("vault.key.new", "vault.recovery", "vault.recovery.new")
"""What else may hold a wrapped key: overwritten before it is removed."""


def wipe(folder: Path, device: DeviceKey | None) -> None:
    """Destroy the wrapped key (overwritten, flushed), the device's key, then every file of the
    vault: copies of wrapped keys, both databases, the tries, and last the overwritten key file.

    Once the first step is done nothing opens the records again. Interrupted anywhere, it is
    finished by calling it again; a device that does not answer stops no other step, nor does
    storage so full that it takes no zeros: then the key file is removed first.
    """
    key = folder / KEY
    if key.exists():
        try:
            blank(key)
        except OSError:
            key.unlink()
    try:
        if device is not None:
            device.destroy()
    finally:
        for each in KEYS:
            files.destroy(folder / each)
        for path in sorted(folder.glob("vault*")):
            if path != key:
                files.remove(path)
    files.remove(key)
    if folder.exists():
        files.sync_folder(folder)


def is_under_way(folder: Path) -> bool:
    """Whether a wipe was begun here and not finished: what it overwrites first is the key file's
    first byte, which is never zero otherwise."""
    key = folder / KEY
    return key.exists() and key.read_bytes()[:1] in {b"", b"\0"}
