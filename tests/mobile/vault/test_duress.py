"""The duress PIN: it opens the practice vault, destroys if it was told to, and shows nowhere."""

import itertools
import json
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import nacl.utils
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.vault import doors, keyfile, keys, place
from mobile.vault.doors import DATABASES
from mobile.vault.errors import (
    DuressNotYetError,
    PinTooCloseError,
    VaultDamagedError,
    VaultLockedError,
    WeakPinError,
    WrongPinError,
)
from mobile.vault.gate import STANDARD
from mobile.vault.keys import TEST_PARAMETERS, Measured, Parameters, Protection
from mobile.vault.likeness import alike
from mobile.vault.recovery import Recovery
from mobile.vault.vault import Vault
from protocols.plain import to_json
from tests.mobile.vault.power import Power, PowerCutError

PIN, DURESS, NEW = "482913", "705164", "361058"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


def made(folder, destroys=None):
    """A vault with one real and one practice record, locked; `destroys` None: no duress PIN."""
    vault = Vault(folder, nacl.utils.random)
    opened = vault.create(PIN, NOW, TEST_PARAMETERS)
    opened.put("case", "one", b"real")
    with_practice(vault, lambda each: each.put("case", "one", b"practice"))
    if destroys is not None:
        vault.set_duress(PIN, DURESS, NOW, destroys=destroys)
    opened.close()
    vault.lock()
    return vault


def with_practice(vault, use):
    practice = vault.practice()
    try:
        return use(practice)
    finally:
        practice.close()


def found(folder, pin, now=NOW):
    """What that PIN shows of the record, from a process started anew."""
    vault = Vault(folder, nacl.utils.random)
    opened = vault.unlock(pin, now)
    try:
        return opened.get("case", "one")
    finally:
        opened.close()
        vault.lock()


@pytest.mark.parametrize("destroys", [False, True])
def test_it_opens_the_practice_vault_and_destroys_only_if_told_to(tmp_path, destroys):
    made(tmp_path, destroys)
    assert found(tmp_path, PIN) == b"real"
    assert found(tmp_path, DURESS) == b"practice"
    if destroys:
        with pytest.raises(WrongPinError):
            found(tmp_path, PIN)
        assert found(tmp_path, DURESS, LATER) == b"practice"
    else:
        assert found(tmp_path, PIN) == b"real"


def test_after_the_destruction_the_real_pin_fails_as_any_wrong_one_does(tmp_path):
    made(tmp_path / "a", destroys=True)
    found(tmp_path / "a", DURESS)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    said = []
    for folder, pin in (("a", PIN), ("b", "000001")):
        with pytest.raises(WrongPinError) as wrong:
            found(tmp_path / folder, pin)
        said.append((str(wrong.value), wrong.value.tries_left, wrong.value.wait_seconds))
    assert said[0] == said[1]


def test_it_forgives_wrong_tries_and_is_delayed_by_them_as_the_right_pin_is(tmp_path):
    made(tmp_path, destroys=False)
    with pytest.raises(WrongPinError) as wrong:
        found(tmp_path, "000001")
    assert wrong.value.tries_left == 9
    assert found(tmp_path, DURESS, LATER) == b"practice"
    with pytest.raises(WrongPinError) as wrong:
        found(tmp_path, "000001", LATER)
    assert wrong.value.tries_left == 9


@pytest.mark.parametrize("pin", [PIN, DURESS, "000001"])
def test_every_pin_takes_one_derivation_and_is_tried_on_every_slot(tmp_path, monkeypatch, pin):
    made(tmp_path, destroys=False)
    derived, tried = [], []
    derive, open_ = keys.derive, keyfile._open
    monkeypatch.setattr(keys, "derive", lambda *each: derived.append(1) or derive(*each))
    monkeypatch.setattr(keyfile, "_open", lambda *each: tried.append(1) or open_(*each))
    with suppress(WrongPinError):
        found(tmp_path, pin)
    assert (len(derived), len(tried)) == (1, 2)


