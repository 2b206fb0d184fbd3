"""`amana audit compare`: two exports or checkpoints of one log, held against each other."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from protocols.audit.compare import (
    Compared,
    NotComparableError,
    Verdict,
    View,
    compare,
    view_of_export,
    views_of_evidence,
)
from protocols.audit.export import LONGEST_LINE, NotAnExportError
from protocols.commands.audit_inputs import read_root
from protocols.commands.audit_running import UnusableInputError
from protocols.commands.files import read_at_most
from protocols.commands.showing import shown
from protocols.errors import AmanaError
from protocols.plain import MAX_JSON_BYTES, dump_json, to_plain
from protocols.timeline.headline import head_from_text

AGREE, APART, UNUSABLE = 0, 1, 2
WORDS = {
    Verdict.SAME: "The same: {first} entries in both.",
    Verdict.EXTENDS: "The second continues the first: {second} entries after {first}.",
    Verdict.BEGINS: "The first continues the second: {first} entries after {second}.",
    Verdict.SHORT: "The export ends before the checkpoint ({first} against {second} entries). If it"
    " was made later, its end was cut off: export the log again, and keep both.",
    Verdict.FORKED: "FORK: two histories of one log, each signed by its server. Keep both.",
}


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path), required=False)
@click.option(
    "--root", required=True, type=click.Path(path_type=Path), help="The programme's root.json."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def compare_command(first: Path, second: Path | None, root: Path, *, as_json: bool) -> None:
    """Tell whether FIRST and SECOND are one history of one log.

    Each is an export, or a file with a checkpoint: a witness's seen.note, or the `amana-log:` text
    that a phone shows. Alone, FIRST is the evidence that a phone saved of two histories.

    Exit code 0: one of them continues the other, or they are the same. 1: two histories, or an
    export that ends before a checkpoint of the same log. 2: it cannot be told, with the reason.

    Example: amana audit compare export.jsonl seen.note --root root.json
    """
    try:
        anchor = read_root(root)
        if second is None:
            views = views_of_evidence(_read(first, MAX_JSON_BYTES))
        else:
            views = (_view(first), _view(second))
        found = compare(*views, anchor)
    except AmanaError as error:
        click.echo(shown(f"amana audit: {error} ({error.code})"), err=True)
        sys.exit(UNUSABLE)
    _tell(found, as_json=as_json)
    sys.exit(APART if found.verdict in (Verdict.FORKED, Verdict.SHORT) else AGREE)


def _tell(found: Compared, *, as_json: bool) -> None:
    if as_json:
        click.echo(dump_json(to_plain(found)).decode())
        return
    click.echo(shown(f"log {found.origin}"))
    click.echo(WORDS[found.verdict].format(first=found.first, second=found.second))
    if found.verdict is Verdict.FORKED and found.agreed is not None:
        click.echo(f"The first {found.agreed} entries are the same, entry {found.agreed} is not.")


def _view(path: Path) -> View:
    """An export, or the checkpoint in a file. Raises what reading either does."""
    try:
        return view_of_export(lambda: _lines(path))
    except NotAnExportError:
        text = _read(path, MAX_JSON_BYTES)
    try:
        return View(head_from_text(text.decode("utf-8", "replace")))
    except AmanaError as error:
        raise NotComparableError(
            f"{path} is neither an export nor a checkpoint ({error}); name another file"
        ) from error


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                yield line
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(path: Path, most: int) -> bytes:
    try:
        return read_at_most(path, most)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UnusableInputError:
    return UnusableInputError(f"{path} can't be read ({error.strerror}); check it")
