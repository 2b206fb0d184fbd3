"""From what was asked to the consent record, and to each provider's part of the case."""

from datetime import datetime, timedelta
from typing import Any

from mobile.casework.views import ScreeningRecord
from mobile.flows.draft import Draft
from mobile.flows.refusals import NotConsentedError
from protocols.referral.consent import (
    STANDS_IN,
    Assent,
    Basis,
    Consent,
    Grant,
    How,
    InformationKind,
    Population,
    Purpose,
    Witness,
    filter_case,
)


def bases_for(child: bool) -> tuple[str, ...]:
    """Who can decide for a child, or for an adult."""
    if not child:
        return (str(Basis.PERSON), str(Basis.EMERGENCY))
    return tuple(str(each) for each in Basis if each is not Basis.PERSON)


def basis_of(draft: Draft, child: bool) -> str:
    """Who decides, as chosen; an adult unless something else was; empty while it is to be chosen
    for a child. What was chosen before an age turned up that rules it out does not count."""
    if draft.asked.basis in bases_for(child):
        return draft.asked.basis
    return "" if child else str(Basis.PERSON)


def build_consent(record: ScreeningRecord, draft: Draft, child: bool, given: datetime) -> Consent:
    """The consent as asked, given at `given`. Raises NotConsentedError while something is still to
    be chosen, and InvalidConsentError."""
    asked = draft.asked
    chosen = basis_of(draft, child)
    if not chosen:
        raise NotConsentedError("choose who decides for the child")
    basis = Basis(chosen)
    if missing := [each for each in draft.shortlist if not asked.kinds.get(each)]:
        raise NotConsentedError(f"nothing is allowed for {missing[0]}; ask, or leave it out")
    until = given + timedelta(days=asked.days)
    return Consent(
        referral=record.referral,
        grants=tuple(
            Grant(
                each,
                tuple(kind for kind in InformationKind if kind in asked.kinds[each]),
                Purpose.REFERRAL,
                until,
            )
            for each in draft.shortlist
        ),
        given=given,
        how=How(asked.how),
        language=asked.language or record.language,
        witness_role=Witness(asked.witness),
        population=Population.CHILD if child else Population.ADULT,
        basis=basis,
        assent=Assent(asked.assent) if child and asked.assent else None,
        legal_ground=(asked.ground.strip() or None) if basis in STANDS_IN else None,
    )


def recorded_consent(record: ScreeningRecord, draft: Draft, child: bool) -> Consent:
    """The consent as it was recorded. Raises NotConsentedError before."""
    if draft.asked.given is None:
        raise NotConsentedError("consent is not recorded yet; ask the person")
    return build_consent(record, draft, child, draft.asked.given)


def part_for(
    case: dict[str, Any], consent: Consent, provider: str, now: datetime
) -> dict[str, Any]:
    """What this provider will see. Raises NoConsentError and its kin."""
    return filter_case(case, consent, provider, Purpose.REFERRAL, now)
