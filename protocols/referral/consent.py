"""What a person allows whom to know, for which purpose, until when.

Consent is per recipient, per kind of information and per purpose, and it ends. The types refuse
what is not a consent: nothing can be built that `filter_case` would have to guess about. Which
grounds a country's law accepts for a child or in an emergency is not decided here; the stated
ground is kept with the consent, whose hash every envelope names, and the timeline shows the basis.
"""

from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen
from attrs.converters import optional

from protocols.referral.consent_codes import (
    Assent,
    Basis,
    ConsentEndedError,
    ConsentWithdrawnError,
    How,
    InformationKind,
    InvalidConsentError,
    NoConsentError,
    NothingToShareError,
    Population,
    Purpose,
    UnknownInformationError,
    Witness,
)
from protocols.referral.provider import is_id, is_language

__all__ = [
    "Assent",
    "Basis",
    "Consent",
    "ConsentEndedError",
    "ConsentWithdrawnError",
    "Grant",
    "How",
    "InformationKind",
    "InvalidConsentError",
    "NoConsentError",
    "NothingToShareError",
    "Population",
    "Purpose",
    "UnknownInformationError",
    "Witness",
    "filter_case",
    "withdraw",
]

LONGEST = timedelta(days=366)
"""No consent runs longer; after that the person is asked again."""
SHORTEST = timedelta(seconds=1)
LONGEST_GROUND = 500
STANDS_IN = frozenset({Basis.BEST_INTERESTS, Basis.EMERGENCY})


def _need(holds: bool, problem: str) -> None:
    if not holds:
        raise InvalidConsentError(problem)


def _kinds(values: Iterable[str]) -> tuple[InformationKind, ...]:
    return tuple(InformationKind(each) for each in values)


@frozen
class Grant:
    """What one recipient may know for one purpose, before `until` (exclusive, aware)."""

    recipient: str = field(validator=is_id)
    kinds: tuple[InformationKind, ...] = field(converter=_kinds)
    purpose: Purpose = field(converter=Purpose)
    until: datetime

    def __attrs_post_init__(self) -> None:
        _need(bool(self.kinds), f"{self.recipient} is granted nothing; grant a kind or leave it")
        _need(len(set(self.kinds)) == len(self.kinds), f"{self.recipient}: a kind stands twice")
        _need(self.until.tzinfo is not None, "until: a time without a zone; pass an aware one")


