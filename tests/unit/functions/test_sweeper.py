"""sweeper: recovery of stalled jobs, every five minutes."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from herald.clock import utc_now
from herald.errors import HeraldError
from herald.functions import sweeper
from herald.jobs.job import JobError
from herald.jobs.job_request import JobRequest
from tests.support.moto_cloud import TABLE
from tests.template.template import FUNCTIONS
from tests.unit.functions.conftest import MARKER, Context, event, forget, logged


def sweep(milliseconds_left=120_000):
    return sweeper.handler(event("sweeper__every_five_minutes"), Context(milliseconds_left=milliseconds_left))


@pytest.fixture
def later(monkeypatch):
    """Return a function that advances the functions' clock."""

    def later(**time):
        monkeypatch.setattr(
            "herald.runtime.container.Dependencies.clock", staticmethod(lambda: utc_now() + timedelta(**time))
        )
        forget()

    return later


def swept(capsys):
    (line,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "swept"]
    return line


def test_accepted_job_that_was_not_queued_is_queued(parts, cloud, capsys, later):
    cloud.silence("sqs")
    job = parts.job_service.submit(JobRequest(input=MARKER, priority="vip"), tenant="acme")
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


def test_unpublished_event_is_published_once(parts, cloud, later):
    job = parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    cloud.silence("events")
    parts.completion.fail(job, JobError(code="unknown_voice", message="It is gone."))
    cloud.mend()
    later(minutes=5)
    sweep()
    sweep()
    assert [kind for kind, _ in cloud.events()] == ["herald.job.failed"]
    assert parts.table.get(job.id).published


def test_jobs_without_time_left_are_recovered_by_the_next_sweep(parts, cloud, capsys, later):
    cloud.silence("sqs")
    for number in range(3):
        parts.job_service.submit(JobRequest(input=f"{MARKER} {number}"), tenant="acme")
    cloud.mend()
    later(minutes=5)
    sweep(milliseconds_left=9_000)
    assert cloud.messages("standard") == []
    sweep()
    assert len(cloud.messages("standard")) == 3


def test_a_run_that_uses_its_time_is_not_near_its_timeout(parts, cloud, capsys, later):
    """After an outage, runs are long on purpose, and FunctionsNearTimeout must not fire."""

    class Slow(Context):
        def get_remaining_time_in_millis(self):
            self.milliseconds_left -= 1_000
            return self.milliseconds_left

    cloud.silence("sqs")
    for number in range(120):
        parts.job_service.submit(JobRequest(input=f"{MARKER} {number}"), tenant="acme")
    cloud.mend()
    later(minutes=5)
    timeout = FUNCTIONS["SweeperFunction"]["Timeout"] * 1_000
    sweeper.handler(event("sweeper__every_five_minutes"), Slow(milliseconds_left=timeout))
    out = capsys.readouterr().out
    assert '"message":"swept"' in out.replace('": "', '":"')
    assert "NearTimeout" not in out


@pytest.mark.parametrize("service", ["sqs", "events"])
def test_sweep_succeeds_once_a_service_is_available_again(parts, cloud, capsys, later, service):
    cloud.silence(service)
    job = parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    if service == "events":
        parts.completion.fail(job, JobError(code="unknown_voice", message="It is gone."))
    later(minutes=5)
    # Without SQS, dead letters cannot be received either: the function raises, Lambda retries, and the alarm counts it.
    with pytest.raises(HeraldError) if service == "sqs" else nullcontext():
        sweep()
    assert MARKER not in capsys.readouterr().out
    cloud.mend()
    sweep()
    assert len(cloud.messages("standard")) + len(cloud.events()) >= 1


def test_sweep_raises_if_the_table_is_unavailable(cloud, capsys):
    cloud.silence("dynamodb")
    with pytest.raises(HeraldError) as raised:
        sweep()
    assert raised.value.code == "unavailable"
    (failed,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "failed"]
    assert failed["code"] == "unavailable"


def test_empty_sweep_is_counted(cloud, capsys):
    assert sweep() is None
    (metrics,) = [line for line in logged(capsys.readouterr().out) if "Swept" in line]
    assert metrics["Swept"] == [0.0]


def test_unreadable_rows_do_not_delay_other_jobs(parts, cloud, capsys, later, monkeypatch):
    """After a rollback, rows of the newer version are skipped, counted, logged and left unchanged."""
    monkeypatch.setattr("herald.jobs.recovery._AT_ONCE", 2)
    cloud.silence("sqs")
    jobs = [parts.job_service.submit(JobRequest(input=f"{MARKER} {number}"), tenant="acme") for number in range(6)]
    cloud.mend()
    for job in jobs[:5]:
        row = {"Key": {"id": {"S": job.id}}, "TableName": TABLE, "ExpressionAttributeNames": {"#state": "state"}}
        new = {":new": {"S": "paused_by_v2"}}
        cloud.clients.dynamodb.update_item(UpdateExpression="SET #state = :new", ExpressionAttributeValues=new, **row)
    later(minutes=5)
    capsys.readouterr()
    sweep()
    assert [message["job"] for message in cloud.messages("standard")] == [jobs[5].id]
    output = capsys.readouterr().out
    assert MARKER not in output
    lines = logged(output)
    (swept_line,) = [line for line in lines if line.get("message") == "swept"]
    assert (swept_line["accepted"], swept_line["unreadable_row"]) == (1, 5)
    assert {
        (line["row"], line["row_id"], line["why"]) for line in lines if line.get("message") == "unreadable row"
    } == {("job", job.id, "state") for job in jobs[:5]}
    assert any("UnreadableRows" in line for line in lines)
