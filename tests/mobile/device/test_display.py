"""A crash of the app leaves nothing of its memory on disk."""

import resource
import signal
import subprocess
import sys

import pytest

CRASH = """
import ctypes, os, resource
from mobile.device.display import leave_no_core
{call}
memory = "CANARY-in-memory" * 1000
limits, dumpable = resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
print(limits[0], dumpable, flush=True)
os.abort()
"""


def crash(folder, call):
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    return subprocess.run(
        [sys.executable, "-c", CRASH.format(call=call)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="how other systems keep crashes is not known")
def test_a_crash_leaves_no_core(tmp_path):
    done = crash(tmp_path, "leave_no_core()")
    assert done.returncode == -signal.SIGABRT
    assert done.stdout.split() == ["0", "0"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="how other systems keep crashes is not known")
def test_without_it_the_system_may_keep_one(tmp_path):
    """The control."""
    limit, dumpable = crash(tmp_path, "").stdout.split()
    assert dumpable == "1"
    assert limit == str(resource.getrlimit(resource.RLIMIT_CORE)[1])
