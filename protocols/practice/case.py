"""A practice case: a fictional person, what they say, and what a careful screener finds.

The file and its strict reader are in `case_file`; the rules that a case holds, in `case_rules`.
"""

from enum import StrEnum

from attrs import frozen

from protocols.screening.conditions import Value
from protocols.screening.model import Text


class Sex(StrEnum):
    """As the case says it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


@frozen
class Person:
    """Somebody invented. `name` says so in each language; `nationality`: ISO 3166-1 alpha-2, None
    when it is not known or there is none."""

    name: Text
    age: int
    sex: Sex
    nationality: str | None


@frozen
class ReferenceFinding:
    """A finding's kind and the forms of exploitation that it names."""

    kind: str
    forms: tuple[str, ...]


@frozen
class Reference:
    """What the law and the published rules say of the case, decided before any code was run.

    `indicators`: "dimension.key" of every sign that a careful screener notices; `why`: which
    elements are there, which are not, and what the worker does next.
    """

    findings: tuple[ReferenceFinding, ...]
    indicators: tuple[str, ...]
    why: Text


@frozen
class Pattern:
    """What the case is modelled on. `read`: whether its author read a page about it; then `url` is
    that page. `shows`: the pattern in one sentence."""

    title: str
    url: str | None
    read: bool
    shows: Text


@frozen
class PracticeCase:
    """Always fictional. `answers`: question key -> what a careful screener chooses; `says`:
    question key -> the person's own words, or what there is to see. Questions without an answer
    stay unanswered."""

    id: str
    checklist: str
    country: str
    person: Person
    title: Text
    scene: Text
    answers: dict[str, Value]
    says: dict[str, Text]
    reference: Reference
    patterns: tuple[Pattern, ...]

    @property
    def role(self) -> str:
        """The role whose checklist is practised."""
        return self.checklist.rpartition("-")[0]

    @property
    def population(self) -> str:
        """adult or child, as the checklist says it."""
        return self.checklist.rpartition("-")[2]
