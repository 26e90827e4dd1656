"""What is DynamoDB's own: the row, long texts, services that fail."""

import json
import logging
from datetime import timedelta

import pytest

from herald.aws.rows import SHARDS, iso, shard_of
from herald.errors import BrokenInstallation, Unavailable, UnreadableRow
from herald.jobs.job import new_id
from herald.jobs.ports import Wanted
from herald.jobs.states import State
from tests.jobs import NOON, TEXT, a_job, a_script
from tests.unit.aws.conftest import BUCKET, TABLE, table_of_template

MARKER = "purple elephant"
LONG = f"{MARKER} " * 20_000
LATER = NOON + timedelta(minutes=1)


def test_a_row_holds_only_static_attributes_for_the_lists(dynamo):
    projected = {"tenant", "batch", "listed", "id", "use_case"}
    for index in table_of_template("JobTable")["GlobalSecondaryIndexes"]:
        keys = {key["AttributeName"] for key in index["KeySchema"]} | {*index["Projection"].get("NonKeyAttributes", ())}
        assert index["IndexName"] == "due" or keys <= projected
    job = dynamo.table.add(a_job(batch="b1"))
    before = {name: dynamo.row(job.id)[name] for name in projected}
    dynamo.table.claim(job.id, State.SPEAKING, worker="w", at=NOON, until=LATER)
    dynamo.table.move(job.id, State.DONE, at=LATER, changes={"script": None, "worker": None})
    dynamo.table.told(job.id)
    assert {name: dynamo.row(job.id)[name] for name in projected} == before


def test_the_table_forgets_a_job_when_it_expires(dynamo):
    job = dynamo.table.add(a_job(expires_at=NOON))
    assert dynamo.row(job.id)["expires"] == {"N": str(int(NOON.timestamp()))}
    dynamo.table.move(job.id, State.DONE, at=NOON, changes={"expires_at": LATER})
    assert dynamo.row(job.id)["expires"] == {"N": str(int(LATER.timestamp()))}
    kept = dynamo.table.add(a_job(expires_at=NOON))
    dynamo.table.move(kept.id, State.DONE, at=NOON, changes={"expires_at": None})
    assert "expires" not in dynamo.row(kept.id)


def test_what_is_told_leaves_the_sweepers_index(dynamo):
    job = dynamo.table.add(a_job())
    dynamo.table.move(job.id, State.DONE, at=NOON)
    assert {"due_shard", "due_at"} <= dynamo.row(job.id).keys()
    dynamo.table.told(job.id)
    assert not {"due_shard", "due_at"} & dynamo.row(job.id).keys()
    at_once = dynamo.table.add(a_job(state=State.DONE, told=True))
    assert not {"due_shard", "due_at"} & dynamo.row(at_once.id).keys()


def test_jobs_spread_over_the_shards():
    counts = [0] * SHARDS
    for _ in range(8_000):
        counts[shard_of(new_id(NOON))] += 1
    assert min(counts) > 800


def test_times_sort_as_text():
    times = [NOON.replace(microsecond=0), NOON.replace(microsecond=100_000), NOON + timedelta(hours=1)]
    assert sorted(map(iso, reversed(times))) == [iso(time) for time in times]


def test_a_row_of_a_later_version_is_read(dynamo):
    job = dynamo.table.add(a_job())
    dynamo.client.put_item(TableName=TABLE, Item=dynamo.row(job.id) | {"mood": {"L": [{"S": "good"}, {"NULL": True}]}})
    assert dynamo.table.get(job.id) == job


@pytest.mark.parametrize(
    "broken", [{"state": {"S": "asleep"}}, {"script": {"S": json.dumps({"text": MARKER})}}, {"attempts": {"S": MARKER}}]
)
def test_a_row_that_cannot_be_read_is_named_without_its_text(dynamo, broken):
    job = dynamo.table.add(a_job())
    dynamo.client.put_item(TableName=TABLE, Item=dynamo.row(job.id) | broken)
    with pytest.raises(UnreadableRow) as caught:
        dynamo.table.get(job.id)
    assert MARKER not in caught.value.message
    assert caught.value.__suppress_context__


def test_what_may_not_be_changed_is_not(dynamo):
    job = dynamo.table.add(a_job())
    for changes in ({"tenant": "other"}, {"state": State.DONE}, {"colour": "red"}, {"script": a_script("New.")}):
        with pytest.raises(ValueError, match="may"):
            dynamo.table.move(job.id, State.QUEUED, at=NOON, changes=changes)
    assert dynamo.table.get(job.id) == job


# --- long texts ---


def test_a_short_text_is_in_the_row(dynamo):
    job = dynamo.table.add(a_job())
    assert TEXT in dynamo.row(job.id)["script"]["S"]
    assert dynamo.texts() == []


def test_a_long_text_is_beside_the_row_until_it_has_been_said(dynamo):
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


