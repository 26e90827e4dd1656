"""A row that is damaged, or written by a newer version before a rollback, affects only itself."""

import json
from base64 import b64decode
from datetime import timedelta

import pytest

from herald.auth.api_keys import Key, PlaintextKey
from herald.auth.authenticator import Authenticator
from herald.aws.batch_table import DynamoBatchTable
from herald.aws.job_table import DynamoJobTable, TextStore
from herald.aws.key_table import DynamoKeys
from herald.errors import Unavailable, UnreadableRow
from herald.jobs.job import Job, State
from herald.jobs.ports import JobFilter
from tests.hostile.cases import HERE, read_lines
from tests.support.job_samples import NOON, TEXT, a_job
from tests.unit.aws.conftest import BUCKET, KEYS, TABLE
from tests.unit.aws.test_batches import a_batch

LINES = read_lines(HERE / "rows.jsonl")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def of(kind):
    lines = [line for line in LINES if line["row"] == kind]
    return pytest.mark.parametrize("line", lines, ids=lambda line: line["name"])


def damage(client, table, row_id, line):
    """Change a stored row as described by a line of rows.jsonl; return the new row."""
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
    damage(client, table, row_id, {"change": attributes})


@pytest.fixture
def reported():
    """The errors reported for unreadable rows."""
    return []


@pytest.fixture
def jobs(dynamo, reported):
    texts = TextStore(dynamo.s3, bucket=BUCKET)
    return DynamoJobTable(dynamo.client, table=TABLE, texts=texts, unreadable=reported.append)


@pytest.fixture
def batches(dynamo, reported):
    return DynamoBatchTable(dynamo.client, table=TABLE, unreadable=reported.append)


@pytest.fixture
def keys(aws, dynamo_keys, reported):
    return DynamoKeys(aws.dynamodb, table=KEYS, unreadable=reported.append)


def check_reported(reported, kind, row_id):
    assert {(one.row, one.row_id, one.code) for one in reported} == {(kind, row_id, "unreadable_row")}
    assert all(TEXT not in one.message and 0 < len(one.reason) < 300 for one in reported)


@of("job")
def test_lists_of_jobs_skip_an_unreadable_row(dynamo, jobs, reported, line):
    first, bad, last = (jobs.add(a_job(at=NOON + number * HOUR)) for number in range(3))
    damage(dynamo.client, TABLE, bad.id, line)
    page = jobs.page("acme", JobFilter(limit=2))
    found = page.jobs + (jobs.page("acme", JobFilter(limit=2, cursor=page.cursor)).jobs if page.cursor else [])
    assert [job.id for job in found] == [last.id, first.id]
    check_reported(reported, "job", bad.id)


@of("job")
def test_due_contains_an_error_in_place_of_an_unreadable_row(dynamo, jobs, reported, line):
    first, bad, last = (jobs.add(a_job(at=NOON + number * HOUR)) for number in range(3))
    damage(dynamo.client, TABLE, bad.id, line)
    due = jobs.due(NOON + DAY, 10)
    assert [one.id if isinstance(one, Job) else one.row_id for one in due] == [first.id, bad.id, last.id]
    assert isinstance(due[1], UnreadableRow)
    check_reported(reported, "job", bad.id)


@of("job")
def test_reading_an_unreadable_job_raises_an_error_with_its_tenant(dynamo, jobs, reported, line):
    job = jobs.add(a_job())
    row = damage(dynamo.client, TABLE, job.id, line)
    with pytest.raises(UnreadableRow) as caught:
        jobs.get(job.id)
    assert caught.value.tenant == "acme"
    check_reported(reported, "job", job.id)
    assert dynamo.row(job.id) == row, "the row must not change"


@of("batch")
def test_lists_of_batches_skip_an_unreadable_row(dynamo, batches, reported, line):
    first, bad, last = (batches.add(a_batch(at=NOON + number * HOUR)) for number in range(3))
    for step in ("planning", "speaking"):
        rewrite(dynamo.client, TABLE, bad.id, document=_with_state(dynamo, bad.id, step))
    damage(dynamo.client, TABLE, bad.id, line)
    assert [batch.id for batch in batches.page("acme", limit=10, cursor=None).batches] == [last.id, first.id]
    with pytest.raises(UnreadableRow) as caught:
        batches.get(bad.id)
    assert caught.value.tenant == "acme"
    check_reported(reported, "batch", bad.id)


