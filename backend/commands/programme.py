"""`amana programme`: founding a programme, and what each country's authority does in it."""

import re
import sys
from pathlib import Path
from typing import Any

import click
import segno
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backend.commands.offices import enrolments, founding, overview, snapshots
from backend.commands.offices.country_data import CountryData, fictional, read_country_data
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.uplink import Uplink
from backend.commands.options import (
    NoPassphraseError,
    ask_passphrase,
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
from backend.commands.programme_checklists import checklist
from protocols.plain import format_time, to_plain
from protocols.sealing.age_scrypt import WORK_FACTOR
from protocols.sealing.certificate import COUNTRIES, PERSONAL, REASONS
from protocols.sealing.enrolment import address_fault, invitation_to_uri

__all__ = ["NoPassphraseError", "programme"]
DEFAULT_SERVER = "http://127.0.0.1:8000"


def _programme_name(_: click.Context, __: click.Parameter, name: str) -> str:
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
        raise click.BadParameter("a-z, 0-9 and single hyphens between them")
    return name


def _server_address(_: click.Context, __: click.Parameter, address: str) -> str:
    """What a phone takes from an invitation: encrypted, or on this machine itself."""
    if address_fault(address) is not None:
        raise click.BadParameter(
            "not like https://amana.example.org or https://amana.example.org:8443; phones use"
            " http:// only on the machine itself"
        )
    return address


@click.group()
def programme() -> None:
    """Found a programme and keep its directories.

    Example: amana programme init --out demo --fictional
    """


@programme.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option(
    "--name",
    default="amana",
    callback=_programme_name,
    help="The programme's public name: a-z, 0-9, hyphens.",
)
@click.option(
    "--server",
    default=DEFAULT_SERVER,
    callback=_server_address,
    help="Where phones will reach the server.",
)
@click.option("--fictional", "is_fictional", is_flag=True, help="With fictional organisations.")
@click.option("--work-factor", default=WORK_FACTOR, hidden=True, type=click.IntRange(1, 20))
@passphrase_option
@json_option
def init(
    out: Path,
    name: str,
    server: str,
    *,
    is_fictional: bool,
    work_factor: int,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make the root, four countries' authorities and a server's keys.

    Example: amana programme init --out demo --fictional --server http://127.0.0.1:8000
    """
    now = utc_now()
    data = tuple(
        fictional(country, now) if is_fictional else CountryData(country, (), ())
        for country in COUNTRIES
    )
    secret = ask_passphrase(passphrase_file, new=True)
    plan = founding.Plan(name, server, data, work_factor)
    root = founding.found(
        out, plan, secret, now, lambda step: say(f"making keys and certificates: {step}")
    )
    if as_json:
        print_json(
            {
                "folder": str(out),
                "programme": name,
                "root": root.fingerprint,
                "server": str(out / "server"),
                "countries": list(COUNTRIES),
            }
        )
        return
    say(f"Programme {name} in {out}; root fingerprint {root.fingerprint}")
    say(f"Keep {out}/root offline. Run the server: amana serve --data {out}/server")
    say(f"Then: amana programme publish --dir {out}")


@programme.command()
@folder_option
@click.option("--country", type=click.Choice(COUNTRIES), help="One country (default: all here).")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A country's organisations and providers (JSON) to certify and publish.",
)
@server_option
@passphrase_option
@json_option
def publish(
    folder: Path,
    country: str | None,
    data: Path | None,
    server: str | None,
    passphrase_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Sign and upload the next directory snapshot.

    Example: amana programme publish --dir demo --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    programme_folder.read_root()
    given = None if data is None else read_country_data(data)
    chosen = (country,) if country else (given.country,) if given else programme_folder.countries
    secret = ask_passphrase(passphrase_file)
    done = []
    for each in chosen:
        say(f"publishing the directory of {each}")
        state = programme_folder.read_state(each)
        key = programme_folder.read_authority_key(each, secret)
        uplink = Uplink(server or state.server, key)
        state = snapshots.send_unsent(programme_folder, state, uplink)
        if given is not None and given.country == each:
            state = snapshots.taking_data(state, given, key, utc_now())
        done.append(snapshots.publish(programme_folder, state, uplink, utc_now()))
    if as_json:
        print_json(done)
        return
    for published in done:
        say(f"{published.country}: snapshot {published.number}")


@programme.command()
@folder_option
@country_option
@click.option("--organisation", required=True, help="Id of a certified organisation.")
@click.option("--role", type=click.Choice([str(role) for role in PERSONAL]), required=True)
@click.option("--hours", default=enrolments.VALID_HOURS, type=click.IntRange(1, 24 * 30))
@json_option
def invite(
    folder: Path, country: str, organisation: str, role: str, hours: int, *, as_json: bool
) -> None:
    """Make a one-time invitation; show its QR code only to the device it is for.

    Example: amana programme invite --dir demo --country TN
    --organisation demo-labour-inspectorate-tn --role field_worker
    """
    programme_folder = ProgrammeFolder(folder)
    state = programme_folder.read_state(country)
    made = enrolments.invite(
        programme_folder, state, organisation=organisation, role=role, now=utc_now(), hours=hours
    )
    uri = invitation_to_uri(to_plain(made))
    if as_json:
        print_json({"invitation": made.id, "uri": uri, "expires": format_time(made.expires)})
        return
    segno.make(uri, error="l").terminal(out=sys.stdout, compact=True)
    sys.stdout.write(uri + "\n")
    say(f"Invitation {made.id}, until {format_time(made.expires)}")


@programme.command()
@folder_option
@country_option
@server_option
@passphrase_option
@json_option
def pending(
    folder: Path, country: str, server: str | None, passphrase_file: Path | None, *, as_json: bool
) -> None:
    """List devices that wait to be approved.

    Example: amana programme pending --dir demo --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    uplink = open_uplink(programme_folder, country, server, passphrase_file)
    found = enrolments.waiting(programme_folder, country, uplink)
    if as_json:
        print_json([_waiting_plain(each) for each in found])
        return
    table = Table("invitation", "label", "role", "organisation", "since", "proof")
    for each in found:
        invited = each.invited
        table.add_row(
            _shown(each.invitation),
            _shown(each.label),
            invited.role if invited else "?",
            invited.organisation if invited else "?",
            format_time(each.received),
            "holds" if invited else "NOT OURS",
        )
    Console().print(table)


def _shown(text: str) -> Text:
    """What a stranger wrote, without what would steer the terminal or this table."""
    return Text("".join(each if each.isprintable() else " " for each in text))


def _waiting_plain(each: enrolments.Waiting) -> dict[str, Any]:
    """A waiting device without its invitation's secret."""
    invited = each.invited
    return {
        "enrolment": each.enrolment,
        "invitation": each.invitation,
        "device": each.device,
        "label": each.label,
        "received": format_time(each.received),
        "proof": invited is not None,
        "role": invited.role if invited else None,
        "organisation": invited.organisation if invited else None,
    }


@programme.command()
@folder_option
@click.option("--invitation", required=True, help="The invitation's id.")
@click.option("--code", required=True, help="The eight digits that the device's holder reads.")
@server_option
@passphrase_option
@json_option
def approve(
    folder: Path,
    invitation: str,
    code: str,
    server: str | None,
    passphrase_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Certify the device that shows this code, and publish the directory that lists it.

    Example: amana programme approve --dir demo --invitation tn-0f3a… --code 12345678
    """
    programme_folder = ProgrammeFolder(folder)
    made = enrolments.find_invitation(programme_folder, invitation)
    uplink = open_uplink(programme_folder, made.country, server, passphrase_file)
    device = enrolments.approve(programme_folder, made, code, uplink, utc_now())
    if as_json:
        print_json({"device": device, "role": made.role, "organisation": made.organisation})
        return
    say(f"Approved {device}: {made.role} of {made.organisation}")


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
    number = enrolments.take_back(
        programme_folder, state, subject, reason=reason, uplink=uplink, now=utc_now()
    )
    if as_json:
        print_json({"revoked": subject, "reason": reason, "snapshot": number})
        return
    say(f"Revoked {subject}; snapshot {number} says so")


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


programme.add_command(checklist)
