"""The coordinator's part: the export, the timeline as a table, and the verdict of `amana audit
verify`, run as a program of its own that knows nothing but the file and the root key."""

import subprocess  # nosec
from datetime import UTC, datetime

from attrs import frozen
from rich.console import Console
from rich.table import Table

from mobile.casework.phone import Phone
from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.processes import DemoError, amana_command
from protocols.audit.report import Seen
from protocols.audit.verify import verify_export
from protocols.commands.timelines import timeline_table
from protocols.plain import from_json
from protocols.sealing.certificate import Root

SECONDS = 120
TABLE_WIDTH = 130


@frozen
class Proof:
    """What `amana audit verify` concluded of the export: whether all `holds`, and its words."""

    holds: bool
    words: str
    events: int
    export_bytes: int


def export(coordinator: Phone, folder: Folder) -> int:
    """Download the country's export; its bytes."""
    return coordinator.coordination.export(folder / "export.jsonl")


def timeline(folder: Folder, referral: str, language: str) -> Table:
    """The referral's timeline as the export tells it; the same table lands in `timeline.txt`."""
    root = from_json((folder / "root.json").read_bytes(), Root)
    seen: list[Seen] = []
    with (folder / "export.jsonl").open("rb") as lines:
        verify_export(lines, root, datetime.now(UTC).replace(microsecond=0), seen.append)
    events = [each for each in seen if each.event.referral == referral]
    if not events:
        raise DemoError("the export lacks the demo's referral; look into server.log")
    table = timeline_table(referral, events, language)
    with (folder / "timeline.txt").open("w", encoding="utf-8") as file:
        Console(file=file, width=TABLE_WIDTH).print(table)
    return table


def verify(folder: Folder, events: int, export_bytes: int) -> Proof:
    """The program's verdict on the export. Raises DemoError when it cannot judge."""
    done = subprocess.run(
        [*amana_command(), "audit", "verify", "export.jsonl", "--root", "root.json"],
        cwd=folder.path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode not in {0, 1}:
        raise DemoError(f"amana audit verify could not judge: {done.stderr[-400:]}")
    return Proof(done.returncode == 0, done.stdout.strip(), events, export_bytes)
