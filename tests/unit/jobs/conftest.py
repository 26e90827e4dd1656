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


@pytest.fixture
def job(services):
    """A job that only the GPU speaks."""
    return services.dialogue()


@pytest.fixture
def called(services, job):
    """The same, when its call is under way."""
    services.hand_over(job)
    return job
