"""A refusal names every fault, tells the first few, and says what to do."""

import pytest

from protocols.errors import AmanaError
from protocols.exchange.problems import MOST_PROBLEMS, ExchangeError, Problem


def test_every_problem_is_kept_and_the_first_are_told() -> None:
    found = [Problem(f"survey row {row}", "no words in ar") for row in range(2, 7)]
    error = ExchangeError("not read", found)
    assert isinstance(error, AmanaError)
    assert error.problems == tuple(found)
    assert "survey row 2: no words in ar" in str(error)
    assert "survey row 6" not in str(error)
    assert "and 2 more" in str(error)
    assert str(error).endswith("mend them and try again")


def test_the_same_fault_counts_once_and_endless_faults_are_cut() -> None:
    twice = [Problem("settings", "missing")] * 2
    assert ExchangeError("not read", twice).count == 1
    many = (Problem(f"row {row}", "wrong") for row in range(MOST_PROBLEMS + 50))
    error = ExchangeError("not read", many)
    assert len(error.problems) == MOST_PROBLEMS
    assert error.count == MOST_PROBLEMS + 50


def test_an_error_without_a_problem_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="name one"):
        ExchangeError("not read", [])
