"""Who plays in the demo and what they say. Everybody here is fictional, by name and number.

+999 is a country code that nobody has (ITU-T E.164: reserved), so no telephone rings.
"""

from typing import Any

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

NAME = "آدم طيف الخيالي"
PHONE = "+999 0140 772 635"
IDENTITY: dict[str, Any] = {
    "name": NAME,
    "age": 29,
    "sex": "male",
    "nationality": "SD",
    "languages": ["ar"],
}
CONTACT: dict[str, Any] = {
    "phone": PHONE,
    "safe_times": "بعد العاشرة ليلًا، رسالة قصيرة بلا ذكر اسمي",
    "place": "الغرفة الثالثة خلف مستودع ضيعة السراب الأزرق",
}
HEALTH: dict[str, Any] = {"text": "حرق قديم في الساعد الأيسر، ويحتاج إلى بخاخ للربو كل مساء"}
NOTES: dict[str, Any] = {
    "text": "يخشى المشرف سرابي بو وهم، وجواز سفره محجوز في الخزانة الخضراء.\n"
    "رقم أخيه: +999 0140 772 648"
}
QUESTION = "هل يستطيع آدم طيف أن ينام في الطابق العلوي مع ثلاثة آخرين؟"
ANSWER = "نعم، على أن يكون سريره قرب النافذة بسبب الربو."
FEEDBACK = "وصل آدم طيف الخيالي سالمًا، وله سرير ومحامية، وبخاخه معه."
DECLINE_REASON = "no_places"
OUTCOME = "service_completed"
SHARED_WITH_FIRST = ("identity", "contact", "needs", "findings", "health", "notes")
SHARED_WITH_FALLBACK = ("identity", "needs", "findings", "health")
