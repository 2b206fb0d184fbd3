"""Making a programme: its root, each country's authority, its server.

The root and each authority have several keepers, each with a key of their own. Some may have made
theirs at home and given its public file; the others' are made here, in folders to carry away.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from attrs import field, frozen
from nacl.signing import SigningKey

from backend.commands.offices.bundle import write_bundle
from backend.commands.offices.certifying import (
    authority_certificate,
    organisation_certificates,
    server_certificate,
)
from backend.commands.offices.country_data import CountryData
from backend.commands.offices.files import make_folder, write_whole
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.keepers import ROOT, Keeper, KeeperFolder, make_keeper
from backend.commands.offices.snapshots import propose_to_root
from backend.services.server import KEY_FILE, ServerKeys
from protocols.errors import AmanaError
from protocols.plain import to_json
from protocols.sealing.age_scrypt import WORK_FACTOR
from protocols.sealing.certificate import Root, certify
from protocols.sealing.statement import Statement

AUTHORITY_DAYS = 3 * 365
SERVER_DAYS = 2 * 365
MOST_KEEPERS = 15


class ProgrammeExistsError(AmanaError):
    """A folder that already holds a programme."""

    code = "programme_exists"


class KeepersError(AmanaError):
    """Numbers of keepers that make no threshold."""

    code = "keepers"


@frozen
class Quorum:
    """`keys` keepers, of whom any `threshold` sign together."""

    keys: int
    threshold: int

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.threshold <= self.keys <= MOST_KEEPERS:
            raise KeepersError(
                f"{self.threshold} of {self.keys} keepers cannot sign; have 1 to {MOST_KEEPERS}"
                " keepers, and ask for at least one and at most all of them"
            )


@frozen
class Plan:
    """What to found. `data` gives each country's organisations, empty at first or fictional;
    `outside` are keepers who made their key elsewhere."""

    programme: str
    server: str
    data: tuple[CountryData, ...]
    root: Quorum
    authority: Quorum
    outside: tuple[Keeper, ...] = ()
    work_factor: int = WORK_FACTOR


@frozen
class Founded:
    """What is there now. `proposals` are files that keepers from outside must sign before
    anything can be published; `made` the folders of the keys made here."""

    root: Root
    made: tuple[Path, ...]
    proposals: tuple[str, ...]


@frozen
class _Kept:
    """The keepers of one thing, and those keys of theirs that are at hand."""

    keepers: tuple[Keeper, ...]
    keys: tuple[SigningKey, ...] = field(repr=False)
    made: tuple[Path, ...]

    @property
    def public(self) -> tuple[bytes, ...]:
        return tuple(each.key for each in self.keepers)


def found(
    out: Path,
    plan: Plan,
    passphrase: Callable[[str], str],
    now: datetime,
    tell: Callable[[str], None],
) -> Founded:
    """Make every key and certificate of a new programme in `out`; `passphrase` is asked for each
    key by its keeper's name, and `tell` hears of each step.

    Raises ProgrammeExistsError rather than overwrite a key, and KeepersError.
    """
    folder = ProgrammeFolder(out)
    if folder.root_file.exists() or folder.keepers(ROOT) or folder.keeper_folders(ROOT):
        raise ProgrammeExistsError(f"{out} holds a programme already; choose another folder")
    _demand_room(plan)
    tell(ROOT)
    kept = _keepers(folder, ROOT, plan.root, plan, passphrase)
    root = Root(plan.programme, kept.public, plan.root.threshold, now)
    made = list(kept.made)
    states, server_keys = [], {}
    for data in plan.data:
        tell(data.country)
        authority = _keepers(folder, data.country, plan.authority, plan, passphrase)
        made += authority.made
        server_key = SigningKey.generate()
        server_keys[data.country] = bytes(server_key)
        state = _state(plan, data, kept, authority, bytes(server_key.verify_key), now=now)
        folder.write_state(state)
        states.append(state)
    make_folder(folder.server)
    write_whole(folder.server / KEY_FILE, to_json(ServerKeys(server_keys)))
    for each in made:
        KeeperFolder(each).trust(root)
    write_whole(folder.root_file, to_json(root))
    write_bundle(folder)
    proposals = [propose_to_root(folder, each, now).proposal for each in states if each.words]
    return Founded(root, tuple(made), tuple(each for each in proposals if each))


def _demand_room(plan: Plan) -> None:
    for of in (ROOT, *(each.country for each in plan.data)):
        quorum = plan.root if of == ROOT else plan.authority
        outside = [each for each in plan.outside if each.of == of]
        if len(outside) > quorum.keys or len({each.key for each in outside}) < len(outside):
            raise KeepersError(
                f"{len(outside)} keepers of {of} were named and there are to be {quorum.keys},"
                " each with another key; name fewer, or found it with more"
            )


def _keepers(
    folder: ProgrammeFolder,
    of: str,
    quorum: Quorum,
    plan: Plan,
    passphrase: Callable[[str], str],
) -> _Kept:
    """Those from outside, and for the rest keys made here."""
    keepers = [each for each in plan.outside if each.of == of]
    keys, made = [], []
    for number in range(len(keepers) + 1, quorum.keys + 1):
        name = f"{of} keeper {number}"
        path = folder.of(of) / f"keeper-{number}"
        keeper, key = make_keeper(path, name, of, passphrase(name), work_factor=plan.work_factor)
        keepers.append(keeper)
        keys.append(key)
        made.append(path)
    folder.write_keepers(of, tuple(keepers))
    return _Kept(tuple(keepers), tuple(keys[: quorum.threshold]), tuple(made))


def _state(
    plan: Plan,
    data: CountryData,
    root: _Kept,
    authority: _Kept,
    server: bytes,
    *,
    now: datetime,
) -> AuthorityState:
    """The authority's first state, each certificate signed by the keys at hand. Where the root's
    are too few, its word on the authority waits for the others."""
    country = data.country
    word = certify(
        authority_certificate(
            authority.public, plan.authority.threshold, country, now, days=AUTHORITY_DAYS
        ),
        *root.keys,
    )
    own = [
        server_certificate(server, country, now, days=SERVER_DAYS),
        *organisation_certificates(data.names(), country, now),
    ]
    issued: tuple[Statement, ...] = tuple(certify(each, *authority.keys) for each in own)
    is_whole = len(root.keys) == plan.root.threshold
    return AuthorityState(
        country=country,
        server=plan.server,
        number=0,
        statements=(word, *issued) if is_whole else issued,
        providers=data.providers,
        checklists=data.checklists,
        words=() if is_whole else (word,),
    )
