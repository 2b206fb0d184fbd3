"""Getting a machine ready to show or draw the app. Everything here comes before Kivy is imported;
nothing here imports it before it is asked to."""

import atexit
import ctypes
import logging
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libmtdev.so.1": "libmtdev1",
}
"""What Kivy's window loads on Linux, and Debian's package of each."""
DRIVER = "libgl1-mesa-dri"
DRIVERS = ("lib/*/dri/*swrast_dri.so", "lib*/dri/*swrast_dri.so", "lib/*/libgallium*.so*")
"""Where Debian and others keep Mesa's software renderer, below /usr."""
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
PR_SET_DUMPABLE = 4
"""prctl(2): whether the kernel, or a program that it hands crashes to, may dump this process."""


def lacking(*, seen: bool = False) -> tuple[str, ...]:
    """Debian's packages that this Linux machine needs before it can draw, or with `seen` before it
    can show a window; none elsewhere."""
    if sys.platform != "linux" or "ANDROID_ARGUMENT" in os.environ:
        return ()
    packages = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    if not seen and not any(any(Path("/usr").glob(pattern)) for pattern in DRIVERS):
        packages.append(DRIVER)
    return tuple(packages)


def has_display() -> bool:
    """Whether a window would be seen by anybody."""
    if sys.platform != "linux" or "ANDROID_ARGUMENT" in os.environ:
        return True
    return any(os.environ.get(name) for name in DISPLAYS)


def prepare(size: tuple[int, int], *, density: float | None = None, seen: bool = True) -> None:
    """Set Kivy up before its first import: no files of its own, no log of ours (which would name
    the server), a window of `size` in dp. `density`: pixels a dp (None: the display's own).
    `seen` False draws without a display. See also `leave_no_core`."""
    leave_no_core()
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_LOG_MODE="PYTHON",
    )
    if "KIVY_HOME" not in os.environ:
        os.environ["KIVY_HOME"] = home = tempfile.mkdtemp(prefix="amana-kivy-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    if not seen:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    if density is not None:
        os.environ["KIVY_METRICS_DENSITY"] = str(density)
    _listen()
    configured = import_module("kivy.config").Config
    width, height = (round(each * (density or 1)) for each in size)
    configured.set("graphics", "width", str(width))
    configured.set("graphics", "height", str(height))
    configured.set("input", "mouse", "mouse,disable_multitouch")
    if not seen:
        configured.set("graphics", "maxfps", "0")
    configured.set("kivy", "exit_on_escape", "0")


def leave_no_core() -> None:
    """From now on the system writes this process's memory nowhere when it crashes, where it is a
    Linux or another that knows such a limit."""
    with suppress(ImportError):
        resource = import_module("resource")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def window_made() -> bool:
    """Whether Kivy, once prepared, has a window here."""
    return import_module("kivy.core.window").Window is not None


def _listen() -> None:
    """Kivy's errors go to the terminal, but not its lament over clipboards that are not used."""
    kivy = logging.getLogger("kivy")
    kivy.propagate = False
    if not kivy.handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.ERROR)
        handler.addFilter(lambda record: "Cutbuffer" not in record.getMessage())
        kivy.addHandler(handler)
