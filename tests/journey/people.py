"""What the journeys' people do on their phones, in steps that every journey needs."""

import base64
import re
from datetime import timedelta
from io import BytesIO

from mobile.commands.demonstration import cast
from protocols.referral.consent import Consent, Grant, InformationKind, Purpose
from protocols.referral.services import Service
from protocols.sealing.age_header import read_header

FIRST, FALLBACK = (each.organisation for each in cast.SHELTERS)
IDENTITY = {"name": cast.NAME, "age": cast.AGE, "sex": cast.SEX}
NEEDS = {"services": ["shelter"], "urgency": "urgent"}
NOTES = {"text": cast.ABOUT["notes"]}
CASE = {
    "identity": IDENTITY,
    "contact": {"phone": cast.PHONE, "place": cast.ABOUT["place"]},
    "needs": NEEDS,
    "health": {"text": cast.ABOUT["health"]},
    "notes": NOTES,
}


def consented(referral, now, providers):
    """Everybody may know who it is and what is needed; the first choice the notes as well."""
    shares = [("identity", "needs", "notes"), *[("identity", "needs")] * len(providers)]
    grants = tuple(
        Grant(
            provider,
            tuple(InformationKind(kind) for kind in kinds),
            Purpose.REFERRAL,
            now + timedelta(days=7),
        )
        for provider, kinds in zip(providers, shares, strict=False)
    )
    return Consent(
        referral=referral, grants=grants, given=now, how="spoken", language="ar", population="adult"
    )


def queue(phone, now, providers=(FIRST, FALLBACK)):
    """A referral sealed and queued on the inspector's phone; its id. Nothing has left yet."""
    record = phone.screenings.start(cast.CHECKLIST, "ar", division=cast.DIVISION)
    consent = consented(record.referral, now, providers)
    return phone.referrals.send(record, CASE, providers, consent, (Service.SHELTER,), "urgent")


def offered(phone):
    """The referrals that now stand with this phone's organisation."""
    return [each.referral for each in phone.inbox.list() if each.ours]


def words(messages, purpose):
    """What was said for that purpose, oldest first."""
    return [each.content["text"] for each in messages if each.purpose == purpose]


def stanzas_on(files):
    """The stanza types of every age file that crossed the wire in base64, file by file."""
    begins = re.escape(base64.b64encode(b"age-encryption.org/v1\n->"))
    sealed = re.compile(rb'"(' + begins + rb'[A-Za-z0-9+/]+=*)"')
    found = []
    for file in files:
        for text in sealed.findall(file.read_bytes()):
            header = read_header(BytesIO(base64.b64decode(text, validate=True)))
            found.append({each.kind for each in header.stanzas})
    return found
