"""The labour inspector's part: screening in Arabic, findings, help, consent, sealing, sending."""

from datetime import timedelta
from typing import Any

from attrs import evolve
from protocols.referral.consent import Consent, Grant, InformationKind, Purpose
from protocols.referral.routing import Person, Ranking, Urgency, routing_text
from protocols.screening.assessment import Assessment, answer_text, assess, finding_title
from rich import box
from rich.table import Table

from mobile.casework.phone import Phone, now_utc
from mobile.casework.views import ScreeningRecord
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.narration import Narrator
from mobile.commands.demonstration.processes import DemoError
from protocols.referral.provider import Sex
from protocols.referral.services import Service, services_for
from protocols.screening.model import Kind

SCREENED_IN = "ar"
CONSENT_DAYS = 30


def screen(phone: Phone, tell: Narrator) -> ScreeningRecord:
    """The interview, question by question, each answer in the vault before the next is asked."""
    record = phone.screenings.start(cast.CHECKLIST, SCREENED_IN, division=cast.DIVISION)
    section = None
    while (question := record.interview.current) is not None:
        interview = record.interview
        if interview.section is not section and interview.section is not None:
            section = interview.section
            tell.note("section", title=section.title[SCREENED_IN])
        if question.kind is Kind.NOTICE:
            interview = interview.next()
        elif question.key in cast.ANSWERS:
            interview = interview.answer(cast.ANSWERS[question.key])
        else:
            interview = interview.skip()
        record = evolve(record, interview=interview)
        phone.screenings.save(record)
    tell.done("screened", answers=len(record.interview.answers))
    return record


def find(record: ScreeningRecord, tell: Narrator) -> Assessment:
    """The findings, each with the rule and the answers that led to it."""
    found = assess(record.interview)
    for finding in found.findings:
        tell.done("finding", title=finding_title(finding.kind, tell.language))
        tell.quote(finding.text[tell.language])
        for reason in finding.reasons:
            tell.quote(f"— {reason.text[tell.language]} ({reason.source})")
            for each in reason.answers:
                tell.quote(f"    {answer_text(record.interview.checklist, each, SCREENED_IN)}")
    return found


def choose(
    phone: Phone, record: ScreeningRecord, found: Assessment, tell: Narrator
) -> tuple[str, ...]:
    """Rank the directory offline; the two best shelters that have a phone in this demo."""
    person = Person(
        sex=Sex(cast.IDENTITY["sex"]),
        age=cast.IDENTITY["age"],
        nationality=cast.IDENTITY["nationality"],
        languages=tuple(cast.IDENTITY["languages"]),
    )
    ranking = phone.referrals.route(
        record, wanted(found), Urgency(found.urgency), cast.DIVISION, person
    )
    _show_ranking(phone, ranking, tell)
    played = {each.organisation for each in cast.SHELTERS}
    shortlist = tuple(each.provider for each in ranking.ranked if each.provider in played)
    if len(shortlist) != len(cast.SHELTERS):
        raise DemoError("routing did not rank both of the demo's shelters; look at the reasons")
    return shortlist


def wanted(found: Assessment) -> tuple[Service, ...]:
    """The services that the needs ask for."""
    return services_for(found.needs)


def consent_of(record: ScreeningRecord, shortlist: tuple[str, ...]) -> Consent:
    """What the person allows each shelter to know. The first may know more than the second."""
    now = now_utc()
    shares = (cast.SHARED_WITH_FIRST, cast.SHARED_WITH_FALLBACK)
    grants = tuple(
        Grant(provider, kinds, Purpose.REFERRAL, now + timedelta(days=CONSENT_DAYS))
        for provider, kinds in zip(shortlist, shares, strict=True)
    )
    return Consent(
        referral=record.referral,
        grants=grants,
        given=now,
        how="spoken",
        language=SCREENED_IN,
        population="adult",
    )


def case_of(record: ScreeningRecord, found: Assessment) -> dict[str, Any]:
    """Everything known of the person, by kind of information; nobody gets it unfiltered."""
    return {
        "identity": cast.IDENTITY,
        "contact": cast.CONTACT,
        "needs": {"services": [str(each) for each in wanted(found)], "urgency": found.urgency},
        "findings": [each.text[SCREENED_IN] for each in found.findings],
        "answers": list(answers_in_words(record)),
        "health": cast.HEALTH,
        "notes": cast.NOTES,
    }


def answers_in_words(record: ScreeningRecord) -> tuple[dict[str, str], ...]:
    """Each answer that counts: the question's key and the words of the answer."""
    checklist = record.interview.checklist
    found = []
    for key, value in record.interview.answers.items():
        question = checklist.by_key[key]
        chosen = value if isinstance(value, tuple) else (value,)
        choices = [question.choice(str(each)) for each in chosen]
        words = [
            choice.text[SCREENED_IN] if choice else str(each)
            for choice, each in zip(choices, chosen, strict=True)
        ]
        found.append({"question": key, "answer": "؛ ".join(words)})
    return tuple(found)


def send(
    phone: Phone,
    record: ScreeningRecord,
    found: Assessment,
    shortlist: tuple[str, ...],
    consent: Consent,
) -> str:
    """Seal what each shelter may know and queue the signed submission; offline."""
    return phone.referrals.send(
        record, case_of(record, found), shortlist, consent, wanted(found), Urgency(found.urgency)
    )


def _show_ranking(phone: Phone, ranking: Ranking, tell: Narrator) -> None:
    directory, language = phone.directory, tell.language
    table = Table(
        "", tell.words("provider"), tell.words("why"), box=box.SIMPLE, header_style="bold"
    )
    for place, each in enumerate(ranking.ranked, 1):
        why = "; ".join(routing_text(reason, language) for reason in each.reasons)
        table.add_row(str(place), directory.name(each.provider, language), why)
    for out in ranking.excluded:
        table.add_row(
            "–", directory.name(out.provider, language), routing_text(out.reason, language),
            style="dim",
        )  # fmt: skip
    tell.done("ranked", ranked=len(ranking.ranked), excluded=len(ranking.excluded))
    tell.table(table)


def show_consent(phone: Phone, consent: Consent, tell: Narrator) -> None:
    """Who may know what, as a table."""
    kinds = tuple(InformationKind)
    table = Table("", *(tell.words(str(each)) for each in kinds), box=box.SIMPLE)
    for grant in consent.grants:
        marks = ("✓" if each in grant.kinds else "·" for each in kinds)
        table.add_row(phone.directory.name(grant.recipient, tell.language), *marks)
    tell.done("consented")
    tell.table(table)
