"""`amana route`: who of a directory can help, best first, and why everybody else cannot."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from attrs import frozen
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from protocols.commands.files import read_at_most
from protocols.commands.showing import folded, shown
from protocols.errors import AmanaError, MalformedError
from protocols.plain import MAX_JSON_BYTES, dump_json, from_json, parse_time
from protocols.referral.provider import Provider
from protocols.referral.routing import (
    Ranking,
    Reason,
    Request,
    RoutingDirectory,
    rank,
    routing_text,
    service_text,
)
from protocols.referral.services import Service

UNUSABLE = 2
HEADINGS = {
    "ar": ("#", "الجهة", "يقدّم", "لماذا"),
    "fr": ("n°", "structure", "offre", "pourquoi"),
    "en": ("#", "provider", "gives", "why"),
}
TITLES = {
    "ar": "{ranked} يمكن سؤالها، {excluded} لا يمكن",
    "fr": "Peuvent être sollicitées : {ranked} ; ne le peuvent pas : {excluded}",
    "en": "Can be asked: {ranked}; cannot: {excluded}",
}
NOTES = {
    "unmet": {
        "ar": "لا أحد يقدّم",
        "fr": "Personne n'offre",
        "en": "Nobody gives",
    },
    "nearest": {
        "ar": "الأقرب إلى المطلوب",
        "fr": "Les plus proches du besoin",
        "en": "Nearest to what is needed",
    },
    "focal_points": {
        "ar": "نقطة الاتصال الوطنية",
        "fr": "Point focal du pays",
        "en": "The country's focal point",
    },
}


class UnusableRoutingInputError(AmanaError):
    """A file or time that `amana route` can't use."""

    code = "unusable_routing_input"


@frozen
class DirectoryFile:
    """What `--directory` holds. `trusted`: ids whose certificates hold; absent means all listed."""

    providers: tuple[Provider, ...]
    trusted: tuple[str, ...] | None = None

    def routing(self) -> RoutingDirectory:
        """As `rank` takes it. Raises InvalidDirectoryError."""
        listed = tuple(each.id for each in self.providers)
        return RoutingDirectory(self.providers, listed if self.trusted is None else self.trusted)


@click.command()
@click.option(
    "--directory",
    required=True,
    type=click.Path(path_type=Path),
    help="The providers; see docs/formats/routing.md.",
)
@click.option(
    "--request",
    required=True,
    type=click.Path(path_type=Path),
    help="What is needed, for whom and where.",
)
@click.option("--at", help="The moment to rank for: 2026-11-24T13:54:00Z. Now if left out.")
@click.option("--language", type=click.Choice(["ar", "fr", "en"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def route(directory: Path, request: Path, at: str | None, language: str, as_json: bool) -> None:
    """Rank providers for one person, each with its reasons; every provider comes back once.

    Exit code 0, also when nobody can be asked. 2: unusable input, with its name.

    Example: amana route --directory directory.json --request request.json --json
    """
    try:
        listed = _read(directory, DirectoryFile)
        wanted = _read(request, Request)
        ranking = rank(wanted, listed.routing(), _moment(at))
    except AmanaError as error:
        click.echo(shown(f"amana route: {error} ({error.code})"), err=True)
        sys.exit(UNUSABLE)
    if as_json:
        click.echo(dump_json(plain(ranking, language)).decode())
    else:
        _print(ranking, {each.id: each.name(language) for each in listed.providers}, language)


def _read(path: Path, kind: type[Any]) -> Any:
    try:
        return from_json(read_at_most(path, MAX_JSON_BYTES), kind)
    except OSError as error:
        raise UnusableRoutingInputError(
            f"{path} can't be read ({error.strerror}); check it"
        ) from error
    except MalformedError as error:
        raise UnusableRoutingInputError(f"{path}: {error}; correct it") from error


def _moment(at: str | None) -> datetime:
    try:
        return datetime.now(UTC) if at is None else parse_time(at)
    except MalformedError as error:
        raise UnusableRoutingInputError(f"--at: {error}; correct it") from error


def plain(ranking: Ranking, language: str) -> dict[str, Any]:
    """The ranking as JSON-ready values with its reasons in words, as docs/formats/routing.md
    describes it."""
    return {
        "ranked": [
            {
                "provider": each.provider,
                "services": _codes(each.services),
                "left": _codes(each.left),
                "reasons": [_reason(reason, language) for reason in each.reasons],
            }
            for each in ranking.ranked
        ],
        "excluded": [
            {
                "provider": each.provider,
                "reason": routing_text(each.reason, language),
                "code": each.reason.code,
                "values": dict(each.reason.values),
                "others": [_reason(other, language) for other in each.others],
            }
            for each in ranking.excluded
        ],
        "split": [
            {"provider": each.provider, "services": _codes(each.services)} for each in ranking.split
        ],
        "unmet": _codes(ranking.unmet),
        "nearest": list(ranking.nearest),
        "focal_points": list(ranking.focal_points),
    }


def _reason(reason: Reason, language: str) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": routing_text(reason, language),
        "values": dict(reason.values),
    }


def _codes(services: tuple[Service, ...]) -> list[str]:
    return [each.value for each in services]


def _print(ranking: Ranking, names: dict[str, str], language: str) -> None:
    title = TITLES[language].format(ranked=len(ranking.ranked), excluded=len(ranking.excluded))
    table = Table(
        *HEADINGS[language],
        title=title,
        box=box.ROUNDED,
        title_style="bold",
        header_style="bold cyan",
        show_lines=True,
    )
    for place, each in enumerate(ranking.ranked, 1):
        table.add_row(
            str(place),
            _named(each.provider, names),
            _services(each.services, language),
            Text("\n".join(routing_text(why, language) for why in each.reasons)),
        )
    for out in ranking.excluded:
        why = Text(routing_text(out.reason, language), style="yellow")
        table.add_row("–", _named(out.provider, names), "", why, style="dim")
    console = Console()
    console.print(folded(table))
    notes = {
        "unmet": [service_text(each, language) for each in ranking.unmet],
        "nearest": [_label(each, names) for each in ranking.nearest],
        "focal_points": [_label(each, names) for each in ranking.focal_points],
    }
    for note, told in notes.items():
        if told:
            console.print(Text(f"{NOTES[note][language]}: {'; '.join(told)}"), soft_wrap=True)


def _named(provider: str, names: dict[str, str]) -> Text:
    return Text(_label(provider, names))


def _label(provider: str, names: dict[str, str]) -> str:
    name = shown(names[provider])
    return name if name == provider else f"{name} · {provider}"


def _services(services: tuple[Service, ...], language: str) -> Text:
    return Text("\n".join(service_text(each, language) for each in services))
