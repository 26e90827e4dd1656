"""Backoff after AWS throttles a call.

botocore's first pause averages 0.5 s and doubles each time, while a worker's processor is idle. A twentieth of that is
enough at first: AWS's own SDKs use as little for DynamoDB.
"""

from random import uniform
from typing import Any

NAMES = frozenset({
    "LimitExceededException", "OverLimit", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
    "SlowDown", "TooManyRequestsException",
})  # fmt: skip
_STATUSES = frozenset({429, 503})
"""S3 throttles with 503; its response to HEAD has no error code."""
_FIRST, _LONGEST = 0.025, 2.0
"""Upper bounds of the first and of any pause, in seconds."""


def is_throttle(code: str, status: int) -> bool:
    """Return whether an error code or HTTP status indicates throttling."""
    return status in _STATUSES or "Throttl" in code or code in NAMES


class ThrottleBackoff:
    """A handler of botocore's event `needs-retry`, for throttling only.

    botocore uses the first result that is not None: botocore/endpoint.py in https://github.com/boto/botocore.
    """

    def __init__(self, attempts: int) -> None:
        """Leave the decision to botocore's own handler after `attempts` attempts."""
        self._attempts = attempts

    def __call__(self, *, response: Any = None, attempts: int, **_: Any) -> float | None:  # noqa: ANN401  botocore's
        """Return the seconds until the next attempt, with jitter; None to leave the decision to the next handler."""
        if response is None or attempts >= self._attempts:
            return None
        http, parsed = response
        if not is_throttle(parsed.get("Error", {}).get("Code", ""), http.status_code):
            return None
        longest = min(_FIRST * 2.0 ** (attempts - 1), _LONGEST)
        return uniform(longest / 2, longest)  # noqa: S311  not used for security
