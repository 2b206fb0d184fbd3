"""The harnesses on their seeds and committed inputs, without a fuzzer: they never rot."""

from random import Random

import pytest

from tests.fuzz.mutations import mutated
from tests.fuzz.target import CORPUS, DifferentError, Target, committed, names, same, target

MOST_CORPUS_BYTES = 200_000


@pytest.mark.parametrize("name", names())
def test_committed_inputs_are_read_or_refused_by_name(name: str) -> None:
    for data in committed(name).values():
        target(name).run(data)


@pytest.mark.parametrize("name", names())
def test_seeds_are_short_enough_and_some_are_read_and_some_refused(name: str) -> None:
    subject = target(name)
    seeds = list(subject.seeds())
    read = [subject.run(each) for each in seeds]
    assert max(map(len, seeds)) <= subject.longest
    assert True in read
    assert subject.refusals == () or not subject.run(
        b"\xff fictional, and nothing that is read \xff"
    )


def test_the_corpus_is_small_and_of_subjects_that_there_are() -> None:
    files = [each for each in CORPUS.rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in files) < MOST_CORPUS_BYTES
    assert {each.parent.name for each in files} <= set(names())


def test_an_error_that_no_harness_names_is_a_crash() -> None:
    def read(data: bytes) -> object:
        return data.decode()

    with pytest.raises(UnicodeDecodeError):
        Target(read, (), lambda: ()).run(b"\xff")
    with pytest.raises(DifferentError):
        same(1, 2)


@pytest.mark.parametrize("name", [each for each in names() if target(each).json])
def test_json_changes_by_its_parts_and_the_same_seed_changes_it_alike(name: str) -> None:
    subject = target(name)
    first = next(iter(subject.seeds()))

    def nudge(data: bytes, longest: int) -> bytes:
        return bytes([*data, Random(len(data)).randrange(97, 123)])[:longest]

    made = [mutated(first, subject.head, subject.longest, seed, nudge) for seed in range(40)]
    assert made == [
        mutated(first, subject.head, subject.longest, seed, nudge) for seed in range(40)
    ]
    assert len(set(made)) > 20
    assert all(len(each) <= subject.longest for each in made)
    assert {subject.run(each) for each in made} <= {True, False}
