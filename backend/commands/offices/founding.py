"""Making a programme: its root, each country's authority, its server."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from attrs import frozen
from nacl.signing import SigningKey

from backend.commands.offices.certifying import certificate_for_key, organisation_certificates
from backend.commands.offices.country_data import CountryData
from backend.commands.offices.files import make_folder, write_whole
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder, write_key
from backend.services.server import KEY_FILE, PROGRAMME_FILE, Bundle, ServerKeys
from protocols.errors import AmanaError
from protocols.plain import to_json
from protocols.sealing.age_scrypt import WORK_FACTOR
from protocols.sealing.certificate import Role, Root, certify
from protocols.sealing.statement import Statement

AUTHORITY_DAYS = 3 * 365
SERVER_DAYS = 2 * 365


class ProgrammeExistsError(AmanaError):
    """A folder that already holds a programme."""

    code = "programme_exists"


@frozen
class Plan:
    """What to found. `data` gives each country's organisations, empty at first or fictional."""

    programme: str
    server: str
    data: tuple[CountryData, ...]
    work_factor: int = WORK_FACTOR


def found(
    out: Path, plan: Plan, passphrase: str, now: datetime, tell: Callable[[str], None]
) -> Root:
    """Make every key and certificate of a new programme in `out`; `tell` hears of each step.

    Raises ProgrammeExistsError rather than overwrite a key.
    """
    folder = ProgrammeFolder(out)
    if folder.root_file.exists() or folder.root_key.exists():
        raise ProgrammeExistsError(f"{out} holds a programme already; choose another folder")
    tell("root")
    root_key = SigningKey.generate()
    root = Root(plan.programme, (bytes(root_key.verify_key),), 1, now)
    write_key(
        folder.root_key, root_key, passphrase, work_factor=plan.work_factor, entropy=os.urandom
    )
    public: list[Statement] = []
    server_keys: dict[str, bytes] = {}
    for data in plan.data:
        tell(data.country)
        authority, own, server_key = _found_country(folder, root_key, plan, data, passphrase, now)
        public += [authority, own]
        server_keys[data.country] = bytes(server_key)
    make_folder(folder.server)
    write_whole(folder.server / KEY_FILE, to_json(ServerKeys(server_keys)))
    write_whole(folder.server / PROGRAMME_FILE, to_json(Bundle(root, tuple(public))))
    write_whole(folder.root_file, to_json(root))
    return root


def _found_country(  # noqa: PLR0917 - one country's share of `found`
    folder: ProgrammeFolder,
    root_key: SigningKey,
    plan: Plan,
    data: CountryData,
    passphrase: str,
    now: datetime,
) -> tuple[Statement, Statement, SigningKey]:
    """The authority's certificate, its server's, and that server's key."""
    key, server_key = SigningKey.generate(), SigningKey.generate()
    country = data.country
    authority = certify(
        certificate_for_key(
            key, Role.AUTHORITY, country, f"Authority {country}", now, days=AUTHORITY_DAYS
        ),
        root_key,
    )
    server = certify(
        certificate_for_key(
            server_key, Role.SERVER, country, f"Server {country}", now, days=SERVER_DAYS
        ),
        key,
    )
    write_key(
        folder.authority(country) / "authority.key.age",
        key,
        passphrase,
        work_factor=plan.work_factor,
        entropy=os.urandom,
    )
    organisations = organisation_certificates(data.names(), country, now)
    state = AuthorityState(
        country=country,
        server=plan.server,
        number=0,
        statements=(authority, server, *(certify(each, key) for each in organisations)),
        providers=data.providers,
        checklists=data.checklists,
    )
    folder.write_state(state)
    return authority, server, server_key
