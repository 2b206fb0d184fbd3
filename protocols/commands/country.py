"""`amana country`: what is known of each country, from which source, and who verified it."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from protocols.commands.country_print import print_
from protocols.commands.files import read_at_most
from protocols.commands.showing import folded
from protocols.countries.country import codes, read_facts
from protocols.countries.country import country as package
from protocols.countries.model import LANGUAGES, Country, Fact
from protocols.countries.words import LABELS, hotline_text, verification_text
from protocols.errors import AmanaError
from protocols.plain import MAX_JSON_BYTES, dump_json, to_plain

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True
)


class UnreadableCountryFileError(AmanaError):
    """The file to check can't be read."""

    code = "country_file_unreadable"


@click.group()
def country() -> None:
    """Show a country's laws, bodies, pathway and hotlines, each with its source.

    Example: amana country show TN --language ar
    """


@country.command("list")
@_LANGUAGE
@_JSON
def list_(language: str, as_json: bool) -> None:
    """List the countries, and how many of their facts somebody verified.

    Example: amana country list --language fr
    """
    found = [package(code) for code in codes()]
    if as_json:
        click.echo(dump_json([_summary(each) for each in found]).decode())
        return
    columns = ("code", "country", "divisions", "hotlines", "facts", "verified")
    table = Table(*(LABELS[each][language] for each in columns))
    for each in found:
        row = _summary(each)
        lines = row["hotlines"] if row["hotlines_known"] else LABELS["not_known"][language]
        counts = (row["divisions"], lines, row["facts"], row["verified"])
        table.add_row(each.code, each.name(language), *map(str, counts))
    Console().print(folded(table))


@country.command()
@click.argument("code")
@_LANGUAGE
@click.option("--divisions", is_flag=True, help="Also list the divisions.")
@_JSON
def show(code: str, language: str, divisions: bool, as_json: bool) -> None:
    """Show what is known of the country CODE (EG, LY, MA or TN).

    Example: amana country show TN --language ar --json
    """
    found = package(code.upper())
    if as_json:
        click.echo(dump_json(to_plain(found)).decode())
        return
    _print(found, language, Console())
    if divisions:
        Console().print(folded(_divisions(found, language)))


@country.command()
@click.argument("file", type=click.Path(path_type=Path))
@_JSON
def check(file: Path, as_json: bool) -> None:
    """Check an edited country FILE against every rule before it is handed in.

    Exit code 0: it holds. 2: it does not, and the message says what and where.

    Example: amana country check TN.json
    """
    try:
        data = read_at_most(file, MAX_JSON_BYTES)
    except OSError as error:
        message = f"{file} can't be read ({error.strerror}); check its name"
        raise UnreadableCountryFileError(message) from error
    found = read_facts(data)
    row = _summary(found)
    if as_json:
        click.echo(dump_json(row).decode())
        return
    click.echo(
        f"{found.code} version {found.version} holds: {row['facts']} facts, "
        f"{row['verified']} verified, {len(found.gaps)} gaps."
    )


country.add_command(print_)


def _summary(found: Country) -> dict[str, Any]:
    facts = [fact for _, fact in found.facts()]
    return {
        "code": found.code,
        "names": found.names,
        "version": found.version,
        "divisions": len(found.divisions),
        "hotlines": len(found.hotlines),
        "hotlines_known": found.hotlines_known,
        "facts": len(facts),
        "verified": sum(fact.verified for fact in facts),
        "not_known": [each.missing for each in found.gaps],
    }


def _print(found: Country, language: str, console: Console) -> None:
    head = f"{found.name(language)} ({found.code}), {found.timezone}, {', '.join(found.languages)}"
    console.print(f"[bold]{head}[/]", highlight=False)
    for gap in found.gaps:
        told = escape(gap.text[language])
        console.print(f"[yellow]{LABELS['not_known'][language]}[/]  {told}", highlight=False)
    if found.hotlines:
        console.print(folded(_hotlines(found, language)))
    console.print(f"\n{escape(found.mechanism.text[language])}", highlight=False)
    console.print(folded(_pathway(found, language)))
    console.print(folded(_laws_and_bodies(found, language)))


def _table(language: str, title: str, *columns: str) -> Table:
    heads = (LABELS[each][language] if each else "" for each in columns)
    return Table(*heads, title=title, show_lines=True)


def _hotlines(found: Country, language: str) -> Table:
    title = LABELS["hotlines"][language]
    table = _table(language, title, "number", "operator", "purpose", "state")
    for line in found.hotlines:
        told = (line.operator[language], line.purpose[language], hotline_text(line, language))
        table.add_row(line.number, *map(escape, told))
    return table


def _pathway(found: Country, language: str) -> Table:
    basis = LABELS[found.mechanism.basis][language]
    title = f"{LABELS['pathway'][language]}: {basis}"
    table = _table(language, title, "", "population", "step", "source")
    for step in found.pathway:
        words = [escape(step.texts[language])]
        for extra, style in ((step.who, "dim"), (step.within, "bold"), (step.cautions, "yellow")):
            if extra is not None:
                words.append(f"[{style}]{escape(extra[language])}[/]")
        whom = LABELS[step.population][language]
        table.add_row(str(step.order), whom, "\n".join(words), _source(step, language))
    return table


def _laws_and_bodies(found: Country, language: str) -> Table:
    title = LABELS["laws_and_bodies"][language]
    table = _table(language, title, "", "known", "source")
    for law in found.laws:
        told = [law.about[language]]
        told += [f"{each.number}: {each.text[language]}" for each in law.articles]
        title = escape(law.titles[language])
        table.add_row(title, escape("\n".join(told)), _source(law, language))
    for body in found.bodies:
        names, role = escape(body.names[language]), escape(body.role[language])
        table.add_row(names, role, _source(body, language))
    return table


def _source(fact: Fact, language: str) -> str:
    named = ", ".join(each for each in (fact.source.title, fact.source.publisher) if each)
    return escape(f"{named}\n{verification_text(fact, language)}")


def _divisions(found: Country, language: str) -> Table:
    table = Table(LABELS["code"][language], "ISO", "", *LANGUAGES)
    for each in found.divisions:
        names = (each.names.get(name, LABELS["not_known"][language]) for name in LANGUAGES)
        table.add_row(each.code, each.kind, each.parent or "", *map(escape, names))
    return table
