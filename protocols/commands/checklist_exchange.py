"""`amana checklist export` and `import`: checklists as spreadsheets and as FHIR, and back."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from attrs import frozen
from rich.console import Console
from rich.table import Table

from protocols.commands.checklist_files import checklist_at, read_whole
from protocols.commands.files import OfficeMissingError, refuse_to_overwrite, write_whole
from protocols.commands.showing import folded, shown
from protocols.exchange.checklist_json import checklist_json
from protocols.exchange.differences import differences
from protocols.exchange.problems import ExchangeError
from protocols.plain import dump_json, to_plain
from protocols.screening.checklist import available, load
from protocols.screening.model import Checklist

HAS_PROBLEMS = 1
MOST_BYTES = 8 * 1024 * 1024
MOST_NAMED = 12


@frozen
class Format:
    """A format of exchange: the module and the names of its two functions, and how its files
    begin."""

    module: str
    write: str
    read: str
    begins: bytes


FORMATS = {
    "xlsform": Format("protocols.exchange.xlsform", "to_xlsform", "from_xlsform", b"PK"),
    "fhir": Format("protocols.exchange.fhir", "to_fhir", "from_fhir", b"{"),
}

_OUT = click.Path(path_type=Path, dir_okay=False)
_FORCE = click.option("--force", is_flag=True, help="Write over a file of that name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command("export")
@click.argument("name", metavar="CHECKLIST")
@click.option("--to", "form", type=click.Choice(list(FORMATS)), required=True, help="The format.")
@click.option("--out", type=_OUT, required=True, help="The file to write.")
@_FORCE
def export(name: str, form: str, out: Path, force: bool) -> None:
    """Write a checklist, by its id or the path of its JSON file, for others to edit or reuse.

    xlsform is a spreadsheet (.xlsx) that ODK and Kobo run; docs/formats/xlsform.md tells what may
    be edited in it. Exit code 0: written. 1: the format can't hold it; each reason is listed.
    2: wrong use, or no such checklist.

    Example: amana checklist export labour_inspector-adult --to xlsform --out inspector.xlsx
    """
    refuse_to_overwrite(out, force)
    found = checklist_at(name)
    try:
        data = _functions(form)[0](found)
    except ExchangeError as error:
        _print_problems(error, Console())
        sys.exit(HAS_PROBLEMS)
    write_whole(out, data)
    click.echo(f"{out}: {found.id}, version {found.version}, {len(data)} bytes.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--from", "form", type=click.Choice(list(FORMATS)), help="The format; told by content if left."
)
@click.option("--out", type=_OUT, required=True, help="The JSON file to write.")
@_FORCE
@_JSON
def import_(file: Path, form: str | None, out: Path, force: bool, as_json: bool) -> None:
    """Read a checklist from an edited FILE and write it as the JSON file that Amana uses.

    Exit code 0: read and written. 1: it has problems; each is listed with its row, and nothing is
    written. 2: wrong use, or a file that can't be read.

    Example: amana checklist import inspector.xlsx --out labour_inspector-adult.json
    """
    refuse_to_overwrite(out, force)
    data = read_whole(file, MOST_BYTES)
    try:
        found = _functions(form or _told_by(data))[1](data)
    except ExchangeError as error:
        if as_json:
            told = {"read": False, "count": error.count, "problems": to_plain(error.problems)}
            click.echo(dump_json(told).decode())
        else:
            _print_problems(error, Console())
        sys.exit(HAS_PROBLEMS)
    write_whole(out, checklist_json(found))
    report = _report(found, out)
    if as_json:
        click.echo(dump_json(report).decode())
    else:
        _print_report(report)


def _functions(
    form: str,
) -> tuple[Callable[[Checklist], bytes], Callable[[bytes], Checklist]]:
    """(write, read) of a format. Raises OfficeMissingError."""
    used = FORMATS[form]
    try:
        # Phones and servers carry none of these libraries.
        module = importlib.import_module(used.module)
    except ModuleNotFoundError as error:
        raise OfficeMissingError(form, error) from error
    return getattr(module, used.write), getattr(module, used.read)


def _told_by(data: bytes) -> str:
    """The format by how the file begins; what begins like none is refused by the first."""
    begins = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    fitting = (name for name, form in FORMATS.items() if begins.startswith(form.begins))
    return next(fitting, next(iter(FORMATS)))


def _report(found: Checklist, out: Path) -> dict[str, Any]:
    installed = load(found.id) if found.id in available() else None
    changed = differences(installed, found) if installed else ()
    grows = bool(installed and changed and found.version <= installed.version)
    return {
        "read": True,
        "out": str(out),
        "checklist": found.id,
        "version": found.version,
        "questions": len(found.questions),
        "installed_version": installed.version if installed else None,
        "differs_in": list(changed),
        "version_to_write": installed.version + 1 if installed and grows else None,
        "next": f"amana checklist check {out}",
    }


def _print_report(report: dict[str, Any]) -> None:
    name, version = report["checklist"], report["version"]
    click.echo(f"{report['out']}: {name}, version {version}, {report['questions']} questions.")
    changed = report["differs_in"]
    if report["installed_version"] is None:
        click.echo(f"No checklist named {name} is installed here: it is a new one.")
    elif not changed:
        click.echo(f"It is the same as the installed version {report['installed_version']}.")
    else:
        more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
        named = ", ".join(shown(each) for each in changed[:MOST_NAMED])
        click.echo(
            f"It differs from the installed version {report['installed_version']}: {named}{more}."
        )
    if report["version_to_write"] is not None:
        click.echo(
            f"Its version has to grow: write {report['version_to_write']} in the sheet or file, "
            "and import it again."
        )
    click.echo(f"Next: {report['next']}")


def _print_problems(error: ExchangeError, console: Console) -> None:
    table = Table("where", "what is wrong")
    for each in error.problems:
        table.add_row(shown(each.where), shown(each.message))
    console.print(folded(table), markup=False)
    hidden = error.count - len(error.problems)
    more = f" {hidden} more are not shown." if hidden else ""
    console.print(f"{error.count} to mend; nothing was written.{more}", markup=False)
