"""What two phones leave on disk at every step of the way, locked and unlocked: no secret in any
form. A process of its own walks; its folders, temporary files and open files are searched here."""

import base64
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from mobile.commands.demonstration.canaries import search, search_tables
from mobile.device.display import lacking
from tests.mobile.town import PIN

PRIVATE = {
    "TMPDIR": "tmp",
    "HOME": "home",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_RUNTIME_DIR": "run",
    "KIVY_HOME": "kivy",
}
STEPS = (
    "create", "enrol", "screen", "draft and consent", "seal and queue, offline", "submit",
    "receive", "open", "ask", "answer", "accept", "feedback", "close", "six weeks later",
    "change the PIN", "quick wipe",
)  # fmt: skip
HERE = Path(__file__).parents[2]


class Searched:
    """The walk in a process of its own, under `folder`; what was found at each step since one."""

    def __init__(self, folder, *how, since=STEPS[0]):
        self.folder, self.steps, self.hits, self.wrote = folder, [], {}, []
        self._since = since
        self.secrets, self._done = set(), {}
        for each in (*PRIVATE.values(), "cwd"):
            (folder / each).mkdir(parents=True, exist_ok=True)
        environment = {name: str(folder / place) for name, place in PRIVATE.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journey.steps", str(folder / "phones"), *how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder / "cwd",
            env=os.environ
            | environment
            | {"PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        for line in self.process.stdout:
            if line.startswith("{"):
                self._search(json.loads(line))
                self.process.stdin.write("on\n")
                self.process.stdin.flush()
        assert self.process.wait() == 0

    def _search(self, told):
        self.steps.append(told["step"])
        self.secrets, self.wrote = set(told["secrets"]), told["wrote"]
        if self._since not in self.steps:
            return
        found = {hit.secret for name, data in self._bytes() for hit in self._in(name, data)}
        found |= self._in_tables()
        if found:
            self.hits[told["step"]] = found

    def _bytes(self):
        """Every file below the folder, and what the process holds open though its name is gone."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "copy" not in path.relative_to(self.folder).parts:
                yield path.name, path.read_bytes()
        for handle in Path(f"/proc/{self.process.pid}/fd").glob("*"):
            if str(handle.readlink()).endswith("(deleted)"):
                yield handle.name, handle.read_bytes()

    def _in(self, name, data):
        """Bytes that were searched already are not searched again for the same secret."""
        before = self._done.setdefault(hashlib.sha256(data).digest(), set())
        anew = self.secrets - before
        before |= anew
        return search(sorted(anew), data, name) if anew and data else ()

    def _in_tables(self):
        """In the file a long value lies in pages, and could be cut in two."""
        copy, found = self.folder / "copy", set()
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / "phones", copy)
        for database in copy.rglob("*.db"):
            digest = hashlib.sha256(
                b"".join(each.read_bytes() for each in sorted(database.parent.glob("*.db*")))
            ).digest()
            before = self._done.setdefault((digest, database.name), set())
            anew = self.secrets - before
            before |= anew
            found |= {hit.secret for hit in search_tables(sorted(anew), database)}
        return found


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    return Searched(tmp_path_factory.mktemp("walked"))


def test_at_no_step_is_a_secret_on_disk_locked_or_unlocked(walked):
    assert walked.hits == {}
    both = {name for each in STEPS for name in (each, f"{each}, locked")}
    assert set(walked.steps) == both
    assert len(walked.secrets) > 40


def test_nothing_is_written_outside_the_phones_own_folder(walked):
    assert [each for each in walked.wrote if "phones" not in each] == []
    outside = [*PRIVATE.values(), "cwd"]
    left = [each for place in outside for each in (walked.folder / place).rglob("*")]
    assert [each for each in left if each.is_file()] == []


def test_after_the_wipe_nothing_is_left(walked):
    left = [each for each in (walked.folder / "phones").rglob("*") if each.is_file()]
    assert left == []


def test_where_the_vault_encrypts_nothing_every_secret_is_found(tmp_path):
    """The control: the same search, of phones whose cipher changes nothing."""
    plain = Searched(tmp_path, "plain", since=STEPS[4])
    found = set().union(*plain.hits.values())
    never_kept = {each for each in plain.secrets if each.isdecimal() and len(each) == len(PIN)}
    assert plain.secrets - never_kept <= found


FORMS = {
    "UTF-8": str.encode,
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "JSON": lambda text: json.dumps(text).encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one byte on": lambda text: base64.b64encode(b"x" + text.encode()),
    "base64, two bytes on": lambda text: base64.b64encode(b"xy" + text.encode()),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode()),
    "zlib in base64": lambda text: base64.b64encode(zlib.compress(text.encode())),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_each_secret_in_each_form(walked, form):
    for secret in walked.secrets:
        data = b"\0before " + FORMS[form](secret) + b" after"
        assert [hit.secret for hit in search([secret], data, "planted")] == [secret], secret


def test_the_app_on_a_screen_leaves_no_log_no_setting_and_no_secret(tmp_path):
    if packages := lacking():
        pytest.skip(f"the app can't be drawn here: apt-get install {' '.join(packages)}")
    shown = Searched(tmp_path, "app", since=STEPS[-2])
    assert {"show sent", "show interview", "leave, locked"} <= set(shown.steps)
    assert shown.hits == {}
    left = [each.name for each in (tmp_path / "kivy").rglob("*") if each.is_file()]
    assert [each for each in left if each.endswith((".ini", ".txt", ".log"))] == []
    assert [each for each in (tmp_path / "cwd").rglob("*") if each.is_file()] == []
