"""The shelters' part: the first has no place, the second opens, asks, accepts, cares and closes."""

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.views import Message
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.narration import Narrator, plain
from mobile.commands.demonstration.processes import DemoError
from mobile.commands.demonstration.stage import Stage


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
    phone, other = stage.phones[two.first], stage.phones[two.second]
    stage.sync(two.first, two.second)
    _demand(_offered(phone) == [referral], "the first choice was not offered the referral")
    _demand(_offered(other) == [], "the fallback was offered it too early")
    tell.done("offered", name=_name(stage, two.first, tell))
    tell.note("fallback_waits", name=_name(stage, two.second, tell))
    phone.inbox.open(referral)
    phone.inbox.decline(referral, cast.DECLINE_REASON)
    stage.sync(two.first)
    tell.turned("declined", name=_name(stage, two.first, tell))


def accept(stage: Stage, two: Two, referral: str, tell: Narrator) -> None:
    """The fallback opens, asks, is answered, and takes the person."""
    phone, inspector = stage.phones[two.second], stage.phones[cast.INSPECTOR.name]
    stage.sync(two.second)
    _demand(_offered(phone) == [referral], "the fallback was not offered the referral")
    tell.done("fallback_offered", name=_name(stage, two.second, tell))
    case = phone.inbox.open(referral)
    tell.done("opened", sender=case.sender_name)
    for kind, value in case.content.items():
        tell.quote(f"{kind}: {plain(value)}")
    phone.inbox.ask(referral, cast.QUESTION)
    stage.sync(two.second, cast.INSPECTOR.name)
    tell.done("asked")
    tell.quote(said(inspector.referrals.messages(referral), "question"))
    inspector.referrals.answer(referral, cast.ANSWER)
    stage.sync(cast.INSPECTOR.name, two.second)
    tell.done("answered")
    tell.quote(said(phone.inbox.open(referral).messages, "answer"))
    phone.inbox.accept(referral)
    stage.sync(two.second)
    tell.done("accepted", name=_name(stage, two.second, tell))


def care(stage: Stage, two: Two, referral: str, tell: Narrator) -> None:
    """In service, feedback to the one who referred, closed."""
    phone, inspector = stage.phones[two.second], stage.phones[cast.INSPECTOR.name]
    phone.inbox.start_service(referral)
    tell.done("in_service")
    phone.inbox.feedback(referral, cast.FEEDBACK, cast.OUTCOME)
    phone.inbox.close(referral, cast.OUTCOME)
    stage.sync(two.second, cast.INSPECTOR.name)
    tell.done("closed")
    tell.done("feedback")
    tell.quote(said(inspector.referrals.messages(referral), "feedback"))
    view = inspector.referrals.get(referral)
    _demand(view.state == "closed", f"the inspector sees the referral as {view.state}")
    _demand(view.verified, "the inspector's timeline is not proven")
    tell.done("learned", events=len(view.timeline))


def said(messages: tuple[Message, ...], purpose: str) -> str:
    """The words of the newest message of that purpose. Raises DemoError without one."""
    texts = [each.content["text"] for each in messages if each.purpose == purpose]
    _demand(bool(texts), f"no {purpose} has arrived")
    return str(texts[-1])


def _offered(phone: Phone) -> list[str]:
    return [each.referral for each in phone.inbox.list() if each.ours]


def _name(stage: Stage, holder: str, tell: Narrator) -> str:
    phone = stage.phones[holder]
    organisation = phone.identity.organisation if phone.identity else holder
    return phone.directory.name(organisation, tell.language)


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DemoError(f"{otherwise}; look into server.log")
