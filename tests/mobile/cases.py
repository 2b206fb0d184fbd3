"""Fictional people, cases and consents for tests, and a checklist of three questions."""

from datetime import timedelta

from protocols.referral.consent import Consent, Grant
from protocols.referral.services import Service, Urgency
from protocols.screening.interview import Interview
from protocols.screening.model import (
    Checklist,
    Choice,
    Kind,
    Purpose,
    Question,
    Section,
    Validation,
    Voice,
)
from tests.mobile.fake_server import SHELTERS

NAME = "CANARY-Fictional-Amina"
HEALTH = "CANARY-fictional-health"
KINDS = ("identity", "contact", "needs", "findings")
CASE = {
    "identity": {"name": NAME, "age": 27, "sex": "female"},
    "contact": {"phone": "CANARY-000", "safe_times": "mornings"},
    "needs": {"services": ["shelter"], "urgency": "immediate"},
    "findings": [{"kind": "presumed_victim"}],
    "health": {"notes": HEALTH},
}
SAID = dict.fromkeys(("ar", "fr", "en"), "fictional")


def question(key, kind=Kind.YES_NO_UNKNOWN, *choices):
    made = tuple(Choice(each, SAID) for each in choices or ("yes", "no", "unknown"))
    return Question(key, kind, Voice.PERSON, SAID, choices=() if kind is Kind.TEXT else made)


def checklist(version=1):
    """A fictional checklist; its second version asks one question less."""
    asked = [question("safe_here"), question("paid", Kind.SINGLE, "all", "some"), question("free")]
    return Checklist(
        id="fictional-adult",
        version=version,
        role="labour_inspector",
        population="adult",
        languages=("ar", "fr", "en"),
        title=SAID,
        sets=(),
        sources=(),
        reviewers=(),
        validation=Validation("not_validated", SAID),
        not_observed={},
        sections=(
            Section("s", SAID, Purpose.QUESTIONS, tuple(asked if version == 1 else asked[1:])),
        ),
        combinations=(),
    )


def screen(phone, **more):
    """A screening answered to its end and saved at each answer."""
    record = phone.screenings.start("fictional-adult", "fr", division="TN-61", **more)
    assert isinstance(record.interview, Interview)
    return record


def consent_to(record, *providers, kinds=KINDS, **changes):
    """The person's spoken consent to each provider, for a month."""
    given = record.started
    until = given + timedelta(days=30)
    values = {
        "referral": record.referral,
        "grants": tuple(Grant(each, kinds, "referral", until) for each in providers),
        "given": given,
        "how": "spoken",
        "language": "fr",
        "population": "adult",
    }
    return Consent(**{**values, **changes})


def send(phone, *providers, record=None, urgency=Urgency.IMMEDIATE, **more):
    """Screen and send a case to `providers` (both shelters if none is named); the referral's id."""
    record = record or screen(phone)
    chosen = providers or SHELTERS
    consent = more.pop("consent", None) or consent_to(record, *chosen)
    return phone.referrals.send(record, CASE, chosen, consent, (Service.SHELTER,), urgency)
