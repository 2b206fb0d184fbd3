"""A phone's storage that dies, tears or is full at the n-th thing done to it, SQLite's included.

Meant for a process that is thrown away. SQLite's writes are met through its own door for tests, the
system calls that its default VFS lets itself be given (https://www.sqlite.org/c3ref/vfs.html).
"""

import _sqlite3
import ctypes
import errno
import os
from enum import StrEnum
from pathlib import Path

KILLED = 77
"""The exit status of a process that died by this."""
PYTHONS = ("write", "pwrite", "fsync", "replace", "unlink", "ftruncate")
WRITES = ("write", "pwrite", "pwrite64")
SIGNATURES = {
    "write": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t),
    "pwrite": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64),
    "pwrite64": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64),
    "ftruncate": (ctypes.c_int, ctypes.c_int, ctypes.c_int64),
    "unlink": (ctypes.c_int, ctypes.c_char_p),
}


class Fate(StrEnum):
    """What happens at the n-th thing: the process is gone before it; gone with half of it done;
    or the storage takes nothing more until there is `room`."""

    KILLED = "killed"
    TORN = "torn"
    FULL = "full"


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("size_of_file", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        *((f"method{number}", ctypes.c_void_p) for number in range(13)),
        (
            "set_system_call",
            ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
        ),
    )


def reaches_sqlite() -> bool:
    """Whether this Python's SQLite can be reached; one linked in statically may hide."""
    try:
        return bool(_library().sqlite3_vfs_find)
    except (AttributeError, OSError):
        return False


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(getattr(_sqlite3, "__file__", None))


class Disk:
    """Counts from its making; `done` names each thing in order: what, by whom, to which file."""

    def __init__(self, at: int | None, fate: Fate) -> None:
        self._at, self._fate = at, fate
        self.done: list[tuple[str, str, str]] = []
        self._plain = {kind: getattr(os, kind) for kind in PYTHONS}
        for kind in PYTHONS:
            setattr(os, kind, self._python(kind))
        if reaches_sqlite():
            self._kept = [self._sqlite(kind) for kind in SIGNATURES]

    def room(self) -> None:
        """There is space again, and nobody dies any more."""
        self._at = None

    def _due(self, kind: str, who: str, what: str) -> bool:
        self.done.append((kind, who, what))
        return self._at is not None and len(self.done) > self._at

    def _meet(self, kind: str, who: str, what: str, half) -> None:
        """Die if it is time to; raises OSError where the storage is full."""
        if not self._due(kind, who, what):
            return
        if self._fate is Fate.FULL:
            if kind in WRITES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return
        if self._fate is Fate.TORN:
            half()
        os._exit(KILLED)

    def _python(self, kind: str):
        plain = self._plain[kind]

        def done(*given, **named):
            def half():
                if kind in WRITES:
                    data = bytes(given[1])
                    plain(given[0], data[: len(data) // 2], *given[2:])
                else:
                    plain(*given, **named)

            self._meet(kind, "python", _name(given[0]), half)
            return plain(*given, **named)

        return done

    def _sqlite(self, kind: str):
        """The callback that SQLite now calls; it must be kept."""
        plain = self._plain[{"pwrite64": "pwrite"}.get(kind, kind)]

        def work(*given):
            if kind in WRITES:
                data = ctypes.string_at(given[1], given[2])
                given = (given[0], data, *given[3:])
            try:
                self._meet(kind, "sqlite", _name(given[0]), lambda: self._half(plain, given))
                found = plain(*given)
            except OSError as error:
                ctypes.set_errno(error.errno)
                return -1
            return 0 if found is None else found

        callback = ctypes.CFUNCTYPE(*SIGNATURES[kind], use_errno=True)(work)
        library = _library()
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None)
        vfs.contents.set_system_call(
            ctypes.addressof(vfs.contents), kind.encode(), ctypes.cast(callback, ctypes.c_void_p)
        )
        return callback

    @staticmethod
    def _half(plain, given) -> None:
        if isinstance(given[1] if len(given) > 1 else None, bytes):
            given = (given[0], given[1][: len(given[1]) // 2], *given[2:])
        plain(*given)


def _name(place) -> str:
    """The file's last name, from its path or its open handle."""
    if isinstance(place, int):
        try:
            place = Path(f"/proc/self/fd/{place}").readlink()
        except OSError:
            return "?"
    name = Path(os.fsdecode(place)).name
    return name.replace("vault-2.db", "vault.db")