def shape(folder):
    """Everything about the files that can be seen without a key, but for random bytes."""

    def plain(value):
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return len(value) if isinstance(value, str) else value

    files = {each.name: each.stat().st_size for each in folder.iterdir()}
    key = json.loads((folder / "vault.key").read_bytes())
    tries = json.loads((folder / "vault.tries").read_bytes())
    return files, plain(key), plain(tries)


@pytest.mark.parametrize("after", [(), (PIN,), (DURESS,), (DURESS, DURESS)])
def test_the_files_have_one_shape_with_and_without_it(tmp_path, after):
    made(tmp_path / "none")
    made(tmp_path / "kept", destroys=False)
    made(tmp_path / "destroying", destroys=True)
    for pin in after:
        for each in ("kept", "destroying"):
            found(tmp_path / each, pin)
        found(tmp_path / "none", PIN)
    shapes = [shape(tmp_path / each) for each in ("none", "kept", "destroying")]
    assert shapes[0] == shapes[1] == shapes[2]
    assert set(shapes[0][0]) == {"vault.key", "vault.tries", "vault.db", "vault-2.db"}


def test_all_files_bear_one_time_so_that_none_says_what_was_opened(tmp_path):
    made(tmp_path, destroys=True)
    for pin in (PIN, DURESS):
        found(tmp_path, pin)
        times = [each.stat().st_mtime for each in tmp_path.iterdir()]
        assert max(times) - min(times) < 1


def key_file(with_duress):
    """As a vault would write it."""
    entropy = nacl.utils.random
    real = doors.real_contents(entropy(32), 1 + doors.toss(entropy), Protection.PIN_ALONE, entropy)
    blank = doors.blank_file(TEST_PARAMETERS, entropy(16), STANDARD, device_secret=False)
    other = keyfile.noise(entropy)
    if with_duress:
        practice = doors.practice_contents(real, Protection.PIN_ALONE, entropy)
        other = keyfile.seal(practice, blank.header(), entropy(32), entropy)
    kek = entropy(32)
    file = doors.filled(blank, real, kek, other, entropy)
    return file, keyfile.open_slots(file, kek)


def test_slots_are_noise_to_who_has_no_pin():
    """Of many vaults: as many ones as zeros at each place, set or not; and which slot and which
    database is the real one is left to chance."""
    for with_duress in (True, False):
        ones, opened = {0: 0, 1: 0}, []
        for _ in range(200):
            file, found_ = key_file(with_duress)
            opened.append((found_.at, found_.contents.database))
            for at, slot in enumerate(file.slots):
                assert len(slot.sealed) == keyfile.SEALED_BYTES
                ones[at] += int.from_bytes(slot.nonce + slot.sealed, "big").bit_count()
        bits = 200 * 8 * (keys.NONCE_BYTES + keyfile.SEALED_BYTES)
        for each in ones.values():
            assert abs(each - bits / 2) < 5 * (bits / 4) ** 0.5
        assert all(opened.count(each) > 20 for each in itertools.product((0, 1), DATABASES))


@settings(max_examples=150, deadline=None)
@given(pin=st.text(min_size=0, max_size=20) | st.from_regex(r"[0-9]{4,8}", fullmatch=True))
def test_no_third_pin_opens_anything(pin, two_pins):
    file = two_pins
    kek = keys.derive(keys.normalise_pin(pin), file.salt, file.parameters, None)
    opened = keyfile.open_slots(file, kek)
    assert (opened is not None) is (keys.normalise_pin(pin) in (PIN, DURESS))


