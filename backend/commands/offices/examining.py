"""Whether a proposal may be signed at all: judged on the keeper's own machine, from the root down.

The keeper's tool trusts neither the file nor the office: it holds what is proposed against what
was published last, under the root that the keeper took, and refuses whatever it could not tell in
words.
"""

from datetime import datetime, timedelta

from attrs import frozen

from backend.commands.offices.keepers import ROOT, Keeper, KeeperFolder
from backend.commands.offices.proposal import (
    Proposal,
    authority_of,
    authority_open,
    lacking,
    of_root,
    signers,
)
from backend.commands.offices.snapshots import VALID_DAYS
from backend.services.publishing import CLOCK_SLACK
from protocols.errors import AmanaError
from protocols.messages import SNAPSHOT_TYPE, Snapshot
from protocols.plain import from_json
from protocols.sealing.certificate import (
    CERTIFICATE_TYPE,
    PERSONAL,
    Certificate,
    Revocation,
    Role,
    Root,
    authority_subject,
)
from protocols.sealing.statement import Statement, keyid, verify

LONGEST_CERTIFICATE = timedelta(days=5 * 366)
LONGEST_DELAY = timedelta(days=60)
"""A proposal made longer ago than this is not signed any more."""


class ProposalRefusedError(AmanaError):
    """A proposal that no keeper should sign; the message says why."""

    code = "proposal_refused"


class ProposalOlderError(ProposalRefusedError):
    """A proposal behind what this keeper has signed, or that is over."""

    code = "proposal_older"


class ProposalCrossesError(ProposalRefusedError):
    """Another proposal of the same number than the one this keeper has signed."""

    code = "proposal_crosses"


@frozen
class Examined:
    """What is proposed, judged. `authority` is whose signature counts (None where the root's
    does), `new` the statements that were not published before, `confirmed` the certificates that
    new keepers sign again, `lacking` how many keepers are still to sign what is next."""

    proposal: Proposal
    root: Root
    before: Snapshot | None
    inside: Snapshot | None
    authority: Certificate | None
    new: tuple[Statement, ...]
    confirmed: tuple[Statement, ...]
    lacking: int

    @property
    def number(self) -> int:
        """What grows from one proposal to the next: the snapshot's number; for the root, the
        second from which its newest certificate counts, or else its newest revocation."""
        if self.inside is not None:
            return self.inside.number
        words = self.proposal.root
        begins = [
            from_json(each.payload, Certificate).not_before
            for each in words
            if each.payloadType == CERTIFICATE_TYPE
        ] or [from_json(each.payload, Revocation).revoked for each in words]
        return int(max(begins).timestamp())


def examine(proposal: Proposal, keeper: Keeper, root: Root, now: datetime) -> Examined:
    """The proposal, if the keeper may sign it. Raises ProposalRefusedError's kinds,
    NoAuthorityYetError, and what reading and verifying its parts raises."""
    before = _before(proposal, root, now)
    if proposal.next is None:
        return _for_root(proposal, keeper, root, before, now)
    return _for_authority(proposal, keeper, root, before, now)


def demand_in_turn(found: Examined, folder: KeeperFolder, *, instead: bool) -> None:
    """Holds the proposal against what this keeper signed before. `instead`: the keeper knows that
    another proposal of the number was signed, and was told that it is void. Raises
    ProposalOlderError, ProposalCrossesError."""
    signed = folder.signed().get(found.proposal.country)
    if signed is None:
        return
    mark = found.proposal.mark
    if found.number < signed.number:
        raise ProposalOlderError(
            f"you signed a newer proposal on {signed.at:%Y-%m-%d}, with mark {signed.mark}: an"
            " older one would bring back what was taken away since; refuse it, and ask the office"
        )
    if found.number == signed.number and mark != signed.mark and not instead:
        raise ProposalCrossesError(
            f"on {signed.at:%Y-%m-%d} you signed another proposal of the same number, with mark"
            f" {signed.mark}; this one has {mark}. Ask the office which of the two is void; only if"
            " it is the former, sign this one with --instead"
        )


