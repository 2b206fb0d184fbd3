"""`amana checklist`: what checklists there are, whether each holds, and what it asks."""

import sys
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from protocols.commands.checklist_exchange import export, import_
from protocols.commands.checklist_files import checklist_at
from protocols.commands.checklist_words import only_if, worker_judges
from protocols.commands.showing import folded
from protocols.plain import dump_json, to_plain
from protocols.screening.check import CheckReport, check
from protocols.screening.checklist import available, load
from protocols.screening.conditions import in_words
from protocols.screening.model import LANGUAGES, Checklist, Question, Voice

DOES_NOT_HOLD = 1

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group("checklist")
def checklist() -> None:
    """Look at the screening checklists and prove that they hold.

    Example: amana checklist check labour_inspector-adult
    """


@checklist.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the checklists of this installation.

    Example: amana checklist list --json
    """
    found = [load(each) for each in available()]
    if as_json:
        click.echo(dump_json([_summary(each) for each in found]).decode())
        return
    table = Table("checklist", "version", "questions", "languages", "validation", "title")
    for each in found:
        table.add_row(
            each.id,
            str(each.version),
            str(len(each.questions)),
            ", ".join(each.languages),
            each.validation.status,
            each.title["en"],
        )
    Console().print(folded(table))


@checklist.command("check")
@click.argument("names", nargs=-1, metavar="[CHECKLIST]…")
@_JSON
def check_(names: tuple[str, ...], as_json: bool) -> None:
    """Prove that the checklists named (all, when none is) hold, by search over every way through.

    A checklist is named by its id, or by the path of its JSON file. Exit code 0: they hold. 1: one
    does not; each problem is named with its place. 2: no such checklist, or its file is damaged.

    Example: amana checklist check labour_inspector-adult --json
    """
    reports = [check(checklist_at(each)) for each in (names or available())]
    if as_json:
        click.echo(dump_json([to_plain(each) for each in reports]).decode())
    else:
        console = Console()
        for report in reports:
            _print_report(report, console)
    sys.exit(0 if all(each.holds for each in reports) else DOES_NOT_HOLD)


@checklist.command("show")
@click.argument("name", metavar="CHECKLIST")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@_JSON
def show(name: str, language: str, as_json: bool) -> None:
    """Show a checklist's questions in order, with their answers and when each is asked.

    It is named by its id, or by the path of its JSON file.

    Example: amana checklist show labour_inspector-adult --language fr
    """
    found = checklist_at(name)
    if as_json:
        click.echo(dump_json(_path(found, language)).decode())
        return
    console = Console()
    console.print(f"[bold]{escape(found.title[language])}[/] ({found.id}, version {found.version})")
    console.print(escape(found.validation.text[language]), style="yellow")
    place = 0
    for section in found.sections:
        console.print(f"\n[bold]{escape(section.title[language])}[/]", highlight=False)
        for question in section.questions:
            place += 1
            _print_question(place, question, language, console)


checklist.add_command(export)
checklist.add_command(import_)


def _summary(found: Checklist) -> dict[str, Any]:
    return {
        "id": found.id,
        "version": found.version,
        "role": found.role,
        "population": found.population,
        "languages": list(found.languages),
        "questions": len(found.questions),
        "sets": to_plain(found.sets),
        "validation": found.validation.status,
        "title": found.title,
    }


def _path(found: Checklist, language: str) -> dict[str, Any]:
    sections = [
        {
            "key": section.key,
            "purpose": section.purpose.value,
            "title": section.title[language],
            "questions": [_asked(each, language) for each in section.questions],
        }
        for section in found.sections
    ]
    return {**_summary(found), "language": language, "sections": sections}


def _asked(question: Question, language: str) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind.value,
        "voice": question.voice.value,
        "text": question.text[language],
        "only_if": None if question.show_if is None else in_words(question.show_if),
        "choices": [
            {"key": each.key, "text": each.text[language], "raises": list(each.raises)}
            for each in question.choices
        ],
        "gates": [
            {"key": each.key, "effect": each.effect.value, "text": each.text[language]}
            for each in question.gates
        ],
    }


def _print_question(place: int, question: Question, language: str, console: Console) -> None:
    judged = f" [dim]{escape(worker_judges(language))}[/]"
    voice = "" if question.voice is Voice.PERSON else judged
    console.print(f"{place:>3}. {escape(question.text[language])}{voice}", highlight=False)
    if question.show_if is not None:
        condition = only_if(question.show_if, language)
        console.print(f"     [dim]{escape(condition)}[/]", highlight=False)
    for choice in question.choices:
        raises = f" [dim]{escape(', '.join(choice.raises))}[/]" if choice.raises else ""
        console.print(f"     · {escape(choice.text[language])}{raises}", highlight=False)
    for gate in question.gates:
        console.print(f"     ! {escape(gate.text[language])}", highlight=False, style="yellow")


def _print_report(report: CheckReport, console: Console) -> None:
    console.print(f"\n[bold]{report.checklist}[/], version {report.version}")
    for name, value in (
        ("questions", f"{report.reachable} of {report.questions} reachable"),
        ("screens", f"{report.shortest} on the shortest way, {report.longest} on the longest"),
        ("ways", f"all searched; at most {report.states} told apart at once"),
        ("languages", ", ".join(report.languages)),
        *(
            (
                each.set,
                f"{each.coverage}: {each.raised} of {each.indicators} indicators raised, "
                f"{each.not_observed} not observable",
            )
            for each in report.coverage
        ),
    ):
        console.print(f"{name:>14}  {value}", highlight=False)
    for note in report.notes:
        console.print(f"[yellow]          note[/]  {note.where}: {note.message}", highlight=False)
    if report.holds:
        console.print("[bold green]✓ It holds.[/]")
        return
    table = Table("rule", "where", "what does not hold")
    for each in report.problems:
        table.add_row(each.rule, each.where, each.message)
    console.print(folded(table))
    console.print("[bold red]✗ It does not hold.[/] Mend it before anybody is asked from it.")
