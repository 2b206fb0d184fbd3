"""What a programme's folder holds, as one value to show."""

from datetime import datetime

from attrs import frozen

from backend.commands.offices.certifying import certificates
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
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
    """One authority's work so far. `sent`: a server has taken the newest snapshot."""

    country: str
    server: str
    number: int
    sent: bool
    organisations: tuple[Member, ...]
    devices: tuple[Member, ...]
    providers: int
    invitations: int


@frozen
class Overview:
    """The whole folder; `root` is the fingerprint."""

    programme: str
    root: str
    countries: tuple[CountryOverview, ...]


def overview(folder: ProgrammeFolder, now: datetime) -> Overview:
    """What `folder` holds at `now`. Raises NoProgrammeFolderError."""
    root = folder.read_root()
    countries = tuple(
        _country(folder, root, folder.read_state(each), now) for each in folder.countries
    )
    return Overview(root.programme, root.fingerprint, countries)


def _country(
    folder: ProgrammeFolder, root: Root, state: AuthorityState, now: datetime
) -> CountryOverview:
    trust = TrustStore.build(root, state.statements)
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
