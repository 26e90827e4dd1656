"""Specifics of the DynamoDB job table: rows, long texts, and failing services."""

import json
import logging
from datetime import timedelta

import pytest

from herald.aws.dynamo import iso
from herald.aws.job_rows import SHARDS, UNFINISHED, shard_of
from herald.errors import BrokenInstallation, Unavailable, UnreadableRow
from herald.jobs.job import State, new_id
from herald.jobs.ports import JobFilter
from tests.support.job_samples import NOON, TEXT, a_job, a_script
from tests.unit.aws.conftest import BUCKET, TABLE, table_of_template

MARKER = "purple elephant"
LONG = f"{MARKER} " * 20_000
LATER = NOON + timedelta(minutes=1)


def test_list_indexes_contain_only_immutable_attributes(dynamo):
    projected = {"tenant", "batch", "listed", "id", "use_case"}
    for index in table_of_template("JobTable")["GlobalSecondaryIndexes"]:
        keys = {key["AttributeName"] for key in index["KeySchema"]} | {*index["Projection"].get("NonKeyAttributes", ())}
        assert index["IndexName"] == "due" or keys <= projected
    job = dynamo.table.add(a_job(batch="b1"))
    before = {name: dynamo.row(job.id)[name] for name in projected}
    dynamo.table.claim(job.id, State.SPEAKING, worker="w", at=NOON, until=LATER)
    dynamo.table.move(job.id, State.DONE, at=LATER, changes={"script": None, "worker": None})
    dynamo.table.mark_published(job.id)
    assert {name: dynamo.row(job.id)[name] for name in projected} == before


def test_rows_have_a_time_to_live(dynamo):
    job = dynamo.table.add(a_job(expires_at=NOON))
    assert dynamo.row(job.id)["expires"] == {"N": str(int((NOON + UNFINISHED).timestamp()))}, "no job ends unnoticed"
    dynamo.table.move(job.id, State.DONE, at=NOON, changes={"expires_at": LATER})
    assert dynamo.row(job.id)["expires"] == {"N": str(int(LATER.timestamp()))}
    kept = dynamo.table.add(a_job(expires_at=NOON))
    dynamo.table.move(kept.id, State.DONE, at=NOON, changes={"expires_at": None})
    assert "expires" not in dynamo.row(kept.id)


def test_a_published_end_leaves_the_sweepers_index(dynamo):
    job = dynamo.table.add(a_job())
    dynamo.table.move(job.id, State.DONE, at=NOON)
    assert {"due_shard", "due_at"} <= dynamo.row(job.id).keys()
    dynamo.table.mark_published(job.id)
    assert not {"due_shard", "due_at"} & dynamo.row(job.id).keys()
    completed = dynamo.table.add(a_job(state=State.DONE, published=True))
    assert not {"due_shard", "due_at"} & dynamo.row(completed.id).keys()


def test_jobs_spread_over_the_shards():
    counts = [0] * SHARDS
    for _ in range(8_000):
        counts[shard_of(new_id(NOON))] += 1
    assert min(counts) > 800


def test_times_sort_as_text():
    times = [NOON.replace(microsecond=0), NOON.replace(microsecond=100_000), NOON + timedelta(hours=1)]
    assert sorted(map(iso, reversed(times))) == [iso(time) for time in times]


def test_a_row_with_unknown_attributes_is_readable(dynamo):
    job = dynamo.table.add(a_job())
    dynamo.client.put_item(TableName=TABLE, Item=dynamo.row(job.id) | {"mood": {"L": [{"S": "good"}, {"NULL": True}]}})
    assert dynamo.table.get(job.id) == job


@pytest.mark.parametrize(
    "damage", [{"state": {"S": "asleep"}}, {"script": {"S": json.dumps({"text": MARKER})}}, {"attempts": {"S": MARKER}}]
)
def test_the_error_for_an_unreadable_row_does_not_contain_its_text(dynamo, damage):
    job = dynamo.table.add(a_job())
    dynamo.client.put_item(TableName=TABLE, Item=dynamo.row(job.id) | damage)
    with pytest.raises(UnreadableRow) as caught:
        dynamo.table.get(job.id)
    assert MARKER not in caught.value.message
    assert caught.value.__suppress_context__


