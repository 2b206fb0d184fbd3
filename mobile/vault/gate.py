"""Judging a PIN: counted on disk first, derived once, tried on every slot; and making new ones."""

from datetime import datetime

from attrs import evolve, field, frozen

from mobile.vault import doors, first_format, keyfile, keys
from mobile.vault.errors import LockedOutError, WipedError, WrongPinError
from mobile.vault.first_format import FirstKeyFile
from mobile.vault.hardware import DeviceKey
from mobile.vault.keyfile import KeyFile, Opened, Terms
from mobile.vault.keys import Parameters, Protection
from mobile.vault.place import Place
from mobile.vault.tries import MOST_TRIES, TRIES_TO_CHOOSE, Tries, read_tries, write_tries
from protocols.plain import Entropy

LOCK_AFTER = 180
LOCKS_TO_CHOOSE = (60, 180, 300, 600)
"""Seconds without a touch before the phone locks itself."""
STANDARD = Terms(MOST_TRIES, LOCK_AFTER)


@frozen
class Judged:
    """A right PIN: the key file, its key-encryption key, and the slot that it opened."""

    file: KeyFile
    kek: bytes = field(repr=False)
    opened: Opened


class Gate:
    """Between PINs and the slots of `place`. `device`: see `mobile.vault.hardware`."""

    def __init__(self, place: Place, entropy: Entropy, device: DeviceKey | None) -> None:
        self._place = place
        self._entropy = entropy
        self._device = device

    @property
    def in_hardware(self) -> bool:
        """Whether the device's key stays in hardware. Raises DeviceKeyError."""
        return self._device is not None and self._device.in_hardware

    @property
    def terms(self) -> Terms:
        """As the file says, verified or not. Raises NoVaultError."""
        file = self._place.read()
        return STANDARD if isinstance(file, FirstKeyFile) else file.terms

    def judge(self, pin: str, now: datetime, within: Opened | None = None) -> Judged:
        """Count the try, then judge it. `within`: only the PIN of that open vault is right."""
        file = self._place.read()
        most = self.terms.most_tries
        secret = self._secret(file)
        tries = self._allow(now, most)
        counted = evolve(tries, counted=tries.counted + 1, last=now)
        write_tries(self._place.tries, counted)
        kek = keys.derive(keys.normalise_pin(pin), file.salt, file.parameters, secret)
        if isinstance(file, FirstKeyFile):
            file = self._upgraded(file, kek) or file
        opened = None if isinstance(file, FirstKeyFile) else keyfile.open_slots(file, kek)
        fits = within is None or (
            opened is not None and opened.contents.practice is within.contents.practice
        )
        if opened is not None and fits and isinstance(file, KeyFile):
            return Judged(file, kek, opened)
        if counted.left <= 0:
            self._place.wipe()
            raise WipedError
        raise WrongPinError(counted.wait(now), counted.left)

    def forgive(self, file: KeyFile, now: datetime) -> None:
        """The count begins anew."""
        write_tries(self._place.tries, Tries(0, now, file.terms.most_tries))

    def strong(self, pin: str) -> str:
        """The PIN normalised. Raises WeakPinError."""
        normal = keys.normalise_pin(pin)
        keys.check_pin(normal)
        return normal

    def protection_of(self, pin: str) -> Protection:
        """Of a PIN chosen now."""
        return keys.protection_of(pin, in_hardware=self.in_hardware)

    def blank(self, parameters: Parameters, terms: Terms) -> KeyFile:
        """A key file under a new salt, empty. Raises WeakParametersError."""
        parameters.check()
        salt = self._entropy(keys.SALT_BYTES)
        return doors.blank_file(parameters, salt, terms, device_secret=self._device is not None)

    def derive(self, pin: str, file: KeyFile) -> bytes:
        """The key-encryption key of a normalised PIN."""
        return keys.derive(pin, file.salt, file.parameters, self._secret(file))

    def _allow(self, now: datetime, most: int) -> Tries:
        tries = read_tries(self._place.tries, now, most)
        if tries.left <= 0:
            self._place.wipe()
            raise WipedError
        if tries.wait(now) > 0:
            if now <= tries.last:
                tries = evolve(tries, last=now)
                write_tries(self._place.tries, tries)
            raise LockedOutError(tries.wait(now))
        return tries

    def _upgraded(self, first: FirstKeyFile, kek: bytes) -> KeyFile | None:
        """The key file of before, with its key in a slot of the new one; None when it is not
        `kek`'s. Its database is the first; the practice one is made before the file is replaced."""
        vault_key = first_format.unwrap(first, kek)
        if vault_key is None:
            return None
        real = doors.real_contents(vault_key, 1, first.protection, self._entropy)
        blank = doors.blank_file(
            first.parameters, first.salt, STANDARD, device_secret=first.device_secret
        )
        file = doors.filled(blank, real, kek, keyfile.noise(self._entropy), self._entropy)
        self._place.remove_database(2)
        self._place.open_with(2, real.other_key).close()
        self._place.write(file)
        return file

    def _secret(self, file: KeyFile | FirstKeyFile) -> bytes | None:
        if not file.device_secret or self._device is None:
            return None
        return self._device.secret(file.salt)


def usable(terms: Terms) -> Terms:
    """Terms from a file that no PIN verified, as far as they are among those offered."""
    fits = terms.most_tries in TRIES_TO_CHOOSE and terms.lock_after in LOCKS_TO_CHOOSE
    return terms if fits else STANDARD
