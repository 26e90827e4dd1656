"""How long to wait before trying again."""

from random import uniform

_FIRST = 2.0
_LONGEST = 300.0


def backoff(attempt: int) -> float:
    """Seconds to wait after attempt number `attempt` (from 1): fourfold each time, with jitter.

    So five attempts outlast a bad minute, and do not all return at once. Equal jitter, as in "Exponential Backoff And
    Jitter", AWS Architecture Blog, 2015.
    """
    longest = min(_FIRST * 4.0 ** min(attempt - 1, 9), _LONGEST)
    return uniform(longest / 2, longest)  # noqa: S311  no secret
