"""Whose signatures an authority's next snapshot needs, and whose the server knows already."""

from datetime import datetime

from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.proposal import NoAuthorityYetError, authority_of
from protocols.messages import Snapshot
from protocols.plain import from_json
from protocols.sealing.certificate import Certificate


def signing_keys(
    folder: ProgrammeFolder, state: AuthorityState, now: datetime
) -> tuple[int, frozenset[str]]:
    """How many keepers sign, and the ids of their keys; of an authority that the root has yet to
    certify, all that are named."""
    try:
        found = authority_of(folder.read_root(), state.statements, state.country, now)
    except NoAuthorityYetError:
        keepers = folder.keepers(state.country)
        return max(1, len(keepers)), frozenset(each.id for each in keepers)
    return found.threshold, frozenset(found.key_map)


def known_to_server(
    folder: ProgrammeFolder, state: AuthorityState, now: datetime
) -> frozenset[str]:
    """Ids of the keys whose requests the server takes: those of the authority as published."""
    published = authority_published(folder, state, now)
    return frozenset() if published is None else frozenset(published.key_map)


def authority_published(
    folder: ProgrammeFolder, state: AuthorityState, now: datetime
) -> Certificate | None:
    """The authority as the newest published snapshot has it, None before the first."""
    if state.published is None:
        return None
    inside = from_json(state.published.payload, Snapshot)
    try:
        return authority_of(folder.read_root(), inside.statements, state.country, now)
    except NoAuthorityYetError:
        return None
