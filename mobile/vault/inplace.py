"""Writing over bytes where they stand, so that what was there before is not merely unlinked."""

import os
from pathlib import Path


def overwrite(path: Path, at: int, data: bytes) -> None:
    """Put `data` over what stands at byte `at` of the file, durable when it returns. On flash
    storage the controller may keep the old cells until it reuses them."""
    handle = os.open(path, os.O_WRONLY)
    try:
        left = memoryview(data)
        while left:
            written = os.pwrite(handle, left, at)
            left, at = left[written:], at + written
        os.fsync(handle)
    finally:
        os.close(handle)


def blank(path: Path) -> None:
    """Zeros over the whole file; its name stays."""
    overwrite(path, 0, bytes(path.stat().st_size))
