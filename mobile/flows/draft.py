"""What the worker enters between the findings and the sending, and its keeping in the vault."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from mobile.casework.phone import Phone
from mobile.casework.views import ScreeningRecord
from mobile.flows.labels import URGENCIES
from protocols.errors import MalformedError
from protocols.plain import from_plain, to_plain
from protocols.screening.assessment import Assessment
from protocols.screening.interview import Interview

ADULT = 18
FILLS = {
    "identity.name": "name",
    "identity.age": "age",
    "identity.sex": "sex",
    "identity.nationality": "nationality",
    "identity.languages": "languages",
    "contact.phone": "phone",
    "contact.safe_times": "safe_times",
    "contact.place": "place",
    "health.note": "health",
    "notes.text": "notes",
}
"""What a question fills (`protocols.screening.vocabulary.CASE_FIELDS`) -> field of `About`."""
DAYS = (7, 30, 90)
USUAL_DAYS = 30


@frozen(repr=False)
class About:
    """What the person said about themselves. Everything may be left out. Its `repr` says nothing,
    so that no log and no traceback can."""

    name: str = ""
    sex: str = "unknown"
    age: int | None = None
    nationality: str = ""
    languages: tuple[str, ...] = ()
    families: bool = False
    disability: bool = False
    phone: str = ""
    safe_times: str = ""
    place: str = ""
    health: str = ""
    notes: str = ""


@frozen
class Asked:
    """The consent as it is being asked. `kinds`: provider -> the kinds of information allowed.
    `basis`, `how`, `witness` and `assent` are codes of `protocols.referral.consent`, empty until
    chosen; `ground`: the legal ground stated. `given`: when it was recorded, None until then or
    since something it rests on changed."""

    kinds: dict[str, tuple[str, ...]] = field(factory=dict)
    days: int = USUAL_DAYS
    how: str = "spoken"
    language: str = ""
    witness: str = "field_worker"
    basis: str = ""
    assent: str = ""
    ground: str = ""
    given: datetime | None = None


@frozen
class Draft:
    """One screening's way to help. `needs` and `assessed`: the needs and the urgency that the
    findings gave when it was last looked at; `shortlist`: first choice first; `answer`: to a
    provider's question, while it is being written."""

    about: About = About()
    needs: tuple[str, ...] = ()
    assessed: str = "routine"
    services: tuple[str, ...] = ()
    urgency: str = "routine"
    division: str | None = None
    excluded: tuple[str, ...] = ()
    shortlist: tuple[str, ...] = ()
    asked: Asked = Asked()
    answer: str = ""

    def child(self, population: str) -> bool:
        """Whose path it is: by the age stated, else by whom the answers showed ("adult" or
        "child"; an age nobody knows is a child's)."""
        age = self.about.age
        return population == "child" if age is None else age < ADULT


def load_draft(phone: Phone, record: ScreeningRecord, assessment: Assessment) -> Draft:
    """The draft as kept, with what the answers have shown since; a new one where none is kept.

    A draft of an older app that no longer fits is begun anew: it holds nothing but what can be
    asked again.
    """
    kept = phone.drafts.get(record.id)
    begun = Draft(about=about_from(record.interview), division=record.division)
    try:
        draft = begun if kept is None else from_plain(kept, Draft)
    except MalformedError:
        draft = begun
    return _caught_up(draft, assessment)


def about_from(interview: Interview) -> About:
    """What the answers already said about the person, by what each question fills."""
    found: dict[str, Any] = {}
    for question in interview.checklist.questions:
        name = FILLS.get(question.fills or "")
        value = interview.answers.get(question.key)
        if name is not None and value is not None:
            found[name] = (value,) if name == "languages" and isinstance(value, str) else value
    try:
        return from_plain(to_plain(found), About)
    except MalformedError:
        return About()


def keep_draft(phone: Phone, record: ScreeningRecord, draft: Draft) -> None:
    """Durable when it returns."""
    phone.drafts.save(record.id, to_plain(draft))


def forget_consent(phone: Phone, screening: str) -> None:
    """The person took the consent back: what was allowed is no longer known."""
    kept = phone.drafts.get(screening)
    if kept is not None:
        phone.drafts.save(screening, kept | {"asked": to_plain(Asked())})


def carry_draft(phone: Phone, screening: str, record: ScreeningRecord) -> None:
    """What was entered for `screening`, for `record`, which asks other providers: they are chosen
    anew, and the person is asked anew what each may know."""
    kept = phone.drafts.get(screening)
    if kept is not None:
        anew = {"shortlist": [], "asked": to_plain(Asked()), "answer": ""}
        phone.drafts.save(record.id, kept | anew)


def keep_answer(phone: Phone, screening: str | None, text: str) -> None:
    """Keep what is being written to a provider, as long as the screening is kept."""
    kept = None if screening is None else phone.drafts.get(screening)
    if screening is not None and kept is not None:
        phone.drafts.save(screening, kept | {"answer": text})


def written_answer(phone: Phone, screening: str | None) -> str:
    """What was written so far; empty for nothing."""
    kept = None if screening is None else phone.drafts.get(screening)
    return str(kept.get("answer", "")) if isinstance(kept, dict) else ""


def changed(draft: Draft, **changes: Any) -> Draft:
    """The draft with changes that the consent rests on: consent is to be asked again."""
    return evolve(draft, asked=evolve(draft.asked, given=None), **changes)


def _caught_up(draft: Draft, assessment: Assessment) -> Draft:
    """Needs that came up since are added, urgency only rises; what the worker chose stays."""
    new = [each for each in assessment.needs if each not in draft.needs]
    rose = _rank(assessment.urgency) < _rank(draft.assessed)
    if not new and not rose:
        return draft
    return evolve(
        draft,
        needs=tuple(assessment.needs),
        assessed=assessment.urgency,
        services=_joined(draft.services, new),
        urgency=min(draft.urgency, assessment.urgency, key=_rank),
    )


def _joined(services: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*services, *new)))


def _rank(urgency: str) -> int:
    return list(URGENCIES).index(urgency)
