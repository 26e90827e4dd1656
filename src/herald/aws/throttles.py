"""How long to wait when AWS says that it is asked too often.

botocore waits half a second on average after the first throttle, doubling each time, through which a worker sits with
its processor idle. A twentieth of that is enough at first, as AWS's own SDKs wait for DynamoDB.
"""

from random import uniform
from typing import Any

NAMES = frozenset({
    "LimitExceededException", "OverLimit", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
    "SlowDown", "TooManyRequestsException",
})  # fmt: skip
_STATUSES = frozenset({429, 503})
"""503 is how S3 says it, and all that it says to HEAD."""
_FIRST, _LONGEST = 0.025, 2.0
"""Seconds."""


def is_throttle(code: str, status: int) -> bool:
    """Whether an error's name, or its HTTP status, says that there were too many calls."""
    return status in _STATUSES or "Throttl" in code or code in NAMES


class Pauses:
    """A handler of botocore's event `needs-retry`: says how long to pause after a throttle, and nothing to the rest.

    https://github.com/boto/botocore, botocore/endpoint.py: the first handler that says something is heard.
    """

    def __init__(self, attempts: int) -> None:
        """After `attempts` in all, botocore's own handler decides."""
        self._attempts = attempts

    def __call__(self, *, response: Any = None, attempts: int, **_: Any) -> float | None:  # noqa: ANN401  botocore's
        """Seconds until the next attempt, with jitter; None where this is no throttle or was one too many."""
        if response is None or attempts >= self._attempts or not _says_throttle(response):
            return None
        longest = min(_FIRST * 2.0 ** (attempts - 1), _LONGEST)
        return uniform(longest / 2, longest)  # noqa: S311  no secret


def _says_throttle(response: Any) -> bool:  # noqa: ANN401  an HTTP answer, and what botocore made of it
    answer, parsed = response
    return is_throttle(parsed.get("Error", {}).get("Code", ""), answer.status_code)
