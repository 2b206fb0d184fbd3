"""Small files that survive a power cut, and files that are destroyed as far as storage allows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mobile.vault.errors import VaultStorageError
from mobile.vault.inplace import blank


@contextmanager
def phones_storage() -> Iterator[None]:
    """Whatever the phone's storage refuses inside is a VaultStorageError."""
    try:
        yield
    except OSError as error:
        raise VaultStorageError(
            f"the phone's storage failed ({error.strerror}); free some space and try again"
        ) from error


def sync_folder(folder: Path) -> None:
    """Make names created or removed in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` by `data`: after a crash either the old or the new bytes are there, whole."""
    partial = path.with_name(path.name + ".new")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    partial.replace(path)
    sync_folder(path.parent)


def replace_durably(path: Path, data: bytes) -> None:
    """`write_durably`; once that holds, what stood there before is overwritten with zeros."""
    try:
        before = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        write_durably(path, data)
        return
    try:
        write_durably(path, data)
        _write_all(before, bytes(os.fstat(before).st_size))
        os.fsync(before)
    finally:
        os.close(before)


def _write_all(handle: int, data: bytes) -> None:
    """A disk that fills up takes the first part and says so only when asked for the rest."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def destroy(path: Path) -> None:
    """Overwrite `path` in place with zeros, flush, then remove it, the last also where storage
    takes no zeros. Missing is fine.

    On flash storage the controller may keep the old cells until it reuses them: what protects
    then is that these bytes were themselves encrypted under the PIN.
    """
    if not path.exists():
        return
    with suppress(OSError):
        blank(path)
    path.unlink()
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove `path` if it is there."""
    path.unlink(missing_ok=True)
