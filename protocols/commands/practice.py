"""`amana practice`: the fictional cases that people learn on, and whether each holds."""

import sys
from pathlib import Path
from typing import Any

import click
from attrs import frozen
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from protocols.commands.files import read_at_most
from protocols.commands.showing import folded, shown
from protocols.errors import AmanaError
from protocols.plain import dump_json, to_plain
from protocols.practice.agreement import disagreements
from protocols.practice.case import PracticeCase
from protocols.practice.case_file import MAX_BYTES, read_case
from protocols.practice.cases import available, load, raw
from protocols.practice.errors import CaseFormatError, Problem
from protocols.screening import checklist
from protocols.screening.model import LANGUAGES
from protocols.screening.words import finding_title, form_text, indicator_text

DOES_NOT_HOLD = 1

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class UnreadablePracticeFileError(AmanaError):
    """The file cannot be opened."""

    code = "practice_file_unreadable"


@frozen
class _Report:
    """`format`: rules of the file that it breaks; `reference`: where the published rules, run on
    its script, say something else than its reference."""

    case: str
    format: tuple[Problem, ...]
    reference: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        return not self.format and not self.reference


@click.group("practice")
def practice() -> None:
    """Look at the practice cases. Everybody in them is fictional.

    Example: amana practice check
    """


@practice.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the practice cases of this installation.

    Example: amana practice list --json
    """
    found = [load(each) for each in available()]
    if as_json:
        click.echo(dump_json([_summary(each) for each in found]).decode())
        return
    table = Table("case (all fictional)", "checklist", "country", "person", "title")
    for each in found:
        person = f"{each.person.sex.value}, {each.person.age}"
        table.add_row(each.id, each.checklist, each.country, person, escape(each.title["en"]))
    Console().print(folded(table))


@practice.command("show")
@click.argument("name", metavar="CASE")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@_JSON
def show(name: str, language: str, as_json: bool) -> None:
    """Show a practice case whole, its reference too.

    Example: amana practice show tn-labour_inspector-adult-olive-press --language fr
    """
    case = load(name)
    if as_json:
        click.echo(dump_json(to_plain(case)).decode())
        return
    _print_case(case, language, Console())


@practice.command("check")
@click.argument("paths", nargs=-1, metavar="[FILE]…", type=click.Path(path_type=Path))
@_JSON
def check_(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check case files (all packaged ones, when none is named): the format, and whether the
    published rules say of the script what the reference says.

    Exit code 0: they hold. 1: one does not; each problem is named with its place. 2: no such file.

    Example: amana practice check my-case.json --json
    """
    reports = [_report(path.stem, _read(path)) for path in paths]
    if not paths:
        reports = [_report(each, raw(each)) for each in available()]
    if as_json:
        click.echo(dump_json([to_plain(each) for each in reports]).decode())
    else:
        console = Console()
        for report in reports:
            _print_report(report, console)
    sys.exit(0 if all(each.holds for each in reports) else DOES_NOT_HOLD)


def _read(path: Path) -> bytes:
    try:
        return read_at_most(path, MAX_BYTES)
    except OSError as error:
        raise UnreadablePracticeFileError(
            f"{path} cannot be read ({error.strerror}); name an existing case file"
        ) from error


def _report(name: str, data: bytes) -> _Report:
    try:
        case = read_case(data)
    except CaseFormatError as error:
        return _Report(name, error.problems, ())
    if case.id != name:
        told = f"the file is named {name}; name it {case.id}.json"
        return _Report(name, (Problem("id", told),), ())
    return _Report(case.id, (), disagreements(case, checklist.load(case.checklist)))


def _summary(case: PracticeCase) -> dict[str, Any]:
    return {
        "id": case.id,
        "fictional": True,
        "checklist": case.checklist,
        "country": case.country,
        "person": to_plain(case.person),
        "title": case.title,
        "findings": to_plain(case.reference.findings),
    }


def _print_case(case: PracticeCase, language: str, console: Console) -> None:
    def say(text: str, style: str = "") -> None:
        console.print(escape(shown(text)), style=style, highlight=False)

    say(case.title[language], "bold")
    say(f"{case.id}: fictional, for {case.checklist}, {case.country}", "yellow")
    person = case.person
    say(f"{person.name[language]}, {person.age}, {person.sex.value}, {person.nationality or '-'}")
    say(f"\n{case.scene[language]}\n")
    questions = checklist.load(case.checklist).by_key
    for key, value in case.answers.items():
        parts = value if isinstance(value, tuple) else (value,)
        say(f"{questions[key].text[language]}", "bold")
        if key in case.says:
            say(f"  {case.says[key][language]}")
        say(f"  → {', '.join(str(each) for each in parts)}", "dim")
    say("\nReference", "bold")
    for finding in case.reference.findings:
        forms = ", ".join(form_text(each, language) for each in finding.forms)
        say(f"  {finding_title(finding.kind, language)}" + (f" ({forms})" if forms else ""))
    for indicator in case.reference.indicators:
        say(f"  · {indicator_text(indicator, language)} [{indicator}]")
    say(f"\n{case.reference.why[language]}")
    for pattern in case.patterns:
        read = "" if pattern.read else " (named from general knowledge, not read)"
        say(f"\n{pattern.title}{read}\n  {pattern.shows[language]}", "dim")


def _print_report(report: _Report, console: Console) -> None:
    if report.holds:
        console.print(f"[bold green]✓[/] {escape(shown(report.case))}", highlight=False)
        return
    console.print(f"[bold red]✗ {escape(shown(report.case))}[/]", highlight=False)
    for each in report.format:
        console.print(f"    {escape(shown(each.where))}: {escape(shown(each.message))}")
    if report.reference:
        console.print("    The rules do not say what the reference says; find which is wrong:")
    for each in report.reference:
        console.print(f"    {escape(each.where)}: {escape(each.message)}", highlight=False)
