"""Words for what travels as codes: roles, steps, states, services, kinds of information, reasons.

A code without words here is shown as it is: better a code than nothing, or than a guess.
"""

from collections.abc import Iterable, Mapping

from mobile.flows.parts import Option
from mobile.locale import Words, mark
from protocols.referral.services import Service
from protocols.referral.wording import service_text

ROLES = {
    "field_worker": mark("field worker"),
    "provider_staff": mark("provider"),
    "coordinator": mark("coordinator"),
    "server": mark("server"),
}
KINDS = {
    "submitted": mark("submitted"),
    "offered": mark("offered"),
    "opened": mark("opened"),
    "accepted": mark("accepted"),
    "declined": mark("declined"),
    "asked": mark("asked"),
    "answered": mark("answered"),
    "expired": mark("expired"),
    "in_service": mark("in service"),
    "handed_over": mark("handed over"),
    "closed": mark("closed"),
    "feedback": mark("feedback"),
    "withdrawn": mark("withdrawn"),
    "returned": mark("returned"),
    "unreadable": mark("unreadable"),
    "resealed": mark("sealed anew"),
}
"""Steps of a timeline, as `amana audit` says them too."""
WAITING = {
    "submitted": mark("the referral"),
    "opened": mark("that you opened it"),
    "accepted": mark("the acceptance"),
    "declined": mark("the refusal"),
    "asked": mark("your question"),
    "answered": mark("your answer"),
    "in_service": mark("the start of care"),
    "handed_over": mark("the handover"),
    "closed": mark("the closing"),
    "feedback": mark("your report"),
    "withdrawn": mark("the withdrawal"),
    "unreadable": mark("that it cannot be opened"),
    "resealed": mark("the case, sealed anew"),
}
"""What waits on a phone for the net, by the step it is."""
STRENGTHS = {
    "hybrid": mark("Strongest sealing: it holds against future quantum computers too."),
    "x25519_theirs": mark("Ordinary sealing: a phone of theirs cannot do the strongest yet."),
    "x25519_ours": mark("Ordinary sealing: this phone cannot do the strongest yet."),
}
"""How strongly an envelope is sealed, and why not more."""
STATES = {
    "drafted": mark("Not sent"),
    "sealed": mark("Sealed on this phone, not sent yet"),
    "submitted": mark("Received by the server; it looks for the next provider"),
    "offered": mark("Offered to a provider, not opened yet"),
    "opened": mark("Opened by the provider; no answer yet"),
    "asked": mark("The provider asks a question"),
    "accepted": mark("Accepted"),
    "in_service": mark("In care"),
    "handed_over": mark("Handed over"),
    "closed": mark("Closed"),
    "withdrawn": mark("Withdrawn"),
    "returned": mark("Returned: no provider on the list is left"),
    "unreadable": mark("The provider could not open it"),
}
URGENCIES = {
    "immediate": mark("Immediate"),
    "urgent": mark("Urgent"),
    "routine": mark("Not urgent"),
}
SEXES = {
    "female": mark("Female"),
    "male": mark("Male"),
    "other": mark("Other"),
    "unknown": mark("Not said"),
}
INFORMATION = {
    "identity": mark("Who the person is"),
    "contact": mark("How to reach the person"),
    "needs": mark("What help is needed"),
    "findings": mark("What the screening found"),
    "answers": mark("The answers to the questions"),
    "health": mark("Health"),
    "notes": mark("Your notes"),
}
WITNESSES = {
    "field_worker": mark("Only you"),
    "colleague": mark("A colleague"),
    "interpreter": mark("An interpreter"),
    "cultural_mediator": mark("A cultural mediator"),
    "guardian": mark("The guardian"),
    "child_protection_officer": mark("A child protection officer"),
    "trusted_person": mark("Somebody the person trusts"),
}
HOW = {
    "spoken": mark("Spoken"),
    "signed": mark("Signed"),
    "not_asked": mark("Could not be asked"),
}
BASES = {
    "person": mark("The person agrees"),
    "guardian": mark("The guardian agrees"),
    "authority": mark("The competent authority agrees"),
    "best_interests": mark("The child's best interests"),
    "emergency": mark("Emergency, the person cannot be asked"),
}
ASSENTS = {
    "given": mark("The child agrees"),
    "refused": mark("The child does not agree"),
    "too_young": mark("Too young to be asked"),
}
DECLINE_REASONS = {
    "no_places": mark("No free places"),
    "not_eligible": mark("We cannot take this person"),
    "out_of_area": mark("Outside our area"),
    "service_not_given": mark("We do not give this help"),
    "conflict_of_interest": mark("Conflict of interest"),
    "not_safe_here": mark("Not safe with us"),
    "other_reason": mark("Another reason"),
}
OUTCOMES = {
    "service_completed": mark("Help given, completed"),
    "service_goes_on": mark("Help goes on elsewhere"),
    "person_left": mark("The person left"),
    "person_declined": mark("The person did not want the help"),
    "not_reached": mark("The person could not be reached"),
    "returned_home": mark("The person returned home"),
    "other_reason": mark("Another reason"),
}
STOP_REASONS = {
    "not_safe": mark("It is not safe to talk"),
    "person_wishes": mark("The person wants to stop"),
    "person_distressed": mark("The person is distressed"),
    "interrupted": mark("We were interrupted"),
    "no_interpreter": mark("No interpreter"),
}
WITHDRAWAL_REASONS = {
    "consent_withdrawn": mark("The person withdrew consent"),
    "sent_in_error": mark("Sent in error"),
    "helped_elsewhere": mark("Help was found elsewhere"),
}
WITHOUT_CONSENT = {
    "emergency": mark("Without consent: an emergency, on a stated legal ground"),
    "best_interests": mark("Without consent: the child's best interests, on a stated ground"),
}
"""Bases of `protocols.referral.consent.STANDS_IN`, as a submission's reason."""
REASONS = {**DECLINE_REASONS, **OUTCOMES, **WITHDRAWAL_REASONS, **WITHOUT_CONSENT}
PROOFS = {
    "proven": mark("proven"),
    "waiting": mark("not sent yet"),
    "unproven": mark("not proven"),
}


def label(words: Words, table: Mapping[str, str], code: str) -> str:
    """The words of a code of one of the tables above."""
    return words(table[code]) if code in table else code


def options(
    words: Words, table: Mapping[str, str], chosen: Iterable[str] = ()
) -> tuple[Option, ...]:
    """A table as choices."""
    picked = frozenset(chosen)
    return tuple(Option(key, words(text), key in picked) for key, text in table.items())


def role_text(words: Words, role: str) -> str:
    """A role's words."""
    return label(words, ROLES, role)


def service_title(words: Words, service: str) -> str:
    """A service as a title; its code where this app has no words for it."""
    if service not in set(Service):
        return service
    text = service_text(service, words.language)
    return text[:1].upper() + text[1:]


def services_text(words: Words, services: Iterable[str]) -> str:
    """Services in a row."""
    return words.list(service_title(words, each) for each in services)


def yes_no(words: Words, value: bool) -> str:
    """Yes or no."""
    return words("Yes") if value else words("No")
