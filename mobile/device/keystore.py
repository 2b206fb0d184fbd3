"""A key that stays in the phone's own hardware: Android's Keystore, through pyjnius.

Written against the published interface of `android.security.keystore` (API level 23 and later, the
parts of 28 and 31 only where the phone has them) and tested against a fictional Keystore that knows
nothing else. It has not run on a device yet.

The key is HMAC-SHA-256, 256 bits, made in StrongBox where there is one and otherwise in the
processor's trusted part; Android gives it out to nobody, this app included. A vault's device secret
is the HMAC of that vault's salt. The key needs no unlocking of its own: the PIN is asked for
already, and a wrong fingerprint must not lose a case.

Elsewhere there is no such key, and `device_key` says so by None: a vault is then protected by its
PIN or passphrase alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from mobile.vault.errors import DeviceKeyError
from mobile.vault.hardware import DeviceKey

ALIAS = "amana-vault"
PROVIDER = "AndroidKeyStore"
ALGORITHM = "HmacSHA256"
KEY_BITS = 256
STRONGBOX_SINCE = 28
LEVELS_SINCE = 31
SOFT_LEVELS = (-2, 0)
"""`KeyProperties.SECURITY_LEVEL_UNKNOWN` and `..._SOFTWARE`."""


class AndroidKeystore:
    """The key `alias` in Android's Keystore."""

    def __init__(self, alias: str = ALIAS) -> None:
        self._alias = alias
        self._jnius: Any = import_module("jnius")
        self._hardware: bool | None = None

    @property
    def in_hardware(self) -> bool:
        """Whether the key is in StrongBox or a trusted part; some phones keep it in software."""
        if self._hardware is None:
            with self._answers():
                self._hardware = self._is_in_hardware(self._key())
        return self._hardware

    def secret(self, salt: bytes) -> bytes:
        """HMAC-SHA-256 of `salt` under the key, which is made if there is none."""
        with self._answers():
            mac = self._java("javax.crypto.Mac").getInstance(ALGORITHM)
            mac.init(self._key())
            return bytes(mac.doFinal(salt).tolist())

    def destroy(self) -> None:
        """Delete the key."""
        self._hardware = None
        with self._answers():
            store = self._store()
            if store.containsAlias(self._alias):
                store.deleteEntry(self._alias)

    def _key(self) -> Any:
        store = self._store()
        if not store.containsAlias(self._alias):
            self._make()
            store = self._store()
        return self._jnius.cast("javax.crypto.SecretKey", store.getKey(self._alias, None))

    def _store(self) -> Any:
        store = self._java("java.security.KeyStore").getInstance(PROVIDER)
        store.load(None)
        return store

    def _make(self) -> None:
        if self._level() >= STRONGBOX_SINCE:
            try:
                self._make_in(strongbox=True)
            except self._jnius.JavaException:  # no StrongBox, or one that can't: the trusted part
                self._make_in(strongbox=False)
        else:
            self._make_in(strongbox=False)

    def _make_in(self, *, strongbox: bool) -> None:
        purpose = self._java("android.security.keystore.KeyProperties").PURPOSE_SIGN
        builder = self._java("android.security.keystore.KeyGenParameterSpec$Builder")(
            self._alias, purpose
        )
        builder.setKeySize(KEY_BITS)
        if strongbox:
            builder.setIsStrongBoxBacked(True)
        generator = self._java("javax.crypto.KeyGenerator").getInstance(ALGORITHM, PROVIDER)
        generator.init(builder.build())
        generator.generateKey()

    def _is_in_hardware(self, key: Any) -> bool:
        kind = self._java("android.security.keystore.KeyInfo")
        factory = self._java("javax.crypto.SecretKeyFactory").getInstance(ALGORITHM, PROVIDER)
        found = self._jnius.cast("android.security.keystore.KeyInfo", factory.getKeySpec(key, kind))
        if self._level() >= LEVELS_SINCE:
            return found.getSecurityLevel() not in SOFT_LEVELS
        return bool(found.isInsideSecureHardware())

    def _level(self) -> int:
        return int(self._java("android.os.Build$VERSION").SDK_INT)

    def _java(self, name: str) -> Any:
        return self._jnius.autoclass(name)

    @contextmanager
    def _answers(self) -> Iterator[None]:
        try:
            yield
        except self._jnius.JavaException as error:
            raise DeviceKeyError(
                f"the phone's secure hardware did not answer ({error}); restart the phone and try"
                " again"
            ) from error


def device_key() -> DeviceKey | None:
    """This device's key, or None where no hardware holds one."""
    return AndroidKeystore() if "ANDROID_ARGUMENT" in os.environ else None