@pytest.fixture(scope="module")
def two_pins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    made(folder, destroys=True)
    return keyfile.read((folder / "vault.key").read_bytes())


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_key_file_changed_anywhere_opens_what_it_did_or_is_refused_by_name(data, two_pins):
    """A slot that no other PIN's owner misses may be spoilt; nothing else may pass."""
    whole = to_json(two_pins)
    at = data.draw(st.integers(0, len(whole) - 1))
    change = data.draw(st.sampled_from(["byte", "cut", "double"]))
    changed = {
        "byte": whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :],
        "cut": whole[:at],
        "double": whole[:at] + whole[at:] + whole[at:],
    }[change]
    try:
        file = keyfile.read(changed)
    except VaultDamagedError:
        return
    if file.parameters != two_pins.parameters:
        return
    kek = keys.derive(PIN, file.salt, file.parameters, None)
    before, after = (keyfile.open_slots(each, kek) for each in (two_pins, file))
    assert after is None or after == before


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"memory":8192', b'"memory":99999999999'),
        (b'"memory":8192', b'"memory":1'),
        (b'"operations":1', b'"operations":0'),
        (b'"operations":1', b'"operations":999999'),
        (b'"salt":"', b'"salt":"AAAA'),
        (b'"nonce":"', b'"nonce":"AAAA'),
        (b'"tag":"', b'"tag":"AAAA'),
        (b"amana-vault/2", b"amana-vault/9"),
    ],
)
def test_what_no_app_wrote_is_damage_and_costs_no_try(tmp_path, was, becomes):
    vault = made(tmp_path, destroys=True)
    path = tmp_path / "vault.key"
    whole = path.read_bytes()
    assert was in whole
    path.write_bytes(whole.replace(was, becomes, 1))
    with pytest.raises(VaultDamagedError):
        vault.unlock(PIN, NOW)
    path.write_bytes(whole)
    assert found(tmp_path, PIN) == b"real"


NEAR = ("482913", "482914", "482931", "48291", "4829130", "319284", "48 29 13", "482900", "082913")


@pytest.mark.parametrize("duress", NEAR)
def test_a_copy_or_near_copy_of_the_pin_is_refused(tmp_path, duress):
    vault = Vault(tmp_path, nacl.utils.random)
    vault.create(PIN, NOW, TEST_PARAMETERS).close()
    with pytest.raises((PinTooCloseError, WeakPinError)):
        vault.set_duress(PIN, duress, NOW, destroys=False)
    with pytest.raises(WrongPinError):
        found(tmp_path, duress if duress != PIN else "000001")


def test_a_new_pin_near_the_duress_pin_is_refused_and_the_old_one_stays(tmp_path):
    vault = made(tmp_path, destroys=True)
    with pytest.raises(PinTooCloseError):
        vault.change_pin(PIN, DURESS[:-1] + "9", NOW)
    assert found(tmp_path, PIN) == b"real"


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789ab", min_size=6, max_size=12), st.data())
def test_two_slips_never_lead_from_one_pin_to_the_other(pin, data):
    typed = list(pin)
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(typed) - 1))
        slip = data.draw(st.sampled_from(["change", "leave", "add", "exchange"]))
        if slip == "change":
            typed[at] = data.draw(st.sampled_from("0123456789ab"))
        elif slip == "leave":
            del typed[at]
        elif slip == "add":
            typed.insert(at, data.draw(st.sampled_from("0123456789ab")))
        elif at:
            typed[at - 1], typed[at] = typed[at], typed[at - 1]
    near = "".join(typed)
    assert alike(pin, near)
    assert alike(near, pin)


@pytest.mark.parametrize(("one", "other"), [("482913", "705164"), ("olive tree", "blue harbour")])
def test_pins_that_no_slip_confuses_may_stand_together(one, other):
    assert not alike(one, other)


@pytest.mark.parametrize("measured", [None, Measured(Parameters(1, 16384, for_tests=True), 0.42)])
def test_a_new_pin_keeps_the_duress_pin(tmp_path, measured):
    vault = made(tmp_path, destroys=True)
    salt = keyfile.read((tmp_path / "vault.key").read_bytes()).salt
    vault.change_pin(PIN, NEW, NOW, measured)
    assert found(tmp_path, NEW) == b"real"
    file = keyfile.read((tmp_path / "vault.key").read_bytes())
    assert file.salt != salt
    if measured is not None:
        assert (file.parameters, file.terms.try_ms) == (measured.parameters, 420)
    assert found(tmp_path, DURESS) == b"practice"
    with pytest.raises(WrongPinError):
        found(tmp_path, NEW)


