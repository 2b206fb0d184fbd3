"""What `amana audit verify` costs over its bare Ed25519 and SHA-256 work.

Run it by hand: `python tests/bench/bench_audit.py 10000 100000 1000000`. For each size it writes a
fictional export, then measures in one run, each in a process of its own: the bare cost (as many
signatures through the same library, the same bytes hashed, the same tree), and the whole verify
with one process and with more. Prints seconds, ratios, events a second and the peak of memory.
"""

import json
import resource
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from fictional_log import write_fictional_log
from nacl.signing import VerifyKey

from protocols.audit.export import LeafLine, read_export
from protocols.commands.audit_running import verify_file
from protocols.plain import decode_base64, from_json, to_json
from protocols.sealing.certificate import Root
from protocols.sealing.statement import pae
from protocols.timeline.merkle import EMPTY_ROOT, node_hash

CHUNK = 5_000
Signed = tuple[VerifyKey, bytes, bytes, bytes]
"""Key, message, signature, and the leaf's bytes after RFC 9162's 0x00."""


def _keys(path: Path) -> dict[str, VerifyKey]:
    """keyid -> key of every certificate in the export."""
    found = {}
    with path.open("rb") as file:
        for line in file:
            value = json.loads(line)
            if value["type"] == "leaf":
                break
            if value["type"] == "certificate":
                body = json.loads(decode_base64(value["statement"]["payload"]))
                for key in body["keys"]:
                    found[body["subject"]] = VerifyKey(decode_base64(key))
    return found


def _signed(path: Path) -> Iterator[Signed]:
    keys = _keys(path)
    with path.open("rb") as file:
        for line in read_export(file)[1]:
            if isinstance(line, LeafLine):
                event = json.loads(line.data)["event"]
                message = pae(event["payloadType"], decode_base64(event["payload"]))
                signature = event["signatures"][0]
                sig = decode_base64(signature["sig"])
                yield keys[signature["keyid"]], message, sig, b"\x00" + line.data


def bare(path: Path) -> dict[str, Any]:
    """Seconds that the cryptography of the export's leaves costs and nothing else; what surrounds
    it (reading, decoding) is not counted."""
    seconds = {"ed25519": 0.0, "sha256": 0.0}
    stack: list[bytes] = []
    count = 0
    source = _signed(path)
    while chunk := list(islice(source, CHUNK)):
        start = perf_counter()
        for key, message, signature, _ in chunk:
            key.verify(message, signature)
        middle = perf_counter()
        for _, message, _, leaf in chunk:
            sha256(message).hexdigest()
            value, index = sha256(leaf).digest(), count
            while index & 1:
                value, index = node_hash(stack.pop(), value), index >> 1
            stack.append(value)
            count += 1
        seconds["ed25519"] += middle - start
        seconds["sha256"] += perf_counter() - middle
    value = stack.pop() if stack else EMPTY_ROOT
    while stack:
        value = node_hash(stack.pop(), value)
    return {**seconds, "signatures": count, "root": value.hex()}


def whole(path: Path, root: Path, processes: int) -> dict[str, Any]:
    """Seconds and peak KiB of a whole verify, from the file to the verdict."""
    trusted = from_json(root.read_bytes(), Root)
    start = perf_counter()
    report = verify_file(path, trusted, processes=processes)
    return {
        "seconds": perf_counter() - start,
        "ok": report.ok,
        "root": report.root,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "peak_child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
    }


def _apart(*arguments: str | Path | int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    command = [sys.executable, __file__, *(str(each) for each in arguments)]
    done = subprocess.run(command, check=True, capture_output=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measure(folder: Path, events: int, processes: list[int]) -> None:
    """Print the table of one size."""
    out = sys.stdout.write
    export, root = folder / "export.jsonl", folder / "root.json"
    with export.open("wb") as file:
        root.write_bytes(to_json(write_fictional_log(file, events)))
    base = _apart("--bare", export, root)
    cost = base["ed25519"] + base["sha256"]
    out(f"{events} events, {export.stat().st_size / 1e6:.0f} MB\n")
    out(
        f"  bare: {base['signatures']} signatures {base['ed25519']:.2f} s,"
        f" hashes and tree {base['sha256']:.2f} s, together {cost:.2f} s\n"
    )
    for count in processes:
        found = _apart("--whole", export, root, "--processes", count)
        if not found["ok"] or found["root"] != base["root"]:
            raise SystemExit("the verdict on a valid export is wrong; nothing here counts")
        out(
            f"  verify, {count} process(es): {found['seconds']:.2f} s,"
            f" {found['seconds'] / cost:.2f} times the bare cost,"
            f" {events / found['seconds']:.0f} events/s,"
            f" peak {found['peak'] / 1024:.0f} MiB"
            + (f" and {found['peak_child'] / 1024:.0f} MiB a helper\n" if count > 1 else "\n")
        )
    sys.stdout.flush()


def main() -> None:
    parser = ArgumentParser(description="What verifying a log costs over its cryptography.")
    parser.add_argument("arguments", nargs="*", default=["10000", "100000"])
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--bare", action="store_true", help="EXPORT ROOT: only the bare cost.")
    one.add_argument("--whole", action="store_true", help="EXPORT ROOT: only the verify.")
    asked = parser.parse_args()
    if asked.bare or asked.whole:
        export, root = (Path(each) for each in asked.arguments)
        answer = bare(export) if asked.bare else whole(export, root, asked.processes[0])
        sys.stdout.write(json.dumps(answer))
        return
    with TemporaryDirectory() as folder:
        for events in asked.arguments:
            measure(Path(folder), int(events), asked.processes)


if __name__ == "__main__":
    main()
