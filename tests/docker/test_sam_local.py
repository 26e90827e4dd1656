"""The built functions in a container of Lambda's shape, each called by the real `sam local invoke` with its samples.

Where there is no Docker daemon these skip and say what is missing; with HERALD_REQUIRE_DOCKER=1 they fail instead.
"""

import pytest

from herald.jobs.states import State
from tests.docker import (  # noqa: F401  they fill the table
    expected_api,
    expected_authorizer,
    expected_batches,
    expected_jobs,
    expected_speech,
)
from tests.docker.expected import EXPECTED
from tests.docker.herald import EVENTS

pytestmark = pytest.mark.docker


@pytest.mark.parametrize("event", EVENTS)
def test_a_sample_event(event, herald):
    assert event in EXPECTED, f"events/{event}.json is new: say what is expected of it in tests/docker/expected_*.py"
    EXPECTED[event](herald)


def test_nothing_is_expected_of_events_that_are_gone():
    assert EXPECTED.keys() <= EVENTS.keys()


def test_a_notice_about_a_job_that_nobody_knows_changes_nothing(herald):
    job = herald.hand_to_gpu(herald.submit_dialogue())
    assert herald.call("gpu_result__success") is None
    assert herald.find(job.id).state is State.WAITING_FOR_GPU
