"""Tests of the retry backoff."""

from itertools import pairwise

import pytest

from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job_worker import backoff

BOUNDS = [2, 8, 32, 128, 300, 300]


@pytest.mark.parametrize(("attempt", "bound"), list(enumerate(BOUNDS, start=1)))
def test_delay_is_between_half_and_all_of_a_growing_bound(attempt, bound):
    waits = [backoff(attempt) for _ in range(500)]
    assert bound / 2 <= min(waits) < bound * 0.6
    assert bound * 0.9 < max(waits) <= bound


def test_delay_never_decreases():
    assert all(bound <= next_bound / 2 or next_bound == 300 for bound, next_bound in pairwise(BOUNDS))


def test_all_attempts_together_span_a_minute_of_outage():
    assert all(sum(backoff(attempt) for attempt in range(1, MAX_ATTEMPTS)) > 60 for _ in range(500))


def test_delay_is_bounded_for_any_attempt():
    assert backoff(400) <= 300
