"""Runs an audit over a file: over several processes where that helps, with its progress shown."""

import os
import signal
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from attrs import define, frozen
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from protocols.audit.export import LONGEST_LINE
from protocols.audit.judge import Judge, Numbered, Taken, judge_here
from protocols.audit.report import Fault, Report, Seen
from protocols.audit.verify import verify_export
from protocols.commands.audit_parcel import Parcel, pack, unpack
from protocols.commands.showing import shown
from protocols.errors import AmanaError
from protocols.sealing.certificate import Root

CHUNK_LINES = 1_000
CHUNK_BYTES = 4 * 1024 * 1024
AHEAD = 3
"""Chunks that wait for each process: what bounds memory."""
WORTH_IT = 16 * 1024 * 1024
"""Bytes; below, starting processes costs more than it saves."""
MOST_PROCESSES = 8
SHOWN_AT_ONCE = 20
"""Faults shown while an audit runs; all are in the report."""


class UnusableInputError(AmanaError):
    """A file that can't be read, or isn't what the command needs."""

    code = "unusable_input"


class ProcessLostError(AmanaError):
    """A process of an audit ended by itself, so that there is no verdict."""

    code = "process_lost"


def verify_file(
    path: Path,
    root: Root,
    now: datetime | None = None,
    watch: Callable[[Seen], None] | None = None,
    *,
    processes: int | None = None,
    console: Console | None = None,
) -> Report:
    """The verdict on the export at `path`, the same for any number of `processes` (default: as
    many as the machine has, one for a small file). Progress and faults appear on `console` while
    it runs, if that is a terminal.

    Raises UnusableInputError, NotAnExportError, ProcessLostError.
    """
    size = _size(path)
    count = processes or _sensible(size)
    spread = judge_here if count == 1 else Processes(count)
    shows = console is not None and console.is_terminal
    if console is None or not shows:
        return verify_export(_lines(path), root, now, watch, spread=spread)
    with _progress(console) as progress:
        task = progress.add_task("verifying", total=size)

        def advance(read: int) -> None:
            progress.update(task, completed=read)

        teller = _Teller(progress.console)
        lines = _lines(path, advance)
        return verify_export(lines, root, now, watch, tell=teller, spread=spread)


def _size(path: Path) -> int | None:
    """Bytes of a plain file; None for a pipe, which ends when it ends."""
    try:
        found = path.stat()
    except OSError as error:
        raise UnusableInputError(f"{path} can't be read ({error.strerror}); check it") from error
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _sensible(size: int | None) -> int:
    if size is not None and size < WORTH_IT:
        return 1
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def _lines(path: Path, advance: Callable[[int], None] | None = None) -> Iterator[bytes]:
    read = shown_at = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                yield line
                read += len(line)
                if advance is not None and read - shown_at > 256 * 1024:
                    shown_at = read
                    advance(read)
    except OSError as error:
        raise UnusableInputError(f"{path} can't be read ({error.strerror}); check it") from error
    if advance is not None:
        advance(read)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


@define
class _Teller:
    """Shows the first faults as they are found."""

    console: Console
    count: int = 0

    def __call__(self, fault: Fault) -> None:
        self.count += 1
        if self.count <= SHOWN_AT_ONCE:
            told = f"{fault.rule}  {fault.where}: {fault.message}"
            self.console.print(Text(shown(told), style="red"))
        if self.count == SHOWN_AT_ONCE:
            self.console.print(Text("more faults may follow; the report lists them all"))


@frozen
class Processes:
    """A Spread over `count` processes of their own; this one puts the results in order."""

    count: int

    def __call__(self, judge: Judge, lines: Iterable[Numbered]) -> Iterator[Taken]:
        chunks = _chunks(iter(lines))
        pool = ProcessPoolExecutor(
            self.count, get_context("spawn"), initializer=_begin, initargs=(judge,)
        )
        waiting: deque[Future[list[Parcel]]] = deque()
        try:
            for chunk in islice(chunks, self.count * AHEAD):
                waiting.append(pool.submit(_take, chunk))
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(pool.submit(_take, chunk) for chunk in islice(chunks, 1))
                yield from map(unpack, done)
        except BrokenProcessPool as error:
            _unblock(pool)
            raise ProcessLostError(
                "a process of the audit ended by itself, perhaps for want of memory; nothing was"
                " concluded, run it again with --processes 1"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _unblock(pool: ProcessPoolExecutor) -> None:
    """Python before 3.11.4 waits for ever for a thread that writes to a process that died
    (python/cpython#94777): closed here, as later ones do, its pipe lets that thread end."""
    reader = getattr(getattr(pool, "_call_queue", None), "_reader", None)
    if reader is not None:
        reader.close()


def _chunks(lines: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    chunk: list[Numbered] = []
    held = 0
    for numbered in lines:
        chunk.append(numbered)
        held += len(numbered[1])
        if len(chunk) == CHUNK_LINES or held > CHUNK_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


_judge: Judge | None = None


def _begin(judge: Judge) -> None:
    """In a process of the pool: Ctrl-C is for the one that started it."""
    global _judge  # noqa: PLW0603 - a pool's process has no other place for what it is given
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _judge = judge


def _take(chunk: list[Numbered]) -> list[Parcel]:
    if _judge is None:
        raise RuntimeError("a process of the pool that was given no judge")
    return [pack(_judge(each)) for each in chunk]
