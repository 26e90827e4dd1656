"""The services of herald.jobs, for one test."""

import pytest

from tests.unit.jobs.services import Services


@pytest.fixture
def services():
    """With a GPU."""
    return Services()


@pytest.fixture
def without_gpu():
    return Services(gpu=False)
