"""Who the keepers are, and whose signature an open proposal still lacks."""

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.keepers import ROOT, KeeperFolder
from backend.commands.offices.proposal import (
    NoAuthorityYetError,
    Proposal,
    authority_of,
    authority_open,
    lacking,
    signers,
)
from backend.commands.offices.snapshots import proposal_of, root_proposal_of
from protocols.sealing.certificate import Root
from protocols.sealing.statement import Statement, keyid


@frozen
class KeeperShown:
    """A keeper as the office calls them. `here`: the key's folder lies in this one; `signed`:
    what an open proposal needs next, None beside no proposal."""

    name: str
    key: str
    here: bool
    signed: bool | None = None


@frozen
class Waiting:
    """A proposal that waits for keepers: `number` is the snapshot's, None for the root's."""

    of: str
    file: str
    mark: str
    number: int | None
    lacking: int
    keepers: tuple[KeeperShown, ...]


def keepers_shown(
    folder: ProgrammeFolder, of: str, keys: Iterable[bytes]
) -> tuple[KeeperShown, ...]:
    """Those whose `keys` count, in the certificate's order."""
    here = {each.read().id for each in folder.keeper_folders(of) if _is_whole(each)}
    names = {each.id: each.name for each in folder.keepers(of)}
    return tuple(
        KeeperShown(names.get(each, "not named here"), each, each in here)
        for each in (keyid(key) for key in keys)
    )


def _is_whole(folder: KeeperFolder) -> bool:
    return folder.key.is_file() and (folder.path / "keeper.json").is_file()


def authority_keys(
    folder: ProgrammeFolder, state: AuthorityState, now: datetime
) -> tuple[tuple[bytes, ...], int, datetime | None]:
    """(the keys that count for the country, how many must sign, until when); before the root has
    certified them, those who are named, 0 and None."""
    try:
        found = authority_of(folder.read_root(), state.statements, state.country, now)
    except NoAuthorityYetError:
        return tuple(each.key for each in folder.keepers(state.country)), 0, None
    return found.keys, found.threshold, found.not_after


def waiting(folder: ProgrammeFolder, state: AuthorityState, now: datetime) -> tuple[Waiting, ...]:
    """The country's open proposals, the root's first."""
    root = folder.read_root()
    found = []
    if (proposal := root_proposal_of(folder, state)) is not None:
        found.append(_for_root(folder, proposal, root))
    proposal = proposal_of(folder, state)
    if proposal is not None and authority_keys(folder, state, now)[1]:
        found.append(_for_authority(folder, proposal, root, now))
    return tuple(found)


def _for_root(folder: ProgrammeFolder, proposal: Proposal, root: Root) -> Waiting:
    keys = {keyid(each): each for each in root.keys}
    return _waiting(folder, proposal, ROOT, proposal.root, keys, root.threshold)


def _for_authority(
    folder: ProgrammeFolder, proposal: Proposal, root: Root, now: datetime
) -> Waiting:
    inside = proposal.snapshot
    if inside is None or proposal.next is None:
        raise ValueError("an authority's proposal has a snapshot")
    authority = authority_of(root, inside.statements, proposal.country, now)
    within = [inside.statements[each] for each in authority_open(inside.statements, authority, now)]
    return _waiting(
        folder,
        proposal,
        proposal.country,
        within or [proposal.next],
        authority.key_map,
        authority.threshold,
    )


def _waiting(  # noqa: PLR0917 - one proposal's parts
    folder: ProgrammeFolder,
    proposal: Proposal,
    of: str,
    next_: Iterable[Statement],
    keys: dict[str, bytes],
    threshold: int,
) -> Waiting:
    wanted = tuple(next_)
    inside = proposal.snapshot
    signed = [set(signers(each, keys)) for each in wanted]
    return Waiting(
        of=of,
        file=str(folder.authority(proposal.country) / proposal.file_name),
        mark=proposal.mark,
        number=None if inside is None else inside.number,
        lacking=max(lacking(each, keys, threshold) for each in wanted),
        keepers=tuple(
            KeeperShown(each.name, each.key, each.here, all(each.key in who for who in signed))
            for each in keepers_shown(folder, of, keys.values())
        ),
    )
