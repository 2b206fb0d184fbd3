"""An authority's directory: the next snapshot is made, signed as far as the keys here reach, kept,
and sent once it is complete.

What was signed is written to disk before it is sent: if the line breaks, the same snapshot is sent
again, never a second one with the same number. Where keepers' signatures are missing, a proposal
goes round instead, and nothing is published.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, frozen

from backend.commands.offices.bundle import write_bundle
from backend.commands.offices.certifying import certificates, organisation_certificates
from backend.commands.offices.country_data import CountryData
from backend.commands.offices.delivery import deliver
from backend.commands.offices.editions import demand_newer, naming
from backend.commands.offices.files import make_folder, write_whole
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.keepers import ROOT
from backend.commands.offices.proposal import (
    FORMAT,
    NoAuthorityYetError,
    Proposal,
    authority_of,
    authority_open,
    essence,
    lacking,
    of_root,
    sign_snapshot,
)
from backend.commands.offices.uplink import Uplink
from protocols.messages import SNAPSHOT_TYPE, Edition, Snapshot
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import Certificate, certify
from protocols.sealing.statement import Statement, keyid

VALID_DAYS = 30
DATED_ANEW = timedelta(days=7)
"""A proposal as old as this is made anew, so that what is published stays valid for long."""


@frozen
class Outcome:
    """What became of a change. Published as snapshot `number`; or `proposal` is the file that now
    goes to the keepers, who still have to give `lacking` signatures."""

    country: str
    number: int
    expires: datetime
    published: bool = True
    proposal: str | None = None
    lacking: int = 0


def adding(state: AuthorityState, statements: Iterable[Statement]) -> AuthorityState:
    """`state` with these statements too."""
    return evolve(state, statements=(*state.statements, *statements))


def taking_data(
    state: AuthorityState, data: CountryData, uplink: Uplink, now: datetime
) -> AuthorityState:
    """`state` with the providers of `data`, and a certificate for each organisation in it that
    has none yet."""
    known = {each.subject for each in certificates(state.statements)}
    new = {subject: name for subject, name in data.names().items() if subject not in known}
    issued = [
        certify(each, *uplink.keys) for each in organisation_certificates(new, state.country, now)
    ]
    return evolve(
        adding(state, issued),
        providers=data.providers,
        checklists=data.checklists or state.checklists,
    )


def send_unsent(folder: ProgrammeFolder, state: AuthorityState, uplink: Uplink) -> AuthorityState:
    """Send what an earlier run could not, if anything."""
    if state.unsent is None:
        return state
    deliver(folder, state, uplink, state.unsent)
    state = evolve(state, unsent=None)
    folder.write_state(state)
    return state


def settle(
    folder: ProgrammeFolder, state: AuthorityState, uplink: Uplink, now: datetime
) -> Outcome:
    """Sign the next snapshot of `state`, which has nothing unsent, with the keys at hand; publish
    it when that is enough, else write the proposal for the other keepers. The same again changes
    nothing, and mends whatever broke off."""
    try:
        authority = authority_of(folder.read_root(), state.statements, state.country, now)
    except NoAuthorityYetError:
        if not state.words:
            raise
        folder.write_state(state)
        return propose_to_root(folder, state, now)
    state = evolve(state, statements=_without_former(state, authority))
    statement = _next(state, now)
    for key in (*uplink.keys, *uplink.keys):
        statement = sign_snapshot(statement, _read(statement), authority, key, now)
    inside = _read(statement)
    state = evolve(state, statements=inside.statements, proposed=statement)
    missing = missing_signatures(statement, authority, now)
    if missing:
        folder.write_state(state)
        return _propose(folder, state, inside, missing)
    state = evolve(
        state, number=inside.number, published=statement, unsent=statement, proposed=None
    )
    folder.write_state(state)
    write_bundle(folder)
    forget_proposals(folder, state)
    send_unsent(folder, state, uplink)
    return Outcome(state.country, inside.number, inside.expires)


def _without_former(state: AuthorityState, authority: Certificate) -> tuple[Statement, ...]:
    """The statements without signatures that a keeper gave who is none any more, before enough had
    signed: they would count for nothing. What is published stays as it is."""
    inside = _read(state.published).statements if state.published else ()
    kept = {each.digest: set(each.signatures) for each in inside}
    return tuple(
        each
        if of_root(each)
        else evolve(
            each,
            signatures=tuple(
                one
                for one in each.signatures
                if one.keyid in authority.key_map or one in kept.get(each.digest, ())
            ),
        )
        for each in state.statements
    )


def published_already(state: AuthorityState) -> Outcome:
    """What stands, where nothing changed. Raises NoAuthorityYetError where nothing was ever
    published."""
    if state.published is None:
        raise NoAuthorityYetError(f"{state.country} has published nothing yet; publish first")
    return Outcome(state.country, state.number, _read(state.published).expires)


def missing_signatures(statement: Statement, authority: Certificate, at: datetime) -> int:
    """How many keepers are still to sign the snapshot, or first what is open inside it."""
    inside = _read(statement)
    keys, threshold = authority.key_map, authority.threshold
    within = [
        lacking(inside.statements[each], keys, threshold)
        for each in authority_open(inside.statements, authority, at)
    ]
    return max(within, default=0) or lacking(statement, keys, threshold)


def _next(state: AuthorityState, now: datetime) -> Statement:
    """The snapshot proposed before, if it still says the same, or a new one nobody signed yet."""
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
    if state.proposed is not None:
        before = _read(state.proposed)
        is_young = now - before.issued < DATED_ANEW and before.number == snapshot.number
        if is_young and essence(before) == essence(snapshot):
            return state.proposed
    return Statement(SNAPSHOT_TYPE, to_json(snapshot), ())


def _read(statement: Statement) -> Snapshot:
    return from_json(statement.payload, Snapshot)


def proposal_of(folder: ProgrammeFolder, state: AuthorityState) -> Proposal | None:
    """The proposal for the authority's keepers that is open, None where none is."""
    if state.proposed is None:
        return None
    keepers = folder.keepers(state.country)
    return Proposal(FORMAT, state.country, keepers, state.published, (), state.proposed)


