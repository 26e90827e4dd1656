"""Workers that run as processes lose nothing and process nothing twice when they are ended.

Processes of a container are ended by SIGTERM (scaling in, an upgrade, a spot interruption) or SIGKILL (out of memory, a
lost node).
"""

from collections import Counter

import pytest

from tests.support.deployed_stack import outside, until
from tests.support.interrupted_workers import JOBS, LONGEST, QUEUES, done, interrupted, submit, texts, without_functions
from tests.support.worker_processes import worker_processes


@pytest.fixture(scope="module")
def start(deployed, stack, tmp_path_factory):
    """A function that starts a worker process with the environment of the function `worker`."""
    environment = deployed.variables("WorkerFunction") | outside(stack)
    with worker_processes(environment, tmp_path_factory.mktemp("workers")) as start:
        yield start


@pytest.fixture(scope="module")
def run(deployed, start):
    return interrupted(deployed, start)


def test_every_job_is_done_with_a_file_of_its_own(run, figures):
    figures.append(f"{JOBS} jobs in 2 processes, one killed, one terminated: {run.seconds:.0f} s")
    assert Counter(row.state for row in run.rows.values()) == {"done": JOBS}
    assert len({row.audio.key for row in run.rows.values()}) == JOBS


def test_only_a_killed_process_costs_an_attempt(run):
    assert sum(row.attempts - 1 for row in run.rows.values()) <= run.killed


def test_a_terminated_process_ends_within_its_time_and_without_an_error(run):
    assert run.statuses == [0, 0, 0]


def test_a_terminated_process_leaves_no_message_in_flight(deployed, start, run):
    with without_functions(deployed):
        process = start()
        ids = [submit(deployed, number, f"Stop {text}") for number, text in enumerate(texts()[:20])]
        until(lambda: done(deployed, ids) >= 2, LONGEST)
        process.terminate()
        assert process.wait(30) == 0
        attributes = ["ApproximateNumberOfMessagesNotVisible"]
        urls = [deployed[queue] for queue in QUEUES]
        found = [deployed.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=attributes) for url in urls]
        assert [answer["Attributes"][attributes[0]] for answer in found] == ["0", "0"]
        assert not [row for row in deployed.rows(ids).values() if row.lease_until and not row.ended]
    deployed.all_ended(ids, LONGEST)  # by the functions, which share the queues
