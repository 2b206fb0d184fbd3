"""Other keepers for an authority: what the root is asked to sign, and nothing else changes.

The root certifies the new keepers and takes back the certificate of the former. The next snapshot
then brings both in, signed by the new keepers, who in it confirm every certificate that holds.
"""

from datetime import datetime, timedelta

from attrs import evolve

from backend.commands.offices.certifying import authority_certificate, is_revoked, revocation_of
from backend.commands.offices.folder import AuthorityState, ProgrammeFolder
from backend.commands.offices.founding import AUTHORITY_DAYS, Quorum
from backend.commands.offices.keepers import Keeper
from backend.commands.offices.proposal import authority_of, root_words
from backend.commands.offices.snapshots import Outcome, propose_to_root
from protocols.errors import AmanaError
from protocols.plain import from_json
from protocols.sealing.certificate import CERTIFICATE_TYPE, Certificate, certify, revoke
from protocols.sealing.statement import keyid


class NotAmongKeepersError(AmanaError):
    """A keeper to add who is one already, or to take out who is none."""

    code = "not_among_keepers"


def change_keepers(
    folder: ProgrammeFolder,
    state: AuthorityState,
    *,
    add: tuple[Keeper, ...],
    remove: tuple[str, ...],
    threshold: int | None,
    reason: str,
    now: datetime,
) -> Outcome:
    """Propose to the root that these keepers speak for the country from now on. `remove` are ids
    of keys; `reason` is why the former certificate ends. Without any change it is renewed.

    Raises NoAuthorityYetError, NotAmongKeepersError, KeepersError.
    """
    present = authority_of(folder.read_root(), state.statements, state.country, now)
    keys = _keys(present, state.country, add, remove)
    quorum = Quorum(len(keys), threshold or present.threshold)
    made = authority_certificate(keys, quorum.threshold, state.country, now, days=AUTHORITY_DAYS)
    begins = max(
        [made.not_before, *(each + timedelta(seconds=1) for each in _begun(state, present))]
    )
    known = {each.id: each for each in (*folder.keepers(state.country), *add)}
    folder.write_keepers(state.country, tuple(known.values()))
    former = [revoke(revocation_of(each, reason, now)) for each in _in_force(state, now)]
    words = (certify(evolve(made, not_before=begins)), *former)
    state = evolve(state, words=words, words_after=state.published)
    folder.write_state(state)
    return propose_to_root(folder, state, now)


def _begun(state: AuthorityState, present: Certificate) -> list[datetime]:
    """When the present certificate, and one proposed but not signed yet, begin: of several the
    newest counts, so that each must begin later than all before."""
    proposed = [each for each in state.words if each.payloadType == CERTIFICATE_TYPE]
    return [
        present.not_before,
        *(from_json(each.payload, Certificate).not_before for each in proposed),
    ]


def _keys(
    present: Certificate, country: str, add: tuple[Keeper, ...], remove: tuple[str, ...]
) -> tuple[bytes, ...]:
    known = present.key_map
    for each in add:
        if each.of != country:
            raise NotAmongKeepersError(
                f"{each.name} made a key of {each.of}, not of {country}; have a new one made with"
                f" `amana programme keeper new --of {country}`"
            )
        if each.id in known:
            raise NotAmongKeepersError(f"{each.name} ({each.id}) is a keeper already; leave it out")
    if strangers := [each for each in remove if each not in known]:
        raise NotAmongKeepersError(
            f"{strangers[0][:64]} is no keeper's key of {country}; `amana programme status` lists"
            " them"
        )
    kept = [key for key in present.keys if keyid(key) not in remove]
    return tuple(dict.fromkeys((*kept, *(each.key for each in add))))


def _in_force(state: AuthorityState, now: datetime) -> list[Certificate]:
    """Authority certificates that would go on beside the new one."""
    found = [
        from_json(each.payload, Certificate)
        for each in root_words(state.statements)
        if each.payloadType == CERTIFICATE_TYPE
    ]
    return [
        each for each in found if each.not_after > now and not is_revoked(state.statements, each)
    ]
