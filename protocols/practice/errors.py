"""What the practice room refuses, by name."""

from collections.abc import Sequence

from attrs import frozen

from protocols.errors import AmanaError


@frozen
class Problem:
    """One thing wrong with a case: `where` in its file, and what to do about it."""

    where: str
    message: str


class PracticeCaseError(AmanaError):
    """A case cannot be practised with."""

    code = "practice_case"


class UnknownCaseError(PracticeCaseError):
    """No practice case of that id is in this installation."""

    code = "practice_case_unknown"


class CaseFormatError(PracticeCaseError):
    """A case file breaks rules of the format; `problems` names each with its place."""

    code = "practice_case_format"

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        told = "; ".join(f"{each.where}: {each.message}" for each in self.problems)
        super().__init__(f"{name}: {told}")
