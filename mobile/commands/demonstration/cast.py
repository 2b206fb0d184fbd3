"""Who plays in the demo and what they say. Everybody here is fictional, by name and number.

+999 is a country code that nobody has (ITU-T E.164: reserved), so no telephone rings.
"""

from attrs import frozen

PIN = "482913"
"""The demo phones' PIN: printed, and guarding nothing real."""
COUNTRY = "TN"
DIVISION = "TN-81"
CHECKLIST = "labour_inspector-adult"


@frozen
class Holder:
    """Somebody with a phone: `name` in the demo's folder, `organisation` an id of the fictional
    directory, `role` a certificate's, `label` what colleagues see of the phone."""

    name: str
    organisation: str
    role: str
    label: str


INSPECTOR = Holder(
    "inspector", "demo-labour-inspectorate-tn", "field_worker", "Inspector's phone (demo)"
)
SHELTERS = (
    Holder("shelter-sfax", "demo-shelter-sfax", "provider_staff", "Sfax shelter's phone (demo)"),
    Holder(
        "shelter-medenine",
        "demo-mens-shelter-medenine",
        "provider_staff",
        "Medenine shelter's phone (demo)",
    ),
)
COORDINATOR = Holder(
    "coordinator", "demo-coordination-office-tn", "coordinator", "Coordinator's phone (demo)"
)
EVERYBODY = (INSPECTOR, *SHELTERS, COORDINATOR)

ANSWERS: dict[str, str | tuple[str, ...]] = {
    "place_private": "yes",
    "feels_safe": "yes",
    "urgent_signs": ("none",),
    "language": "directly",
    "consent_to_talk": "yes",
    "age_group": "adult",
    "seen_place": ("locked_or_guarded", "bad_sleeping_place"),
    "seen_person": ("papers_with_other",),
    "seen_records": ("no_contract", "false_pay"),
    "found_through": "agency_or_stranger",
    "as_promised": "different",
    "what_differs": ("pay", "housing"),
    "used_to_accept": ("money", "no_work_at_home"),
    "journey_hold": ("debt", "papers"),
    "rest": "cannot_rest",
    "pay": ("none_or_little", "kept_back"),
    "conditions": ("no_contract", "bad_housing"),
    "held_by": ("papers", "debt"),
    "harmed_by": ("threats",),
    "can_leave": "no",
    "used_to_stay": ("depends",),
    "made_to": ("none",),
    "from_abroad": "by_oneself",
    "fear_of_return": "no",
    "wanted_help": ("safe_place", "lawyer", "work"),
}
"""By question of the checklist; what is not here, the person left unanswered."""

SEX, AGE, NATIONALITY = "male", 29, "SD"
NAME = "آدم طيف الخيالي"
PHONE = "+999 0140 772 635"
ABOUT = {
    "name": NAME,
    "phone": PHONE,
    "safe_times": "بعد العاشرة ليلًا، رسالة قصيرة بلا ذكر اسمي",
    "place": "الغرفة الثالثة خلف مستودع ضيعة السراب الأزرق",
    "health": "حرق قديم في الساعد الأيسر، ويحتاج إلى بخاخ للربو كل مساء",
    "notes": "يخشى المشرف سرابي بو وهم، وجواز سفره محجوز في الخزانة الخضراء.\n"
    "رقم أخيه: +999 0140 772 648",
}
SHARED = (
    ("identity", "contact", "needs", "findings", "answers", "health", "notes"),
    ("identity", "needs", "findings", "health"),
)
"""What the first choice and the fallback may know."""

QUESTION = "هل يستطيع آدم طيف أن ينام في الطابق العلوي مع ثلاثة آخرين؟"
ANSWER = "نعم، على أن يكون سريره قرب النافذة بسبب الربو."
FEEDBACK = "وصل آدم طيف الخيالي سالمًا، وله سرير ومحامية، وبخاخه معه."
DECLINE_REASON = "no_places"
OUTCOME = "service_completed"
