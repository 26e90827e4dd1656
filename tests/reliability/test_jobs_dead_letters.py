"""Dead letters fail their jobs with the reason; retries succeed once the cause is fixed."""

from collections import Counter

import pytest

from tests.support.deployed_stack import until
from tests.support.end_events import EndEvents

MANY = 20
QUEUES = ("StandardQueue", "StandardDeadLetters")


@pytest.fixture(scope="module")
def dead(deployed):
    """Jobs that failed because the workers had a missing bucket, which is fixed by now.

    They start after four of five attempts, because the pauses between attempts take minutes.
    """
    deployed.purge(*QUEUES)
    with deployed.dead_after("StandardQueue", 1), deployed.function_with("WorkerFunction", HERALD_BUCKET="not-there"):
        with deployed.paused("WorkerFunctionStandard"):
            ids = [deployed.post(input=f"Dead letter {number}.")["id"] for number in range(MANY)]
            for job_id in ids:
                deployed.write(job_id, attempts={"N": "4"})
        return deployed.all_buried(ids)


def test_dead_letters_fail_their_jobs(deployed, dead):
    ends = Counter((row.state, row.error.code, row.attempts) for row in dead.values())
    assert ends == {("failed", "too_many_attempts", 5): MANY}
    assert all("(broken_installation)" in row.error.message for row in dead.values())
    until(lambda: not deployed.waiting(*QUEUES))


def test_retries_succeed_after_the_fix(deployed, dead):
    with EndEvents(deployed, "ended-dead") as ended_events:
        again = {job_id: deployed.http.post(f"/v1/jobs/{job_id}/retry") for job_id in dead}
        assert {answer.status_code for answer in again.values()} == {202}
        jobs = {job_id: answer.json() for job_id, answer in again.items()}
        assert {job_id: job["retry_of"] for job_id, job in jobs.items()} == {job_id: job_id for job_id in dead}
        rows = deployed.all_ended([job["id"] for job in jobs.values()])
        assert Counter((row.state, row.attempts) for row in rows.values()) == {("done", 1): MANY}
        assert {ended_events.once(job_id).retry_of for job_id in rows} == set(dead)
    twice = deployed.http.post(f"/v1/jobs/{next(iter(dead))}/retry").json()
    assert twice["id"] == jobs[next(iter(dead))]["id"]


def test_an_unreadable_row_is_processed_once_readable(deployed):
    """Written by a later version that was rolled back. The message becomes a dead letter; the sweeper resumes later."""
    sqs, queue = deployed.aws("sqs"), deployed["StandardQueue"]
    with deployed.paused("WorkerFunctionStandard"):
        job_id = deployed.post(input="A row of tomorrow.")["id"]
        deployed.write(job_id, characters={"S": "eighteen"})
        (message,) = until(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        sqs.send_message(QueueUrl=deployed["StandardDeadLetters"], MessageBody=message["Body"])
    deployed.sweep()
    assert not deployed.waiting(*QUEUES)
    deployed.write(job_id, characters={"N": "18"})
    deployed.due_now(job_id)
    deployed.sweep()
    assert deployed.ended(job_id)["state"] == "done"
