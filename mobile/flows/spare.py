"""The spare copy: what is in it, how old the last one is, and writing a new one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.spare import CopyView
from mobile.casework.spare_places import places
from mobile.flows.errors import latin
from mobile.flows.flow import Flow, Run, at_once
from mobile.flows.parts import Goto, Option
from mobile.flows.refusals import NothingChosenError
from mobile.locale import Words

Places = Callable[[], tuple[Path, ...]]


@frozen
class SpareView:
    """`standing`: the last copy and its age; `warning`: it does not belong to the present sheets.
    Without sheets `button` is empty, and `sheets_button` leads to them."""

    title: str
    standing: str
    warning: str
    meaning: tuple[str, ...]
    places_title: str
    places: tuple[Option, ...]
    place_label: str
    place_hint: str
    button: str
    sheets_button: str
    take_button: str
    written: str
    busy: bool
    problem: str | None
    leads_to: Goto | None


class SpareFlow(Flow):
    """`places` lists where a copy could go."""

    def __init__(
        self, phone: Phone, words: Words, run: Run = at_once, places: Places = places
    ) -> None:
        super().__init__(phone, words, run)
        self._places = places()
        last = phone.spare.last
        known = last.path.parent if last is not None else None
        if known is not None and known.is_dir() and known not in self._places:
            self._places = (known, *self._places)
        first = self._places[0] if self._places else None
        self._chosen = known if known in self._places else first
        self._written = ""

    @property
    def view(self) -> SpareView:
        """What the screen shows now. Raises LockedError."""
        words, last = self.words, self.phone.spare.last
        sheets = self.phone.recovery.standing is not None
        return SpareView(
            title=words("Spare copy"),
            standing=standing_text(words, last, self.phone.now),
            warning=warning_text(words, last),
            meaning=_meaning(words),
            places_title=words("Where to?"),
            places=tuple(path_option(each, each == self._chosen) for each in self._places),
            place_label=words("Or another folder"),
            place_hint=words("A stick, a card, or a folder that a colleague's phone shares."),
            button=words("Write the copy") if sheets else "",
            sheets_button="" if sheets else words("First make recovery sheets"),
            take_button=words("Take in a spare copy"),
            written=self._written,
            busy=self.busy,
            problem=self.problem,
            leads_to=None,
        )

    def choose(self, place: str) -> None:
        """One of the places."""
        self._chosen, self._written = Path(place), ""

    def write(self, typed: str) -> None:
        """Write the copy into the folder `typed`, or into the place chosen where it is empty.
        Raises NothingChosenError; what else is refused shows as `problem`."""
        folder = Path(typed.strip()).expanduser() if typed.strip() else self._chosen
        if folder is None:
            raise NothingChosenError("choose where the copy is to go")
        self._written = ""
        self._slowly(lambda: self.phone.spare.write(folder), self._done)

    def _done(self, made: CopyView) -> None:
        self._written = self.words(
            "Written as {name}. Take it out, and keep it apart from this phone and from the"
            " sheets.",
            name=latin(self.words, made.path.name),
        )


def standing_text(words: Words, last: CopyView | None, now: datetime) -> str:
    """How old the last copy is, and how much is in it."""
    if last is None:
        return words("No spare copy was written yet.")
    return words(
        "Last written {time} ago, on {date}: {content}.",
        time=words.duration(now - last.made),
        date=words.date(last.made),
        content=content_text(words, last.screenings, last.cases),
    )


def warning_text(words: Words, last: CopyView | None) -> str:
    """That the present sheets do not open the last copy; empty where they do."""
    if last is None or last.fits:
        return ""
    return words(
        "The last copy belongs to older sheets: the present ones do not open it. Write a new one"
        " in its place."
    )


def content_text(words: Words, screenings: int, cases: int) -> str:
    """How much is in a copy: "2 screenings, 1 referral"."""
    return words.list(
        (
            words.plural("{n} screening", "{n} screenings", screenings),
            words.plural("{n} referral", "{n} referrals", cases),
        )
    )


def path_option(path: Path, chosen: bool) -> Option:
    """A folder or file to choose: its name, and below it where it is."""
    return Option(str(path), path.name, chosen, str(path.parent))


def _meaning(words: Words) -> tuple[str, ...]:
    return (
        words(
            "If this phone is lost, what was not sent is lost with it. A spare copy holds your open"
            " screenings and referrals, sealed. Enough of your recovery sheets open it on a new"
            " phone of your organisation; nothing else does, not even this phone."
        ),
        words(
            "What is over is not in it, and none of this phone's keys. It never goes to a server."
        ),
        words("Write it anew from time to time: it is as old as the day on which you wrote it."),
    )
