"""The built functions in containers, invoked by `sam local invoke` with the sample events.

Skipped without a Docker daemon, or failed with HERALD_REQUIRE_DOCKER=1.
"""

import pytest

from herald.jobs.job import State
from tests.docker.checks import EXPECTED
from tests.docker.herald import EVENTS

pytestmark = pytest.mark.docker


@pytest.mark.parametrize("event", EVENTS)
def test_a_sample_event(event, herald):
    EXPECTED[event](herald)


def test_a_notice_about_an_unknown_job_is_ignored(herald):
    job = herald.hand_to_gpu(herald.submit_dialogue())
    assert herald.call("gpu_result__success") is None
    assert herald.find(job.id).state is State.WAITING_FOR_GPU
