"""`amana programme checklist`: a country's own editions of checklists, signed and published."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from backend.commands.offices import editions, snapshots
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.options import (
    country_option,
    folder_option,
    json_option,
    open_uplink,
    passphrase_option,
    print_json,
    say,
    server_option,
    utc_now,
)
from backend.commands.programme_signing import tell_proposal
from protocols.commands.files import read_at_most
from protocols.messages import MOST_EDITION_BYTES


@click.group()
def checklist() -> None:
    """Publish a country's own edition of a checklist, and see which are in use.

    Example: amana programme checklist list --dir demo --country TN
    """


@checklist.command("publish")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@folder_option
@country_option
@server_option
@passphrase_option
@json_option
def publish(
    file: Path,
    folder: Path,
    country: str,
    server: str | None,
    passphrase_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Prove a checklist, sign it into the country's directory, and let phones fetch it.

    Its version must be above every one published or carried by apps before. Phones take it at
    their next sync and use it from the next screening on; a screening under way ends as it began.

    Example: amana programme checklist publish labour_inspector-adult.json --dir demo --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    state = programme_folder.read_state(country)
    data = read_at_most(file, MOST_EDITION_BYTES)
    say(f"proving {file.name}: every way through it is searched")
    edition = editions.read_edition(data)
    editions.demand_newer(state, edition)
    uplink = open_uplink(programme_folder, country, server, passphrase_file)
    done = snapshots.publish_edition(
        programme_folder, state, edition, data=data, uplink=uplink, now=utc_now()
    )
    if as_json:
        shown = {"country": country, "snapshot": done.number, "edition": edition}
        print_json({**shown, "published": done.published, "proposal": done.proposal})
        return
    if done.published:
        say(f"{country}: {edition.id} version {edition.version} is in snapshot {done.number}")
    tell_proposal(done)


@checklist.command("list")
@folder_option
@country_option
@json_option
def list_(folder: Path, country: str, *, as_json: bool) -> None:
    """Show which checklists the country uses, and the editions it has published.

    Example: amana programme checklist list --dir demo --country TN --json
    """
    found = editions.overview(ProgrammeFolder(folder).read_state(country))
    if as_json:
        print_json(found)
        return
    table = Table("checklist", "in use", "in apps", "published", "SHA-256 of the file")
    for each in found:
        edition = each.published
        table.add_row(
            each.id,
            "yes" if each.offered else "no",
            "–" if each.packaged is None else str(each.packaged),
            "–" if edition is None else str(edition.version),
            "" if edition is None else edition.sha256[:16],
        )
    Console().print(table)
