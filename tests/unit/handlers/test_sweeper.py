"""sweeper: every five minutes, what did not go on goes on."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from herald.errors import HeraldError
from herald.handlers import sweeper
from herald.jobs.job import JobError, utc_now
from herald.jobs.request import JobRequest
from tests.unit.handlers.cloud import TABLE
from tests.unit.handlers.conftest import MARKER, Context, event, forget, logged


def sweep(milliseconds_left=120_000):
    return sweeper.handler(event("sweeper__every_five_minutes"), Context(milliseconds_left=milliseconds_left))


@pytest.fixture
def later(monkeypatch):
    """It is so much later for whoever looks at the clock from now on."""

    def later(**time):
        monkeypatch.setattr("herald.handlers.parts.Parts.clock", staticmethod(lambda: utc_now() + timedelta(**time)))
        forget()

    return later


def swept(capsys):
    (line,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "swept"]
    return line


def test_an_accepted_job_that_no_queue_took_is_queued(parts, cloud, capsys, later):
    cloud.silence("sqs")
    job = parts.desk.submit(JobRequest(input=MARKER, priority="vip"), tenant="acme")
    cloud.mend()
    sweep()
    assert cloud.messages("vip") == []
    later(minutes=5)
    capsys.readouterr()
    sweep()
    assert cloud.messages("vip") == [{"version": 1, "job": job.id, "tenant": "acme"}]
    assert parts.table.get(job.id).state == "queued"
    assert swept(capsys)["accepted"] == 1
    sweep()
    assert cloud.messages("vip") == []


def test_an_end_that_was_not_told_is_told_once(parts, cloud, later):
    job = parts.desk.submit(JobRequest(input=MARKER), tenant="acme")
    cloud.silence("events")
    parts.endings.failed(job, JobError(code="unknown_voice", message="It is gone."))
    cloud.mend()
    later(minutes=5)
    sweep()
    sweep()
    assert [kind for kind, _ in cloud.events()] == ["herald.job.failed"]
    assert parts.table.get(job.id).told


def test_what_no_time_is_left_for_waits(parts, cloud, capsys, later):
    cloud.silence("sqs")
    for number in range(3):
        parts.desk.submit(JobRequest(input=f"{MARKER} {number}"), tenant="acme")
    cloud.mend()
    later(minutes=5)
    sweep(milliseconds_left=9_000)
    assert cloud.messages("standard") == []
    sweep()
    assert len(cloud.messages("standard")) == 3


@pytest.mark.parametrize("service", ["sqs", "events"])
def test_one_service_that_does_not_answer_is_waited_for(parts, cloud, capsys, later, service):
    cloud.silence(service)
    job = parts.desk.submit(JobRequest(input=MARKER), tenant="acme")
    if service == "events":
        parts.endings.failed(job, JobError(code="unknown_voice", message="It is gone."))
    later(minutes=5)
    # Without SQS it cannot look for dead letters either: Lambda calls it again, and the alarm on failures counts it.
    with pytest.raises(HeraldError) if service == "sqs" else nullcontext():
        sweep()
    assert MARKER not in capsys.readouterr().out
    cloud.mend()
    sweep()
    assert len(cloud.messages("standard")) + len(cloud.events()) >= 1


def test_without_its_table_it_says_so_and_is_called_again(cloud, capsys):
    cloud.silence("dynamodb")
    with pytest.raises(HeraldError) as raised:
        sweep()
    assert raised.value.code == "unavailable"
    (failed,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "failed"]
    assert failed["code"] == "unavailable"


def test_nothing_to_do_is_counted_too(cloud, capsys):
    assert sweep() is None
    (metrics,) = [line for line in logged(capsys.readouterr().out) if "Swept" in line]
    assert metrics["Swept"] == [0.0]


def test_one_row_that_cannot_be_read_keeps_no_other_job_waiting(parts, cloud, capsys, later, monkeypatch):
    """A rollback: the row of a newer version is skipped, counted and logged, and nothing of it is changed."""
    monkeypatch.setattr("herald.jobs.sweep._AT_ONCE", 2)
    cloud.silence("sqs")
    jobs = [parts.desk.submit(JobRequest(input=f"{MARKER} {number}"), tenant="acme") for number in range(6)]
    cloud.mend()
    for job in jobs[:5]:
        row = {"Key": {"id": {"S": job.id}}, "TableName": TABLE, "ExpressionAttributeNames": {"#state": "state"}}
        new = {":new": {"S": "paused_by_v2"}}
        cloud.clients.dynamodb.update_item(UpdateExpression="SET #state = :new", ExpressionAttributeValues=new, **row)
    later(minutes=5)
    capsys.readouterr()
    sweep()
    assert [message["job"] for message in cloud.messages("standard")] == [jobs[5].id]
    said = capsys.readouterr().out
    assert MARKER not in said
    lines = logged(said)
    (swept_line,) = [line for line in lines if line.get("message") == "swept"]
    assert (swept_line["accepted"], swept_line["unreadable_row"]) == (1, 5)
    assert {
        (line["row"], line["row_id"], line["why"]) for line in lines if line.get("message") == "unreadable row"
    } == {("job", job.id, "state") for job in jobs[:5]}
    assert any("UnreadableRows" in line for line in lines)
