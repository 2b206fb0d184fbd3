"""What an answer may raise besides indicators, each written with its prefix.

"need:shelter" a need (the values of the service taxonomy), "finding:emergency" a finding that an
answer shows by itself, "form:forced_begging" a form of exploitation named by the person,
"window:within_72_hours" a medical deadline, "sign:general.fear" a sign that UNODC lists and no
ILO/EC indicator means. Without a prefix: an indicator, "dimension.key".
"""

from protocols.screening.unodc import sign_references

NEEDS = (
    "emergency_medical",
    "clinical_care_sexual_violence",
    "medical",
    "psychosocial",
    "shelter",
    "safety_protection",
    "child_protection",
    "legal_aid",
    "asylum",
    "consular_help",
    "interpretation",
    "family_tracing",
    "voluntary_return",
    "livelihood",
)
FINDINGS = (
    "emergency",
    "trafficking_indicated",
    "forced_labour_indicated",
    "unaccompanied_or_separated_child",
    "international_protection_need",
    "smuggling_aggravated",
    "labour_rights_violation",
    "other_protection_need",
    "no_indicators_now",
)
SHOWN_BY_AN_ANSWER = (
    "emergency",
    "unaccompanied_or_separated_child",
    "international_protection_need",
    "smuggling_aggravated",
    "other_protection_need",
)
FORMS = (
    "forced_labour",
    "forced_begging",
    "forced_criminality",
    "domestic_servitude",
    "forced_marriage",
    "organ_removal",
    "child_recruitment",
)
ALL_FORMS = ("labour", "sexual", *FORMS)
"""Every form that a finding can have: those of the ILO/EC sets, then those that are named."""
CHILD_FORMS = ("child_recruitment",)
"""Forms that only a child's checklist raises."""
CONDUCT = "conduct"
WINDOWS = ("within_72_hours", "within_120_hours")
CASE_FIELDS = (
    "identity.name",
    "identity.age",
    "identity.sex",
    "identity.nationality",
    "identity.languages",
    "contact.phone",
    "contact.safe_times",
    "contact.place",
    "health.note",
    "notes.text",
    CONDUCT,
)
"""What an answer is kept for when no finding uses it: a field of the case, or how the talk itself
was led ("conduct": privacy, interpreter, consent)."""
PREFIXES = {
    "need": NEEDS,
    "finding": SHOWN_BY_AN_ANSWER,
    "form": FORMS,
    "window": WINDOWS,
    "sign": sign_references(),
}


def split(raised: str) -> tuple[str, str]:
    """("need", "shelter") for "need:shelter"; ("indicator", "dimension.key") without a prefix."""
    prefix, colon, value = raised.partition(":")
    return (prefix, value) if colon else ("indicator", raised)
