"""What the server writes down: one line a request, without body, address, query or sender.

Time, method, the route's template (never the path with its ids), status, milliseconds.
"""

import logging
import sys
import time
import traceback
from pathlib import Path

requests = logging.getLogger("amana.requests")
defects = logging.getLogger("amana.defects")
duties = logging.getLogger("amana.duties")

LINE = "%(asctime)s.%(msecs)03dZ %(message)s"


def start(file: str = "") -> None:
    """Log to `file`, or to standard error. Other libraries' loggers stay silent below errors, and
    Django's request logger altogether: it writes paths."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8")
    formatter = logging.Formatter(LINE, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    ours = logging.getLogger("amana")
    ours.handlers[:] = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
    django = logging.getLogger("django")
    django.handlers[:] = [logging.NullHandler()]
    django.propagate = False


def tell_defect(error: BaseException) -> None:
    """Log where a defect showed: exception class, files and lines; no message, for it may quote
    what somebody sent."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    defects.error("defect %s at %s", type(error).__name__, places)
