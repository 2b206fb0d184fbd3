"""The codes that a consent is written in, and the ways in which it can be wanting."""

from enum import StrEnum
from typing import NoReturn

from protocols.errors import AmanaError, MalformedError


class NoConsentError(AmanaError):
    """The person did not allow this recipient anything for this purpose."""

    code = "no_consent"


class ConsentEndedError(NoConsentError):
    """The time that the person agreed to is over."""

    code = "consent_ended"


class ConsentWithdrawnError(NoConsentError):
    """The person took the consent back."""

    code = "consent_withdrawn"


class NothingToShareError(NoConsentError):
    """The recipient is allowed kinds of information, and the case holds none of them."""

    code = "nothing_to_share"


class UnknownInformationError(AmanaError):
    """A case holds information of no known kind, so nobody can have consented to it."""

    code = "unknown_information"


class InvalidConsentError(MalformedError):
    """Something that is not a consent, with the reason."""

    code = "invalid_consent"


class Coded(StrEnum):
    """A code of a consent. Any other text raises InvalidConsentError."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        name = cls.__name__.lower()
        raise InvalidConsentError(f"{value!s:.40} is no {name}; use one of {', '.join(cls)}")


class InformationKind(Coded):
    """The kinds of information that a case is made of, and its keys."""

    IDENTITY = "identity"
    CONTACT = "contact"
    NEEDS = "needs"
    FINDINGS = "findings"
    ANSWERS = "answers"
    HEALTH = "health"
    NOTES = "notes"


class Purpose(Coded):
    """What the information may be used for."""

    REFERRAL = "referral"


class How(Coded):
    """How consent was given; `not_asked` only where a ground stands in for it."""

    SPOKEN = "spoken"
    SIGNED = "signed"
    NOT_ASKED = "not_asked"


class Population(Coded):
    """A person under 18, or of unknown age, is a child."""

    ADULT = "adult"
    CHILD = "child"


class Basis(Coded):
    """Who decided. `best_interests` (child) and `emergency` need a stated legal ground."""

    PERSON = "person"
    GUARDIAN = "guardian"
    AUTHORITY = "authority"
    BEST_INTERESTS = "best_interests"
    EMERGENCY = "emergency"


class Assent(Coded):
    """What the child said when asked, in words that a child understands."""

    GIVEN = "given"
    REFUSED = "refused"
    TOO_YOUNG = "too_young"


class Witness(Coded):
    """In whose presence. `field_worker`: the one who asked, and nobody else."""

    FIELD_WORKER = "field_worker"
    COLLEAGUE = "colleague"
    INTERPRETER = "interpreter"
    CULTURAL_MEDIATOR = "cultural_mediator"
    GUARDIAN = "guardian"
    CHILD_PROTECTION_OFFICER = "child_protection_officer"
    TRUSTED_PERSON = "trusted_person"
