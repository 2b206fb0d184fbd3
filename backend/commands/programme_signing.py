"""`amana programme sign`, and what becomes of a proposal at its office."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from backend.commands.offices import snapshots, taking
from backend.commands.offices.examining import demand_in_turn, examine
from backend.commands.offices.files import write_whole
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.keepers import KeeperFolder, Signed
from backend.commands.offices.proposal import LARGEST, read_proposal, with_signature
from backend.commands.offices.telling import Summary, tell
from backend.commands.options import (
    country_option,
    folder_option,
    json_option,
    open_keys,
    open_uplink,
    passphrase_option,
    print_json,
    say_plainly,
    utc_now,
)
from protocols.commands.files import read_at_most
from protocols.errors import AmanaError
from protocols.plain import to_json


class NotSignedError(AmanaError):
    """A keeper who said no, or could not be asked."""

    code = "not_signed"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keeper",
    "keepers",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    multiple=True,
    help="Your keeper's folder; more than one where several sign at one table.",
)
@click.option("--yes", "is_sure", is_flag=True, help="Sign without being asked.")
@click.option(
    "--instead",
    is_flag=True,
    help="You signed another proposal of this number, and the office says that that one is void.",
)
@click.option("--show", "only_show", is_flag=True, help="Show what it says; sign nothing.")
@passphrase_option
@json_option
def sign(
    file: Path,
    keepers: tuple[Path, ...],
    *,
    is_sure: bool,
    instead: bool,
    only_show: bool,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Show what a proposal would change, and add a keeper's signature to the file.

    Example: amana programme sign proposal-TN-7.json --keeper /media/amina/keeper-1
    """
    summary, is_signed = None, False
    for each in keepers:
        folder = KeeperFolder(each)
        summary, is_signed = _sign_with(
            file,
            folder,
            passphrase_file,
            is_sure=is_sure,
            instead=instead,
            only_show=only_show,
            quiet=as_json,
        )
    if as_json:
        print_json({"summary": summary, "signed": is_signed})
        return
    if summary is not None and is_signed:
        say_plainly(_next_step(summary, file))


def _sign_with(
    file: Path,
    folder: KeeperFolder,
    passphrase_file: Path | None,
    *,
    is_sure: bool,
    instead: bool,
    only_show: bool,
    quiet: bool,
) -> tuple[Summary, bool]:
    """The summary as it stands afterwards, and whether this keeper signed."""
    now = utc_now()
    proposal = read_proposal(read_at_most(file, LARGEST))
    keeper, root = folder.read(), folder.demand_root()
    found = examine(proposal, keeper, root, now)
    summary = tell(found)
    if not quiet:
        show(summary)
    if only_show:
        return summary, False
    demand_in_turn(found, folder, instead=instead)
    _ask(folder, summary, is_sure=is_sure)
    (key,) = open_keys([folder], passphrase_file, 1)
    signed = with_signature(proposal, key, root, now)
    folder.remember(Signed(proposal.country, found.number, proposal.mark, now))
    write_whole(file, to_json(signed))
    return tell(examine(signed, keeper, root, now)), True


def _ask(folder: KeeperFolder, summary: Summary, *, is_sure: bool) -> None:
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise NotSignedError("nobody is at the terminal to be asked; give --yes to sign without")
    question = f"Sign this ({summary.mark}) as {folder.read().name}?"
    if not click.confirm(question, default=False, err=True):
        raise NotSignedError("not signed; nothing was changed")


def show(summary: Summary) -> None:
    """The summary on stderr, line by line, exactly as written."""
    say_plainly(summary.heading)
    for line in _lines(summary):
        say_plainly(line)


def _lines(summary: Summary) -> Iterable[str]:
    yield f"Mark: {summary.mark} (read it to the other keepers by telephone)"
    yield "What changes:"
    yield from (f"  {each}" for each in summary.changes)
    yield "Signed so far:"
    yield from (f"  {each}" for each in summary.signed)
    yield f"Still lacking: {summary.lacking}"


def _next_step(summary: Summary, file: Path) -> str:
    if summary.lacking == 0:
        what = "amana programme publish --proposal FILE"
        return f"Signed. That is enough: send {file} back to the office, which gives `{what}`"
    return (
        f"Signed. {summary.lacking} more signature(s) are needed: pass {file} on to the next"
        " keeper, or back to the office if its own key is the next"
    )


def publish_proposal(
    folder: ProgrammeFolder, file: Path, server: str | None, passphrase_file: Path | None
) -> snapshots.Outcome:
    """Take in what came back, sign with the keys here, and publish if that is enough."""
    proposal = read_proposal(read_at_most(file, LARGEST))
    state = folder.read_state(proposal.country)
    if proposal.next is None:
        state, waiting = taking.take_root(folder, state, proposal, utc_now())
        if waiting is not None:
            return waiting
        uplink = open_uplink(folder, proposal.country, server, passphrase_file)
        state = snapshots.send_unsent(folder, state, uplink)
        return snapshots.settle(folder, state, uplink, utc_now())
    uplink = open_uplink(folder, proposal.country, server, passphrase_file)
    return taking.take(folder, state, proposal, uplink, utc_now())


def tell_proposal(outcome: snapshots.Outcome) -> None:
    """What to do next, where keepers still have to sign."""
    if outcome.proposal is None:
        return
    say_plainly(
        f"{outcome.country}: nothing is published yet. {outcome.lacking} more keeper(s) must sign"
        f" {outcome.proposal}"
    )
    say_plainly("  each: amana programme sign FILE --keeper FOLDER")
    say_plainly("  then, here: amana programme publish --proposal FILE")


@click.command()
@folder_option
@country_option
@json_option
def discard(folder: Path, country: str, *, as_json: bool) -> None:
    """Forget what was proposed and not published, such as a device that a keeper did not accept.

    Example: amana programme discard --dir demo --country TN
    """
    programme_folder = ProgrammeFolder(folder)
    state = programme_folder.read_state(country)
    kept = snapshots.discard(programme_folder, state)
    if as_json:
        print_json({"country": country, "number": kept.number, "discarded": kept != state})
        return
    say_plainly(f"{country}: as it was published in snapshot {kept.number}")
