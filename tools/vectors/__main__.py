"""`python -m tools.vectors [--check]`: writes docs/vectors/, or says which files differ."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.vectors import (
    enrolment,
    envelopes,
    export,
    lifecycle,
    log,
    padding,
    plain_values,
    requests,
    sealed,
    statements,
    trust,
)

OUT = Path(__file__).parents[2] / "docs" / "vectors"
MAKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "plain": plain_values.make,
    "statements": statements.make,
    "trust": trust.make,
    "requests": requests.make,
    "padding": padding.make,
    "sealed": sealed.make,
    "enrolment": enrolment.make,
    "envelopes": envelopes.make,
    "lifecycle": lifecycle.make,
    "log": log.make,
    "export": export.make,
}


def text_of(name: str) -> str:
    """The file `docs/vectors/<name>.json` as it should be."""
    return json.dumps(MAKERS[name](), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """1 where `--check` finds a file that is not as it should be."""
    OUT.mkdir(exist_ok=True)
    stale = 0
    for name in MAKERS:
        path, text = OUT / f"{name}.json", text_of(name)
        same = path.exists() and path.read_text(encoding="utf-8") == text
        if "--check" in sys.argv[1:]:
            stale += not same
            print(f"{name}: {'as it should be' if same else 'differs'}")
        elif not same:
            path.write_text(text, encoding="utf-8")
            print(path.name)
    return int(stale > 0)


if __name__ == "__main__":
    sys.exit(main())
