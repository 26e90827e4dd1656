"""Times that several features compute."""

from datetime import datetime

import pytest

from herald.clock import seconds_left_today


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-11-29T00:00:00+00:00", 86_400),
        ("2026-11-29T23:59:59.500000+00:00", 1),
        ("2026-11-30T01:30:00+02:00", 1_800),  # still the 29th in UTC
    ],
)
def test_a_day_ends_at_midnight_in_utc(now, seconds):
    assert seconds_left_today(datetime.fromisoformat(now)) == seconds
