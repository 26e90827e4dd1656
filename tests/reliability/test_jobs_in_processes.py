"""Workers that run as processes, as on Kubernetes, lose nothing and process nothing twice when they are ended.

Processes of a container are ended by SIGTERM (scaling in, an upgrade, a spot interruption) or SIGKILL (out of memory, a
lost node). HERALD_SOAK_JOBS sets the number of jobs.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from itertools import product
from random import Random

import pytest

from local.process import bare_environment
from tests.support.deployed_stack import outside, until

JOBS = int(os.environ.get("HERALD_SOAK_JOBS", "60"))
TWICE = JOBS // 20
LONGEST = 180 + JOBS
QUEUES = ("StandardQueue", "VipQueue")
MAPPINGS = ("WorkerFunctionStandard", "WorkerFunctionVip")
WORDS = (
    "ash", "bay", "cat", "dew", "ear", "fig", "gum", "hen", "ivy", "jar", "kit", "log", "mud", "nut", "oar", "pea",
    "rug", "sky", "toe", "urn", "van", "web", "yak", "zoo",
)  # fmt: skip


@pytest.fixture(scope="module")
def start(deployed, stack, tmp_path_factory):
    """A function that starts a worker process with the environment of the function `worker`."""
    here, started = tmp_path_factory.mktemp("workers"), []
    environment = deployed.variables("WorkerFunction") | outside(stack) | {"PYTHONPATH": os.pathsep.join(sys.path)}

    def start():
        with (here / f"{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "herald.worker", "--host", "127.0.0.1", "--port", "0"],
                env=bare_environment(here) | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@contextmanager
def without_functions(deployed):
    with deployed.paused(*MAPPINGS):
        time.sleep(2)  # a poll that has begun
        yield


def texts():
    return [f"{one} {other}." for one, other in product(WORDS, repeat=2)][:JOBS]


def submit(deployed, number, text):
    job_id = deployed.post(input=text, response_format="wav", priority="standard" if number % 3 else "vip")["id"]
    if number in set(Random(2).sample(range(JOBS), TWICE)):  # noqa: S311
        deployed.parts.queues.send(deployed.parts.table.get(job_id))
    return job_id


@pytest.fixture(scope="module")
def run(deployed, start):
    """The rows of jobs that ended while processes were killed and terminated, the statuses of the latter, the time."""
    with without_functions(deployed):
        ids = [submit(deployed, number, text) for number, text in enumerate(texts())]
        running, killed, statuses = [start() for _ in range(2)], 0, []
        began = time.monotonic()
        for part, number in ((4, signal.SIGKILL), (2, signal.SIGTERM)):
            until(lambda part=part: done(deployed, ids) >= JOBS // part, LONGEST, pause=0.2)
            ended = running.pop(0)
            ended.send_signal(number)
            status = ended.wait(30)
            killed += number == signal.SIGKILL
            statuses += [status] if number == signal.SIGTERM else []
            running.append(start())
        rows = deployed.all_ended(ids, LONGEST)
        until(lambda: not deployed.waiting(*QUEUES), LONGEST, pause=1)
        seconds = time.monotonic() - began
        for process in running:
            process.terminate()
        statuses += [process.wait(30) for process in running]
        yield rows, killed, statuses, seconds


def done(deployed, ids):
    return sum(row.ended for row in deployed.rows(ids).values())


def test_every_job_is_done_with_a_file_of_its_own(run, figures):
    rows, _, _, seconds = run
    figures.append(f"{JOBS} jobs in 2 processes, one killed, one terminated: {seconds:.0f} s")
    assert Counter(row.state for row in rows.values()) == {"done": JOBS}
    assert len({row.audio.key for row in rows.values()}) == JOBS


def test_only_a_killed_process_costs_an_attempt(run):
    rows, killed, *_ = run
    assert sum(row.attempts - 1 for row in rows.values()) <= killed


def test_a_terminated_process_ends_within_its_time_and_without_an_error(run):
    assert run[2] == [0, 0, 0]


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
