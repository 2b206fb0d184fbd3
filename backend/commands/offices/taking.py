"""A proposal that comes back to the office: held against what the office itself proposed."""

from datetime import datetime

from attrs import evolve

from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.proposal import (
    Proposal,
    authority_of,
    authority_open,
    lacking,
    signers,
)
from backend.commands.offices.snapshots import (
    Outcome,
    proposal_of,
    propose_to_root,
    root_proposal_of,
    send_unsent,
    settle,
)
from backend.commands.offices.uplink import Uplink
from protocols.errors import AmanaError
from protocols.messages import Snapshot
from protocols.plain import from_json
from protocols.sealing.statement import Statement, keyid


class ProposalsCrossedError(AmanaError):
    """A proposal that is not the one this office has open now."""

    code = "proposals_crossed"


class FalseSignatureError(AmanaError):
    """A proposal with a signature that does not hold, or without one that it had."""

    code = "false_signature"


def take_root(
    folder: ProgrammeFolder, state: AuthorityState, proposal: Proposal, now: datetime
) -> tuple[AuthorityState, Outcome | None]:
    """Take in what the root's keepers signed. The outcome is None once it is complete: then the
    authority's keepers are next. Raises ProposalsCrossedError, FalseSignatureError."""
    _demand_same(root_proposal_of(folder, state), proposal)
    root = folder.read_root()
    keys = {keyid(each): each for each in root.keys}
    for before, after in zip(state.words, proposal.root, strict=True):
        _demand_grown(before, after, keys)
    state = evolve(state, words=proposal.root)
    folder.write_state(state)
    if any(lacking(each, keys, root.threshold) for each in state.words):
        return state, propose_to_root(folder, state, now)
    known = {each.digest for each in state.statements}
    new = tuple(each for each in state.words if each.digest not in known)
    state = evolve(state, statements=(*new, *state.statements), words=(), words_after=None)
    folder.write_state(state)
    (folder.authority(state.country) / proposal.file_name).unlink(missing_ok=True)
    return state, None


def take(
    folder: ProgrammeFolder,
    state: AuthorityState,
    proposal: Proposal,
    uplink: Uplink,
    now: datetime,
) -> Outcome:
    """Take in what the authority's keepers signed, add the signatures of the keys here, and
    publish if that is enough. Raises ProposalsCrossedError, FalseSignatureError."""
    if proposal.next is None:
        raise ValueError("a proposal for the root goes to take_root")
    own = proposal_of(folder, state)
    if own is None and state.published is not None and _is(state.published, proposal.next):
        send_unsent(folder, state, uplink)
        inside = from_json(state.published.payload, Snapshot)
        return Outcome(state.country, inside.number, inside.expires)
    _demand_same(own, proposal)
    inside = from_json(proposal.next.payload, Snapshot)
    authority = authority_of(folder.read_root(), inside.statements, state.country, now)
    _demand_whole(state, inside, authority.key_map)
    kept = state.proposed
    if kept is not None and kept.payload == proposal.next.payload:
        _demand_grown(kept, proposal.next, authority.key_map)
    elif kept is not None and kept.signatures:
        raise ProposalsCrossedError(
            "this copy was signed apart from the one that is further on already; have the keepers"
            " sign that one, one after the other"
        )
    open_ = authority_open(inside.statements, authority, now)
    if proposal.next.signatures and open_:
        raise FalseSignatureError(_FALSE)
    state = evolve(state, statements=inside.statements, proposed=proposal.next)
    folder.write_state(state)
    return settle(folder, state, uplink, now)


_FALSE = (
    "a signature in this proposal does not hold, or one that was there is gone; do not use this"
    " file, and ask whoever it came from what happened to it"
)


def _is(published: Statement, proposed: Statement) -> bool:
    return published.digest == proposed.digest


def _demand_same(own: Proposal | None, given: Proposal) -> None:
    if own is None:
        raise ProposalsCrossedError(
            f"this office has no proposal open for {given.country} that this could be; it was"
            " published, discarded or overtaken, see `amana programme status`"
        )
    if own.mark != given.mark:
        raise ProposalsCrossedError(
            f"this is proposal {given.mark}, and the one open here is {own.mark}: something was"
            f" added or changed since. Send {own.file_name} to the keepers instead, and tell them"
            " that the other is void"
        )


def _demand_whole(state: AuthorityState, inside: Snapshot, keys: dict[str, bytes]) -> None:
    """Inside, nothing lost a signature it had, and none is false."""
    for before, after in zip(state.statements, inside.statements, strict=True):
        if before != after:
            _demand_grown(before, after, keys)


def _demand_grown(before: Statement, after: Statement, keys: dict[str, bytes]) -> None:
    kept = set(before.signatures) <= set(after.signatures)
    new = [each for each in after.signatures if each not in before.signatures]
    true = {each.keyid for each in new} <= set(signers(after, keys))
    once = len({each.keyid for each in after.signatures}) == len(after.signatures)
    if before.digest != after.digest or not (kept and true and once):
        raise FalseSignatureError(_FALSE)
