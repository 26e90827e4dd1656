"""The current time, as a dependency that tests replace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil

type Clock = Callable[[], datetime]
"""Returns the current time, with a time zone."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def seconds_left_today(now: datetime) -> int:
    """Return the seconds until midnight in UTC, rounded up."""
    now = now.astimezone(UTC)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    return ceil((midnight - now).total_seconds())