def root_proposal_of(folder: ProgrammeFolder, state: AuthorityState) -> Proposal | None:
    """The proposal for the root's keepers that is open, None where none is."""
    if not state.words:
        return None
    keepers = (*folder.keepers(ROOT), *folder.keepers(state.country))
    return Proposal(FORMAT, state.country, keepers, state.words_after, state.words, None)


def _propose(
    folder: ProgrammeFolder, state: AuthorityState, inside: Snapshot, missing: int
) -> Outcome:
    proposal = proposal_of(folder, state)
    path = write_proposal(folder, proposal) if proposal else None
    return Outcome(state.country, inside.number, inside.expires, False, path, missing)


def propose_to_root(folder: ProgrammeFolder, state: AuthorityState, now: datetime) -> Outcome:
    """Write what the root's keepers are to sign for `state`, which has words for them."""
    root = folder.read_root()
    keys = {keyid(each): each for each in root.keys}
    missing = max(lacking(each, keys, root.threshold) for each in state.words)
    proposal = root_proposal_of(folder, state)
    path = write_proposal(folder, proposal) if proposal else None
    return Outcome(state.country, state.number + 1, now, False, path, missing)


def write_proposal(folder: ProgrammeFolder, proposal: Proposal) -> str:
    """Write the proposal into its authority's folder; the path."""
    path = make_folder(folder.authority(proposal.country)) / proposal.file_name
    write_whole(path, to_json(proposal))
    return str(path)


def forget_proposals(folder: ProgrammeFolder, state: AuthorityState) -> None:
    """Remove proposals that what is published has overtaken."""
    for file in folder.authority(state.country).glob(f"proposal-{state.country}-*.json"):
        number = file.stem.rpartition("-")[2]
        if number.isdigit() and int(number) <= state.number:
            file.unlink(missing_ok=True)


def publish_edition(
    folder: ProgrammeFolder,
    state: AuthorityState,
    edition: Edition,
    *,
    data: bytes,
    uplink: Uplink,
    now: datetime,
) -> Outcome:
    """Make the edition the country's: kept here, stored at the server, then named by a snapshot.

    The same again changes nothing that stands, and mends whatever broke off. Raises
    EditionNotNewerError.
    """
    demand_newer(state, edition)
    folder.keep_edition(state.country, edition, data)
    state = send_unsent(folder, state, uplink)
    uplink.store_edition(state.country, edition, data)
    named = naming(state, edition)
    if named == state and state.published is not None and state.proposed is None:
        return published_already(state)
    return settle(folder, named, uplink, now)


def discard(folder: ProgrammeFolder, state: AuthorityState) -> AuthorityState:
    """`state` as it was published last: what was proposed since is forgotten."""
    if state.published is None:
        return state
    inside = _read(state.published)
    others = [each for each in state.editions if each.id not in inside.checklists]
    kept = evolve(
        state,
        statements=inside.statements,
        providers=inside.providers,
        checklists=inside.checklists,
        editions=tuple(sorted((*inside.editions, *others), key=lambda each: each.id)),
        proposed=None,
        words=(),
        words_after=None,
    )
    folder.write_state(kept)
    for file in folder.authority(state.country).glob(f"proposal-{state.country}-*.json"):
        file.unlink(missing_ok=True)
    return kept
