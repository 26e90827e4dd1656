"""The checks of all sample events."""

from tests.docker import (  # noqa: F401  register the checks
    expected_api,
    expected_authorizer,
    expected_batches,
    expected_jobs,
    expected_speech,
)
from tests.docker.expected import EXPECTED

__all__ = ["EXPECTED"]
