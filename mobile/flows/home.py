"""The first screen after the PIN, by role, and what has and has not left this phone."""

from attrs import frozen

from mobile.casework.views import Identity, ItemState, ScreeningRecord
from mobile.flows.labels import role_text
from mobile.flows.parts import Goto, Option, Row
from mobile.flows.places import directory_of, directory_text
from mobile.flows.rows import inbox_row, keeping_rows, overdue_row, referral_row
from mobile.flows.syncing import SyncingFlow
from protocols.sealing.certificate import Role


@frozen
class HomeView:
    """`actions`: what this role can begin, by screen name. `lists`: titled rows, the most pressing
    first. `outbox`: what has and has not left, in one sentence; `directory`: how old the list of
    providers is."""

    title: str
    role: str
    actions: tuple[Option, ...]
    lists: tuple[tuple[str, tuple[Row, ...]], ...]
    empty: str
    outbox: str
    waiting: int
    directory: str
    sync_button: str
    syncing: bool
    synced: str
    problem: str | None
    problems: tuple[str, ...]


class HomeFlow(SyncingFlow):
    """Home. `sync` is the one way out of and into this phone."""

    @property
    def view(self) -> HomeView:
        """What the screen shows now; before enrolment the way to join and to practise."""
        words, me = self.words, self.phone.identity
        waiting = self._waiting()
        return HomeView(
            title=me.organisation_name if me else words("Amana"),
            role=role_text(words, me.role) if me else "",
            actions=self._actions(me),
            lists=tuple(each for each in self._lists(me) if each[1]),
            empty=words("Nothing here yet."),
            outbox=self._outbox(waiting),
            waiting=waiting,
            directory=directory_text(words, directory_of(self.phone)),
            sync_button=words("Sync now"),
            syncing=self.busy,
            synced=self.synced,
            problem=self.problem,
            problems=self.problems,
        )

    def forget(self, screening: str) -> None:
        """Delete an unfinished screening with its answers."""
        self.phone.screenings.delete(screening)

    def _waiting(self) -> int:
        return sum(each.state is ItemState.WAITING for each in self.phone.outbox.items())

    def _outbox(self, waiting: int) -> str:
        if not waiting:
            return self.words("Everything you sent has left this phone.")
        return self.words.plural(
            "{n} message has not left this phone yet.",
            "{n} messages have not left this phone yet.",
            waiting,
        )

    def _actions(self, me: Identity | None) -> tuple[Option, ...]:
        words = self.words
        own = {
            Role.FIELD_WORKER: Option("new_screening", words("New screening")),
            Role.PROVIDER_STAFF: Option("inbox", words("Inbox")),
            Role.COORDINATOR: Option("coordination", words("Overdue and all referrals")),
        }
        first = own[Role(me.role)] if me else Option("enrol", words("Join your organisation"))
        coordinates = me is not None and me.role == Role.COORDINATOR
        return (
            first,
            *((Option("add_device", words("Add a device")),) if coordinates else ()),
            Option("practice", words("Practice")),
            Option("info", words("Information and hotlines")),
            Option("settings", words("Settings")),
        )

    def _lists(self, me: Identity | None) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        words = self.words
        if me is None:
            open_ = [each for each in self.phone.screenings.list() if not each.sent]
            return ((words("Unfinished"), tuple(self._screening_row(each) for each in open_)),)
        if me.role == Role.FIELD_WORKER:
            practised = self.phone.practice.runs()
            open_ = [
                each
                for each in self.phone.screenings.list()
                if not each.sent and each.id not in practised
            ]
            sent = tuple(referral_row(words, each) for each in self.phone.referrals.list())
            return (
                (words("Unfinished"), tuple(self._screening_row(each) for each in open_)),
                (words("Sent referrals"), sent),
            )
        if me.role == Role.PROVIDER_STAFF:
            items = [each for each in self.phone.inbox.list() if each.ours]
            kept = keeping_rows(words, self.phone.resealing.keeping())
            return (
                (words("Who can open your cases"), kept),
                (words("Inbox"), tuple(inbox_row(words, each) for each in items)),
            )
        late = self.phone.coordination.overdue()
        rows = tuple(overdue_row(words, each) for each in late)
        return ((words("Overdue"), rows),)

    def _screening_row(self, record: ScreeningRecord) -> Row:
        words = self.words
        done = record.interview.progress
        title = record.interview.checklist.title[self.words.language]
        screen = "findings" if record.interview.finished else "interview"
        return Row(
            record.id,
            title,
            words.moment(record.started),
            words("practice")
            if record.practice
            else words("{done} of {total}", done=done.done, total=done.total),
            goto=Goto(screen, record.id),
        )
