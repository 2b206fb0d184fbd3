"""`amana programme invite`, `pending`, `contribute` and `approve`: letting devices in."""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import segno
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backend.commands.offices import by_file, comparing, endorsed, enrolments
from backend.commands.offices.files import write_whole
from backend.commands.offices.folder import KeptInvitation, ProgrammeFolder
from backend.commands.offices.snapshots import Outcome
from backend.commands.offices.uplink import Uplink
from backend.commands.options import (
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
from backend.commands.programme_signing import tell_proposal
from protocols.errors import AmanaError
from protocols.messages import Invitation
from protocols.plain import format_time, to_plain
from protocols.sealing.certificate import COUNTRIES, PERSONAL
from protocols.sealing.enrolment import invitation_to_uri

PATIENCE = 600
PAUSE = 2.0
GROUP = 4
STEPS = {"asked": "asks", "contributed": "answered", "opened": "shows its digits"}


class NoTerminalError(AmanaError):
    """A question that there is no terminal for."""

    code = "no_terminal"


@click.command()
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
    say(f"Next, once it is scanned: amana programme approve --dir {folder} --invitation {made.id}")


@click.command()
@folder_option
@country_option
@server_option
@passphrase_option
@json_option
def pending(
    folder: Path, country: str, server: str | None, passphrase_file: Path | None, *, as_json: bool
) -> None:
    """List devices that wait to be approved, and what coordinators say of them.

    Example: amana programme pending --dir demo --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    uplink = open_uplink(programme_folder, country, server, passphrase_file)
    found = uplink.pending(country)
    waiting = enrolments.waiting(programme_folder, country, found)
    words = {
        each.pending.id: each
        for each in endorsed.endorsed(programme_folder, country, found, utc_now())
    }
    if as_json:
        print_json([_waiting_plain(each, words.get(each.enrolment)) for each in waiting])
        return
    table = Table("invitation", "label", "role", "organisation", "since", "proof")
    for each in waiting:
        table.add_row(*_waiting_row(each, words.get(each.enrolment)))
    Console().print(table)
    for faulty in words.values():
        if faulty.fault is not None:
            say(f"An endorsement that does not count: {_shown(faulty.fault).plain}")
    if any(each.fault is None for each in words.values()):
        say(f"Next: amana programme approve --dir {folder} --endorsed --country {country}")


def _waiting_row(
    each: enrolments.Waiting, word: endorsed.Endorsed | None
) -> tuple[str | Text, ...]:
    said = None if word is None or word.fault is not None else word.endorsement
    role = each.invited.role if each.invited else said.role if said else "?"
    organisation = each.invited.organisation if each.invited else said.organisation if said else "?"
    proof: str | Text = f"holds, {STEPS[each.step]}" if each.invited else "NOT OURS"
    if said is not None and word is not None:
        proof = _shown(f"endorsed by {word.coordinator}")
    return (
        _shown(each.invitation),
        _shown(each.label),
        role,
        organisation,
        format_time(each.received),
        proof,
    )


def _shown(text: str) -> Text:
    """What a stranger wrote, without what would steer the terminal or this table."""
    return Text("".join(each if each.isprintable() else " " for each in text))


def _waiting_plain(each: enrolments.Waiting, word: endorsed.Endorsed | None) -> dict[str, Any]:
    """A waiting device without its invitation's secret."""
    invited = each.invited
    said = None if word is None else word.endorsement
    return {
        "enrolment": each.enrolment,
        "invitation": each.invitation,
        "device": each.device,
        "label": each.label,
        "received": format_time(each.received),
        "proof": invited is not None,
        "step": each.step,
        "role": invited.role if invited else said.role if said else None,
        "organisation": invited.organisation if invited else said.organisation if said else None,
        "endorsed_by": None if word is None or word.fault else word.coordinator,
        "endorsement_fault": None if word is None else word.fault,
    }


@click.command()
@folder_option
@click.option("--invitation", required=True, help="The invitation's id.")
@server_option
@passphrase_option
@json_option
def contribute(
    folder: Path,
    invitation: str,
    server: str | None,
    passphrase_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Answer the device that asks with this invitation, so that it can show its digits.

    `approve` does the same and goes on; this is for scripts.

    Example: amana programme contribute --dir demo --invitation tn-0f3a…
    """
    programme_folder = ProgrammeFolder(folder)
    made = enrolments.find_invitation(programme_folder, invitation)
    uplink = open_uplink(programme_folder, made.country, server, passphrase_file)
    kept = comparing.look(programme_folder, made, uplink, utc_now())
    claim = comparing.hosting_of(kept).claim
    device = None if claim is None else claim.device
    opened = comparing.code_of(kept) is not None
    if as_json:
        print_json({"invitation": made.id, "device": device, "opened": opened})
        return
    if claim is None:
        say("No device asks with this invitation yet")
        return
    say(
        f"{_shown(claim.label).plain} ({claim.device}) "
        + ("shows its digits" if opened else "was answered")
    )


@click.command()
@folder_option
@click.option("--invitation", help="The invitation's id.")
@click.option("--code", help="The digits that the device's holder reads; asked without it.")
@click.option(
    "--request",
    "request_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file that a phone without network wrote.",
)
@click.option(
    "--answer",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the answer to --request goes (default: beside it).",
)
@click.option("--endorsed", "is_endorsed", is_flag=True, help="What coordinators vouch for.")
@click.option("--country", type=click.Choice(COUNTRIES), help="With --endorsed: whose authority.")
@click.option("--yes", is_flag=True, help="With --endorsed: do not ask.")
@click.option(
    "--wait",
    type=click.IntRange(0, 24 * 3600),
    help="Seconds to wait for the device's digits (default: 600, with --code none).",
)
@server_option
@passphrase_option
@json_option
def approve(
    folder: Path,
    *,
    invitation: str | None,
    code: str | None,
    request_file: Path | None,
    answer: Path | None,
    is_endorsed: bool,
    country: str | None,
    yes: bool,
    wait: int | None,
    server: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Certify a device once its digits were compared, and publish the directory that lists it.

    \b
    Example: amana programme approve --dir demo --invitation tn-0f3a…
    From a file: amana programme approve --dir demo --request blue-phone.json
    What coordinators compared: amana programme approve --dir demo --endorsed --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    if sum((invitation is not None, request_file is not None, is_endorsed)) != 1:
        raise click.UsageError("name one of --invitation, --request and --endorsed")
    if is_endorsed:
        if country is None:
            raise click.UsageError("--endorsed needs --country")
        uplink = open_uplink(programme_folder, country, server, passphrase_file)
        _approve_endorsed(programme_folder, country, uplink, yes=yes or as_json, as_json=as_json)
        return
    agree = _ask if code is None else comparing.typed(code)
    if request_file is not None:
        request = by_file.read_request(request_file)
        made = country or by_file.country_of(programme_folder, request)
        uplink = open_uplink(programme_folder, made, server, passphrase_file)
        say_plainly(f"A request of {_shown(request.label).plain} ({request.claim.device})")
        let_in = by_file.let_in_by_file(
            programme_folder, request, agree, uplink=uplink, now=utc_now()
        )
        _tell_file(
            let_in, answer or request_file.with_name(f"answer-{let_in.device[:8]}.age"), as_json
        )
        return
    invited = enrolments.find_invitation(programme_folder, invitation or "")
    uplink = open_uplink(programme_folder, invited.country, server, passphrase_file)
    patience = wait if wait is not None else PATIENCE if code is None and sys.stdin.isatty() else 0
    _wait(programme_folder, invited, uplink, patience)
    device, done = comparing.approve(programme_folder, invited, agree, uplink, utc_now())
    if as_json:
        shown = {"device": device, "role": invited.role, "organisation": invited.organisation}
        print_json({**shown, "published": done.published, "proposal": done.proposal})
        return
    _tell(device, invited.role, invited.organisation, done)


def _tell(device: str, role: str, organisation: str, done: Outcome) -> None:
    word = "Approved" if done.published else "Compared, not yet approved:"
    say(f"{word} {device}: {role} of {organisation}")
    tell_proposal(done)


def _tell_file(let_in: by_file.LetIn, out: Path, as_json: bool) -> None:
    if let_in.answer is not None:
        write_whole(out, let_in.answer)
    done, written = let_in.outcome, str(out) if let_in.answer is not None else None
    if as_json:
        print_json(
            {
                "device": let_in.device,
                "role": let_in.role,
                "organisation": let_in.organisation,
                "answer": written,
                "published": done is not None and done.published,
                "proposal": None if done is None else done.proposal,
            }
        )
        return
    if done is not None:
        _tell(let_in.device, let_in.role, let_in.organisation, done)
    if written is None:
        say("Once the proposal is published, the same command again writes the answer")
        return
    say_plainly(f"Carry {written} back to the device: it opens on that device alone")
    if done is None:
        say("No server was told yet; with a network: amana programme publish")


def _approve_endorsed(
    folder: ProgrammeFolder, country: str, uplink: Uplink, *, yes: bool, as_json: bool
) -> None:
    found = endorsed.endorsed(folder, country, uplink.pending(country), utc_now())
    done = []
    for each in found:
        said = each.endorsement
        if said is None:
            say(f"Not approved, {each.pending.id}: {_shown(each.fault or '').plain}")
            continue
        told = f"{said.label}: {said.role} of {said.organisation}, endorsed by {each.coordinator}"
        if not yes and not _confirm(f"Approve {_shown(told).plain}?"):
            continue
        outcome = endorsed.approve_endorsed(folder, each, country, uplink, utc_now())
        _tell(said.device, said.role, said.organisation, outcome)
        done.append(
            {
                "device": said.device,
                "role": said.role,
                "organisation": said.organisation,
                "published": outcome.published,
                "proposal": outcome.proposal,
            }
        )
    if as_json:
        refused = [
            {"enrolment": each.pending.id, "fault": each.fault} for each in found if each.fault
        ]
        print_json({"approved": done, "refused": refused})
    elif not found:
        say("No coordinator vouches for a waiting device")


def _wait(folder: ProgrammeFolder, made: Invitation, uplink: Uplink, seconds: int) -> None:
    """Look until the device shows its digits; what then still lacks is `approve`'s to say."""
    until = time.monotonic() + seconds
    with Console(stderr=True).status("") as shown:
        while True:
            kept = comparing.look(folder, made, uplink, utc_now())
            if kept.admission is not None or comparing.code_of(kept) is not None:
                return
            if time.monotonic() >= until:
                return
            shown.update(_step(kept, made.expires))
            time.sleep(min(PAUSE, max(0.0, until - time.monotonic())))


def _step(kept: KeptInvitation, expires: datetime) -> str:
    claim = comparing.hosting_of(kept).claim
    if claim is None:
        return f"waiting for a device to scan the invitation (until {format_time(expires)})"
    return f"{_shown(claim.label).plain} asks; waiting until it shows its digits"


def _ask(digits: str) -> bool:
    groups = " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
    say(f"Have the holder read the digits from the device. Here they are: {groups}")
    return _confirm("Does the device show exactly the same?")


def _confirm(question: str) -> bool:
    if not sys.stdin.isatty():
        raise NoTerminalError(
            "no terminal to ask on; give the digits with --code, or say yes with --yes"
        )
    return click.confirm(question, err=True)
