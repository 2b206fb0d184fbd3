"""Who watches the country's record besides its server, and two phones held against each other."""

from datetime import datetime, timedelta

from attrs import frozen

from mobile.casework.phone import Phone
from mobile.casework.watching import Comparison, Match, WatcherView, WatchView
from mobile.flows.flow import Flow, Run, at_once
from mobile.locale import Words
from mobile.sync.ledger import Fork
from protocols.sealing.certificate import Role
from protocols.timeline.cosignature import without_cosignatures
from protocols.timeline.headline import head_to_text

GOOD, NOTICE, DANGER = "good", "notice", "danger"


@frozen
class WatcherLine:
    """One who watches: a certified name, what it is, how much it saw and when."""

    name: str
    detail: str


@frozen
class WatchScreenView:
    """`standing` says who watches, its `kind` how well. `head`: this phone's own record as a text
    for a QR code, empty before the first sync; `code`: the same to be read aloud. `verdict`: what
    the comparison found. `evidence`: the two records of a fork, as texts for QR codes."""

    title: str
    standing: str
    kind: str
    explanation: str
    watchers_title: str
    watchers: tuple[WatcherLine, ...]
    own: str
    show_title: str
    show_explanation: str
    head: str
    code: str
    compare_title: str
    compare_explanation: str
    compare_label: str
    compare_button: str
    verdict: str
    verdict_kind: str
    evidence_title: str
    evidence_explanation: str
    evidence: tuple[str, ...]
    busy: bool
    busy_text: str
    problem: str | None


class WatchFlow(Flow):
    """What this phone has seen of the record, and a comparison with another's."""

    def __init__(self, phone: Phone, words: Words, run: Run = at_once) -> None:
        super().__init__(phone, words, run)
        self._found: Comparison | None = None

    @property
    def view(self) -> WatchScreenView:
        """What the screen shows now."""
        words, seen = self.words, self.phone.watching.view()
        head = self.phone.watching.head_text() or ""
        fork = self.phone.watching.fork()
        return WatchScreenView(
            title=words("Who watches the record"),
            standing=standing_text(words, seen, self.phone.now),
            kind=standing_kind(seen),
            explanation=words(
                "Every step of every referral stands in the country's record, which the server"
                " keeps. Others watch that it shows everybody the same. They see no case."
            ),
            watchers_title=words("Who was seen to watch") if seen.others else "",
            watchers=tuple(_line(words, each) for each in seen.others),
            own=_own(words, seen.own),
            show_title=words("Show what this phone has seen") if head else "",
            show_explanation=words(
                "Let the other phone read this code. It holds no case and no name."
            )
            if head
            else "",
            head=head,
            code=_code(words, self.phone.watching.code()),
            compare_title=words("Compare with another phone"),
            compare_explanation=words(
                "Read the other phone's code with any camera app, and paste its text here."
            ),
            compare_label=words("Text of the other phone"),
            compare_button=words("Compare"),
            verdict=_verdict(words, self._found) if self._found else "",
            verdict_kind=_verdict_kind(self._found) if self._found else NOTICE,
            evidence_title=words("The two records, as evidence") if fork else "",
            evidence_explanation=words(
                "Both bear the server's signature, and they contradict each other. Pass both on to"
                " the programme's authority."
            )
            if fork
            else "",
            evidence=_evidence(fork),
            busy=self.busy,
            busy_text=words("One moment…") if self.busy else "",
            problem=self.problem,
        )

    def compare(self, text: str) -> None:
        """Hold the other phone's text against what this one has seen."""
        self._found = None
        self._slowly(lambda: self.phone.watching.compare(text), self._compared)

    def _compared(self, found: Comparison) -> None:
        self._found = found


def standing_kind(seen: WatchView) -> str:
    """How well the record is watched: good, notice or danger."""
    if seen.forked:
        return DANGER
    return GOOD if seen.fresh else NOTICE


def standing_text(words: Words, seen: WatchView, now: datetime) -> str:
    """Who watches the record and how long ago, in one sentence."""
    if seen.forked:
        return words("This phone was shown two different records. Do not rely on the server.")
    if not seen.size:
        return words("This phone has seen nothing of the record yet. Sync first.")
    newest = seen.newest
    if newest is None:
        return words("Nobody but the server has watched this record yet.")
    if not seen.fresh:
        return words(
            "Nobody but the server has watched this record since {date}.", date=words.date(newest)
        )
    people = sum(each.role == Role.COORDINATOR for each in seen.others)
    machines = len(seen.others) - people
    who = []
    if people:
        who.append(words.plural("{n} coordinator", "{n} coordinators", people))
    if machines:
        who.append(words.plural("{n} other witness", "{n} other witnesses", machines))
    ago = words.duration(max(now - newest, timedelta(0)))
    return words("Watched by {who}; last {time} ago.", who=words.list(who), time=ago)


def _line(words: Words, each: WatcherView) -> WatcherLine:
    role = words("Coordinator") if each.role == Role.COORDINATOR else words("Witness")
    entries = words.plural("{n} entry", "{n} entries", each.size)
    return WatcherLine(each.name, " · ".join((role, entries, words.moment(each.at))))


def _own(words: Words, at: datetime | None) -> str:
    return (
        "" if at is None else words("This phone vouched for it on {date}.", date=words.moment(at))
    )


def _code(words: Words, code: tuple[int, str] | None) -> str:
    if code is None:
        return ""
    entries = words.plural("{n} entry", "{n} entries", code[0])
    return words("To read aloud: {entries}, {code}", entries=entries, code=code[1])


def _verdict(words: Words, found: Comparison) -> str:
    match found.match:
        case Match.SAME:
            return words("Both phones have seen the same record.")
        case Match.THEIRS_OLDER:
            return words("The other phone has seen less, and what it saw is in this record too.")
        case Match.THEIRS_NEWER:
            return words("The other phone has seen more, and this phone's record is part of it.")
        case Match.NOT_COMPARED:
            return words(
                "The other phone has seen more. Without a connection this phone cannot compare:"
                " let the other one read this phone's code, or sync and try again."
            )
    return words(
        "The two phones were shown different records. This must not happen: the server deceives"
        " one of them. Do not rely on it, call the people concerned yourself, and tell the"
        " programme's authority."
    )


def _verdict_kind(found: Comparison) -> str:
    return {Match.FORKED: DANGER, Match.NOT_COMPARED: NOTICE}.get(found.match, GOOD)


def _evidence(fork: Fork | None) -> tuple[str, ...]:
    if fork is None:
        return ()
    return tuple(head_to_text(without_cosignatures(each)) for each in (fork.kept, fork.offered))