def test_a_pin_changed_inside_the_practice_vault_is_its_own_and_harms_no_other(tmp_path):
    vault = made(tmp_path, destroys=False)
    vault.unlock(DURESS, NOW).close()
    with pytest.raises(WrongPinError):
        vault.change_pin(PIN, NEW, NOW)
    vault.change_pin(DURESS, NEW, LATER)
    vault.lock()
    assert found(tmp_path, NEW, LATER) == b"practice"
    assert found(tmp_path, PIN, LATER) == b"real"
    vault.change_pin(PIN, "olive tree at noon", LATER)
    assert found(tmp_path, "olive tree at noon", LATER) == b"real"
    assert found(tmp_path, NEW, LATER) == b"practice"


def test_where_a_pin_is_asked_for_in_the_real_vault_the_duress_pin_is_a_wrong_one(tmp_path):
    vault = made(tmp_path, destroys=True)
    opened = vault.unlock(PIN, NOW)
    with pytest.raises(WrongPinError):
        vault.change_pin(DURESS, NEW, NOW)
    with pytest.raises(WrongPinError):
        vault.set_duress(DURESS, "940275", LATER, destroys=False)
    assert opened.get("case", "one") == b"real"
    opened.close()
    vault.lock()
    assert found(tmp_path, PIN, LATER + timedelta(hours=3)) == b"real"


def test_within_the_practice_vault_none_can_be_set_and_nothing_leads_to_the_real_one(tmp_path):
    vault = made(tmp_path, destroys=False)
    vault.unlock(DURESS, NOW).close()
    assert vault.practice() is None
    for work in (
        lambda: vault.set_duress(DURESS, NEW, NOW, destroys=False),
        lambda: vault.remove_duress(DURESS, NOW),
    ):
        with pytest.raises(DuressNotYetError):
            work()
    real = keyfile.read((tmp_path / "vault.key").read_bytes())
    kek = keys.derive(PIN, real.salt, real.parameters, None)
    key = keyfile.open_slots(real, kek).contents.key
    assert key not in str(vault._session).encode()
    assert key not in (vault._session.contents.other_key, vault._session.contents.key)


def test_a_locked_vault_sets_none(tmp_path):
    vault = made(tmp_path)
    for work in (
        lambda: vault.set_duress(PIN, DURESS, NOW, destroys=False),
        lambda: vault.set_terms(most_tries=5),
        vault.practice,
    ):
        with pytest.raises(VaultLockedError):
            work()


def test_it_can_be_set_anew_and_removed(tmp_path):
    vault = made(tmp_path, destroys=True)
    vault.unlock(PIN, NOW).close()
    vault.set_duress(PIN, NEW, NOW, destroys=False)
    vault.lock()
    with pytest.raises(WrongPinError):
        found(tmp_path, DURESS)
    assert found(tmp_path, NEW, LATER) == b"practice"
    assert found(tmp_path, PIN, LATER) == b"real"
    vault.unlock(PIN, LATER).close()
    vault.remove_duress(PIN, LATER)
    vault.lock()
    with pytest.raises(WrongPinError):
        found(tmp_path, NEW, LATER)
    assert found(tmp_path, PIN, LATER + timedelta(hours=3)) == b"real"


def test_the_key_is_destroyed_on_disk_before_anything_is_opened(tmp_path, monkeypatch):
    made(tmp_path, destroys=True)
    before = keyfile.read((tmp_path / "vault.key").read_bytes())
    seen = []
    plain = place.Place.open

    def opening(self, contents):
        seen.append(keyfile.read((tmp_path / "vault.key").read_bytes()))
        return plain(self, contents)

    monkeypatch.setattr(place.Place, "open", opening)
    found(tmp_path, DURESS)
    (after,) = seen
    changed = [one != other for one, other in zip(before.slots, after.slots, strict=True)]
    assert sorted(changed) == [False, True]
    kek = keys.derive(PIN, after.salt, after.parameters, None)
    assert keyfile.open_slots(after, kek) is None
    for slot in before.slots:
        if slot not in after.slots:
            assert slot.sealed not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


