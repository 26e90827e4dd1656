"""How long to wait before trying again."""

from itertools import pairwise

import pytest

from herald.jobs.backoff import backoff
from herald.jobs.endings import MOST_ATTEMPTS

LONGEST = [2, 8, 32, 128, 300, 300]


@pytest.mark.parametrize(("attempt", "longest"), list(enumerate(LONGEST, start=1)))
def test_between_half_and_all_of_a_time_that_grows(attempt, longest):
    waits = [backoff(attempt) for _ in range(500)]
    assert longest / 2 <= min(waits) < longest * 0.6
    assert longest * 0.9 < max(waits) <= longest


def test_a_later_attempt_never_waits_less():
    assert all(longest <= next_longest / 2 or next_longest == 300 for longest, next_longest in pairwise(LONGEST))


def test_all_attempts_together_outlast_a_bad_minute():
    assert all(sum(backoff(attempt) for attempt in range(1, MOST_ATTEMPTS)) > 60 for _ in range(500))


def test_a_receipt_count_of_any_size():
    assert backoff(400) <= 300
