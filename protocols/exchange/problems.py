"""What is wrong with a file from outside: every fault with its place, not only the first."""

from collections.abc import Iterable

from attrs import frozen

from protocols.errors import AmanaError

MOST_PROBLEMS = 200
"""More than a person mends in one go; what is beyond is counted, not listed."""
TOLD = 3


@frozen
class Problem:
    """One fault. `where`: its place as the file's user finds it ("survey row 12, column relevant");
    `message`: what is wrong there and what to write instead."""

    where: str
    message: str


class ExchangeError(AmanaError):
    """A file from outside cannot be read as a checklist, or a checklist cannot be written so.

    `problems`: at least one and at most `MOST_PROBLEMS`, in the order of the file; `count`: how
    many there are in all. The message tells the first few.
    """

    code = "exchange_refused"

    def __init__(
        self, what: str, problems: Iterable[Problem], then: str = "mend them and try again"
    ) -> None:
        every = tuple(dict.fromkeys(problems))
        if not every:
            raise ValueError("an ExchangeError without a problem; name one")
        self.count = len(every)
        self.problems = every[:MOST_PROBLEMS]
        told = "; ".join(f"{each.where}: {each.message}" for each in every[:TOLD])
        more = f"; and {self.count - TOLD} more" if self.count > TOLD else ""
        super().__init__(f"{what}: {told}{more}. There are {self.count} to mend; {then}")
