"""A witness of one country's log on disk: its key, whom it trusts, and the newest checkpoint that
it has cosigned, which is durable before the cosignature leaves.

`witness.json` is public: root, country, and certificates of the log's servers. `witness.key` is
secret. `seen.note` is what was cosigned last. `fork-….txt` keeps what contradicted it. One lock a
folder: however many processes use it, two histories are never signed.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen
from nacl.signing import SigningKey

from protocols.errors import AmanaError, MalformedError
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement, keyid
from protocols.sealing.truststore import TrustStore
from protocols.timeline.checkpoint import Checkpoint, origin_for, read_checkpoint
from protocols.timeline.cosignature import cosign, without_cosignatures, witness_name
from protocols.timeline.witness import Logs, WitnessRequest, advance

ABOUT, KEY, SEEN, LOCK = "witness.json", "witness.key", "seen.note", "lock"
SECRET, PUBLIC = 0o600, 0o644
T = TypeVar("T")


class WitnessFolderError(AmanaError):
    """A folder that holds no witness, holds one already, or cannot be read or written."""

    code = "witness_folder"


@frozen
class About:
    """witness.json: the log's country and whom the witness trusts."""

    country: str
    root: Root
    statements: tuple[Statement, ...]


@frozen
class _Key:
    """witness.key."""

    seed: bytes = field(repr=False)


class WitnessFolder:
    """The witness in `path`. Raises WitnessFolderError where there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about = _read(path / ABOUT, About)
        self._key = SigningKey(_read(path / KEY, _Key).seed)

    @classmethod
    def make(cls, path: Path, about: About) -> "WitnessFolder":
        """A new witness with a key of its own. Raises WitnessFolderError for a folder in use."""
        if any((path / each).exists() for each in (ABOUT, KEY, SEEN)):
            raise WitnessFolderError(f"{path} holds a witness already; choose another folder")
        try:
            path.mkdir(parents=True, exist_ok=True)
            _write(path / KEY, to_json(_Key(bytes(SigningKey.generate()))), SECRET)
            _write(path / ABOUT, to_json(about), PUBLIC)
        except OSError as error:
            raise WitnessFolderError(
                f"{path} can't be written ({error.strerror}); choose another folder"
            ) from error
        return cls(path)

    @property
    def public_key(self) -> bytes:
        """What the country's authority has to certify."""
        return bytes(self._key.verify_key)

    @property
    def name(self) -> str:
        """The name on its cosignatures."""
        return witness_name(keyid(self.public_key))

    @property
    def origin(self) -> str:
        """The log that it watches."""
        return origin_for(self.about.root.programme, self.about.country)

    def logs(self, now: datetime) -> Logs:
        """Whose signature counts on that log's checkpoints at `now`."""
        trust = TrustStore.build(self.about.root, self.about.statements)
        keys = [each.keys[0] for each in trust.servers(self.about.country, now)]
        return {self.origin: keys}

    def trust(self, statements: tuple[Statement, ...]) -> None:
        """Take further certificates of authorities and servers that chain to the root. Raises
        UntrustedError and its kin."""
        known = {to_json(each): each for each in (*self.about.statements, *statements)}
        TrustStore.build(self.about.root, known.values())
        if len(known) > len(self.about.statements):
            self.about = evolve(self.about, statements=tuple(known.values()))
            _write(self.path / ABOUT, to_json(self.about), PUBLIC)

    def seen(self) -> Checkpoint | None:
        """The newest checkpoint cosigned, None before the first. Raises WitnessFolderError for a
        damaged one: whoever guessed here could sign a second history."""
        note = self.seen_note()
        try:
            return None if note is None else read_checkpoint(note)
        except MalformedError as error:
            raise WitnessFolderError(
                f"{self.path / SEEN} is damaged ({error}); put a copy of it back. Where there is"
                " none, make a new witness in another folder"
            ) from error

    def seen_note(self) -> str | None:
        """That checkpoint's note as the log signed it."""
        try:
            return (self.path / SEEN).read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WitnessFolderError(
                f"{self.path / SEEN} can't be read ({error.strerror}); check it"
            ) from error

    def cosign(self, request: WitnessRequest, now: datetime) -> str:
        """The line that cosigns the request's checkpoint, once it is on disk that this is the
        newest. Raises as `witness.advance`, and WitnessFolderError."""
        with self._locked():
            kept = self.seen()
            taken = advance(request, kept, self.logs(now))
            note = without_cosignatures(request.note)
            if taken != kept:
                _write(self.path / SEEN, note.encode(), PUBLIC)
        return cosign(note, self.name, self._key, now)

    def keep_evidence(self, note: str) -> Path:
        """Write down a note that contradicts what was cosigned, with that; the file's path."""
        seen = self.seen_note() or ""
        data = f"{seen}\n{note}".encode()
        path = self.path / f"fork-{sha256(data).hexdigest()[:16]}.txt"
        if not path.exists():
            _write(path, data, PUBLIC)
        return path

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / LOCK).open("a") as file:
            flock(file, LOCK_EX)
            yield


def witnesses_in(folder: Path) -> tuple[WitnessFolder, ...]:
    """Every witness in a folder below `folder`; none where it does not exist."""
    if not folder.is_dir():
        return ()
    return tuple(WitnessFolder(each.parent) for each in sorted(folder.glob(f"*/{ABOUT}")))


def _read(path: Path, kind: type[T]) -> T:
    try:
        return from_json(path.read_bytes(), kind)
    except OSError as error:
        raise WitnessFolderError(
            f"{path} can't be read ({error.strerror}); make a witness with `amana witness init`"
        ) from error
    except MalformedError as error:
        raise WitnessFolderError(f"{path} is damaged ({error}); put a copy back") from error


def _write(path: Path, data: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk before this returns, the folder's entry too."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
