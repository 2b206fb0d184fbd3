"""Editions of checklists in words: which one is used, since when, and which one was kept to."""

from mobile.casework.phone import Phone
from mobile.casework.views import EditionView, ScreeningRecord
from mobile.locale import Words


def edition_text(words: Words, edition: EditionView) -> str:
    """The edition that the next screening runs under."""
    number = edition.checklist.version
    if edition.since is None:
        used = words("Edition {n}, which came with this app", n=number)
    else:
        date = words.date(edition.since)
        used = words("Edition {n}, on this phone since {date}", n=number, date=date)
    if not edition.newer_unusable:
        return used
    newer = words("A newer edition was published, but this app cannot use it. Update the app.")
    return f"{used}\n{newer}"


def older_text(phone: Phone, words: Words, record: ScreeningRecord) -> str:
    """That a screening keeps to an older edition than new ones begin with; empty otherwise."""
    own = record.interview.checklist.version
    newest = phone.editions.newest(record.checklist).checklist.version
    if own >= newest:
        return ""
    return words(
        "This screening keeps to edition {own}, with which it began. New ones use edition"
        " {newest}.",
        own=own,
        newest=newest,
    )


def carried_text(words: Words, record: ScreeningRecord) -> str:
    """That a screening's own edition is gone and its answers were carried over; empty otherwise."""
    if record.carried_from is None:
        return ""
    return words(
        "This screening began with edition {old}, which is no longer on this phone. The answers"
        " that fit were carried over to edition {new}. Go through the questions again.",
        old=record.carried_from,
        new=record.interview.checklist.version,
    )
