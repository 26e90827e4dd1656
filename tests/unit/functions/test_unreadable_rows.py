"""Unreadable rows: callers get a stable error, and other rows are not affected."""

import json

import pytest

from herald.functions import worker
from herald.jobs.job_request import JobRequest
from tests.support.moto_cloud import TABLE
from tests.unit.functions.conftest import MARKER, Context, logged
from tests.unit.functions.test_sweeper import sweep


@pytest.fixture
def spoil(cloud):
    """Return a function that sets a stored row's attribute to a value unknown to this version."""

    def spoil(row_id, name="state", value=None):
        cloud.clients.dynamodb.update_item(
            TableName=TABLE,
            Key={"id": {"S": row_id}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value or {"S": "paused_by_v2"}},
        )

    return spoil


@pytest.fixture
def jobs(parts):
    return [parts.job_service.submit(JobRequest(input=f"{MARKER} {number}"), tenant="acme") for number in range(3)]


UNKNOWN = [("state", {"S": "paused_by_v2"}), ("response_format", {"S": "aac-v2"}), ("characters", {"N": "-1"})]


@pytest.mark.parametrize(("name", "value"), UNKNOWN, ids=[name for name, _ in UNKNOWN])
def test_unreadable_job_is_omitted_from_lists_and_a_409_by_id(http, jobs, spoil, name, value):
    spoil(jobs[1].id, name, value)
    listed = http("GET", "/v1/jobs", tenant="acme")
    assert listed.status == 200
    assert [job["id"] for job in listed.json["data"]] == [jobs[2].id, jobs[0].id]
    for method, path, fields in [("GET", "", None), ("DELETE", "", None), ("PUT", "/retention", {"retention": "keep"})]:
        answer = http(method, f"/v1/jobs/{jobs[1].id}{path}", fields, tenant="acme")
        if name == "characters" and method != "GET":
            continue  # the row is readable, only its presentation fails
        assert answer.refusal == (409, "unreadable_row")
        assert MARKER not in answer.body


def test_unreadable_job_of_another_tenant_is_not_found(http, jobs, spoil):
    spoil(jobs[1].id)
    foreign = http("GET", f"/v1/jobs/{jobs[1].id}", tenant="mallory")
    unknown = http("GET", f"/v1/jobs/job_{'0' * 32}", tenant="mallory")
    assert (foreign.status, foreign.body) == (unknown.status, unknown.body) == (404, unknown.body)


def test_unreadable_batch(http, spoil):
    ids = [
        http(
            "POST", "/v1/batches", {"name": "Reminders", "items": [{"text": f"{MARKER} {number}"}]}, tenant="acme"
        ).json["id"]
        for number in range(3)
    ]
    spoil(ids[1], "document", {"S": json.dumps({"state": "paused_by_v2"})})
    assert {batch["id"] for batch in http("GET", "/v1/batches", tenant="acme").json["data"]} == {ids[0], ids[2]}
    assert http("GET", f"/v1/batches/{ids[1]}", tenant="acme").refusal == (409, "unreadable_row")
    assert http("GET", f"/v1/batches/{ids[1]}/items", tenant="acme").refusal == (409, "unreadable_row")
    assert http("GET", f"/v1/batches/{ids[1]}", tenant="mallory").refusal == (404, "not_found")


def test_worker_postpones_its_message_and_processes_the_others(cloud, jobs, spoil, mouth, capsys):
    spoil(jobs[1].id)
    event = cloud.receive("standard")
    bad = next(one["messageId"] for one in event["Records"] if jobs[1].id in one["body"])
    answer = worker.handler(event, Context(milliseconds_left=300_000))
    assert answer == {"batchItemFailures": [{"itemIdentifier": bad}]}
    assert sorted(mouth.spoken) == [f"{MARKER} 0", f"{MARKER} 2"]
    assert cloud.calls("ChangeMessageVisibility")[-1]["VisibilityTimeout"] == 900
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    lines = logged(output.out)
    assert [line["row_id"] for line in lines if line.get("message") == "unreadable row"] == [jobs[1].id]
    assert any("UnreadableRows" in line for line in lines)


def test_dead_letter_of_an_unreadable_job_is_dropped_and_its_row_unchanged(cloud, jobs, spoil):
    spoil(jobs[1].id)
    before = cloud.rows()
    event = cloud.receive("standard")
    (body,) = [one["body"] for one in event["Records"] if jobs[1].id in one["body"]]
    cloud.send("standard-dead", body)
    sweep()
    assert cloud.shown("standard-dead") == (0, 0)
    assert cloud.rows() == before


def test_job_continues_once_its_row_is_readable_again(cloud, parts, jobs, spoil, mouth):
    spoil(jobs[1].id)
    worker.handler(cloud.receive("standard"), Context(milliseconds_left=300_000))
    spoil(jobs[1].id, "state", {"S": "queued"})
    record = {"version": 1, "job": jobs[1].id, "tenant": "acme"}
    worker.handler(cloud.deliver("standard", json.dumps(record)), Context(milliseconds_left=300_000))
    assert parts.table.get(jobs[1].id).state == "done"
