"""Fixtures for the tests of herald.jobs."""

import pytest

from tests.support.job_services import Services


@pytest.fixture
def services():
    """Return the services of a deployment with a GPU."""
    return Services()


@pytest.fixture
def without_gpu():
    return Services(gpu=False)


@pytest.fixture
def job(services):
    """Submit a job that requires the GPU."""
    return services.dialogue()


@pytest.fixture
def called(services, job):
    """Submit a job that requires the GPU, and start its call of the endpoint."""
    services.hand_over(job)
    return job
