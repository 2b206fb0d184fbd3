"""Fictional people, cases and consents for tests, and a checklist of three questions."""

from datetime import timedelta

from protocols.plain import dump_json
from protocols.referral.consent import Consent, Grant
from protocols.referral.services import Service, Urgency
from protocols.screening.interview import Interview
from protocols.screening.model import Purpose
from tests.mobile.fake_server import SHELTERS

NAME = "CANARY-Fictional-Amina"
HEALTH = "CANARY-fictional-health"
ID = "fictional-adult"
KINDS = ("identity", "contact", "needs", "findings")
CASE = {
    "identity": {"name": NAME, "age": 27, "sex": "female"},
    "contact": {"phone": "CANARY-000", "safe_times": "mornings"},
    "needs": {"services": ["shelter"], "urgency": "immediate"},
    "findings": [{"kind": "presumed_victim"}],
    "health": {"notes": HEALTH},
}
SAID = dict.fromkeys(("ar", "fr", "en"), "fictional")


def question(key, kind="yes_no_unknown", **more):
    return {"key": key, "kind": kind, "voice": "person", "text": SAID, **more}


def checklist_file(version=1, checklist_id=ID, **changes):
    """The file of a fictional checklist that asks three questions, first whether it is safe; its
    other versions ask that in another way."""
    first = "safe_here" if version == 1 else f"safe_in_{version}"
    only_if = {"equals": {"question": first, "value": "unknown"}}
    hidden = [question(each, show_if=only_if, fills="conduct") for each in ("b", "c", "d", "e")]
    paid = question(
        "paid", "single", choices=[{"key": "all", "text": SAID}, {"key": "some", "text": SAID}]
    )
    asked = [question(first, fills="conduct"), *hidden, paid, question("free", fills="conduct")]
    role, _, population = checklist_id.rpartition("-")
    file = {
        "format": "amana-checklist/1",
        "id": checklist_id,
        "version": version,
        "role": role,
        "population": population,
        "languages": ["ar", "fr", "en"],
        "title": SAID,
        "sets": [{"name": f"{population}-labour", "coverage": "gate"}],
        "sources": [],
        "reviewers": [],
        "validation": {"status": "not_validated", "text": SAID},
        "not_observed": {},
        "sections": [
            {"key": purpose, "title": SAID, "purpose": purpose, "questions": [each]}
            for purpose, each in zip(Purpose, asked, strict=True)
        ],
    }
    return dump_json(file | changes)


class Carried:
    """The checklists that the app carries, in place of the real ones: id -> file. `version` is the
    fictional one's."""

    def __init__(self, make=checklist_file, checklist_id=ID):
        self._make = make
        self._id = checklist_id
        self.files = {}
        self.version = 1

    @property
    def version(self):
        return self._version

    @version.setter
    def version(self, version):
        self._version = version
        self.files[self._id] = self._make(version)

    def available(self):
        return tuple(sorted(self.files))

    def packaged(self, checklist_id):
        return self.files[checklist_id]

    def install(self, monkeypatch):
        for name in ("available", "packaged"):
            monkeypatch.setattr(f"mobile.sync.editions.{name}", getattr(self, name))
        return self


def screen(phone, **more):
    """A screening answered to its end and saved at each answer."""
    record = phone.screenings.start(ID, "fr", division="TN-61", **more)
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