def test_immutable_fields_cannot_be_changed(dynamo):
    job = dynamo.table.add(a_job())
    for changes in ({"tenant": "other"}, {"state": State.DONE}, {"colour": "red"}, {"script": a_script("New.")}):
        with pytest.raises(ValueError, match="change"):
            dynamo.table.move(job.id, State.QUEUED, at=NOON, changes=changes)
    assert dynamo.table.get(job.id) == job


# --- long texts ---


def test_a_short_text_is_in_the_row(dynamo):
    job = dynamo.table.add(a_job())
    assert TEXT in dynamo.row(job.id)["script"]["S"]
    assert dynamo.texts() == []


def test_a_long_text_is_stored_outside_the_row_until_the_job_ends(dynamo):
    job = dynamo.table.add(a_job(text=LONG))
    assert len(LONG) > 300_000
    assert MARKER not in json.dumps(dynamo.row(job.id))
    assert len(dynamo.texts()) == 1
    assert dynamo.table.get(job.id) == job
    assert dynamo.table.claim(job.id, State.SPEAKING, worker="w", at=NOON, until=LATER).script == job.script
    assert dynamo.table.move(job.id, State.QUEUED, at=NOON).script == job.script
    assert dynamo.table.move(job.id, State.DONE, at=LATER, changes={"script": None}).script is None
    assert dynamo.texts() == []
    assert dynamo.table.get(job.id).script is None


