"""`amana programme init`: a new programme with the keys of its keepers."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from backend.commands.offices import founding
from backend.commands.offices.country_data import CountryData, fictional
from backend.commands.offices.keepers import Keeper, read_keeper
from backend.commands.options import (
    json_option,
    new_passphrases,
    passphrase_option,
    print_json,
    say,
    utc_now,
)
from protocols.sealing.age_scrypt import WORK_FACTOR
from protocols.sealing.certificate import COUNTRIES
from protocols.sealing.enrolment import address_fault

DEFAULT_SERVER = "http://127.0.0.1:8000"
Command = Callable[..., Any]
KEYS, THRESHOLD = 3, 2
"""One keeper may be lost, ill or bought, and the programme neither stops nor falls."""


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


def _keepers(what: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{what}-keys",
        type=click.IntRange(1, founding.MOST_KEEPERS),
        help=f"How many keepers (default: {KEYS}; 1 where fictional).",
    )


def _threshold(what: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{what}-threshold",
        type=click.IntRange(1, founding.MOST_KEEPERS),
        help=f"How many of them must sign (default: {THRESHOLD}; all where they are fewer).",
    )


@click.command()
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
@click.option(
    "--country", "countries", type=click.Choice(COUNTRIES), multiple=True, help="Default: all four."
)
@_keepers("root")
@_threshold("root")
@_keepers("authority")
@_threshold("authority")
@click.option(
    "--keeper",
    "outside",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="The keeper.json of somebody who made the key at home (`keeper new`).",
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
    countries: tuple[str, ...],
    root_keys: int | None,
    root_threshold: int | None,
    authority_keys: int | None,
    authority_threshold: int | None,
    outside: tuple[Path, ...],
    is_fictional: bool,
    work_factor: int,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make the root, the countries' authorities and a server's keys.

    The root and each authority get several keepers, each with a key in a folder of its own and a
    passphrase of its own, of whom some must sign together.

    Example: amana programme init --out programme --country TN --root-keys 3 --root-threshold 2
    --authority-keys 3 --authority-threshold 2 --server https://amana.example.org
    """
    now = utc_now()
    chosen = tuple(each for each in COUNTRIES if each in countries) or COUNTRIES
    data = tuple(
        fictional(country, now) if is_fictional else CountryData(country, (), ())
        for country in chosen
    )
    keepers = tuple(read_keeper(each) for each in outside)
    plan = founding.Plan(
        name,
        server,
        data,
        _quorum(root_keys, root_threshold, is_fictional),
        _quorum(authority_keys, authority_threshold, is_fictional),
        keepers,
        work_factor,
    )
    passphrases = new_passphrases(passphrase_file, _count_made(plan, keepers))
    used: set[str] = set()

    def passphrase_of(keeper: str) -> str:
        given = passphrases(keeper)
        used.add(given)
        return given

    done = founding.found(
        out,
        plan,
        passphrase_of,
        now,
        lambda step: say(f"making keys and certificates: {step}"),
    )
    if as_json:
        print_json(
            {
                "folder": str(out),
                "programme": name,
                "root": done.root.fingerprint,
                "server": str(out / "server"),
                "countries": list(chosen),
                "keepers": [str(each) for each in done.made],
                "proposals": list(done.proposals),
            }
        )
        return
    _tell(out, name, plan, done, is_shared=len(used) == 1)


def _quorum(keys: int | None, threshold: int | None, is_fictional: bool) -> founding.Quorum:
    number = keys or max(1 if is_fictional else KEYS, threshold or 1)
    return founding.Quorum(number, threshold or min(number, THRESHOLD))


def _count_made(plan: founding.Plan, outside: tuple[Keeper, ...]) -> int:
    wanted = plan.root.keys + plan.authority.keys * len(plan.data)
    return max(1, wanted - len(outside))


def _tell(
    out: Path, name: str, plan: founding.Plan, done: founding.Founded, *, is_shared: bool
) -> None:
    say(f"Programme {name} in {out}; root fingerprint {done.root.fingerprint}")
    say(
        f"Root: any {plan.root.threshold} of {plan.root.keys} keepers sign. Each authority: any"
        f" {plan.authority.threshold} of {plan.authority.keys}."
    )
    for each in done.made:
        say(f"A keeper's key: {each}")
    if len(done.made) > 1 and is_shared:
        say("ONE PASSPHRASE OPENS ALL THESE KEYS: fit for a trial. Before real use each keeper")
        say("gives theirs another: amana programme keeper passphrase --keeper FOLDER")
    if len(done.made) > 1:
        say("Move each keeper's folder to its keeper's own medium; keep the root's offline.")
    if done.proposals:
        for proposal in done.proposals:
            say(f"The root's keepers from outside must sign first: {proposal}")
        say("Then: amana programme publish --proposal FILE")
        return
    say(f"Run the server: amana serve --data {out}/server")
    say(f"Then: amana programme publish --dir {out}")