def _with_state(dynamo, batch_id, state):
    return {"S": json.dumps(json.loads(dynamo.row(batch_id)["document"]["S"]) | {"state": state})}


@of("key")
def test_lists_of_keys_skip_an_unreadable_row(aws, keys, reported, line):
    good, bad = a_key(), a_key()
    for _, key in (good, bad):
        keys.add(key)
    damage(aws.dynamodb, KEYS, f"key#{bad[1].id}", line)
    assert [key.id for key in keys.list()] == [good[1].id]
    check_reported(reported, "key", f"key#{bad[1].id}")


@of("key")
def test_an_unreadable_key_makes_authentication_unavailable(aws, keys, line):
    good, bad = a_key(), a_key()
    for _, key in (good, bad):
        keys.add(key)
    damage(aws.dynamodb, KEYS, f"key#{bad[1].id}", line)
    authenticator = Authenticator(keys, clock=lambda: NOON)
    with pytest.raises(Unavailable):
        authenticator.admit(f"Bearer {bad[0]}")
    assert authenticator.admit(f"Bearer {good[0]}").key == good[1].id


def a_key():
    shown = PlaintextKey.new()
    return shown, Key(id=shown.id, digest=shown.digest, tenant="acme", created_at=NOON)


def test_jobs_and_batches_with_unknown_attributes_are_readable(dynamo, jobs, batches, reported):
    """Version n+1 added attributes that are unknown in version n."""
    more = {"schema": {"N": "7"}, "lexicon": {"M": {"a": {"SS": ["b"]}}}, "flags": {"BOOL": True}}
    job, batch = jobs.add(a_job()), batches.add(a_batch())
    rewrite(dynamo.client, TABLE, job.id, **more)
    document = json.loads(dynamo.row(batch.id)["document"]["S"])
    rewrite(dynamo.client, TABLE, batch.id, document={"S": json.dumps(document | {"pace": "slow"})}, **more)
    assert jobs.get(job.id) == job
    assert [one.id for one in jobs.page("acme", JobFilter()).jobs] == [job.id]
    assert [one.id for one in jobs.due(NOON + DAY, 9)] == [job.id]
    assert batches.get(batch.id) == batch
    assert reported == []


def test_keys_with_unknown_attributes_are_readable(aws, keys, reported):
    shown, key = a_key()
    keys.add(key)
    rewrite(aws.dynamodb, KEYS, f"key#{key.id}", schema={"N": "7"}, labels={"L": [{"S": "a"}]})
    assert keys.list() == [key]
    assert Authenticator(keys, clock=lambda: NOON).admit(f"Bearer {shown}").key == key.id
    assert reported == []


def test_a_script_with_unknown_fields_is_rejected(dynamo, jobs, reported):
    """Unknown fields may change the audio; ignoring them would store the wrong audio under the right key."""
    job = jobs.add(a_job())
    script = json.loads(dynamo.row(job.id)["script"]["S"]) | {"lexicon": "acme-names"}
    rewrite(dynamo.client, TABLE, job.id, script={"S": json.dumps(script)})
    with pytest.raises(UnreadableRow):
        jobs.get(job.id)
    check_reported(reported, "job", job.id)
    assert [one.id for one in jobs.page("acme", JobFilter()).jobs] == [job.id], "lists do not read the script"


def test_many_unreadable_rows_do_not_hide_others(dynamo, jobs):
    bad = [jobs.add(a_job(at=NOON + timedelta(seconds=number))) for number in range(12)]
    for job in bad:
        rewrite(dynamo.client, TABLE, job.id, state={"S": "paused_by_v2"})
    good = jobs.add(a_job(at=NOON + HOUR))
    jobs.move(good.id, State.QUEUED, at=NOON)
    assert [one.id for one in jobs.due(NOON + DAY, 13) if isinstance(one, Job)] == [good.id]
