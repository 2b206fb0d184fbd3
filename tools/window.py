"""Says whether this machine can draw the app, and how to make it able to. Changes nothing."""

import ctypes

NEEDED = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libmtdev.so.1": "libmtdev1",
}


def missing() -> list[str]:
    """Debian packages that Kivy's window wants and this machine lacks."""
    lacking = []
    for library, package in NEEDED.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            lacking.append(package)
    return lacking


if __name__ == "__main__":
    packages = missing()
    if packages:
        print(
            "The tests that draw the app will be skipped: this machine lacks "
            f"{', '.join(packages)}.\nAs root, `make system` installs them."
        )
    else:
        print("The tests that draw the app will run.")
