"""Encrypted records in SQLite: every column XChaCha20-Poly1305, bound to where it stands.

Disk holds no name in clear: collection and record id are keyed BLAKE2b hashes, the id itself and
the body are encrypted, and bodies are padded to 256 bytes. The associated data names table,
column, collection and id, so a value moved elsewhere does not open. What is not noticed: an old
copy of a whole row, or of the whole file, put back by somebody who can write the phone's storage.

What is deleted is gone from the file, also for who has the key: SQLite overwrites it in its page,
and the write-ahead log, which keeps old pages, is folded into the file and cut to nothing.
"""

import json
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TypeVar

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from mobile.vault.errors import VaultDamagedError, VaultLockedError, VaultStorageError
from mobile.vault.keys import NONCE_BYTES
from protocols.plain import Entropy

T = TypeVar("T")
HASH_BYTES = 16
PADDED_TO = 256
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "cell_size_check=ON",
)

metadata = MetaData()
record = Table(
    "record",
    metadata,
    Column("collection", LargeBinary(HASH_BYTES), primary_key=True),
    Column("row", LargeBinary(HASH_BYTES), primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


_here = (record.c.collection == bindparam("of"), record.c.row == bindparam("at"))
_new = insert(record)
GET = select(record.c.body).where(*_here)
ITEMS = select(record.c.row, record.c.name, record.c.body).where(_here[0])
SHAPE = select(record.c.collection, record.c.row, func.length(record.c.body))
DELETE = delete(record).where(*_here)
PUT = _new.on_conflict_do_update(
    index_elements=["collection", "row"],
    set_={each: _new.excluded[each] for each in ("name", "body")},
)
"""The statements, made once: making them takes longer than running them."""


def open_engine(path: Path) -> Engine:
    """SQLite at `path` through one connection, durable at every commit. Transactions are begun by
    us and not by the driver, as SQLAlchemy's page on pysqlite advises."""
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class OpenVault:
    """An unlocked vault: records of bytes by collection and id.

    `close` overwrites the one buffer that holds the key and drops it. What Python cannot promise:
    copies made by the interpreter, the allocator or libsodium's bindings may stay in memory until
    reused, and values already read belong to whoever read them. Usable from several threads; a
    transaction holds the others off, so keep the network out of it.
    """

    def __init__(self, path: Path, vault_key: bytes, entropy: Entropy) -> None:
        self._lock = RLock()
        self._key: bytearray | None = bytearray(vault_key)
        self._subkeys: dict[bytes, bytes] = {}
        self._entropy = entropy
        self._connection: Connection | None = None
        self._unfolded = True
        self._engine = open_engine(path)
        with _storage_errors():
            metadata.create_all(self._engine)
        self._fold()

    @property
    def is_open(self) -> bool:
        """Whether the key is still here."""
        return self._key is not None

    def close(self) -> None:
        """Drop the key, fold the write-ahead log into the file, and let go of it. Storage that
        fails keeps nobody from locking: what was written is safe in the log."""
        with self._lock:
            if self._key is None:
                return
            self._key[:] = bytes(len(self._key))
            self._key = None
            self._subkeys.clear()
            self._unfolded = True
            self._fold()
            self._engine.dispose()

    def lend_key(self, use: Callable[[bytes], T]) -> T:
        """What `use` makes of the vault's key: recovery sheets wrap it. Raises VaultLockedError."""
        with self._lock:
            return use(self._current_key())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen, or none. Nested, an inner failure undoes the inner part."""
        with self._lock:
            self._current_key()
            if self._connection is not None:
                with self._connection.begin_nested():
                    yield
                return
            with _storage_errors(), self._engine.connect() as connection:
                self._connection = connection
                try:
                    with connection.begin():
                        yield
                        self._before_commit()
                finally:
                    self._connection = None
            self._fold()

    def _fold(self) -> None:
        """After something was deleted: move the log's newest pages into the file and cut the log,
        which still holds the older ones. Storage that refuses (full, or the app is killed) loses
        nothing, and it is done at the next write, or when the vault is opened or closed."""
        if not self._unfolded:
            return
        with self._engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if raw is None:
                return
            try:
                (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error:
                busy = True
            self._unfolded = bool(busy)

    def put(self, collection: str, row: str, body: bytes) -> None:
        """Write or replace the record."""
        values = {
            "collection": self._hash(collection),
            "row": self._hash(collection, row),
            "name": self._encrypt("name", collection, row, row.encode()),
            "body": self._encrypt("body", collection, row, body),
        }
        with self.transaction():
            self._in_transaction().execute(PUT, values)

    def get(self, collection: str, row: str) -> bytes | None:
        """The body, or None. Raises VaultDamagedError if it was moved or changed on disk."""
        with self.transaction():
            found = self._in_transaction().execute(GET, self._place(collection, row))
            body = found.scalar_one_or_none()
        return None if body is None else self._decrypt("body", collection, row, body)

    def list(self, collection: str) -> tuple[str, ...]:
        """The ids in `collection`, sorted."""
        return tuple(row for row, _ in self.items(collection))

    def items(self, collection: str) -> tuple[tuple[str, bytes], ...]:
        """Ids and bodies in `collection`, sorted by id. Raises VaultDamagedError as `get`."""
        with self.transaction():
            found = self._in_transaction().execute(ITEMS, {"of": self._hash(collection)}).all()
        return tuple(sorted(self._open_row(collection, *each) for each in found))

    def delete(self, collection: str, row: str) -> None:
        """Remove the record and overwrite what held it (missing is fine)."""
        with self.transaction():
            gone = self._in_transaction().execute(DELETE, self._place(collection, row))
            self._unfolded = self._unfolded or gone.rowcount > 0

    def shape(self, without: Iterable[str] = ()) -> tuple[tuple[bytes, bytes, int], ...]:
        """Hashed collection, hashed id and stored length of every record on disk, whosever it is,
        but for the collections `without`."""
        left_out = {self._hash(each) for each in without}
        with self.transaction():
            found = self._in_transaction().execute(SHAPE).all()
        return tuple((of, at, size) for of, at, size in found if of not in left_out)

    def _before_commit(self) -> None:
        """The last moment at which nothing has happened yet; tests cut the power here."""

    def _in_transaction(self) -> Connection:
        if self._connection is None:
            raise VaultLockedError
        return self._connection

    def _current_key(self) -> bytes:
        if self._key is None:
            raise VaultLockedError
        return bytes(self._key)

    def _place(self, collection: str, row: str) -> dict[str, bytes]:
        return {"of": self._hash(collection), "at": self._hash(collection, row)}

    def _subkey(self, purpose: bytes) -> bytes:
        with self._lock:
            key = self._current_key()
            if purpose not in self._subkeys:
                self._subkeys[purpose] = blake2b(
                    b"", digest_size=32, key=key, person=purpose, encoder=RawEncoder
                )
            return self._subkeys[purpose]

    def _hash(self, *names: str) -> bytes:
        digest: bytes = blake2b(
            json.dumps(names).encode(),
            digest_size=HASH_BYTES,
            key=self._subkey(b"amana-index"),
            encoder=RawEncoder,
        )
        return digest

    def _open_row(
        self, collection: str, row_hash: bytes, name: bytes, body: bytes
    ) -> tuple[str, bytes]:
        row = self._decrypt_name(collection, row_hash, name)
        return row, self._decrypt("body", collection, row, body)

    def _decrypt_name(self, collection: str, row_hash: bytes, name: bytes) -> str:
        row = self._unpack(self._bound("name", collection, row_hash), name).decode()
        if self._hash(collection, row) != row_hash:
            raise VaultDamagedError("a record stands under another's id; restore or wipe")
        return row

    def _encrypt(self, column: str, collection: str, row: str, body: bytes) -> bytes:
        nonce = self._entropy(NONCE_BYTES)
        padded = struct.pack(">I", len(body)) + body
        padded += bytes(-len(padded) % PADDED_TO)
        bound = self._bound(column, collection, self._hash(collection, row))
        ciphertext: bytes = crypto_aead_xchacha20poly1305_ietf_encrypt(
            padded, bound, nonce, self._subkey(b"amana-record")
        )
        return nonce + ciphertext

    def _decrypt(self, column: str, collection: str, row: str, data: bytes) -> bytes:
        return self._unpack(self._bound(column, collection, self._hash(collection, row)), data)

    def _bound(self, column: str, collection: str, row_hash: bytes) -> bytes:
        return json.dumps([record.name, column, collection, row_hash.hex()]).encode()

    def _unpack(self, bound: bytes, data: bytes) -> bytes:
        try:
            padded: bytes = crypto_aead_xchacha20poly1305_ietf_decrypt(
                data[NONCE_BYTES:], bound, data[:NONCE_BYTES], self._subkey(b"amana-record")
            )
        except (CryptoError, ValueError) as error:
            raise VaultDamagedError(
                "a record of the vault was moved or changed on disk; restore or wipe"
            ) from error
        (length,) = struct.unpack(">I", padded[:4])
        return padded[4 : 4 + length]


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig)
        if "malformed" in cause or "not a database" in cause:
            raise VaultDamagedError(f"vault.db is damaged ({cause}); restore or wipe") from error
        raise VaultStorageError(
            f"the phone's storage failed ({cause}); free some space and try again"
        ) from error
