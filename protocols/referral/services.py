"""What kinds of help exist, which need asks for which, and the deadlines that medicine sets."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from protocols.errors import AmanaError, MalformedError


class UnknownServiceError(AmanaError):
    """A need or urgency that no provider and no phone knows."""

    code = "unknown_service"


class Service(StrEnum):
    """One kind of help that a provider gives. The value is what travels and is stored."""

    EMERGENCY_MEDICAL = "emergency_medical"
    CLINICAL_CARE_SEXUAL_VIOLENCE = "clinical_care_sexual_violence"
    MEDICAL = "medical"
    PSYCHOSOCIAL = "psychosocial"
    SHELTER = "shelter"
    SAFETY_PROTECTION = "safety_protection"
    CHILD_PROTECTION = "child_protection"
    LEGAL_AID = "legal_aid"
    ASYLUM = "asylum"
    CONSULAR_HELP = "consular_help"
    INTERPRETATION = "interpretation"
    FAMILY_TRACING = "family_tracing"
    VOLUNTARY_RETURN = "voluntary_return"
    LIVELIHOOD = "livelihood"


class Urgency(StrEnum):
    """How soon help must begin: now, within hours, or within days."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    ROUTINE = "routine"


URGENT_FIRST: tuple[Service, ...] = (
    Service.EMERGENCY_MEDICAL,
    Service.CLINICAL_CARE_SEXUAL_VIOLENCE,
    Service.SAFETY_PROTECTION,
    Service.CHILD_PROTECTION,
    Service.MEDICAL,
    Service.SHELTER,
    Service.PSYCHOSOCIAL,
    Service.INTERPRETATION,
    Service.LEGAL_AID,
    Service.ASYLUM,
    Service.CONSULAR_HELP,
    Service.FAMILY_TRACING,
    Service.VOLUNTARY_RETURN,
    Service.LIVELIHOOD,
)
"""Every service, in the order in which a person in danger needs them: life, safety, the body, a
roof, the rest. Ours; no source orders them."""

CANNOT_WAIT = frozenset({Service.EMERGENCY_MEDICAL, Service.CLINICAL_CARE_SEXUAL_VIOLENCE})
"""Services whose use ends within hours or days, see `MEDICAL_WINDOWS`."""
CAN_WAIT = frozenset({Service.FAMILY_TRACING, Service.VOLUNTARY_RETURN, Service.LIVELIHOOD})
"""Services whose beginning is planned over weeks."""


def services_for(needs: Iterable[str]) -> tuple[Service, ...]:
    """The services that needs ask for, most urgent first, each once.

    `needs` are the values of `Service`, as a screening finds them. Raises UnknownServiceError.
    """
    asked = set(needs)
    if unknown := sorted(asked - set(Service)):
        raise UnknownServiceError(
            f"no service answers to {', '.join(each[:40] for each in unknown)}; update this"
            " software, or correct the need"
        )
    return tuple(each for each in URGENT_FIRST if each in asked)


@frozen
class Window:
    """A time after an event within which a treatment must begin; sooner is better.

    `code` as a checklist raises it, `hours` after the event, `treatment` in English for
    developers (phones have their own words), `source` where it is stated, `verified` whether we
    read it there ourselves.
    """

    code: str
    hours: int
    treatment: str
    source: str
    verified: bool

    def closes(self, happened: datetime) -> datetime:
        """The moment after which this treatment comes too late. `happened` must be aware."""
        if happened.tzinfo is None:
            raise MalformedError("a time without a zone; pass an aware datetime")
        return happened + timedelta(hours=self.hours)


MEDICAL_WINDOWS: Mapping[Service, tuple[Window, ...]] = MappingProxyType(
    {
        Service.CLINICAL_CARE_SEXUAL_VIOLENCE: (
            Window(
                code="within_72_hours",
                hours=72,
                treatment="post-exposure prophylaxis against HIV",
                source="UNHCR and WHO, Clinical Management of Survivors of Rape (2001), annex 6",
                verified=True,
            ),
            Window(
                code="within_120_hours",
                hours=120,
                treatment="emergency contraception",
                source="WHO, Emergency contraception, Fact Sheet No. 244 (July 2012)",
                verified=True,
            ),
        )
    }
)
"""Sorted by hours. The 72 hours were read in an online copy of annex 6, the 120 hours in the
bibliographic abstract of the fact sheet; national protocols may be stricter."""


def windows_left(service: Service, happened: datetime, now: datetime) -> tuple[Window, ...]:
    """The windows of `service` still open at `now` for an event at `happened`, closing first."""
    windows = MEDICAL_WINDOWS.get(service, ())
    return tuple(each for each in windows if now < each.closes(happened))


def respond_within(urgency: str, services: Iterable[str]) -> int:
    """How many minutes each provider has to answer an offer: 60, 240, 1440 or 4320.

    60 where help is needed now or the body cannot wait; 240 where it is urgent or a child needs
    protection; 4320 where nothing is asked for but what is planned over weeks; 1440 otherwise.
    The number alone does not name the service. Raises UnknownServiceError.
    """
    asked = frozenset(services_for(services))
    if urgency not in set(Urgency):
        raise UnknownServiceError(f"no urgency is called {urgency[:40]}; use a value of Urgency")
    if urgency == Urgency.IMMEDIATE or asked & CANNOT_WAIT:
        return 60
    if urgency == Urgency.URGENT or Service.CHILD_PROTECTION in asked:
        return 240
    return 4320 if asked and asked <= CAN_WAIT else 1440