def _refuse(holds: bool, why: str) -> None:
    if not holds:
        raise ProposalRefusedError(f"{why}; do not sign it, and ask the office")


def _before(proposal: Proposal, root: Root, now: datetime) -> Snapshot | None:
    """The published snapshot that the proposal says it follows, verified from the root."""
    if proposal.before is None:
        return None
    inside = from_json(proposal.before.payload, Snapshot)
    _refuse(inside.country == proposal.country, "it follows another country's directory")
    authority = authority_of(root, inside.statements, inside.country, inside.issued)
    verify(proposal.before, authority.key_map, authority.threshold, payload_type=SNAPSHOT_TYPE)
    _refuse(inside.issued <= now + CLOCK_SLACK, "it follows a directory issued in the future")
    return inside


def _for_root(
    proposal: Proposal, keeper: Keeper, root: Root, before: Snapshot | None, now: datetime
) -> Examined:
    _refuse(keeper.of == ROOT, "it is for the root's keepers, and this key is an authority's")
    keys = {keyid(each): each for each in root.keys}
    known = {each.digest for each in before.statements} if before else set()
    for each in proposal.root:
        _refuse(of_root(each), "it holds something that is not for the root to sign")
        _refuse(each.digest not in known, "what it asks to sign was published before")
        _check_statement(each, proposal.country, now)
        _check_signatures(each, keys)
    _refuse(
        len({each.digest for each in proposal.root}) == len(proposal.root),
        "it names one thing twice",
    )
    missing = max(lacking(each, keys, root.threshold) for each in proposal.root)
    return Examined(proposal, root, before, None, None, proposal.root, (), missing)


def _for_authority(
    proposal: Proposal, keeper: Keeper, root: Root, before: Snapshot | None, now: datetime
) -> Examined:
    statement, inside = proposal.next, proposal.snapshot
    if statement is None or inside is None:
        raise ValueError("a proposal for an authority has a snapshot")
    _refuse(keeper.of == proposal.country, f"it is for {proposal.country}, not for {keeper.of}")
    _check_snapshot(proposal, inside, before, now)
    authority = authority_of(root, inside.statements, inside.country, now)
    _refuse(
        keeper.key in authority.keys,
        f"this key is not one of {proposal.country}'s keepers now, so it would not count",
    )
    open_ = authority_open(inside.statements, authority, now)
    new = _new(inside, before)
    _check_chain(inside, new)
    root_keys = {keyid(each): each for each in root.keys}
    for each in new:
        _check_statement(each, proposal.country, now)
        _check_signatures(each, root_keys if of_root(each) else authority.key_map)
        is_whole = not of_root(each) or not lacking(each, root_keys, root.threshold)
        _refuse(is_whole, "it brings in what the root's keepers have not signed yet")
    wanted = {inside.statements[each].digest for each in open_}
    confirmed = _confirmed(inside, before, new, authority, wanted)
    _refuse(not (open_ and statement.signatures), "it was signed before what is inside was")
    _check_signatures(statement, authority.key_map)
    within = [
        lacking(inside.statements[each], authority.key_map, authority.threshold) for each in open_
    ]
    missing = max(within, default=0) or lacking(statement, authority.key_map, authority.threshold)
    return Examined(proposal, root, before, inside, authority, new, confirmed, missing)


def _check_snapshot(
    proposal: Proposal, inside: Snapshot, before: Snapshot | None, now: datetime
) -> None:
    follows = before.number + 1 if before else 1
    _refuse(inside.country == proposal.country, "it says another country outside than inside")
    if inside.number != follows:
        raise ProposalOlderError(
            f"it is snapshot {inside.number} and would have to be {follows}; have the office make"
            " it anew from the newest directory"
        )
    is_timely = before is None or inside.issued >= before.issued
    if not is_timely or inside.expires <= now or inside.issued < now - LONGEST_DELAY:
        raise ProposalOlderError(
            f"it was made on {inside.issued:%Y-%m-%d} and is over by this machine's clock; have the"
            " office make it anew"
        )
    _refuse(
        inside.issued <= now + CLOCK_SLACK,
        "it is dated in the future, or this machine's clock is behind",
    )
    _refuse(
        inside.expires - inside.issued <= timedelta(days=VALID_DAYS),
        f"it would be valid for more than {VALID_DAYS} days",
    )
    digests = [each.digest for each in inside.statements]
    _refuse(len(set(digests)) == len(digests), "it lists one certificate twice")
    dropped = {each.digest for each in before.statements} - set(digests) if before else set()
    _refuse(not dropped, f"it leaves out {len(dropped)} certificates or revocations of before")
    _refuse(
        all(each.country == inside.country for each in inside.providers),
        "it lists a provider of another country",
    )
    shown = {each.id for each in inside.providers if each.focal_point}
    _refuse(set(inside.focal_points) == shown, "its focal points are not those of its providers")


