"""Practice over time: cases done, signs noticed. Kept on this phone alone, compared with nobody."""

from attrs import frozen

from mobile.casework.practice import Attempt
from mobile.flows.flow import Flow
from mobile.flows.practising import practice_text, share, signs_text
from protocols.practice.cases import available, load
from protocols.practice.feedback import Counts

RECENT = 10


@frozen
class AttemptView:
    """One attempt; `share` from 0 to 1 is the part of its signs that was noticed."""

    title: str
    date: str
    text: str
    share: float


@frozen
class PracticeProgressView:
    """`cases` and `signs` are counts in words, each with how full its bar is."""

    title: str
    practice: str
    own: str
    cases: str
    cases_share: float
    signs: str
    signs_share: float
    recent_title: str
    recent: tuple[AttemptView, ...]
    none: str
    forget_button: str
    forget_explanation: str
    forget_hold: str
    forget_confirm: str


class PracticeProgressFlow(Flow):
    """This phone's own progress."""

    @property
    def view(self) -> PracticeProgressView:
        """What the screen shows now."""
        words, attempts = self.words, self.phone.practice.attempts()
        installed = available()
        done = len({each.case for each in attempts} & set(installed))
        total = _sum(attempts)
        return PracticeProgressView(
            title=words("Your progress"),
            practice=practice_text(words),
            own=words("Only you see this. It stays on this phone."),
            cases=words(
                "{done} of {total} cases done",
                done=words.number(done),
                total=words.number(len(installed)),
            ),
            cases_share=share(done, len(installed)),
            signs=signs_text(words, total) if attempts else "",
            signs_share=share(total.noticed, total.signs),
            recent_title=words("Most recent") if attempts else "",
            recent=tuple(self._attempt(each) for each in reversed(attempts[-RECENT:])),
            none="" if attempts else words("Nothing practised yet."),
            forget_button=words("Delete progress") if attempts else "",
            forget_explanation=words(
                "Every attempt and every practice under way is deleted. Real screenings stay."
            ),
            forget_hold=words(
                "Keep your finger on the button until it is full. If you let go, nothing happens."
            ),
            forget_confirm=words("Yes, delete my progress"),
        )

    def forget(self) -> None:
        """Delete every attempt and every practice under way."""
        self.phone.practice.forget()

    def _attempt(self, attempt: Attempt) -> AttemptView:
        words, counts = self.words, attempt.counts
        known = attempt.case in available()
        return AttemptView(
            title=load(attempt.case).title[words.language] if known else attempt.case,
            date=words.date(attempt.finished),
            text=signs_text(words, counts),
            share=share(counts.noticed, counts.signs),
        )


def _sum(attempts: tuple[Attempt, ...]) -> Counts:
    counts = [each.counts for each in attempts]
    return Counts(
        signs=sum(each.signs for each in counts),
        noticed=sum(each.noticed for each in counts),
        added=sum(each.added for each in counts),
        findings=sum(each.findings for each in counts),
        found=sum(each.found for each in counts),
    )
