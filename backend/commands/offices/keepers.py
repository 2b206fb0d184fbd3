"""Keepers: the people who each hold one key of the root or of an authority, and their folders.

DIR/keeper.json   public: the keeper's name, what the key is of, the public key
DIR/key.age       the key, age-encrypted under the keeper's own passphrase
DIR/root.json     public: the programme that this keeper signs for
DIR/signed.json   what this keeper has signed last, so that nothing older or other slips in

Such a folder is whole by itself: it is carried away, and no machine needs another keeper's.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from attrs import field, frozen
from nacl.signing import SigningKey

from backend.commands.offices.files import make_folder, write_whole
from protocols.errors import AmanaError, MalformedError
from protocols.plain import Entropy, from_json, to_json
from protocols.sealing.age import NoMatchError, decrypt, encrypt
from protocols.sealing.age_scrypt import WORK_FACTOR, ScryptPassphrase
from protocols.sealing.certificate import COUNTRIES, LONGEST_NAME, Root
from protocols.sealing.statement import keyid

ROOT = "root"
KEEPER_FILE = "keeper.json"
KEY_FILE = "key.age"
ROOT_FILE = "root.json"
SIGNED_FILE = "signed.json"
LARGEST_FILE = 64 * 1024


class NoKeeperError(AmanaError):
    """A folder or file that holds no keeper."""

    code = "no_keeper"


class KeeperExistsError(AmanaError):
    """A folder that already holds a keeper's key."""

    code = "keeper_exists"


class WrongPassphraseError(AmanaError):
    """A passphrase that does not open the key file."""

    code = "wrong_passphrase"


class OtherProgrammeError(AmanaError):
    """A root other than the one this keeper was told to trust."""

    code = "other_programme"


@frozen
class Keeper:
    """keeper.json: who keeps which public key (32 bytes, Ed25519); `of` is `root` or a country."""

    name: str
    of: str
    key: bytes = field(repr=False)

    def __attrs_post_init__(self) -> None:
        if not 0 < len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            raise MalformedError("a keeper's name has 1 to 200 characters that print; correct it")
        if self.of not in (ROOT, *COUNTRIES):
            raise MalformedError(f"{self.of[:8]!r} has no keepers; say root or a country")
        keyid(self.key)

    @property
    def id(self) -> str:
        """The key's id."""
        return keyid(self.key)


@frozen
class Signed:
    """The last thing signed for a country: its number, its mark (`proposal.mark`) and when."""

    country: str
    number: int
    mark: str
    at: datetime


@frozen
class _KeyFile:
    """The plaintext of a key file: 32-byte Ed25519 seeds."""

    keys: tuple[bytes, ...] = field(repr=False)


@frozen
class KeeperFolder:
    """One keeper's folder on disk."""

    path: Path

    @property
    def key(self) -> Path:
        """The sealed key."""
        return self.path / KEY_FILE

    def read(self) -> Keeper:
        """Whose folder it is. Raises NoKeeperError, MalformedError."""
        return read_keeper(self.path / KEEPER_FILE)

    def open(self, passphrase: str) -> SigningKey:
        """The keeper's key. Raises NoKeeperError, WrongPassphraseError."""
        keeper = self.read()
        try:
            plain = decrypt(self.key.read_bytes(), [ScryptPassphrase(passphrase)])
        except OSError as error:
            raise NoKeeperError(
                f"{self.key} can't be read ({error.strerror}); name the keeper's folder"
            ) from error
        except NoMatchError as error:
            raise WrongPassphraseError(
                f"the passphrase does not open {self.key}; try again"
            ) from error
        key = SigningKey(from_json(plain, _KeyFile).keys[0])
        if bytes(key.verify_key) != keeper.key:
            raise NoKeeperError(f"{self.path}: the key is not the one that keeper.json names")
        return key

    def reseal(self, old: str, new: str, work_factor: int = WORK_FACTOR) -> Keeper:
        """The same key under another passphrase; a crash leaves the one or the other. Raises
        WrongPassphraseError, NoKeeperError."""
        key = self.open(old)
        write_whole(self.key, _sealed(key, new, work_factor, os.urandom))
        return self.read()

    def read_root(self) -> Root | None:
        """The programme's root as this keeper was given it, None before that."""
        file = self.path / ROOT_FILE
        return from_json(file.read_bytes(), Root) if file.is_file() else None

    def demand_root(self) -> Root:
        """The same, without which nothing can be judged. Raises OtherProgrammeError."""
        root = self.read_root()
        if root is None:
            raise OtherProgrammeError(
                f"{self.path} does not know its programme yet; take the root's file with `amana"
                " programme keeper trust`, and compare its fingerprint by telephone"
            )
        return root

    def trust(self, root: Root) -> None:
        """Take `root` for good. Raises OtherProgrammeError where another was taken before."""
        known = self.read_root()
        if known is not None and known != root:
            raise OtherProgrammeError(
                f"{self.path} signs for the programme with root {known.fingerprint}, and this is"
                f" {root.fingerprint}; a key is of one programme only, so make another"
            )
        keeper = self.read()
        if keeper.of == ROOT and keeper.key not in root.keys:
            raise OtherProgrammeError(
                f"the key in {self.path} is none of this root's; do not sign for it"
            )
        write_whole(self.path / ROOT_FILE, to_json(root))

    def signed(self) -> dict[str, Signed]:
        """What was signed last, by country."""
        file = self.path / SIGNED_FILE
        if not file.is_file():
            return {}
        return {each.country: each for each in from_json(file.read_bytes(), tuple[Signed, ...])}

    def remember(self, signed: Signed) -> None:
        """Keep `signed` as the last for its country."""
        known = {**self.signed(), signed.country: signed}
        write_whole(self.path / SIGNED_FILE, to_json(tuple(known.values())))


