"""The practice cases of this installation: which there are, and one by its id."""

from functools import cache
from importlib.resources import files

from protocols.practice.case import PracticeCase
from protocols.practice.case_file import read_case
from protocols.practice.errors import CaseFormatError, Problem, UnknownCaseError


def available() -> tuple[str, ...]:
    """The ids of the cases in this installation, sorted."""
    folder = files("protocols.practice").joinpath("cases")
    names = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def raw(case_id: str) -> bytes:
    """The file of the packaged case of that id. Raises UnknownCaseError."""
    if case_id not in available():
        raise UnknownCaseError(
            f"no practice case {case_id[:80]!r}; `amana practice list` names those there are"
        )
    return files("protocols.practice").joinpath("cases", f"{case_id}.json").read_bytes()


@cache
def load(case_id: str) -> PracticeCase:
    """The packaged case of that id. Raises UnknownCaseError, or CaseFormatError when it is
    damaged."""
    found = read_case(raw(case_id))
    if found.id != case_id:
        told = f"the file {case_id}.json holds {found.id!r}; rename it"
        raise CaseFormatError(case_id, [Problem("id", told)])
    return found