def test_a_key_file_written_otherwise_than_by_this_app_is_destroyed_all_the_same(tmp_path):
    made(tmp_path, destroys=True)
    path = tmp_path / "vault.key"
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=3))
    assert found(tmp_path, DURESS) == b"practice"
    with pytest.raises(WrongPinError):
        found(tmp_path, PIN)
    assert found(tmp_path, DURESS, LATER) == b"practice"


@pytest.mark.parametrize("left", ["vault.key.new", "vault.recovery.new"])
def test_what_an_interrupted_write_left_of_the_key_is_destroyed_with_it(tmp_path, left):
    made(tmp_path, destroys=True)
    (tmp_path / left).write_bytes((tmp_path / "vault.key").read_bytes())
    found(tmp_path, DURESS)
    assert not (tmp_path / left).exists()


def test_recovery_sheets_open_nothing_any_more_and_their_file_looks_as_before(tmp_path):
    vault = made(tmp_path, destroys=True)
    recovery = Recovery(tmp_path, nacl.utils.random)
    opened = vault.unlock(PIN, NOW)
    drawn = recovery.draw(2, 3)
    recovery.keep(opened, drawn, NOW)
    opened.close()
    before = recovery.on_file()
    found(tmp_path, DURESS)
    after = recovery.on_file()
    assert (after.name, after.needed, after.made) == (before.name, before.needed, before.made)
    assert len(after.wrapped) == len(before.wrapped)
    with pytest.raises(Exception, match="another vault"):
        recovery.key(drawn.secret)


@pytest.mark.parametrize("torn", [False, True])
def test_wherever_the_power_fails_the_real_key_is_whole_or_gone(tmp_path, monkeypatch, torn):
    made(tmp_path / "vault", destroys=True)
    whole = gone = 0
    power = Power(monkeypatch)
    for number in itertools.count():
        folder = tmp_path / f"{number}"
        shutil.copytree(tmp_path / "vault", folder)
        power.at(number, torn)
        with suppress(PowerCutError):
            assert found(folder, DURESS) == b"practice"
        power.on()
        try:
            real = found(folder, PIN, LATER)
            whole += 1
            assert real == b"real"
        except WrongPinError:
            gone += 1
        assert found(folder, DURESS, LATER + timedelta(hours=3)) == b"practice"
        with pytest.raises(WrongPinError):
            found(folder, PIN, LATER + timedelta(hours=3))
        if not power.met:
            break
    assert whole > 2
    assert gone > 2


CHANGES = {
    "set": lambda vault: vault.set_duress(PIN, NEW, NOW, destroys=False),
    "change": lambda vault: vault.change_pin(PIN, NEW, NOW),
    "remove": lambda vault: vault.remove_duress(PIN, NOW),
}


@pytest.mark.parametrize("work", CHANGES)
def test_wherever_the_power_fails_a_change_of_pins_is_done_or_not(tmp_path, monkeypatch, work):
    made(tmp_path / "vault", destroys=False)
    power = Power(monkeypatch)
    for number in itertools.count():
        folder = tmp_path / f"{number}"
        shutil.copytree(tmp_path / "vault", folder)
        vault = Vault(folder, nacl.utils.random)
        vault.unlock(PIN, NOW).close()
        power.at(number)
        with suppress(PowerCutError):
            CHANGES[work](vault)
        power.on()
        hour, shown = LATER, {}
        for pin in (PIN, DURESS, NEW):
            with suppress(WrongPinError):
                shown[pin] = found(folder, pin, hour)
            hour += timedelta(hours=3)
        before = {PIN: b"real", DURESS: b"practice"}
        after = {
            "set": {PIN: b"real", NEW: b"practice"},
            "change": {NEW: b"real", DURESS: b"practice"},
            "remove": {PIN: b"real"},
        }[work]
        assert shown in (before, after)
        if not power.met:
            assert shown == after
            break
