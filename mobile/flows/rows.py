"""Referrals as lines of a list, the same on every screen."""

from mobile.casework.resealing import Keeping
from mobile.casework.views import InboxItem, OverdueItem, ReferralView
from mobile.flows.labels import STATES, label
from mobile.flows.parts import Goto, Row
from mobile.locale import Words


def short(referral: str) -> str:
    """A referral's id as people name it: its first eight characters."""
    return referral[:8]


def referral_row(words: Words, view: ReferralView) -> Row:
    """A sent referral as a line."""
    return Row(
        view.id,
        words("Referral {id}", id=short(view.id)),
        label(words, STATES, view.state),
        _sent_mark(words, view),
        urgent=view.state in ("returned", "unreadable", "asked") or bool(view.unreadable_to),
        goto=Goto("sent", view.id),
    )


def _sent_mark(words: Words, view: ReferralView) -> str:
    if view.waiting:
        return words("not sent yet")
    return words("cannot be opened") if view.unreadable_to else ""


def keeping_rows(words: Words, keeping: Keeping) -> tuple[Row, ...]:
    """What a provider should do so that no open case hangs on one phone."""
    here = Goto("sharing")
    rows = [
        Row(
            each.device.keyid,
            words.plural(
                "{n} open case cannot be opened by {phone} yet",
                "{n} open cases cannot be opened by {phone} yet",
                len(each.referrals),
                phone=each.device.name,
            ),
            words("Share it, if you know the phone."),
            goto=here,
        )
        for each in keeping.lacking
    ]
    if keeping.alone and not rows:
        title = words.plural(
            "Only this phone can open {n} open case",
            "Only this phone can open {n} open cases",
            len(keeping.alone),
        )
        detail = words("Ask the coordinator to enrol a second phone for your organisation.")
        rows.append(Row("alone", title, detail, goto=here))
    return tuple(rows)


def inbox_row(words: Words, item: InboxItem) -> Row:
    """A referral in a provider's inbox as a line."""
    state = label(words, STATES, item.state)
    if not item.ours:
        state = words("Elsewhere now: {state}", state=state)
    elif item.deadline is not None:
        state = words("Answer by {moment}", moment=words.moment(item.deadline))
    return Row(
        item.referral,
        words("From {name}", name=item.from_name),
        "\n".join((words("Referral {id}", id=short(item.referral)), state)),
        _inbox_mark(words, item),
        urgent=item.late,
        goto=Goto("referral", item.referral),
    )


def _inbox_mark(words: Words, item: InboxItem) -> str:
    if item.late:
        return words("late")
    if item.stuck or item.withheld:
        return words("cannot be opened")
    if item.waiting:
        return words("not sent yet")
    return words("new") if item.ours and not item.opened else ""


def overdue_row(words: Words, item: OverdueItem) -> Row:
    """A late referral as a line."""
    return Row(
        item.referral,
        words("Referral {id}", id=short(item.referral)),
        words("Waits for {name}", name=item.waiting_on_name or words("nobody")),
        words("late by {time}", time=words.duration(item.overdue_by)),
        urgent=True,
        goto=Goto("coordination", item.referral),
    )