def _grants(given: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Consent:
    """One consent as it was given.

    `given`: when (aware). `how`, `language` (BCP 47, in which it was explained) and
    `witness_role` say how it came about. An adult decides for themselves; for a child a guardian
    or the competent authority does, and `assent` says what the child said. Where nobody could be
    asked, `basis` is `best_interests` or `emergency` and `legal_ground` states the ground.
    `withdrawn`: when it was taken back; it then holds no grants. Raises InvalidConsentError.
    """

    referral: str = field()
    grants: tuple[Grant, ...] = field(converter=_grants)
    given: datetime
    how: How = field(converter=How)
    language: str = field(validator=is_language)
    witness_role: Witness = field(default=Witness.FIELD_WORKER, converter=Witness)
    population: Population = field(converter=Population)
    basis: Basis = field(default=Basis.PERSON, converter=Basis)
    assent: Assent | None = field(default=None, converter=optional(Assent))
    legal_ground: str | None = None
    withdrawn: datetime | None = None

    def __attrs_post_init__(self) -> None:
        _need(bool(self.referral.strip()), "referral: no id; a consent is for one referral")
        _need(self.given.tzinfo is not None, "given: a time without a zone; pass an aware one")
        _check_grants(self)
        _check_basis(self)
        _check_assent(self)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody who is granted something, each once, in the order of the grants."""
        return tuple(dict.fromkeys(each.recipient for each in self.grants))

    def kinds_for(self, recipient: str, purpose: str, now: datetime) -> tuple[InformationKind, ...]:
        """What `recipient` may know for `purpose` at `now`.

        Raises ConsentWithdrawnError, NoConsentError, ConsentEndedError.
        """
        if self.withdrawn is not None:
            raise ConsentWithdrawnError("the person withdrew consent; send nothing")
        granted = [e for e in self.grants if e.recipient == recipient and e.purpose == purpose]
        if not granted:
            raise NoConsentError(
                f"the person did not consent to {recipient} for {purpose}; ask, or leave it out"
            )
        if now >= granted[0].until:
            raise ConsentEndedError(f"the consent for {recipient} has ended; ask the person again")
        return granted[0].kinds


def _check_grants(consent: Consent) -> None:
    pairs = [(each.recipient, each.purpose) for each in consent.grants]
    _need(len(set(pairs)) == len(pairs), "one recipient is granted twice; join the grants")
    if consent.withdrawn is not None:
        _need(consent.withdrawn.tzinfo is not None, "withdrawn: a time without a zone")
        _need(not pairs, "a withdrawn consent grants nothing; take the grants out")
        return
    _need(bool(pairs), "nobody is granted anything; without consent nothing is sent")
    for each in consent.grants:
        _need(each.until - consent.given >= SHORTEST, f"{each.recipient}: ends before it begins")
        _need(
            each.until - consent.given <= LONGEST,
            f"{each.recipient}: runs longer than {LONGEST.days} days; choose an earlier end",
        )


def _check_basis(consent: Consent) -> None:
    adult = consent.population is Population.ADULT
    for_adult = (Basis.PERSON, Basis.EMERGENCY)
    if adult:
        _need(consent.basis in for_adult, "an adult decides alone; nobody else can consent")
    else:
        _need(consent.basis is not Basis.PERSON, "a child needs a guardian or the authority too")
    ground = consent.legal_ground
    stands_in = consent.basis in STANDS_IN
    _need(stands_in or ground is None, "a legal ground stands only where nobody consented")
    if stands_in:
        _need(ground is not None and bool(ground.strip()), f"{consent.basis}: state the ground")
        _need(len(ground or "") <= LONGEST_GROUND, "legal_ground: too long; cite law and article")
    else:
        _need(consent.how is not How.NOT_ASKED, "consent that was not asked for is none; ask")


def _check_assent(consent: Consent) -> None:
    if consent.population is Population.ADULT:
        _need(consent.assent is None, "assent is a child's; an adult consents")
    elif consent.basis not in STANDS_IN:
        _need(consent.assent is not None, "the child was not asked; ask, or state too_young")
        _need(
            consent.assent is not Assent.REFUSED,
            "the child refused; respect it, or state best-interests grounds",
        )


def filter_case(
    case: dict[str, Any], consent: Consent, recipient: str, purpose: str, now: datetime
) -> dict[str, Any]:
    """A copy of what `recipient` may know of `case` for `purpose` at `now`, by kind.

    `case` has values of InformationKind as keys. Raises UnknownInformationError (whatever was
    consented), NoConsentError and its kin ConsentEndedError, ConsentWithdrawnError,
    NothingToShareError.
    """
    if unknown := sorted(str(each)[:40] for each in case if each not in set(InformationKind)):
        raise UnknownInformationError(
            f"the case holds {', '.join(unknown)}, which is no kind of information; take it out"
        )
    kinds = consent.kinds_for(recipient, purpose, now)
    allowed = {each.value: deepcopy(case[each]) for each in kinds if each in case}
    if not allowed:
        raise NothingToShareError(
            f"the case holds nothing that {recipient} may know; ask the person, or leave it out"
        )
    return allowed


def withdraw(consent: Consent, at: datetime) -> Consent:
    """The same consent taken back at `at`: it grants nothing. Withdrawing again changes nothing."""
    return consent if consent.withdrawn else evolve(consent, grants=(), withdrawn=at)