def test_the_row_limit_is_in_bytes(dynamo):
    fits = 4_096 - len(a_script("").model_dump_json())
    dynamo.table.add(a_job(text="x" * fits))
    assert dynamo.texts() == []
    dynamo.table.add(a_job(text="é" * (fits // 2 + 1)))
    assert len(dynamo.texts()) == 1


def test_a_duplicate_job_leaves_no_long_text(dynamo):
    first = dynamo.table.add(a_job(text=LONG))
    texts = dynamo.texts()
    assert dynamo.table.add(a_job(id=first.id, text=LONG + "else", at=LATER)) == first
    assert dynamo.table.add(first.model_copy(update={"created_at": LATER})) == first
    assert dynamo.texts() == texts
    dynamo.table.move(first.id, State.CANCELLED, at=NOON, changes={"script": None})
    assert dynamo.table.add(first).state == State.CANCELLED
    assert dynamo.texts() == []


def test_a_job_with_an_expired_long_text_has_no_script(dynamo):
    job = dynamo.table.add(a_job(text=LONG))
    dynamo.s3.delete_object(Bucket=BUCKET, Key=dynamo.texts()[0])
    assert dynamo.table.get(job.id) == job.model_copy(update={"script": None})


@pytest.mark.parametrize("times", [1, 2])
def test_a_job_with_an_unavailable_text_is_released(dynamo, fail, times):
    job = dynamo.table.add(a_job(text=LONG))
    fail(dynamo.s3, "GetObject", "SlowDown", 503, times=times)
    with pytest.raises(Unavailable):
        dynamo.table.claim(job.id, State.SPEAKING, worker="w1", at=NOON, until=LATER)
    assert dynamo.table.claim(job.id, State.SPEAKING, worker="w2", at=NOON, until=LATER).script == job.script


def test_a_failed_deletion_of_a_text_does_not_fail_the_job(dynamo, fail, caplog):
    job = dynamo.table.add(a_job(text=LONG))
    fail(dynamo.s3, "DeleteObject", "SlowDown", 503)
    with caplog.at_level(logging.WARNING):
        assert dynamo.table.move(job.id, State.DONE, at=NOON, changes={"script": None}).state == State.DONE
    assert "SlowDown" in caplog.text
    assert MARKER not in caplog.text


def test_no_row_is_written_if_storing_its_text_fails(dynamo, fail):
    fail(dynamo.s3, "PutObject", "InternalError", 500)
    job = a_job(text=LONG)
    with pytest.raises(Unavailable):
        dynamo.table.add(job)
    assert dynamo.row(job.id) is None


def test_a_job_that_expires_while_its_id_is_used_again_is_unavailable(dynamo, fail):
    fail(dynamo.client, "PutItem", "ConditionalCheckFailedException")
    with pytest.raises(Unavailable, match="has just expired"):
        dynamo.table.add(a_job())


def test_a_value_that_no_row_can_have_is_not_stored(dynamo):
    job = dynamo.table.add(a_job())
    with pytest.raises(TypeError, match="cannot contain a value of type bytes"):
        dynamo.table.amend(job.id, {"metadata": {"order": b"17"}})
    assert dynamo.table.get(job.id) == job


# --- failing services ---

CALLS = {
    "PutItem": lambda table: table.add(a_job(text=MARKER)),
    "GetItem": lambda table: table.get("job_1"),
    "UpdateItem": lambda table: table.move("job_1", State.QUEUED, at=NOON),
    "Query": lambda table: table.page("acme", JobFilter()),
}


@pytest.mark.parametrize("operation", CALLS)
def test_a_throttled_table_is_unavailable(dynamo, fail, operation):
    fail(dynamo.client, operation, "ProvisionedThroughputExceededException")
    with pytest.raises(Unavailable, match=f"DynamoDB: {operation} .*Throughput") as caught:
        CALLS[operation](dynamo.table)
    assert MARKER not in caught.value.message


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
@pytest.mark.parametrize("operation", CALLS)
def test_an_inaccessible_table_is_a_broken_installation(dynamo, fail, operation, code):
    fail(dynamo.client, operation, code)
    with pytest.raises(BrokenInstallation, match=f"DynamoDB: {operation} was rejected .{code}") as caught:
        CALLS[operation](dynamo.table)
    assert MARKER not in caught.value.message
    assert caught.value.__suppress_context__


def omit_rows(client, monkeypatch, times):
    """Let BatchGetItem omit one row, `times` times; return a list of the numbers of requested rows."""
    real, left, requested = client._make_api_call, [times], []

    def make(name, parameters):
        if name != "BatchGetItem":
            return real(name, parameters)
        requested.append(len(parameters["RequestItems"][TABLE]["Keys"]))
        if left[0] == 0:
            return real(name, parameters)
        left[0] -= 1
        request = parameters["RequestItems"][TABLE]
        *processed, omitted = request["Keys"]
        response = (
            real(name, {"RequestItems": {TABLE: request | {"Keys": processed}}}) if processed else {"Responses": {}}
        )
        return response | {"UnprocessedKeys": {TABLE: request | {"Keys": [omitted]}}}

    monkeypatch.setattr(client, "_make_api_call", make)
    monkeypatch.setattr("herald.aws.dynamo._PAUSES", (0,) * 5)
    return requested


def test_unprocessed_rows_are_requested_again(dynamo, monkeypatch):
    jobs = [dynamo.table.add(a_job(at=NOON + timedelta(seconds=number))) for number in range(3)]
    requested = omit_rows(dynamo.client, monkeypatch, 2)
    assert [job.id for job in dynamo.table.page("acme", JobFilter()).jobs] == [job.id for job in reversed(jobs)]
    assert requested == [3, 1, 1]


def test_permanently_unprocessed_rows_are_unavailable(dynamo, monkeypatch):
    dynamo.table.add(a_job())
    omit_rows(dynamo.client, monkeypatch, 99)
    with pytest.raises(Unavailable):
        dynamo.table.page("acme", JobFilter())


def test_a_selective_filter_gives_short_pages_with_a_cursor(dynamo, monkeypatch):
    monkeypatch.setattr("herald.aws.job_rows._AT_ONCE", 3)
    jobs = [dynamo.table.add(a_job(at=NOON + timedelta(seconds=number))) for number in range(20)]
    dynamo.table.move(jobs[0].id, State.DONE, at=NOON)
    first = dynamo.table.page("acme", JobFilter(state=State.DONE))
    assert first.jobs == []
    second = dynamo.table.page("acme", JobFilter(state=State.DONE, cursor=first.cursor))
    assert ([job.id for job in second.jobs], second.cursor) == ([jobs[0].id], None)


def test_a_stale_index_entry_does_not_make_a_job_due(dynamo, monkeypatch):
    job = dynamo.table.add(a_job())
    monkeypatch.setattr(dynamo.table, "_due", lambda *_: iter([(iso(NOON), job.id), (iso(NOON), "job_gone")]))
    assert dynamo.table.due(NOON, 9) == []
    assert [one.id for one in dynamo.table.due(LATER, 9)] == [job.id]