def _new(inside: Snapshot, before: Snapshot | None) -> tuple[Statement, ...]:
    known = {each.digest for each in before.statements} if before else set()
    return tuple(each for each in inside.statements if each.digest not in known)


def _confirmed(
    inside: Snapshot,
    before: Snapshot | None,
    new: tuple[Statement, ...],
    authority: Certificate,
    wanted: set[str],
) -> tuple[Statement, ...]:
    """Certificates published before that stand here with further signatures, or are to get some
    (`wanted`, by digest). Raises ProposalRefusedError where one lost a signature that it had, or
    has a false one."""
    known = {each.digest: each for each in before.statements} if before else {}
    former = {each.digest for each in new}
    found = []
    for each in inside.statements:
        if each.digest in former or of_root(each):
            continue
        earlier = known[each.digest].signatures
        added = [one for one in each.signatures if one not in earlier]
        true = signers(each, authority.key_map)
        _refuse(set(earlier) <= set(each.signatures), "a certificate lost a signature")
        _refuse(all(one.keyid in true for one in added), "a signature inside it does not hold")
        if added or each.digest in wanted:
            found.append(each)
    return tuple(found)


def _check_signatures(statement: Statement, keys: dict[str, bytes]) -> None:
    names = [each.keyid for each in statement.signatures]
    true = signers(statement, keys)
    _refuse(tuple(names) == true, "it bears a signature that does not hold or does not count")


def _check_statement(statement: Statement, country: str, now: datetime) -> None:
    """One new certificate or revocation: of this country, and with days that can be meant."""
    if statement.payloadType != CERTIFICATE_TYPE:
        revocation = from_json(statement.payload, Revocation)
        _refuse(revocation.revoked <= now + CLOCK_SLACK, "it revokes from a future day on")
        is_ours = revocation.subject == authority_subject(country)
        is_authority = revocation.subject.startswith("authority-")
        _refuse(is_ours or not is_authority, "it revokes another country's authority")
        return
    certificate = from_json(statement.payload, Certificate)
    _refuse(certificate.country == country, "it certifies somebody in another country")
    _refuse(certificate.not_after > now, "it certifies somebody for days that are over")
    _refuse(
        certificate.not_after - certificate.not_before <= LONGEST_CERTIFICATE,
        "it certifies somebody for more than five years",
    )


def _check_chain(inside: Snapshot, new: tuple[Statement, ...]) -> None:
    """A device's organisation, and a revocation's certificate, must be here to be told of."""
    certificates = [
        from_json(each.payload, Certificate)
        for each in inside.statements
        if each.payloadType == CERTIFICATE_TYPE
    ]
    organisations = {each.subject for each in certificates if each.role is Role.ORGANISATION}
    known = {(each.subject, each.serial) for each in certificates}
    _refuse(len(known) == len(certificates), "two certificates bear one number")
    for each in new:
        if each.payloadType == CERTIFICATE_TYPE:
            found = from_json(each.payload, Certificate)
            is_homeless = found.role in PERSONAL and found.organisation not in organisations
            _refuse(not is_homeless, "it certifies a device of an organisation that it lacks")
        else:
            taken = from_json(each.payload, Revocation)
            _refuse(
                (taken.subject, taken.serial) in known, "it revokes a certificate that it lacks"
            )
