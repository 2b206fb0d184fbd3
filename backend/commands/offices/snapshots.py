"""An authority's directory: the next snapshot is made, kept, and sent until a server has it.

What was signed is written to disk before it is sent: if the line breaks, the same snapshot is sent
again, never a second one with the same number.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, frozen
from nacl.signing import SigningKey

from backend.commands.offices.certifying import certificates, organisation_certificates
from backend.commands.offices.country_data import CountryData
from backend.commands.offices.editions import demand_newer, naming, with_files
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.uplink import Uplink
from backend.services.publishing import SNAPSHOT_TYPE
from protocols.messages import Edition, Snapshot
from protocols.sealing.certificate import certify
from protocols.sealing.statement import Statement, sign

VALID_DAYS = 30


@frozen
class Published:
    """What a server has taken."""

    country: str
    number: int
    expires: datetime


def next_snapshot(state: AuthorityState, key: SigningKey, now: datetime) -> AuthorityState:
    """`state` with its next snapshot made and not sent yet."""
    issued = now.replace(microsecond=0)
    snapshot = Snapshot(
        country=state.country,
        number=state.number + 1,
        issued=issued,
        expires=issued + timedelta(days=VALID_DAYS),
        statements=state.statements,
        providers=state.providers,
        focal_points=tuple(each.id for each in state.providers if each.focal_point),
        checklists=state.checklists,
        editions=tuple(each for each in state.editions if each.id in state.checklists),
    )
    return evolve(state, number=snapshot.number, unsent=sign(SNAPSHOT_TYPE, snapshot, key))


def adding(state: AuthorityState, statements: Iterable[Statement]) -> AuthorityState:
    """`state` with these statements too."""
    return evolve(state, statements=(*state.statements, *statements))


def taking_data(
    state: AuthorityState, data: CountryData, key: SigningKey, now: datetime
) -> AuthorityState:
    """`state` with the providers of `data`, and a certificate for each organisation in it that
    has none yet."""
    known = {each.subject for each in certificates(state.statements)}
    new = {subject: name for subject, name in data.names().items() if subject not in known}
    issued = [certify(each, key) for each in organisation_certificates(new, state.country, now)]
    return evolve(
        adding(state, issued),
        providers=data.providers,
        checklists=data.checklists or state.checklists,
    )


def send_unsent(folder: ProgrammeFolder, state: AuthorityState, uplink: Uplink) -> AuthorityState:
    """Send what an earlier run could not, if anything."""
    unsent = state.unsent
    if unsent is None:
        return state
    with_files(folder, state, uplink, lambda: uplink.publish(state.country, unsent))
    state = evolve(state, unsent=None)
    folder.write_state(state)
    return state


def publish(
    folder: ProgrammeFolder, state: AuthorityState, uplink: Uplink, now: datetime
) -> Published:
    """Make the next snapshot of `state`, which has nothing unsent, and send it."""
    state = next_snapshot(state, uplink.key, now)
    folder.write_state(state)
    send_unsent(folder, state, uplink)
    return Published(state.country, state.number, now + timedelta(days=VALID_DAYS))


def publish_edition(
    folder: ProgrammeFolder,
    state: AuthorityState,
    edition: Edition,
    *,
    data: bytes,
    uplink: Uplink,
    now: datetime,
) -> int:
    """Make the edition the country's: kept here, stored at the server, then named by a snapshot,
    whose number this gives.

    The same again changes nothing that stands, and mends whatever broke off. Raises
    EditionNotNewerError.
    """
    demand_newer(state, edition)
    folder.keep_edition(state.country, edition, data)
    state = send_unsent(folder, state, uplink)
    uplink.store_edition(state.country, edition, data)
    named = naming(state, edition)
    if named == state and state.number:
        return state.number
    return publish(folder, named, uplink, now).number
