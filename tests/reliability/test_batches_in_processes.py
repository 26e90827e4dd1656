"""Workers outside Lambda process the chunks of batches by task token, and lose none when they are ended.

The state machine is the deployed one, with the substitutions of WorkerPlatform=kubernetes.
"""

import json
import signal
from contextlib import contextmanager

import pytest

from tests.support.batch_runs import Sent, people
from tests.support.deployed_stack import outside, until
from tests.support.worker_processes import worker_processes

ITEMS = 60
ITEMS_OF_CHUNK = 5


@contextmanager
def chunks_in(deployed, url):
    """Send chunks and packs to a queue during the block."""
    machines, arn = deployed.aws("stepfunctions"), deployed["BatchMachine"]
    before = machines.describe_state_machine(stateMachineArn=arn)["definition"]
    definition = json.loads(before)
    for name in ("SpeakShared", "Speak"):
        part = definition["States"][name]
        part["ItemSelector"]["chunks"] = "cluster"
        for state in part["ItemProcessor"]["States"].values():
            if "QueueUrl" in state.get("Parameters", ()):
                state["Parameters"]["QueueUrl"] = url
    machines.update_state_machine(stateMachineArn=arn, definition=json.dumps(definition))
    try:
        yield
    finally:
        machines.update_state_machine(stateMachineArn=arn, definition=before)


@pytest.fixture(scope="module")
def url(deployed):
    """The queue of chunks."""
    return deployed.aws("sqs").create_queue(QueueName="chunks")["QueueUrl"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
def start(deployed, stack, url, folder):
    environment = deployed.variables("WorkerFunction") | outside(stack) | {"HERALD_CHUNK_QUEUE": url}
    with chunks_in(deployed, url), worker_processes(environment, folder) as start:
        yield start


@pytest.fixture(scope="module")
def batch(deployed, start):
    """A batch whose workers were ended: one killed, one terminated."""
    sent = Sent(deployed, people(ITEMS), items_per_child=ITEMS_OF_CHUNK)
    running, statuses = [start(), start()], []
    for part, number in ((6, signal.SIGKILL), (3, signal.SIGTERM)):
        sent.spoken(ITEMS // part)
        ended = running.pop(0)
        ended.send_signal(number)
        status = ended.wait(30)
        statuses += [status] if number == signal.SIGTERM else []
        running.append(start())
    return sent, sent.ended(), statuses


def test_every_item_has_a_file_and_is_counted_once(batch):
    sent, ended, _ = batch
    assert ended["state"] == "done"
    assert (ended["counts"]["done"], ended["counts"]["failed"]) == (ITEMS, 0)
    assert {row["state"] for row in sent.rows().values()} == {"done"}


def test_the_terminated_worker_ends_within_its_time_and_without_an_error(batch):
    assert batch[2] == [0]


def test_no_message_is_left(deployed, batch, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def empty():
        found = deployed.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return {found[name] for name in names} == {"0"}

    until(empty, 90, pause=1)


def test_workers_have_spoken_all_chunks(batch, folder):
    lines = [
        json.loads(line) for path in folder.glob("*.log") for line in path.read_text().splitlines() if line[:1] == "{"
    ]
    # Not the items of each: a worker may be killed after it has counted a chunk, and the next one finds its results.
    chunks = {line["chunk"] for line in lines if line.get("message") == "spoken" and "chunk" in line}
    assert chunks == {*range(ITEMS // ITEMS_OF_CHUNK)}