def test_the_limit_is_in_bytes(dynamo):
    fits = 4_096 - len(a_script("").model_dump_json())
    dynamo.table.add(a_job(text="x" * fits))
    assert dynamo.texts() == []
    dynamo.table.add(a_job(text="é" * (fits // 2 + 1)))
    assert len(dynamo.texts()) == 1


def test_the_second_of_two_long_texts_with_one_id_leaves_nothing(dynamo):
    first = dynamo.table.add(a_job(text=LONG))
    texts = dynamo.texts()
    assert dynamo.table.add(a_job(id=first.id, text=LONG + "else", at=LATER)) == first
    assert dynamo.table.add(first.model_copy(update={"created_at": LATER})) == first
    assert dynamo.texts() == texts
    dynamo.table.move(first.id, State.CANCELLED, at=NOON, changes={"script": None})
    assert dynamo.table.add(first).state == State.CANCELLED
    assert dynamo.texts() == []


def test_a_job_whose_long_text_expired_has_none(dynamo):
    job = dynamo.table.add(a_job(text=LONG))
    dynamo.s3.delete_object(Bucket=BUCKET, Key=dynamo.texts()[0])
    assert dynamo.table.get(job.id) == job.model_copy(update={"script": None})


def test_a_job_whose_text_cannot_be_had_now_is_free_again(dynamo, fail):
    job = dynamo.table.add(a_job(text=LONG))
    fail(dynamo.s3, "GetObject", "SlowDown", 503, times=2)
    with pytest.raises(Unavailable):
        dynamo.table.claim(job.id, State.SPEAKING, worker="w1", at=NOON, until=LATER)
    assert dynamo.table.claim(job.id, State.SPEAKING, worker="w2", at=NOON, until=LATER).script == job.script


def test_a_job_is_done_although_its_text_cannot_be_deleted_now(dynamo, fail, caplog):
    job = dynamo.table.add(a_job(text=LONG))
    fail(dynamo.s3, "DeleteObject", "SlowDown", 503)
    with caplog.at_level(logging.WARNING):
        assert dynamo.table.move(job.id, State.DONE, at=NOON, changes={"script": None}).state == State.DONE
    assert "SlowDown" in caplog.text
    assert MARKER not in caplog.text


def test_no_row_is_written_whose_text_was_not_stored(dynamo, fail):
    fail(dynamo.s3, "PutObject", "InternalError", 500)
    job = a_job(text=LONG)
    with pytest.raises(Unavailable):
        dynamo.table.add(job)
    assert dynamo.row(job.id) is None


# --- services that fail ---

CALLS = {
    "PutItem": lambda table: table.add(a_job(text=MARKER)),
    "GetItem": lambda table: table.get("job_1"),
    "UpdateItem": lambda table: table.move("job_1", State.QUEUED, at=NOON),
    "Query": lambda table: table.page("acme", Wanted()),
}


@pytest.mark.parametrize("operation", CALLS)
def test_a_throttled_table_is_unavailable(dynamo, fail, operation):
    fail(dynamo.client, operation, "ProvisionedThroughputExceededException")
    with pytest.raises(Unavailable, match=f"DynamoDB: {operation} .*Throughput") as caught:
        CALLS[operation](dynamo.table)
    assert MARKER not in caught.value.message


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
@pytest.mark.parametrize("operation", CALLS)
def test_a_refusing_table_is_a_broken_installation(dynamo, fail, operation, code):
    fail(dynamo.client, operation, code)
    with pytest.raises(BrokenInstallation, match=f"DynamoDB: {operation} was refused .{code}") as caught:
        CALLS[operation](dynamo.table)
    assert MARKER not in caught.value.message
    assert caught.value.__suppress_context__


def leave_out(client, monkeypatch, times):
    """Have BatchGetItem give one row less than asked for, so many times."""
    real, left, asked = client._make_api_call, [times], []

    def make(name, parameters):
        if name != "BatchGetItem":
            return real(name, parameters)
        asked.append(len(parameters["RequestItems"][TABLE]["Keys"]))
        if left[0] == 0:
            return real(name, parameters)
        left[0] -= 1
        request = parameters["RequestItems"][TABLE]
        *given, kept_back = request["Keys"]
        answer = real(name, {"RequestItems": {TABLE: request | {"Keys": given}}}) if given else {"Responses": {}}
        return answer | {"UnprocessedKeys": {TABLE: request | {"Keys": [kept_back]}}}

    monkeypatch.setattr(client, "_make_api_call", make)
    monkeypatch.setattr("herald.aws.lists._PAUSE", 0)
    return asked


def test_rows_that_dynamodb_left_out_are_asked_for_again(dynamo, monkeypatch):
    jobs = [dynamo.table.add(a_job(at=NOON + timedelta(seconds=number))) for number in range(3)]
    asked = leave_out(dynamo.client, monkeypatch, 2)
    assert [job.id for job in dynamo.table.page("acme", Wanted()).jobs] == [job.id for job in reversed(jobs)]
    assert asked == [3, 1, 1]


def test_rows_that_dynamodb_keeps_back_are_unavailable(dynamo, monkeypatch):
    dynamo.table.add(a_job())
    leave_out(dynamo.client, monkeypatch, 99)
    with pytest.raises(Unavailable):
        dynamo.table.page("acme", Wanted())


def test_a_page_of_few_among_many_is_short_and_goes_on(dynamo, monkeypatch):
    monkeypatch.setattr("herald.aws.lists._AT_ONCE", 3)
    jobs = [dynamo.table.add(a_job(at=NOON + timedelta(seconds=number))) for number in range(20)]
    dynamo.table.move(jobs[0].id, State.DONE, at=NOON)
    first = dynamo.table.page("acme", Wanted(state=State.DONE))
    assert first.jobs == []
    second = dynamo.table.page("acme", Wanted(state=State.DONE, cursor=first.cursor))
    assert ([job.id for job in second.jobs], second.cursor) == ([jobs[0].id], None)


def test_a_job_that_went_on_is_not_due_whatever_the_index_says(dynamo, monkeypatch):
    job = dynamo.table.add(a_job())
    monkeypatch.setattr(dynamo.table._lists, "_due", lambda *_: iter([(iso(NOON), job.id), (iso(NOON), "job_gone")]))
    assert dynamo.table.due(NOON, 9) == []
    assert [one.id for one in dynamo.table.due(LATER, 9)] == [job.id]
