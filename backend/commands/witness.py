"""`amana witness`: a machine that watches one country's log, by a schedule, and cosigns it."""

import sys
from pathlib import Path
from typing import Any

import click

from backend.commands.options import print_json, say, say_plainly, utc_now
from backend.commands.witnessing import Looked, Seeing, look, programme_of
from backend.services.witness_folder import About, WitnessFolder
from protocols.errors import AmanaError
from protocols.plain import encode_base64, format_time
from protocols.sealing.certificate import COUNTRIES
from protocols.sealing.statement import keyid
from protocols.timeline.headline import head_to_text

WELL, APART, UNUSABLE = 0, 1, 2

folder_option = click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    envvar="AMANA_WITNESS",
    help="The witness's folder.",
)
log_option = click.option(
    "--log", "server", required=True, help="The server whose log is watched: https://…"
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


@click.group()
def witness() -> None:
    """Watch a country's log from a machine that its server does not control.

    Example: amana witness check --dir witness --log https://amana.example.org
    """


@witness.command()
@folder_option
@log_option
@click.option("--country", type=click.Choice(COUNTRIES), required=True, help="Whose log.")
@click.option(
    "--root",
    required=True,
    help="The root's fingerprint (64 digits), from the programme's people, not from the server.",
)
@json_option
def init(folder: Path, server: str, country: str, root: str, *, as_json: bool) -> None:
    """Make a witness with a key of its own, and print what the authority has to certify.

    Example: amana witness init --dir witness --log https://amana.example.org --country TN
    --root 3f0c…
    """
    found, statements = programme_of(server, root.strip().lower())
    made = WitnessFolder.make(folder, About(country, found, statements))
    public = encode_base64(made.public_key)
    if as_json:
        print_json({"folder": str(folder), "origin": made.origin, "key": public, "name": made.name})
        return
    say(f"A witness of {made.origin} in {folder}")
    say(f"Have the authority of {country} certify it:")
    say_plainly(
        f'amana programme witness --dir PROGRAMME --country {country} --key {public} --name "…"'
    )


@witness.command()
@folder_option
@log_option
@json_option
def check(folder: Path, server: str, *, as_json: bool) -> None:
    """Look once whether the log continues what was seen, cosign it, and give that to its server.

    For cron, every quarter of an hour. What is seen is on the disk before it is cosigned.

    Exit code 0: the log continues; it was cosigned. 1: it does NOT continue what was seen: both
    checkpoints are kept in the folder. 2: nothing could be told, for want of a network or of a
    usable folder.

    Example: amana witness check --dir witness --log https://amana.example.org
    """
    try:
        found = look(WitnessFolder(folder), server, utc_now())
    except AmanaError as error:
        say_plainly(f"amana witness: {error} ({error.code})")
        sys.exit(UNUSABLE)
    if as_json:
        print_json(found)
    else:
        _tell(found)
    sys.exit(APART if found.seeing is Seeing.APART else WELL)


def _tell(found: Looked) -> None:
    match found.seeing:
        case Seeing.APART:
            say_plainly(f"THIS LOG DOES NOT CONTINUE WHAT WAS SEEN: {found.why}")
            say_plainly(
                f"Both checkpoints are kept in {found.evidence}; show them to the authority"
            )
        case Seeing.EMPTY:
            say("The log is empty yet; there is nothing to cosign")
        case Seeing.CONTINUES:
            say(f"The log continues: {found.size} entries, {found.before} before; cosigned")
    if found.why and found.seeing is not Seeing.APART:
        say_plainly(f"Its server did not take the cosignature: {found.why}")


@witness.command()
@folder_option
@json_option
def show(folder: Path, *, as_json: bool) -> None:
    """Show what this witness has seen last, as a text that a coordinator's phone can compare.

    Example: amana witness show --dir witness
    """
    made = WitnessFolder(folder)
    seen, note = made.seen(), made.seen_note()
    told: dict[str, Any] = {
        "origin": made.origin,
        "name": made.name,
        "key": encode_base64(made.public_key),
        "device": keyid(made.public_key),
        "size": seen.size if seen else 0,
        "head": head_to_text(note) if note else None,
        "certificates": len(made.about.statements),
        "at": format_time(utc_now()),
    }
    if as_json:
        print_json(told)
        return
    say(f"{made.origin}: {told['size']} entries seen, by {told['device']}")
    if told["head"]:
        sys.stdout.write(f"{told['head']}\n")
