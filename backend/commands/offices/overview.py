"""What a programme's folder holds, as one value to show."""

from datetime import datetime

from attrs import frozen

from backend.commands.offices.certifying import certificates
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.keepers import ROOT
from backend.commands.offices.proposal import complete
from backend.commands.offices.standing import (
    KeeperShown,
    Waiting,
    authority_keys,
    keepers_shown,
    waiting,
)
from protocols.errors import AmanaError
from protocols.sealing.certificate import PERSONAL, Certificate, Root
from protocols.sealing.truststore import TrustStore


@frozen
class Member:
    """One organisation or device, with whether it is trusted now."""

    id: str
    name: str
    role: str
    organisation: str | None
    valid: bool
    until: datetime


@frozen
class CountryOverview:
    """One authority's work so far. `sent`: a server has taken the newest snapshot; `threshold` of
    its `keepers` sign until `until`, 0 and None before the root has certified them; `proposals`
    wait for signatures."""

    country: str
    server: str
    number: int
    sent: bool
    organisations: tuple[Member, ...]
    devices: tuple[Member, ...]
    providers: int
    invitations: int
    threshold: int
    until: datetime | None
    keepers: tuple[KeeperShown, ...]
    proposals: tuple[Waiting, ...]


@frozen
class Overview:
    """The whole folder; `root` is the fingerprint, of whose `keepers` `threshold` sign."""

    programme: str
    root: str
    threshold: int
    keepers: tuple[KeeperShown, ...]
    countries: tuple[CountryOverview, ...]


def overview(folder: ProgrammeFolder, now: datetime) -> Overview:
    """What `folder` holds at `now`. Raises NoProgrammeFolderError."""
    root = folder.read_root()
    countries = tuple(
        _country(folder, root, folder.read_state(each), now) for each in folder.countries
    )
    keepers = keepers_shown(folder, ROOT, root.keys)
    return Overview(root.programme, root.fingerprint, root.threshold, keepers, countries)


def _country(
    folder: ProgrammeFolder, root: Root, state: AuthorityState, now: datetime
) -> CountryOverview:
    trust = TrustStore.build(root, complete(root, state.statements))
    keys, threshold, until = authority_keys(folder, state, now)
    known = certificates(state.statements)
    return CountryOverview(
        country=state.country,
        server=state.server,
        number=state.number,
        sent=state.number > 0 and state.unsent is None,
        organisations=tuple(
            _member(each, trust, now) for each in known if each.role == "organisation"
        ),
        devices=tuple(_member(each, trust, now) for each in known if each.role in PERSONAL),
        providers=len(state.providers),
        invitations=len(folder.invitations(state.country)),
        threshold=threshold,
        until=until,
        keepers=keepers_shown(folder, state.country, keys),
        proposals=waiting(folder, state, now),
    )


def _member(certificate: Certificate, trust: TrustStore, now: datetime) -> Member:
    find = trust.organisation if certificate.role == "organisation" else trust.device
    try:
        valid = find(certificate.subject, now) == certificate
    except AmanaError:
        valid = False
    return Member(
        id=certificate.subject,
        name=certificate.name,
        role=str(certificate.role),
        organisation=certificate.organisation,
        valid=valid,
        until=certificate.not_after,
    )
