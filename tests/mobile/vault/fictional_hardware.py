"""A phone's secure hardware, invented: its key never leaves it, and it can be told to fail."""

import hashlib
import hmac

from mobile.vault.errors import DeviceKeyError


class FictionalHardware:
    """`key` None: a new one is made at the first use. `alive` False: it does not answer."""

    def __init__(self, key=None, in_hardware=True):
        self.key = key
        self._in_hardware = in_hardware
        self.alive = True
        self.made = 0

    @property
    def in_hardware(self):
        self._demand()
        return self._in_hardware

    def secret(self, salt):
        self._demand()
        if self.key is None:
            self.made += 1
            self.key = hashlib.sha256(b"fictional hardware %d" % self.made).digest()
        return hmac.digest(self.key, salt, "sha256")

    def destroy(self):
        self._demand()
        self.key = None

    def _demand(self):
        if not self.alive:
            raise DeviceKeyError("the fictional hardware does not answer; try again")
