"""`amana assess`: the published indicators, and what a set of them shows. Offline, nobody named."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from protocols.commands.assess_tables import plain_tables, print_tables
from protocols.commands.showing import folded
from protocols.plain import dump_json, to_plain
from protocols.screening.assessment import (
    Finding,
    SetAssessment,
    assess_indicators,
    dimension_text,
    finding_title,
    findings_of_set,
    form_text,
    indicator_text,
)
from protocols.screening.model import LANGUAGES
from protocols.screening.tables import SETS, indicator_set, tables
from protocols.screening.words import set_text


@click.command("assess")
@click.option(
    "--list", "listing", flag_value="sets", help="Print every set, dimension and indicator."
)
@click.option(
    "--tables",
    "listing",
    flag_value="tables",
    help="Print the further tables: the ILO's eleven, UNODC's signs, forms of exploitation.",
)
@click.option("--set", "set_name", metavar="SET", help=f"One of {', '.join(SETS)}.")
@click.option(
    "--indicators",
    multiple=True,
    metavar="K1,K2",
    help='Indicators that are there: "key" (wherever the set has it) or "dimension.key"; "" none.'
    " May be given again.",
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of words."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def assess(
    listing: str | None,
    set_name: str | None,
    indicators: tuple[str, ...],
    language: str,
    as_json: bool,
) -> None:
    """Assess indicators by the published rule of the ILO and the European Commission (2009).

    Exit code 0: assessed. 2: no such set or indicator (the nearest keys are named), or a missing
    option. Findings speak of signs, never of somebody not being a victim.

    \b
    Examples:
      amana assess --list --json
      amana assess --tables --language fr
      amana assess --set adult-labour --indicators debt_bondage,violence_on_victim
      amana assess --set adult-labour --indicators exploitation.hazardous_work --json
    """
    if listing:
        if set_name is not None or indicators:
            raise click.UsageError(
                "--list prints every set, --tables the others; leave --set and --indicators out"
            )
        (_list if listing == "sets" else _further)(language, as_json)
        return
    if set_name is None or not indicators:
        raise click.UsageError('give --set and --indicators ("" for none), or --list, or --tables')
    assessed = assess_indicators(set_name, _keys(",".join(indicators)))
    findings = findings_of_set(assessed)
    if as_json:
        click.echo(dump_json(_plain(assessed, findings)).decode())
    else:
        _print(assessed, findings, language, Console())


def _keys(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _plain(assessed: SetAssessment, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "set": assessed.set,
        "dimensions": assessed.positive,
        "findings": to_plain(findings),
    }


def _list(language: str, as_json: bool) -> None:
    if as_json:
        listed = {
            name: {
                dimension: [
                    {"key": each.key, "strength": to_plain(each.strength)} for each in indicators
                ]
                for dimension, indicators in dimensions.items()
            }
            for name, dimensions in tables().items()
        }
        click.echo(dump_json(listed).decode())
        return
    console = Console()
    for name in SETS:
        console.print(folded(_set_table(name, language)))
    print_tables(language, console)


def _further(language: str, as_json: bool) -> None:
    if as_json:
        click.echo(dump_json(plain_tables()).decode())
    else:
        print_tables(language, Console())


def _set_table(name: str, language: str) -> Table:
    table = Table("indicator", "strength")
    table.title = f"{name}: {set_text(name, language)}"
    for dimension, indicators in indicator_set(name).dimensions.items():
        table.add_row(f"[bold cyan]{dimension}[/]", "")
        for each in indicators:
            words = indicator_text(each.key, language)
            table.add_row(f"[bold]{each.key}[/]\n  {words}", each.strength or "not confirmed")
        table.add_section()
    return table


def _print(
    assessed: SetAssessment, findings: tuple[Finding, ...], language: str, console: Console
) -> None:
    table = Table("dimension", "positive", "indicators")
    table.title = f"{assessed.set}: {set_text(assessed.set, language)}"
    for dimension in assessed.dimensions:
        table.add_row(
            dimension_text(dimension.name, language),
            f"[bold]yes[/], {dimension.branch}" if dimension.positive else "no",
            "\n".join(
                f"{indicator_text(each.key, language)} ({each.strength or 'not confirmed'})"
                for each in dimension.indicators
            ),
        )
    console.print(folded(table))
    for finding in findings:
        forms = ", ".join(form_text(each, language) for each in finding.forms)
        title = finding_title(finding.kind, language) + (f" ({forms})" if forms else "")
        console.print(f"\n[bold]{title}[/]\n{finding.text[language]}", highlight=False)
        codes = [
            f"{form_text(form, language)} {code}" for form, code in finding.ic_tip.items() if code
        ]
        if codes:
            console.print(f"IC-TIP: {', '.join(codes)}", highlight=False)
        for reason in finding.reasons:
            console.print(f"  • {reason.text[language]}", highlight=False)
            console.print(f"    [dim]{reason.source}[/]", highlight=False)
    console.print(
        "\nIndicators given by hand: a screening also asks about safety, needs and age.",
        highlight=False,
    )
