"""Phones with and without the library that hybrid keys need."""

import sys
from contextlib import contextmanager

import pytest


@contextmanager
def without_ml_kem():
    """As on a device where the import of PyPI `cryptography` fails."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, "protocols.sealing.age_hpke", raising=False)
        for name in [each for each in sys.modules if each.split(".")[0] == "cryptography"]:
            patch.delitem(sys.modules, name)
        patch.setitem(sys.modules, "cryptography", None)
        yield