def read_keeper(file: Path) -> Keeper:
    """The public file of a keeper. Raises NoKeeperError, MalformedError."""
    try:
        return from_json(file.read_bytes()[: LARGEST_FILE + 1], Keeper, LARGEST_FILE)
    except OSError as error:
        raise NoKeeperError(
            f"{file} can't be read ({error.strerror}); name a keeper's folder or keeper.json, or"
            " make one with `amana programme keeper new`"
        ) from error


def make_keeper(
    out: Path,
    name: str,
    of: str,
    passphrase: str,
    *,
    work_factor: int = WORK_FACTOR,
    entropy: Entropy = os.urandom,
) -> tuple[Keeper, SigningKey]:
    """A new key in a folder of its own. Raises KeeperExistsError, MalformedError."""
    folder = KeeperFolder(out)
    if folder.key.exists():
        raise KeeperExistsError(f"{out} holds a keeper's key already; choose another folder")
    key = SigningKey(entropy(32))
    keeper = Keeper(name, of, bytes(key.verify_key))
    sealed = _sealed(key, passphrase, work_factor, entropy)
    make_folder(out)
    write_whole(out / KEEPER_FILE, to_json(keeper))
    write_whole(folder.key, sealed)
    return keeper, key


def _sealed(key: SigningKey, passphrase: str, work_factor: int, entropy: Entropy) -> bytes:
    plain = to_json(_KeyFile((bytes(key),)))
    return encrypt(plain, [ScryptPassphrase(passphrase, work_factor)], entropy)


def open_any(
    folders: Iterable[KeeperFolder], passphrases: Iterable[str], most: int
) -> tuple[SigningKey, ...]:
    """The keys of at most `most` folders that these passphrases open, each opening as many as it
    fits. Raises NoKeeperError without folders, WrongPassphraseError where none opens."""
    found: list[SigningKey] = []
    tried = [each for each in folders if each.key.is_file()]
    if not tried:
        raise NoKeeperError(
            "no keeper's key lies in this folder; copy a keeper's folder here, or name the"
            " programme's folder with --dir"
        )
    given = tuple(passphrases)
    problem: WrongPassphraseError | None = None
    for folder in tried:
        for passphrase in given:
            if len(found) == most:
                return tuple(found)
            try:
                found.append(folder.open(passphrase))
            except WrongPassphraseError as error:
                problem = error
            else:
                break
    if not found and problem is not None:
        raise problem
    return tuple(found)


def named(keepers: Iterable[Keeper], key: str) -> str:
    """How the office calls the keeper of the key `key`, always with the key's id, since the name
    is the office's word alone."""
    name = next((each.name for each in keepers if each.id == key), "somebody not named")
    return f"{name} ({key})"
