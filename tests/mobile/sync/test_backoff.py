"""Waits grow, never beyond an hour, and phones do not all knock at once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from mobile.sync.backoff import BASE_SECONDS, LONGEST_SECONDS, wait

jitters = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10**9), jitters)
def test_between_half_and_the_whole_of_the_doubling_wait(attempts, jitter):
    whole = min(LONGEST_SECONDS, BASE_SECONDS * 2 ** min(attempts - 1, 30))
    seconds = wait(attempts, lambda: jitter).total_seconds()
    assert whole / 2 - 1 <= seconds <= whole


@given(st.integers(1, 30), jitters)
def test_the_next_wait_is_never_shorter_than_the_shortest_of_this_one(attempts, jitter):
    assert wait(attempts + 1, lambda: jitter) >= wait(attempts, lambda: 0)


@given(st.integers(-5, 30), jitters, st.integers(0, 86400))
def test_what_the_server_asked_for_is_kept(attempts, jitter, asked):
    assert wait(attempts, lambda: jitter, asked) >= timedelta(seconds=asked)


def test_two_phones_wait_differently():
    assert wait(5, lambda: 0.1) != wait(5, lambda: 0.9)
