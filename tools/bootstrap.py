"""Finds or fetches `uv`, the one tool that makes the environment, and prints its path.

Needs nothing but Python 3.11's standard library, because a fresh Debian has neither pip nor
ensurepip. Order: a `uv` on PATH, the one fetched before, then the wheel that uv.lock names,
downloaded and held against the hash written there. PIP_INDEX_URL or UV_DEFAULT_INDEX (PEP 503)
is used instead of the address in the lock file where one is set.
"""

import hashlib
import os
import platform
import re
import shutil
import stat
import sys
import tomllib
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
TOOLS = HOUSE / ".tools"


def locked_wheel() -> tuple[str, str, str]:
    """(version, url, sha256) of the uv wheel for this machine, read from uv.lock."""
    packages = tomllib.loads((HOUSE / "uv.lock").read_text())["package"]
    package = next(each for each in packages if each["name"] == "uv")
    family = "musllinux" if not platform.libc_ver()[0] else "manylinux"
    if sys.platform == "darwin":
        family = "macosx"
    machine = {"aarch64": "(aarch64|arm64)", "arm64": "(aarch64|arm64)"}.get(
        platform.machine(), re.escape(platform.machine())
    )
    for wheel in package["wheels"]:
        if re.search(rf"{family}.*_{machine}\.whl$", wheel["url"]):
            return package["version"], wheel["url"], wheel["hash"].removeprefix("sha256:")
    raise SystemExit(f"no uv wheel for {platform.machine()}: install uv yourself, then try again")


def from_index(url: str, index: str) -> str:
    """Where `index` (a PEP 503 page) keeps the file that `url` names."""
    page_url = urllib.parse.urljoin(index.rstrip("/") + "/", "uv/")
    with urllib.request.urlopen(page_url, timeout=60) as answer:
        page = answer.read().decode()
    name = url.rsplit("/", 1)[1]
    for target in re.findall(r'href="([^"]+)"', page):
        if target.split("#")[0].endswith(name):
            return urllib.parse.urljoin(page_url, target.split("#")[0])
    return url


def fetch() -> Path:
    """Download, verify and unpack the locked wheel's `uv`; nothing is kept if the hash differs."""
    version, url, sha256 = locked_wheel()
    target = TOOLS / f"uv-{version}"
    if target.exists():
        return target
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL")
    source = from_index(url, index) if index else url
    print(f"fetching uv {version} into {TOOLS.name}/ ...", file=sys.stderr)
    with urllib.request.urlopen(source, timeout=180) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SystemExit("the uv that arrived is not the one in uv.lock; nothing was installed")
    TOOLS.mkdir(exist_ok=True)
    wheel = TOOLS / "uv.whl"
    wheel.write_bytes(data)
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        part = target.with_suffix(".part")
        part.write_bytes(archive.read(member))
    part.chmod(part.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP)
    part.rename(target)
    wheel.unlink()
    return target


if __name__ == "__main__":
    print(shutil.which("uv") or fetch())
