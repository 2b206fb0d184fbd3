"""Indicators -> dimensions, by the published rule of the ILO and the European Commission (2009).

Where a set's strengths are unconfirmed (`decided_by` "palermo_elements"), one indicator is enough
for its dimension, and whatever rests on it says so.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen

from protocols.screening.raised import AnswerRef, Refs
from protocols.screening.tables import (
    MEANS,
    Indicator,
    IndicatorSet,
    branch_met,
    indicator_set,
    references,
    resolve,
)

BY_STRENGTHS = "strengths"
ANY_ONE = "any_one"
"""The branch of a dimension of unconfirmed strengths that has an indicator."""


@frozen
class RaisedIndicator:
    """One indicator that is there. `strength`: strong|medium|weak, None unconfirmed; `answers`:
    what raised it, empty when the indicator itself was given."""

    key: str
    strength: str | None
    answers: tuple[AnswerRef, ...] = ()


@frozen
class DimensionResult:
    """One dimension. `branch`: the branch of the published rule that is met (`rule.json`), or
    "any_one"; None when the dimension is not positive."""

    name: str
    positive: bool
    branch: str | None
    indicators: tuple[RaisedIndicator, ...]


@frozen
class SetAssessment:
    """One indicator set. `decided_by`: "strengths" or "palermo_elements"; `confirmed`: how far the
    strengths are ("secondary", "no")."""

    set: str
    population: str
    exploitation_form: str
    decided_by: str
    confirmed: str
    dimensions: tuple[DimensionResult, ...]

    @property
    def positive(self) -> dict[str, bool]:
        """dimension -> whether it is positive."""
        return {each.name: each.positive for each in self.dimensions}

    def dimension(self, name: str) -> DimensionResult:
        """The dimension of that name (`tables.DIMENSIONS`)."""
        return next(each for each in self.dimensions if each.name == name)

    @property
    def exploited(self) -> bool:
        """Whether the exploitation dimension is positive."""
        return self.dimension("exploitation").positive

    @property
    def means(self) -> tuple[DimensionResult, ...]:
        """The positive dimensions that stand for a means."""
        return tuple(each for each in self.dimensions if each.name in MEANS and each.positive)

    @property
    def unconfirmed(self) -> bool:
        """Whether what it says rests on strengths that no source at hand confirms."""
        return self.decided_by != BY_STRENGTHS


def assess_indicators(set_name: str, keys: Iterable[str]) -> SetAssessment:
    """The set of that name with the indicators `keys` there ("key", wherever the set has it, or
    "dimension.key").

    Raises UnknownSetError, or UnknownIndicatorError naming the nearest valid keys.
    """
    table = indicator_set(set_name)
    found = resolve(set_name, keys)
    return _set(
        table,
        {
            dimension: tuple((each, ()) for each in indicators)
            for dimension, indicators in found.items()
        },
    )


def assess_raised(set_name: str, raised: Mapping[str, Refs]) -> SetAssessment:
    """The set of that name from "dimension.key" -> answers. What the set lacks does not count."""
    table = indicator_set(set_name)
    found = resolve(set_name, set(raised) & references(set_name))
    return _set(
        table,
        {
            dimension: tuple((each, raised[f"{dimension}.{each.key}"]) for each in indicators)
            for dimension, indicators in found.items()
        },
    )


def _set(
    table: IndicatorSet, found: Mapping[str, tuple[tuple[Indicator, Refs], ...]]
) -> SetAssessment:
    return SetAssessment(
        set=table.set,
        population=table.population,
        exploitation_form=table.exploitation_form,
        decided_by=table.decided_by,
        confirmed=table.confirmed,
        dimensions=tuple(
            _dimension(name, table.decided_by, there) for name, there in found.items()
        ),
    )


def _dimension(
    name: str, decided_by: str, there: tuple[tuple[Indicator, Refs], ...]
) -> DimensionResult:
    if decided_by == BY_STRENGTHS:
        branch = branch_met(indicator for indicator, _ in there)
    else:
        branch = ANY_ONE if there else None
    return DimensionResult(
        name=name,
        positive=branch is not None,
        branch=branch,
        indicators=tuple(
            RaisedIndicator(each.key, None if each.strength is None else each.strength.value, refs)
            for each, refs in there
        ),
    )
