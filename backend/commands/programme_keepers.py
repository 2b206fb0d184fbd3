"""`amana programme keeper` and `keepers`: a keeper's own key, and who keeps an authority's."""

from pathlib import Path

import click

from backend.commands.offices.changing import change_keepers
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.keepers import (
    ROOT,
    ROOT_FILE,
    KeeperFolder,
    OtherProgrammeError,
    make_keeper,
    read_keeper,
)
from backend.commands.options import (
    country_option,
    folder_option,
    json_option,
    new_passphrases,
    old_passphrase,
    passphrase_option,
    print_json,
    say_plainly,
    utc_now,
)
from backend.commands.programme_signing import tell_proposal
from protocols.commands.files import read_at_most
from protocols.plain import from_json
from protocols.sealing.age_scrypt import WORK_FACTOR
from protocols.sealing.certificate import COUNTRIES, REASONS, Root

MOST_ROOT_BYTES = 64 * 1024


@click.group()
def keeper() -> None:
    """Make a keeper's own key, and tell it which programme it signs for.

    Example: amana programme keeper new --out my-key --name "Amina" --of TN
    """


@keeper.command("new")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--name", required=True, help="How the office is to call you; public.")
@click.option(
    "--of", type=click.Choice((ROOT, *COUNTRIES)), required=True, help="What the key is to sign."
)
@click.option("--work-factor", default=WORK_FACTOR, hidden=True, type=click.IntRange(1, 20))
@passphrase_option
@json_option
def new(
    *,
    out: Path,
    name: str,
    of: str,
    work_factor: int,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a key on your own machine. Only keeper.json, which is public, goes to the office.

    Example: amana programme keeper new --out my-key --name "Amina" --of TN
    """
    passphrase = new_passphrases(passphrase_file, 1)(name)
    made, _ = make_keeper(out, name, of, passphrase, work_factor=work_factor)
    if as_json:
        print_json({"folder": str(out), "key": made.id, "of": of})
        return
    say_plainly(f"Made the key {made.id} in {out}. Keep that folder, and a copy elsewhere.")
    say_plainly(f"Give {out}/keeper.json to the office, and read it this id by telephone.")
    say_plainly("Nobody can open the key without your passphrase, and nobody can replace it.")


@keeper.command("trust")
@click.option(
    "--keeper",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Your keeper's folder.",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The programme's root.json.",
)
@click.option("--fingerprint", required=True, help="As the office reads it out by telephone.")
@json_option
def trust(folder: Path, root: Path, fingerprint: str, *, as_json: bool) -> None:
    """Take the programme's root for good, once its fingerprint was compared.

    Example: amana programme keeper trust --keeper my-key --root root.json --fingerprint 3f2a…
    """
    found = from_json(read_at_most(root, MOST_ROOT_BYTES), Root, MOST_ROOT_BYTES)
    given = "".join(fingerprint.split()).lower()
    if given != found.fingerprint:
        raise OtherProgrammeError(
            f"{root} has the fingerprint {found.fingerprint}, not the one that was read out; do not"
            " sign anything, and ask the office again"
        )
    KeeperFolder(folder).trust(found)
    if as_json:
        print_json({"keeper": str(folder), "programme": found.programme, "root": given})
        return
    say_plainly(f"{folder / ROOT_FILE}: signs for {found.programme} from now on")


@keeper.command("passphrase")
@click.option(
    "--keeper",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Your keeper's folder.",
)
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the new one (default: asked, twice).",
)
@click.option("--work-factor", default=WORK_FACTOR, hidden=True, type=click.IntRange(1, 20))
@passphrase_option
@json_option
def passphrase_(
    folder: Path,
    *,
    new_passphrase_file: Path | None,
    work_factor: int,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Put your key under a passphrase that only you know. Copies made before keep the old one.

    Example: amana programme keeper passphrase --keeper my-key
    """
    home = KeeperFolder(folder)
    name = home.read().name
    old = old_passphrase(name, passphrase_file)
    given = new_passphrases(new_passphrase_file, 1, from_environment=False)(name)
    done = home.reseal(old, given, work_factor)
    if as_json:
        print_json({"keeper": str(folder), "key": done.id})
        return
    say_plainly(f"{home.key} now opens with the new passphrase only; destroy older copies of it.")


@click.group()
def keepers() -> None:
    """Change who an authority's keepers are; the root's keepers must sign it.

    Example: amana programme keepers change --dir demo --country TN --add keeper.json
    """


@keepers.command("change")
@folder_option
@country_option
@click.option(
    "--add",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="The keeper.json of a new keeper.",
)
@click.option("--remove", multiple=True, help="The id of a key that shall no longer count.")
@click.option("--threshold", type=click.IntRange(1), help="How many must sign (default: as now).")
@click.option(
    "--reason",
    type=click.Choice(REASONS),
    default="superseded",
    help="Why the former keepers' certificate ends.",
)
@json_option
def change(
    folder: Path,
    country: str,
    *,
    add: tuple[Path, ...],
    remove: tuple[str, ...],
    threshold: int | None,
    reason: str,
    as_json: bool,
) -> None:
    """Propose other keepers to the root; without --add and --remove, the same for further years.

    Example: amana programme keepers change --dir demo --country TN --remove KEYID --add keeper.json
    --reason lost
    """
    programme_folder = ProgrammeFolder(folder)
    done = change_keepers(
        programme_folder,
        programme_folder.read_state(country),
        add=tuple(read_keeper(each) for each in add),
        remove=remove,
        threshold=threshold,
        reason=reason,
        now=utc_now(),
    )
    if as_json:
        print_json(done)
        return
    tell_proposal(done)
