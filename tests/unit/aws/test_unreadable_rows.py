"""One row that cannot be read harms itself only: rows of a newer version, after a rollback, and damaged ones."""

import json
from base64 import b64decode
from datetime import timedelta

import pytest

from herald.aws.batches import DynamoBatchTable
from herald.aws.jobs import DynamoJobTable
from herald.aws.keys import DynamoKeys
from herald.aws.texts import TextStore
from herald.errors import Unavailable, UnreadableRow
from herald.jobs.door import Door
from herald.jobs.job import Job
from herald.jobs.keys import Key, ShownKey
from herald.jobs.ports import Wanted
from herald.jobs.states import State
from tests.hostile.cases import HERE, read_lines
from tests.jobs import NOON, TEXT, a_job
from tests.unit.aws.conftest import BUCKET, KEYS, TABLE
from tests.unit.aws.test_batches import a_batch

LINES = read_lines(HERE / "rows.jsonl")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def of(kind):
    lines = [line for line in LINES if line["row"] == kind]
    return pytest.mark.parametrize("line", lines, ids=lambda line: line["name"])


def spoil(client, table, row_id, line):
    """Rewrite a stored row as a line of rows.jsonl says."""
    row = client.get_item(TableName=table, Key={"id": {"S": row_id}})["Item"]
    for name, value in line.get("change", {}).items():
        row[name] = {"B": b64decode(value["B"])} if "B" in value else value
    for name in line.get("remove", []):
        del row[name]
    if "document" in line:
        row["document"] = {"S": json.dumps(json.loads(row["document"]["S"]) | line["document"])}
    client.put_item(TableName=table, Item=row)
    return row


def rewrite(client, table, row_id, **attributes):
    spoil(client, table, row_id, {"change": attributes})


@pytest.fixture
def heard():
    """What was reported of rows that cannot be read."""
    return []


@pytest.fixture
def jobs(dynamo, heard):
    texts = TextStore(dynamo.s3, bucket=BUCKET)
    return DynamoJobTable(dynamo.client, table=TABLE, texts=texts, unreadable=heard.append)


@pytest.fixture
def batches(dynamo, heard):
    return DynamoBatchTable(dynamo.client, table=TABLE, unreadable=heard.append)


@pytest.fixture
def keys(aws, dynamo_keys, heard):
    return DynamoKeys(aws.dynamodb, table=KEYS, unreadable=heard.append)


def check_reported(heard, kind, row_id):
    assert {(one.row, one.row_id, one.code) for one in heard} == {(kind, row_id, "unreadable_row")}
    assert all(TEXT not in one.message and 0 < len(one.reason) < 300 for one in heard)


@of("job")
def test_a_list_of_jobs_leaves_out_the_one_that_cannot_be_read(dynamo, jobs, heard, line):
    first, bad, last = (jobs.add(a_job(at=NOON + number * HOUR)) for number in range(3))
    spoil(dynamo.client, TABLE, bad.id, line)
    page = jobs.page("acme", Wanted(limit=2))
    found = page.jobs + (jobs.page("acme", Wanted(limit=2, cursor=page.cursor)).jobs if page.cursor else [])
    assert [job.id for job in found] == [last.id, first.id]
    check_reported(heard, "job", bad.id)


@of("job")
def test_the_sweeper_gets_the_jobs_beside_the_one_that_cannot_be_read(dynamo, jobs, heard, line):
    first, bad, last = (jobs.add(a_job(at=NOON + number * HOUR)) for number in range(3))
    spoil(dynamo.client, TABLE, bad.id, line)
    due = jobs.due(NOON + DAY, 10)
    assert [one.id if isinstance(one, Job) else one.row_id for one in due] == [first.id, bad.id, last.id]
    assert isinstance(due[1], UnreadableRow)
    check_reported(heard, "job", bad.id)


@of("job")
def test_one_job_that_cannot_be_read_says_so_and_whose_it_is(dynamo, jobs, heard, line):
    job = jobs.add(a_job())
    row = spoil(dynamo.client, TABLE, job.id, line)
    with pytest.raises(UnreadableRow) as caught:
        jobs.get(job.id)
    assert caught.value.tenant == "acme"
    check_reported(heard, "job", job.id)
    assert dynamo.row(job.id) == row, "it stays as it is"


