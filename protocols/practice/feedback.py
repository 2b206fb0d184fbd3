"""What a learner is told of an interview that was practised. Counts, never a score."""

from enum import StrEnum

from attrs import frozen

from protocols.screening.model import Text


class Standing(StrEnum):
    """How something in the learner's interview stands to the reference."""

    AGREES = "agrees"
    MISSED = "missed"
    NOT_THERE = "not_there"


class Why(StrEnum):
    """How an answer came to differ from what the person said.

    otherwise: another answer was chosen; skipped: the question was passed over; hidden: an earlier
    answer or gate kept it from being asked; stopped: the interview was stopped before it;
    not_reached: it is still open; not_said: an answer was chosen though the person gave none.
    """

    OTHERWISE = "otherwise"
    SKIPPED = "skipped"
    HIDDEN = "hidden"
    STOPPED = "stopped"
    NOT_REACHED = "not_reached"
    NOT_SAID = "not_said"


@frozen
class Difference:
    """One question answered otherwise than the case has it. `chosen` and `fitting`: choice keys,
    or the number or date as text; `says`: the person's words, None where the case has none.
    `hidden_by`: the questions whose answers kept this one from being asked. `missed` and `added`:
    what the two answers raise differently, as `protocols.screening.vocabulary` writes it.
    `safety`: it stands before the questions: privacy, emergency, interpreter, consent."""

    question: str
    why: Why
    chosen: tuple[str, ...]
    fitting: tuple[str, ...]
    says: Text | None
    hidden_by: tuple[str, ...]
    missed: tuple[str, ...]
    added: tuple[str, ...]
    safety: bool


@frozen
class Sign:
    """One indicator, "dimension.key". `questions`: where its answer stands: of the learner's
    interview, or for a missed one of the case's script."""

    indicator: str
    standing: Standing
    questions: tuple[str, ...]


@frozen
class FindingFeedback:
    """One kind of finding. `forms`: those that agree; `missed_forms`, `added_forms`: the others."""

    kind: str
    standing: Standing
    forms: tuple[str, ...]
    missed_forms: tuple[str, ...]
    added_forms: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether the finding agrees, its forms too."""
        return self.standing is Standing.AGREES and not (self.missed_forms or self.added_forms)


@frozen
class Counts:
    """`noticed` of `signs`, `added` signs that are not there; `found` of `findings`."""

    signs: int
    noticed: int
    added: int
    findings: int
    found: int


@frozen
class Feedback:
    """A practised interview beside its reference. `stopped`: why it was stopped, as a code."""

    findings: tuple[FindingFeedback, ...]
    signs: tuple[Sign, ...]
    differences: tuple[Difference, ...]
    stopped: str | None

    @property
    def nothing_missed(self) -> bool:
        """Whether the interview is as a careful screener would have led it."""
        agree = all(each.standing is Standing.AGREES for each in self.signs)
        return agree and not self.differences and all(each.whole for each in self.findings)

    @property
    def counts(self) -> Counts:
        """How much was noticed; for the learner alone."""
        signs = [each for each in self.signs if each.standing is not Standing.NOT_THERE]
        findings = [each for each in self.findings if each.standing is not Standing.NOT_THERE]
        return Counts(
            signs=len(signs),
            noticed=sum(each.standing is Standing.AGREES for each in signs),
            added=len(self.signs) - len(signs),
            findings=len(findings),
            found=sum(each.standing is Standing.AGREES for each in findings),
        )

    def about(self, sign: Sign) -> tuple[Difference, ...]:
        """The differences at the questions that a sign stands on."""
        return tuple(each for each in self.differences if each.question in sign.questions)
