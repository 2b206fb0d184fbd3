"""`amana audit`: hold a country's exported log against the programme's root key, offline."""

import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from protocols.audit.export import NotAnExportError
from protocols.audit.report import Report, Seen
from protocols.commands.audit_compare import compare_command
from protocols.commands.audit_inputs import read_root
from protocols.commands.audit_running import ProcessLostError, UnusableInputError, verify_file
from protocols.commands.showing import folded, shown
from protocols.commands.timelines import timeline_tables
from protocols.errors import MalformedError
from protocols.plain import dump_json, parse_time, to_plain

FAULTS, UNUSABLE, STOPPED = 1, 2, 130


@click.group()
def audit() -> None:
    """Prove, offline, that nothing in a log was altered, dropped or reordered.

    Example: amana audit verify demo-out/export.jsonl --root demo-out/root.json
    """


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_time(text)
    except MalformedError as error:
        raise UnusableInputError(f"--at: {error}; correct it") from error


def _run(
    export: Path,
    root: Path,
    at: str | None,
    *,
    processes: int | None,
    quiet: bool,
    seen: list[Seen] | None = None,
) -> Report:
    """The report, or the end of the process: code 2 and the reason, or 130 after Ctrl-C."""
    watch = None if seen is None else seen.append
    console = None if quiet else Console(stderr=True)
    try:
        return verify_file(
            export, read_root(root), _moment(at), watch, processes=processes, console=console
        )
    except (UnusableInputError, NotAnExportError, ProcessLostError) as error:
        click.echo(shown(f"amana audit: {error} ({error.code})"), err=True)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        click.echo("amana audit: stopped before the end; nothing was concluded", err=True)
        sys.exit(STOPPED)


_EXPORT = click.argument("export", type=click.Path(path_type=Path))
_ROOT = click.option(
    "--root", required=True, type=click.Path(path_type=Path), help="The programme's root.json."
)
_AT = click.option("--at", help="Moment that decides what is overdue: 2026-11-24T13:54:00Z.")
_PROCESSES = click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Share the work among so many processes (default: what the machine has).",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@audit.command()
@_EXPORT
@_ROOT
@_AT
@_PROCESSES
@_JSON
def verify(
    export: Path, root: Path, at: str | None, processes: int | None, *, as_json: bool
) -> None:
    """Verify EXPORT with nothing but the root key.

    Progress is shown on a terminal, and the first faults as soon as they are found.

    Exit code 0: all holds. 1: faults, each named with its rule and place; damage anywhere after
    the first line is a fault. 2: unusable input (no such file, not an export, no root).
    130: stopped by Ctrl-C, nothing concluded.

    Example: amana audit verify export.jsonl --root root.json --json
    """
    report = _run(export, root, at, processes=processes, quiet=as_json)
    if as_json:
        click.echo(dump_json(to_plain(report)).decode())
    else:
        _print(report, Console())
    sys.exit(0 if report.ok else FAULTS)


@audit.command()
@_EXPORT
@_ROOT
@_AT
@click.option("--language", type=click.Choice(["ar", "fr", "en"]), default="en", show_default=True)
@click.option("--referral", help="Only this referral.")
@_PROCESSES
@_JSON
def show(
    export: Path,
    root: Path,
    at: str | None,
    language: str,
    referral: str | None,
    *,
    processes: int | None,
    as_json: bool,
) -> None:
    """Show the timelines in EXPORT as tables, with who did what when, and what does not hold.

    Exit codes as of `amana audit verify`; 2 also when EXPORT has no such referral.

    Example: amana audit show export.jsonl --root root.json --language fr
    """
    seen: list[Seen] = []
    report = _run(export, root, at, processes=processes, quiet=as_json, seen=seen)
    if referral is not None:
        seen = [each for each in seen if each.event.referral == referral]
        if not seen:
            raise UnusableInputError(f"{export} has no referral {referral!r}; check its id")
    if as_json:
        click.echo(dump_json({"events": to_plain(seen), "report": to_plain(report)}).decode())
        sys.exit(0 if report.ok else FAULTS)
    console = Console()
    for table in timeline_tables(seen, language):
        console.print(table)
    _print(report, console)
    sys.exit(0 if report.ok else FAULTS)


def _print(report: Report, console: Console) -> None:
    for name, value in (
        ("programme", report.programme),
        ("root", report.fingerprint),
        ("log", f"{report.origin}, {report.size} events, root hash {report.root}"),
        ("referrals", _counted(report)),
        ("signers", str(report.signers)),
        ("directory", "none" if report.directory is None else f"number {report.directory}"),
        ("watched", "by nobody" if not report.watched else f"by {len(report.watched)}"),
    ):
        line = Text.assemble((f"{name:>10}", "bold"), f"  {shown(value)}")
        console.print(line, soft_wrap=True)
    for seen in report.watched:
        told = f"{seen.name}, {seen.role}: {seen.size} of {report.size} entries, {seen.at:%F %R}"
        console.print(Text(f"{'':>10}  {shown(told)}"), soft_wrap=True)
    for late in report.overdue:
        console.print(
            f"[yellow]   overdue[/]  {late.referral} at {late.provider} since {late.deadline:%F %R}"
        )
    if report.ok:
        console.print(
            "\n[bold green]✓ Everything holds.[/] Signatures, certificates, order, lifecycle, tree."
        )
        return
    table = Table("rule", "where", "what does not hold", title=f"{len(report.faults)} faults")
    for fault in report.faults:
        table.add_row(*(Text(shown(each)) for each in (fault.rule, fault.where, fault.message)))
    console.print(folded(table))
    console.print("[bold red]✗ This log does not hold.[/] Rely on nothing in it until explained.")


def _counted(report: Report) -> str:
    states = ", ".join(f"{count} {state}" for state, count in report.states.items())
    return f"{report.referrals} ({states})" if states else "0"


audit.add_command(compare_command)
