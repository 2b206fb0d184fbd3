"""`amana programme`: founding a programme, and what each country's authority does in it."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from backend.commands.offices import enrolments, overview, snapshots, standing
from backend.commands.offices.country_data import CountryData, read_country_data
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.options import (
    NoPassphraseError,
    country_option,
    folder_option,
    json_option,
    open_uplink,
    passphrase_option,
    print_json,
    say,
    say_plainly,
    server_option,
    utc_now,
)
from backend.commands.programme_checklists import checklist
from backend.commands.programme_enrolments import approve, contribute, invite, pending
from backend.commands.programme_init import init
from backend.commands.programme_keepers import keeper, keepers
from backend.commands.programme_signing import (
    discard,
    publish_proposal,
    sign,
    tell_proposal,
)
from backend.commands.programme_witness import witness
from protocols.plain import format_time
from protocols.sealing.certificate import COUNTRIES, REASONS

__all__ = ["NoPassphraseError", "programme"]
DEFAULT_SERVER = "http://127.0.0.1:8000"


@click.group()
def programme() -> None:
    """Found a programme and keep its directories.

    Example: amana programme init --out demo --fictional
    """


@programme.command()
@folder_option
@click.option("--country", type=click.Choice(COUNTRIES), help="One country (default: all here).")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A country's organisations and providers (JSON) to certify and publish.",
)
@click.option(
    "--proposal",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A proposal that came back from its keepers.",
)
@server_option
@passphrase_option
@json_option
def publish(
    folder: Path,
    country: str | None,
    *,
    data: Path | None,
    proposal: Path | None,
    server: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign and upload the next directory snapshot, or write the proposal for other keepers.

    Example: amana programme publish --dir demo --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    programme_folder.read_root()
    if proposal is not None:
        done = [publish_proposal(programme_folder, proposal, server, passphrase_file)]
    else:
        given = None if data is None else read_country_data(data)
        chosen = (country,) if country else (given.country,) if given else None
        done = [
            _publish(programme_folder, each, given, server, passphrase_file)
            for each in chosen or programme_folder.countries
        ]
    if as_json:
        print_json(done)
        return
    for outcome in done:
        if outcome.published:
            say(f"{outcome.country}: snapshot {outcome.number}")
        tell_proposal(outcome)


def _publish(
    folder: ProgrammeFolder,
    country: str,
    given: CountryData | None,
    server: str | None,
    passphrase_file: Path | None,
) -> snapshots.Outcome:
    say(f"publishing the directory of {country}")
    uplink = open_uplink(folder, country, server, passphrase_file)
    state = snapshots.send_unsent(folder, folder.read_state(country), uplink)
    if given is not None and given.country == country:
        state = snapshots.taking_data(state, given, uplink, utc_now())
    return snapshots.settle(folder, state, uplink, utc_now())


@programme.command()
@folder_option
@country_option
@click.option("--subject", required=True, help="A device's key id or an organisation's id.")
@click.option("--reason", type=click.Choice(REASONS), required=True)
@server_option
@passphrase_option
@json_option
def revoke(
    folder: Path,
    *,
    country: str,
    subject: str,
    reason: str,
    server: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Take back a device's or organisation's certificate, at once.

    Example: amana programme revoke --dir demo --country TN --subject KEYID --reason lost
    """
    programme_folder = ProgrammeFolder(folder)
    uplink = open_uplink(programme_folder, country, server, passphrase_file)
    state = programme_folder.read_state(country)
    done = enrolments.take_back(
        programme_folder, state, subject, reason=reason, uplink=uplink, now=utc_now()
    )
    if as_json:
        shown = {"revoked": subject, "reason": reason, "snapshot": done.number}
        print_json({**shown, "published": done.published, "proposal": done.proposal})
        return
    if done.published:
        say(f"Revoked {subject}; snapshot {done.number} says so")
    tell_proposal(done)


@programme.command()
@folder_option
@json_option
def status(folder: Path, *, as_json: bool) -> None:
    """Show what this folder holds: countries, organisations, devices, invitations.

    Example: amana programme status --dir demo --json
    """
    found = overview.overview(ProgrammeFolder(folder), utc_now())
    if as_json:
        print_json(found)
        return
    Console().print(f"{found.programme}: root {found.root}", highlight=False)
    table = Table("country", "snapshot", "sent", "organisations", "devices", "providers", "invited")
    for each in found.countries:
        table.add_row(
            each.country,
            str(each.number),
            "yes" if each.sent else "no",
            str(len(each.organisations)),
            str(len(each.devices)),
            str(each.providers),
            str(each.invitations),
        )
    Console().print(table)
    _tell_keepers("root", found.threshold, found.keepers)
    for each in found.countries:
        _tell_keepers(each.country, each.threshold, each.keepers)
        if each.until is not None:
            say_plainly(f"  until {format_time(each.until)}; then the root must sign again")
        for proposal in each.proposals:
            _tell_waiting(proposal)


def _tell_keepers(of: str, threshold: int, keepers: tuple[standing.KeeperShown, ...]) -> None:
    say_plainly(f"{of}: any {threshold or '?'} of {len(keepers)} keepers sign")
    for each in keepers:
        say_plainly(f"  {each.key}  {each.name}{' (key is here)' if each.here else ''}")


def _tell_waiting(proposal: standing.Waiting) -> None:
    what = "for the root" if proposal.number is None else f"snapshot {proposal.number}"
    say_plainly(f"WAITS: {what}, mark {proposal.mark}, {proposal.file}")
    missing = [f"{each.name} ({each.key})" for each in proposal.keepers if not each.signed]
    say_plainly(f"  {proposal.lacking} more of these must sign: {', '.join(missing)}")


for each in (
    *(approve, checklist, contribute, discard, init, invite, keeper, keepers, pending, sign),
    witness,
):
    programme.add_command(each)
