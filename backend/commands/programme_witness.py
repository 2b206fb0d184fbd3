"""`amana programme witness`: an authority certifies a machine that watches its country's log."""

from pathlib import Path

import click

from backend.commands.offices import snapshots
from backend.commands.offices.certifying import certificates, witness_certificate
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
from protocols.errors import MalformedError
from protocols.plain import decode_base64
from protocols.sealing.certificate import LONGEST_NAME, certify
from protocols.sealing.statement import keyid

KEY_BYTES = 32


def _public_key(_: click.Context, __: click.Parameter, text: str) -> bytes:
    try:
        key = decode_base64(text.strip())
    except MalformedError as error:
        raise click.BadParameter("not the key that `amana witness init` printed") from error
    if len(key) != KEY_BYTES:
        raise click.BadParameter("not the key that `amana witness init` printed")
    return key


def _name(_: click.Context, __: click.Parameter, text: str) -> str:
    if not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
        raise click.BadParameter(f"1 to {LONGEST_NAME} letters that people see on their phones")
    return text


@click.command("witness")
@folder_option
@country_option
@click.option("--key", callback=_public_key, required=True, help="From `amana witness init`.")
@click.option("--name", callback=_name, required=True, help="Who watches, as phones show it.")
@server_option
@passphrase_option
@json_option
def witness(
    folder: Path,
    *,
    country: str,
    key: bytes,
    name: str,
    server: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Certify a witness of the country's log: it may cosign it, and read nothing.

    Choose whom the server's operator does not command: another country's server, an ombudsman, a
    university. Certify no machine that the operator runs.

    Example: amana programme witness --dir demo --country TN --key MjM0… --name "Server of Morocco"
    """
    programme_folder = ProgrammeFolder(folder)
    uplink = open_uplink(programme_folder, country, server, passphrase_file)
    state = snapshots.send_unsent(programme_folder, programme_folder.read_state(country), uplink)
    subject = keyid(key)
    if all(each.subject != subject for each in certificates(state.statements)):
        certificate = witness_certificate(key, country, name, utc_now())
        state = snapshots.adding(state, [certify(certificate, *uplink.keys)])
    outcome = snapshots.settle(programme_folder, state, uplink, utc_now())
    if as_json:
        print_json({"witness": subject, "name": name, "outcome": outcome})
        return
    if outcome.published:
        say(f"{name} may cosign the log of {country}: snapshot {outcome.number} says so")
    tell_proposal(outcome)
