"""What kinds of help exist, which need asks for which, and the deadlines that medicine sets."""

from enum import StrEnum


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
