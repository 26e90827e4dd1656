"""Exponential backoff with jitter."""

from random import uniform

_BASE_SECONDS = 2.0
_MAX_SECONDS = 300.0


def backoff(attempt: int) -> float:
    """Return the seconds to wait after attempt number `attempt`, which counts from 1.

    The upper bound quadruples with each attempt, up to 5 minutes, so that five attempts span an outage of a minute. The
    delay is random between half the bound and the bound ("equal jitter"), so that retries do not arrive together; see
    "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    bound = min(_BASE_SECONDS * 4.0 ** min(attempt - 1, 9), _MAX_SECONDS)
    return uniform(bound / 2, bound)  # noqa: S311  not used for security