@of("batch")
def test_a_list_of_batches_leaves_out_the_one_that_cannot_be_read(dynamo, batches, heard, line):
    first, bad, last = (batches.add(a_batch(at=NOON + number * HOUR)) for number in range(3))
    for step in ("planning", "speaking"):
        rewrite(dynamo.client, TABLE, bad.id, document=_with_state(dynamo, bad.id, step))
    spoil(dynamo.client, TABLE, bad.id, line)
    assert [batch.id for batch in batches.page("acme", limit=10, cursor=None).batches] == [last.id, first.id]
    with pytest.raises(UnreadableRow) as caught:
        batches.get(bad.id)
    assert caught.value.tenant == "acme"
    check_reported(heard, "batch", bad.id)


def _with_state(dynamo, batch_id, state):
    return {"S": json.dumps(json.loads(dynamo.row(batch_id)["document"]["S"]) | {"state": state})}


@of("key")
def test_a_list_of_keys_leaves_out_the_one_that_cannot_be_read(aws, keys, heard, line):
    good, bad = a_key(), a_key()
    for _, key in (good, bad):
        keys.add(key)
    spoil(aws.dynamodb, KEYS, f"key#{bad[1].id}", line)
    assert [key.id for key in keys.list()] == [good[1].id]
    check_reported(heard, "key", f"key#{bad[1].id}")


@of("key")
def test_a_key_that_cannot_be_read_is_neither_admitted_nor_called_invalid(aws, keys, line):
    good, bad = a_key(), a_key()
    for _, key in (good, bad):
        keys.add(key)
    spoil(aws.dynamodb, KEYS, f"key#{bad[1].id}", line)
    door = Door(keys, clock=lambda: NOON)
    with pytest.raises(Unavailable):
        door.admit(f"Bearer {bad[0]}")
    assert door.admit(f"Bearer {good[0]}").key == good[1].id


def a_key():
    shown = ShownKey.new()
    return shown, Key(id=shown.id, digest=shown.digest, tenant="acme", created_at=NOON)


def test_a_rollback_leaves_jobs_and_batches_that_only_say_more(dynamo, jobs, batches, heard):
    """Version n+1 added attributes that version n does not know."""
    more = {"schema": {"N": "7"}, "lexicon": {"M": {"a": {"SS": ["b"]}}}, "flags": {"BOOL": True}}
    job, batch = jobs.add(a_job()), batches.add(a_batch())
    rewrite(dynamo.client, TABLE, job.id, **more)
    said = json.loads(dynamo.row(batch.id)["document"]["S"])
    rewrite(dynamo.client, TABLE, batch.id, document={"S": json.dumps(said | {"pace": "slow"})}, **more)
    assert jobs.get(job.id) == job
    assert [one.id for one in jobs.page("acme", Wanted()).jobs] == [job.id]
    assert [one.id for one in jobs.due(NOON + DAY, 9)] == [job.id]
    assert batches.get(batch.id) == batch
    assert heard == []


def test_a_rollback_leaves_keys_that_only_say_more(aws, keys, heard):
    shown, key = a_key()
    keys.add(key)
    rewrite(aws.dynamodb, KEYS, f"key#{key.id}", schema={"N": "7"}, labels={"L": [{"S": "a"}]})
    assert keys.list() == [key]
    assert Door(keys, clock=lambda: NOON).admit(f"Bearer {shown}").key == key.id
    assert heard == []


def test_a_script_of_a_newer_version_is_not_spoken_by_half(dynamo, jobs, heard):
    """What changes the sound must be known: else the wrong audio would be stored under the right key."""
    job = jobs.add(a_job())
    script = json.loads(dynamo.row(job.id)["script"]["S"]) | {"lexicon": "acme-names"}
    rewrite(dynamo.client, TABLE, job.id, script={"S": json.dumps(script)})
    with pytest.raises(UnreadableRow):
        jobs.get(job.id)
    check_reported(heard, "job", job.id)
    assert [one.id for one in jobs.page("acme", Wanted()).jobs] == [job.id], "a list shows no text"


def test_many_that_cannot_be_read_hide_no_other(dynamo, jobs):
    bad = [jobs.add(a_job(at=NOON + timedelta(seconds=number))) for number in range(12)]
    for job in bad:
        rewrite(dynamo.client, TABLE, job.id, state={"S": "paused_by_v2"})
    good = jobs.add(a_job(at=NOON + HOUR))
    jobs.move(good.id, State.QUEUED, at=NOON)
    assert [one.id for one in jobs.due(NOON + DAY, 13) if isinstance(one, Job)] == [good.id]
