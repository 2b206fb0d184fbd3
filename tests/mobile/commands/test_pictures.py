"""Screens drawn by a program of its own, under exactly the names asked for."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mobile.commands.app import app
from mobile.commands.pictures import main
from mobile.device import display
from tests.mobile.town import PIN

needs_libraries = pytest.mark.skipif(
    bool(display.lacking()), reason=f"can't draw without {' '.join(display.lacking())}"
)
PNG = b"\x89PNG\r\n\x1a\n"


def drawn(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "mobile.commands.pictures", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def size(picture):
    data = picture.read_bytes()
    assert data.startswith(PNG)
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


@needs_libraries
def test_a_phones_screens_are_drawn_and_the_phone_is_left_as_it_was(town, tmp_path):
    worker = town.worker()
    worker.lock()
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    before = {each.name: each.read_bytes() for each in worker.folder.iterdir()}
    out = tmp_path / "pictures"

    done = drawn(
        "--folder", worker.folder, "--screens", "unlock,home", "--language", "ar",
        "--pin-file", pin, "--out", out,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert sorted(each.name for each in out.iterdir()) == ["home-ar.png", "unlock-ar.png"]
    assert {size(each) for each in out.iterdir()} == {(720, 1480)}
    assert (out / "home-ar.png").read_bytes() != (out / "unlock-ar.png").read_bytes()
    assert {each.name: each.read_bytes() for each in worker.folder.iterdir()} == before


@needs_libraries
def test_where_no_window_can_be_made_it_says_so(town, tmp_path, monkeypatch):
    worker = town.worker()
    worker.lock()
    monkeypatch.setenv("KIVY_WINDOW", "egl_rpi")

    done = drawn("--folder", worker.folder, "--out", tmp_path / "pictures")

    assert done.returncode == 1
    assert "no window" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "pictures").exists()


@needs_libraries
def test_a_wrong_pin_is_said_in_one_line(town, tmp_path):
    worker = town.worker()
    worker.lock()
    pin = tmp_path / "pin"
    pin.write_text("000000")

    done = drawn("--folder", worker.folder, "--pin-file", pin, "--out", tmp_path / "pictures")

    assert done.returncode == 1
    assert f"Error: {worker.folder}: wrong PIN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_screen_that_is_none_is_named_with_those_that_are(tmp_path, monkeypatch):
    monkeypatch.setattr("mobile.commands.pictures.lacking", lambda: ())

    done = CliRunner().invoke(
        main, ["--folder", str(tmp_path), "--screens", "hom", "--out", str(tmp_path / "out")]
    )

    assert done.exit_code == 2
    assert "'hom' is no screen" in done.stderr
    assert "new_screening" in done.stderr


def test_without_a_demo_it_says_how_to_have_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mobile.commands.pictures.lacking", lambda: ())

    done = CliRunner().invoke(main, ["--out", str(tmp_path / "a" / "b")])

    assert done.exit_code == 1
    assert "amana demo" in done.output


@pytest.mark.parametrize(
    ("lacks", "display_there", "said"),
    [(("libgl1",), True, "make system"), ((), False, "there is no display")],
)
def test_the_app_says_what_it_lacks_here(tmp_path, monkeypatch, lacks, display_there, said):
    monkeypatch.setattr("mobile.commands.app.lacking", lambda **_: lacks)
    monkeypatch.setattr("mobile.commands.app.has_display", lambda: display_there)

    done = CliRunner().invoke(app, ["--folder", str(tmp_path / "phone")])

    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "phone").exists()


def test_a_machine_that_lacks_libraries_is_told_their_packages(monkeypatch):
    def refuse(_):
        raise OSError

    monkeypatch.setattr(display.ctypes, "CDLL", refuse)
    monkeypatch.setattr(display.sys, "platform", "linux")

    assert display.lacking(seen=True) == tuple(display.LIBRARIES.values())

    monkeypatch.setattr(display, "DRIVERS", ("no/such/*.so",))
    assert display.lacking() == (*display.LIBRARIES.values(), display.DRIVER)


def test_make_system_installs_what_the_app_asks_for():
    tool = runpy.run_path(str(Path(__file__).parents[3] / "tools" / "window.py"))

    assert tool["NEEDED"] == display.LIBRARIES
    assert (tool["DRIVER"], tool["DRIVERS"]) == (display.DRIVER, display.DRIVERS)
