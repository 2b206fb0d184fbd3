"""The shelters' part: the first has no place, the second opens, asks, accepts, cares and closes."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.narration import Narrator
from mobile.commands.demonstration.processes import DemoError
from mobile.commands.demonstration.stage import Stage
from mobile.flows.referral import ReferralFlow
from mobile.flows.sent import SentFlow
from mobile.flows.timeline import MessageView
from protocols.referral.lifecycle import State


@frozen
class Two:
    """The shelters in the order of the person's consent, by their holders' names."""

    first: str
    second: str


def order(shortlist: tuple[str, ...]) -> Two:
    """Which phone is whose."""
    names = {each.organisation: each.name for each in cast.SHELTERS}
    return Two(names[shortlist[0]], names[shortlist[1]])


def decline(stage: Stage, two: Two, referral: str, tell: Narrator) -> None:
    """The first choice opens what it may know, has no place, and says so; its copy is gone."""
    stage.sync(two.first, two.second)
    _demand(_offered(stage.phones[two.first]) == [referral], "the first choice has no offer")
    _demand(_offered(stage.phones[two.second]) == [], "the fallback was offered it too early")
    screen = ReferralFlow(stage.phones[two.first], stage.words, referral)
    tell.done("offered", name=_name(stage, two.first, tell), deadline=screen.view.deadline)
    tell.note("fallback_waits", name=_name(stage, two.second, tell))
    screen.open()
    screen.decline(cast.DECLINE_REASON)
    stage.sync(two.first)
    _demand(not screen.view.case, "the first choice still shows the case")
    tell.turned("declined", name=_name(stage, two.first, tell))


def accept(stage: Stage, two: Two, referral: str, tell: Narrator) -> None:
    """The fallback opens, asks, is answered, and takes the person."""
    stage.sync(two.second)
    _demand(_offered(stage.phones[two.second]) == [referral], "the fallback has no offer")
    tell.done("fallback_offered", name=_name(stage, two.second, tell))
    screen = ReferralFlow(stage.phones[two.second], stage.words, referral)
    sender = SentFlow(stage.phones[cast.INSPECTOR.name], stage.words, referral)
    screen.open()
    tell.done("opened", sender=screen.view.sender)
    for section in screen.view.case:
        tell.section(section.title, section.lines)
    screen.ask(cast.QUESTION)
    stage.sync(two.second, cast.INSPECTOR.name)
    tell.done("asked")
    tell.quote(said(sender.view.messages, cast.QUESTION))
    sender.answer(cast.ANSWER)
    stage.sync(cast.INSPECTOR.name, two.second)
    tell.done("answered")
    tell.quote(said(screen.view.messages, cast.ANSWER))
    screen.accept()
    stage.sync(two.second)
    tell.done("accepted", name=_name(stage, two.second, tell))


def care(stage: Stage, two: Two, referral: str, tell: Narrator) -> None:
    """In service, feedback to the one who referred, closed."""
    screen = ReferralFlow(stage.phones[two.second], stage.words, referral)
    screen.start_service()
    tell.done("in_service")
    screen.feedback(cast.FEEDBACK, cast.OUTCOME)
    screen.close(cast.OUTCOME)
    stage.sync(two.second, cast.INSPECTOR.name)
    tell.done("closed")
    sender = SentFlow(stage.phones[cast.INSPECTOR.name], stage.words, referral)
    tell.done("feedback")
    tell.quote(said(sender.view.messages, cast.FEEDBACK))
    view = stage.phones[cast.INSPECTOR.name].referrals.get(referral)
    _demand(view.state == State.CLOSED, f"the inspector sees the referral as {view.state}")
    _demand(view.verified, "the inspector's timeline is not proven")
    tell.done("learned", events=len(view.timeline), proof=sender.view.proof)


def said(messages: tuple[MessageView, ...], words: str) -> str:
    """The message as it arrived on the other phone. Raises DemoError if it did not."""
    arrived = [each.text for each in messages if words in each.text and not each.own]
    _demand(bool(arrived), "a sealed message has not arrived")
    return arrived[-1]


def _offered(phone: Phone) -> list[str]:
    return [each.referral for each in phone.inbox.list() if each.ours]


def _name(stage: Stage, holder: str, tell: Narrator) -> str:
    phone = stage.phones[holder]
    organisation = phone.identity.organisation if phone.identity else holder
    return phone.directory.name(organisation, tell.language)


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DemoError(f"{otherwise}; look into server.log")
