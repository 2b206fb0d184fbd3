"""A referral's timeline and messages, as lines."""

from attrs import frozen

from mobile.casework.views import Message, ReferralView, TimelineProof, TimelineRow
from mobile.flows.labels import (
    KINDS,
    OUTCOMES,
    PROOFS,
    REASONS,
    STRENGTHS,
    WAITING,
    label,
    role_text,
)
from mobile.locale import Words, mark

PURPOSES = {
    "question": mark("Question"),
    "answer": mark("Answer"),
    "feedback": mark("Feedback"),
}


@frozen
class StepView:
    """One step: what, who, when (the server's time, else when it was signed), how long after the
    step before, and how far it is proven."""

    what: str
    who: str
    when: str
    after: str
    reason: str
    late: bool
    proof: str
    proven: bool


@frozen
class MessageView:
    """One sealed message. `own`: written on this phone; `sealing`: how strongly, then."""

    what: str
    who: str
    when: str
    text: str
    own: bool
    sealing: str = ""


def step_views(words: Words, view: ReferralView, names: dict[str, str]) -> tuple[StepView, ...]:
    """The timeline, oldest first. `names`: organisations' names by id."""
    return tuple(_step(words, each, names) for each in view.timeline)


def message_views(
    words: Words, messages: tuple[Message, ...], names: dict[str, str]
) -> tuple[MessageView, ...]:
    """The messages, oldest first. `names`: organisations' names by id."""
    return tuple(_message(words, each, names) for each in messages)


def waits_text(words: Words, view: ReferralView) -> str:
    """What of a referral has not left this phone; empty for nothing."""
    if not view.waiting:
        return ""
    steps = words.list(label(words, WAITING, each) for each in view.waiting)
    return words("Still on this phone, not sent yet: {steps}", steps=steps)


def is_proven(view: ReferralView) -> bool:
    """Whether something of it is in the log, and all of that holds."""
    return view.verified and any(each.proof is TimelineProof.PROVEN for each in view.timeline)


def proof_text(words: Words, view: ReferralView) -> str:
    """Whether the whole timeline is proven, and what to do where it is not."""
    if all(each.proof is TimelineProof.WAITING for each in view.timeline):
        return words("Nothing is proven yet: it has not reached the server.")
    if view.verified:
        return words("Every step that was sent is signed, and proven to be in the country's log.")
    return words("Not every step can be proven on this phone. Show it to the coordinator.")


def _step(words: Words, row: TimelineRow, names: dict[str, str]) -> StepView:
    who = role_text(words, row.role)
    where = names.get(row.organisation or "", row.organisation_name)
    if where:
        who = words("{who} · {where}", who=who, where=where)
    if row.kind == "offered" and row.provider:
        who = words("to {name}", name=names.get(row.provider, row.provider))
    after = "" if row.waited is None else words("after {time}", time=words.duration(row.waited))
    return StepView(
        what=label(words, KINDS, row.kind),
        who=who,
        when=words.moment(row.received or row.claimed),
        after=after,
        reason=label(words, REASONS, row.reason) if row.reason else "",
        late=row.late,
        proof=label(words, PROOFS, row.proof),
        proven=row.proof is TimelineProof.PROVEN,
    )


def _message(words: Words, message: Message, names: dict[str, str]) -> MessageView:
    sender = names.get(message.organisation or "", message.sender_name)
    text = str(message.content.get("text", ""))
    outcome = message.content.get("outcome")
    if isinstance(outcome, str):
        text = "\n".join(filter(None, (label(words, OUTCOMES, outcome), text)))
    return MessageView(
        what=label(words, PURPOSES, message.purpose),
        who=words("You") if message.own else sender,
        when=words.moment(message.created),
        text=text,
        own=message.own,
        sealing=label(words, STRENGTHS, message.strength) if message.strength else "",
    )
