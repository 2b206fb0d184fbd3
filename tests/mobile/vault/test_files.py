"""Small files on a disk that is full or slow: the old bytes or the new ones, never half of them."""

import errno
import os

import pytest

from mobile.vault import files


def nearly_full(monkeypatch, room):
    """A disk that takes `room` bytes more, a few at a time, then says that it is full."""
    plain, left = os.write, [room]

    def write(handle, data):
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = min(left[0], 7, len(data))
        left[0] -= taken
        return plain(handle, bytes(data)[:taken])

    monkeypatch.setattr(files.os, "write", write)


def test_a_write_taken_in_parts_is_whole(tmp_path, monkeypatch):
    nearly_full(monkeypatch, 1000)
    files.write_durably(tmp_path / "a", b"new" * 100)
    assert (tmp_path / "a").read_bytes() == b"new" * 100


@pytest.mark.parametrize("room", [0, 1, 50, 299])
def test_a_disk_that_fills_up_keeps_the_old_file(tmp_path, monkeypatch, room):
    path = tmp_path / "vault.key"
    files.write_durably(path, b"old")
    nearly_full(monkeypatch, room)
    with pytest.raises(OSError, match="No space"):
        files.write_durably(path, b"new" * 100)
    assert path.read_bytes() == b"old"


def test_destroying_overwrites_every_byte_before_the_name_goes(tmp_path, monkeypatch):
    path = tmp_path / "vault.key"
    path.write_bytes(b"secret" * 100)
    other = tmp_path / "still-open"
    os.link(path, other)
    nearly_full(monkeypatch, 10_000)
    files.destroy(path)
    assert not path.exists()
    assert other.read_bytes() == bytes(600)


def test_what_is_missing_is_destroyed_and_removed_already(tmp_path):
    files.destroy(tmp_path / "none")
    files.remove(tmp_path / "none")
