"""Says whether this machine can draw the app; with `--install`, and as root on Debian, mends it.

The pictures and the tests that draw need Mesa's software OpenGL and two small libraries. Without
them everything else runs, and whoever calls this is told what will be missing.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libmtdev.so.1": "libmtdev1",
}
DRIVER = "libgl1-mesa-dri"
DRIVERS = ("lib/*/dri/*swrast_dri.so", "lib*/dri/*swrast_dri.so", "lib/*/libgallium*.so*")
"""Where Debian and others keep Mesa's software renderer, below /usr."""


def missing() -> list[str]:
    """Debian packages that Kivy's window wants and this machine lacks."""
    lacking = []
    for library, package in NEEDED.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            lacking.append(package)
    if not any(any(Path("/usr").glob(pattern)) for pattern in DRIVERS):
        lacking.append(DRIVER)
    return lacking


def install(packages: list[str]) -> bool:
    """Install with apt; True where that worked. What apt says goes to the terminal if it fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "--yes", "--no-install-recommends", *packages],
    ):
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        if result.returncode:
            print(f"{' '.join(command)} failed:\n{result.stdout[-500:]}{result.stderr[-500:]}")
            return False
    return True


def main() -> None:
    packages = missing()
    if not packages:
        return
    wanted = " ".join(packages)
    if "--install" in sys.argv and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"To draw the app this machine needs Debian's {wanted}: installing them ...")
        if install(packages):
            return
    print(
        "The app can't be drawn here, so its pictures and the tests that draw it are left out.\n"
        f"To have them: apt-get install {wanted} (as root: `make system`)."
    )


if __name__ == "__main__":
    main()
