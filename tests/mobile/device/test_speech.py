"""The voice: what is read goes through a pipe, never into the list of programs; silence is at
once."""

import shutil
import sys
import time

import pytest

from mobile.device.speech import PROGRAM, ProgramSpeaker, SilentSpeaker, speaker

FAKE = """#!{python}
import sys, time
if sys.argv[1].startswith("--voices="):
    print("Pty Language")
    if sys.argv[1] == "--voices=ar":
        print(" 5 ar Arabic")
    sys.exit()
open({heard!r}, "w").write(repr(sys.argv[1:]) + chr(10) + sys.stdin.read())
time.sleep(60)
"""


@pytest.fixture
def heard(tmp_path):
    return tmp_path / "heard"


@pytest.fixture
def fake(tmp_path, heard):
    program = tmp_path / "fictional-voice"
    program.write_text(FAKE.format(python=sys.executable, heard=str(heard)))
    program.chmod(0o700)
    made = ProgramSpeaker(str(program))
    yield made
    made.hush()


def wait_for(found):
    end = time.monotonic() + 10
    while not found() and time.monotonic() < end:
        time.sleep(0.01)
    assert found()


def test_only_a_language_with_a_voice_can_be_read(fake):
    assert fake.can("ar")
    assert not fake.can("zz")


def test_the_text_goes_through_the_pipe_and_is_no_argument(fake, heard):
    fake.say(("CANARY أولا", "CANARY ثانيا"), "ar")
    wait_for(lambda: heard.exists() and "ثانيا" in heard.read_text())
    arguments, text = heard.read_text().split("\n", 1)
    assert "CANARY" not in arguments
    assert "'ar'" in arguments
    assert text == "CANARY أولا\n\nCANARY ثانيا"


def test_it_is_silent_at_once(fake):
    fake.say(("CANARY",), "ar")
    assert fake.speaking
    fake.hush()
    assert not fake.speaking


def test_a_second_text_takes_the_place_of_the_first(fake, heard):
    fake.say(("first",), "ar")
    fake.say(("second",), "ar")
    wait_for(lambda: heard.exists() and heard.read_text().endswith("second"))
    assert fake.speaking


def test_a_program_that_is_gone_has_no_voice_and_one_that_ends_at_once_breaks_nothing(tmp_path):
    assert not ProgramSpeaker(str(tmp_path / "missing")).can("ar")
    broken = ProgramSpeaker(shutil.which("true"))
    broken.say(("x" * 200_000,), "ar")
    wait_for(lambda: not broken.speaking)


def test_without_a_voice_nothing_is_offered():
    assert not SilentSpeaker().can("ar")


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="apt-get install espeak-ng to hear it")
def test_the_real_program_knows_the_apps_languages():
    assert [each for each in ("ar", "fr", "en") if not speaker().can(each)] == []
