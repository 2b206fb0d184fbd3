"""The key in the phone's hardware, on fictional phones that know the Java interface and no more."""

import hashlib
import hmac
from datetime import UTC, datetime

import nacl.utils
import pytest

from mobile.device.keystore import ALIAS, AndroidKeystore, device_key
from mobile.device.window import keep_out_of_pictures
from mobile.vault.errors import DeviceKeyError, WrongPinError
from mobile.vault.keys import TEST_PARAMETERS, Protection
from mobile.vault.vault import Vault
from tests.mobile.device.fictional_android import Phone

PIN = "482913"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SALT = b"salt of a vault!"
PHONES = [
    ({"level": 34}, "strongbox", True),
    ({"level": 28}, "strongbox", True),
    ({"level": 34, "strongbox": False}, "trusted", True),
    ({"level": 30, "strongbox": False}, "trusted", True),
    ({"level": 27}, "trusted", True),
    ({"level": 34, "strongbox": False, "trusted": False}, "software", False),
    ({"level": 23, "strongbox": False, "trusted": False}, "software", False),
]


@pytest.mark.parametrize(("given", "place", "in_hardware"), PHONES)
def test_the_key_is_made_in_the_best_place_the_phone_has(monkeypatch, given, place, in_hardware):
    phone = Phone(**given).install(monkeypatch)
    key = device_key()
    secret = key.secret(SALT)
    assert phone.keys[ALIAS].place == place
    assert key.in_hardware is in_hardware
    assert phone.made == 1
    expected = hmac.digest(hashlib.sha256(b"fictional chip 1").digest(), SALT, "sha256")
    assert secret == expected
    assert phone.keys[ALIAS].getEncoded() is None


def test_the_secret_is_the_same_each_time_and_another_for_each_salt(monkeypatch):
    Phone().install(monkeypatch)
    first = AndroidKeystore().secret(SALT)
    assert AndroidKeystore().secret(SALT) == first != AndroidKeystore().secret(b"another")
    assert len(first) == 32


def test_a_deleted_key_is_gone_and_deleting_none_is_fine(monkeypatch):
    phone = Phone().install(monkeypatch)
    key = AndroidKeystore()
    key.destroy()
    first = key.secret(SALT)
    key.destroy()
    assert phone.keys == {}
    assert key.secret(SALT) != first


@pytest.mark.parametrize("work", ["secret", "destroy", "in_hardware"])
def test_a_keystore_that_does_not_answer_is_named(monkeypatch, work):
    phone = Phone().install(monkeypatch)
    key = AndroidKeystore()
    phone.broken = True
    with pytest.raises(DeviceKeyError, match="restart the phone"):
        {
            "secret": lambda: key.secret(SALT),
            "destroy": key.destroy,
            "in_hardware": lambda: key.in_hardware,
        }[work]()


def test_elsewhere_there_is_none_and_nothing_is_pretended(monkeypatch, tmp_path):
    monkeypatch.delenv("ANDROID_ARGUMENT", raising=False)
    assert device_key() is None
    vault = Vault(tmp_path, nacl.utils.random, device=device_key())
    assert not vault.in_hardware
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    assert vault.protection is Protection.PIN_ALONE


@pytest.mark.parametrize(("given", "place", "in_hardware"), PHONES)
def test_a_vault_copied_off_the_phone_opens_with_no_pin(
    monkeypatch, tmp_path, given, place, in_hardware
):
    Phone(**given).install(monkeypatch)
    vault = Vault(tmp_path, nacl.utils.random, device=device_key())
    opened = vault.create(PIN, NOW, TEST_PARAMETERS)
    opened.put("case", "one", b"real")
    opened.close()
    expected = Protection.DEVICE_SECRET if in_hardware else Protection.PIN_ALONE
    assert vault.protection is expected
    again = Vault(tmp_path, nacl.utils.random, device=device_key())
    assert again.unlock(PIN, NOW).get("case", "one") == b"real"
    with pytest.raises(WrongPinError):
        Vault(tmp_path, nacl.utils.random).unlock(PIN, NOW)


def test_a_quick_wipe_deletes_the_key(monkeypatch, tmp_path):
    phone = Phone().install(monkeypatch)
    vault = Vault(tmp_path, nacl.utils.random, device=device_key())
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    assert ALIAS in phone.keys
    vault.quick_wipe()
    assert phone.keys == {}
    assert list(tmp_path.iterdir()) == []


def test_a_new_vault_takes_no_key_over(monkeypatch, tmp_path):
    phone = Phone().install(monkeypatch)
    before = device_key().secret(SALT)
    Vault(tmp_path, nacl.utils.random, device=device_key()).create(PIN, NOW, TEST_PARAMETERS)
    assert phone.made == 2
    assert device_key().secret(SALT) != before


def test_the_window_is_kept_out_of_pictures_on_android_only(monkeypatch):
    monkeypatch.delenv("ANDROID_ARGUMENT", raising=False)
    keep_out_of_pictures()
    phone = Phone().install(monkeypatch)
    keep_out_of_pictures()
    assert phone.flags == [0x2000]
