"""The contract of BatchTable (herald.batches.batch_ports), for DynamoDB and the fake."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from herald.aws.batch_table import DynamoBatchTable
from herald.batches.batch import Batch, BatchState, new_id
from herald.batches.batch_request import Order
from herald.batches.items import ChunkTotals, Tally
from herald.errors import InvalidCursor, Unavailable, UnknownBatch
from herald.jobs.ports import JobFilter
from tests.support.batch_fakes import MemoryBatchTable
from tests.support.job_samples import NOON, a_job
from tests.support.unreliable_network import FATES, unreliable

SECOND = timedelta(seconds=1)
GAINED = ChunkTotals(done=2, failed=1, price=Decimal("0.000012345678"), audio_milliseconds=3_456, spoken=5, reused=7)


@pytest.fixture(params=["memory", "dynamo"])
def batches(request):
    if request.param == "memory":
        return MemoryBatchTable()
    return DynamoBatchTable(request.getfixturevalue("dynamo").client, table="jobs")


def a_batch(*, tenant="acme", at=NOON, **fields):
    defaults = {"id": new_id(at), "tenant": tenant, "fingerprint": "f", "created_at": at, "updated_at": at}
    return Batch(**defaults | {"order": Order(name="Reminders", metadata={"a": "b"}), "expires_at": at} | fields)


def speaking(batches, rows=10):
    batch = batches.add(a_batch())
    batches.change(batch.id, lambda batch: batch.moved(BatchState.PLANNING, at=NOON))
    return batches.change(batch.id, lambda batch: batch.planned(Tally(items=rows, chunks=1), at=NOON))


def done(batch):
    return batch.finished(batch.counts, at=NOON, price=batch.price)


def test_a_stored_batch_is_returned_unchanged(batches):
    batch = a_batch(price=Decimal("0.1"), manifest_format="csv")
    assert batches.add(batch) == batch == batches.get(batch.id)


def test_adding_an_existing_id_returns_the_stored_batch(batches):
    first = batches.add(a_batch())
    assert batches.add(a_batch(id=first.id, fingerprint="g")) == first == batches.get(first.id)


def test_an_idempotency_key_belongs_to_one_batch_until_it_expires(batches):
    first, key = a_batch(expires_at=NOON + SECOND), new_id(NOON)
    assert batches.claim_key(key, first) == first.id
    assert batches.claim_key(key, a_batch()) == first.id
    assert batches.claim_key(new_id(NOON), other := a_batch()) == other.id
    assert (batches.get(key), batches.get(first.id)) == (None, None)
    late = a_batch(at=NOON + SECOND, expires_at=NOON + 2 * SECOND)
    assert batches.claim_key(key, late) == late.id == batches.claim_key(key, a_batch())


def test_a_key_whose_batch_an_earlier_version_stored_under_its_id_belongs_to_that_batch(dynamo):
    table = DynamoBatchTable(dynamo.client, table="jobs")
    first = table.add(a_batch(expires_at=NOON + SECOND))
    assert table.claim_key(first.id, a_batch()) == first.id
    late = a_batch(at=NOON + SECOND)
    assert table.claim_key(first.id, late) == late.id
    assert table.get(first.id) is None


@pytest.mark.parametrize("batch_id", ["batch_00", "", "../x", "x" * 3_000, "a\0b"])
def test_a_missing_batch_is_none(batches, batch_id):
    assert batches.get(batch_id) is None
    with pytest.raises(UnknownBatch):
        batches.change(batch_id, lambda batch: batch)


def test_gains_accumulate_while_a_batch_is_speaking(batches):
    batch = speaking(batches)
    for chunk in (0, 1, 1, 0, 1):
        batches.add_totals(batch, 0, chunk, GAINED)
    batches.add_totals(batch, 0, 2, ChunkTotals())
    batches.add_totals(batch, 1, 0, GAINED)
    row = batches.get(batch.id)
    assert (row.counts.done, row.counts.failed, row.counts.waiting) == (4, 2, 4)
    assert (row.price, row.audio_seconds) == (Decimal("0.000024691356"), 6.912)
    assert (row.sentences_spoken, row.sentences_reused) == (10, 14)


def test_gains_after_the_end_are_ignored(batches):
    batch = speaking(batches)
    batches.add_totals(batch, 0, 0, GAINED)
    ended = batches.change(batch.id, done)
    assert (ended.counts.done, ended.sentences_spoken) == (2, 5)
    batches.add_totals(batch, 0, 1, GAINED)
    assert batches.get(batch.id) == ended == batches.document(batch.id)


def test_a_redrive_starts_from_the_finished_items(batches):
    batch = speaking(batches)
    batches.add_totals(batch, 0, 0, GAINED)
    batches.change(batch.id, done)
    redriven = batches.change(batch.id, lambda batch: batch.redriven(at=NOON + SECOND))
    assert (redriven.counts.done, redriven.counts.waiting, redriven.price) == (2, 8, GAINED.price)
    batches.add_totals(batch, 1, 0, GAINED)
    row = batches.get(batch.id)
    assert (row.counts.done, row.price, row.sentences_spoken) == (4, 2 * GAINED.price, 10)


def test_a_speaking_batch_cannot_be_overwritten(batches):
    batch = speaking(batches)
    batches.add_totals(batch, 0, 0, GAINED)
    with pytest.raises(ValueError, match="speaking batch"):
        batches.change(batch.id, lambda batch: batch.model_copy(update={"execution": "e"}))
    assert batches.change(batch.id, lambda batch: batch).counts.done == 2


def test_concurrent_gains_all_count(batches):
    batch = speaking(batches, rows=1_000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: batches.add_totals(batch, 0, at // 2, GAINED), range(80)))
    assert batches.get(batch.id).counts.done == 80


def test_sums_of_a_large_batch_are_in_several_rows(dynamo):
    """This avoids hot rows and limits a row's chunk numbers to 2 kB."""
    batches = DynamoBatchTable(dynamo.client, table="jobs")
    batch = batches.add(a_batch())
    batches.change(batch.id, lambda batch: batch.moved(BatchState.PLANNING, at=NOON))
    batch = batches.change(batch.id, lambda batch: batch.planned(Tally(items=10_000, chunks=1_000), at=NOON))
    for chunk in (*range(30), *range(970, 1_000)):
        batches.add_totals(batch, 0, chunk, GAINED)
    rows = [dynamo.row(f"gain#{batch.id}#0#{number}") for number in range(3)]
    assert [len(row["chunks"]["NS"]) for row in rows] == [20, 20, 20]
    assert all(int(row["expires"]["N"]) > 0 for row in rows)
    assert batches.get(batch.id).counts.done == 120
    assert batches.document(batch.id).counts.done == 0


@pytest.mark.parametrize("fate", FATES)
def test_a_chunk_counts_once_on_an_unreliable_network(dynamo, monkeypatch, fate):
    batches = DynamoBatchTable(dynamo.client, table="jobs")
    batch = speaking(batches)
    with unreliable(monkeypatch) as network:
        network.fates.extend([fate, fate])
        batches.add_totals(batch, 0, 0, GAINED)
        network.arrive()
    assert batches.get(batch.id).counts.done == 2


def test_concurrent_changes_apply_one_after_the_other(batches):
    batch = batches.add(a_batch())

    def count(batch):
        return batch.model_copy(update={"chunks": batch.chunks + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: batches.change(batch.id, count), range(8)))
    assert batches.get(batch.id).chunks == 8


def test_pages_contain_a_tenants_batches_newest_first(batches):
    ids = [batches.add(a_batch(at=NOON + at * SECOND)).id for at in range(5)]
    batches.add(a_batch(tenant="other"))
    first = batches.page("acme", limit=3, cursor=None)
    second = batches.page("acme", limit=3, cursor=first.cursor)
    assert [batch.id for batch in (*first.batches, *second.batches)] == ids[::-1]
    assert second.cursor is None
    with pytest.raises(InvalidCursor):
        batches.page("acme", limit=3, cursor="nonsense")


def test_a_page_takes_three_requests_however_long_it_is(dynamo, record):
    batches = DynamoBatchTable(dynamo.client, table="jobs")
    for _ in range(30):
        batches.add_totals(speaking(batches), 0, 0, ChunkTotals(done=3))
    queries, reads = record(dynamo.client, "Query"), record(dynamo.client, "BatchGetItem")
    single = record(dynamo.client, "GetItem")
    page = batches.page("acme", limit=50, cursor=None)
    assert (len(page.batches), len(queries), len(reads), single) == (30, 1, 2, [])
    assert {batch.counts.done for batch in page.batches} == {3}


def test_batches_do_not_appear_in_lists_of_jobs(dynamo):
    batches = DynamoBatchTable(dynamo.client, table="jobs")
    batch = batches.add(a_batch())
    job = dynamo.table.add(a_job(batch=batch.id))
    assert [one.id for one in dynamo.table.page("acme", JobFilter()).jobs] == [job.id]
    assert [one.id for one in dynamo.table.page("acme", JobFilter(batch=batch.id)).jobs] == [job.id]
    assert [one.id for one in batches.page("acme", limit=10, cursor=None).batches] == [batch.id]
    assert [one.id for one in dynamo.table.due(NOON + timedelta(days=9), 10)] == [job.id]
    assert batches.get(job.id) is None


def test_rows_have_a_time_to_live(dynamo):
    batch = DynamoBatchTable(dynamo.client, table="jobs").add(a_batch())
    row = dynamo.row(batch.id)
    assert row["expires"] == {"N": str(int(NOON.timestamp()))}
    assert not {"tenant", "due_at", "due_shard"} & row.keys()
    kept = DynamoBatchTable(dynamo.client, table="jobs").add(a_batch(expires_at=None))
    assert "expires" not in dynamo.row(kept.id)


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("PutItem", lambda batches, _: batches.add(a_batch())),
        ("GetItem", lambda batches, batch: batches.get(batch.id)),
        ("UpdateItem", lambda batches, batch: batches.add_totals(batch, 0, 0, GAINED)),
        ("Query", lambda batches, _: batches.page("acme", limit=1, cursor=None)),
    ],
)
def test_a_throttled_table_is_unavailable(dynamo, fail, operation, call):
    batches = DynamoBatchTable(dynamo.client, table="jobs")
    batch = batches.add(a_batch())
    fail(dynamo.client, operation, "ThrottlingException")
    with pytest.raises(Unavailable):
        call(batches, batch)


def test_a_batch_that_expires_while_its_id_is_used_again_is_unavailable(dynamo, fail):
    fail(dynamo.client, "PutItem", "ConditionalCheckFailedException")
    with pytest.raises(Unavailable, match="has just expired"):
        DynamoBatchTable(dynamo.client, table="jobs").add(a_batch())


def test_changes_that_keep_conflicting_are_unavailable(dynamo, fail):
    batches = DynamoBatchTable(dynamo.client, table="jobs")
    batch = batches.add(a_batch())
    fail(dynamo.client, "UpdateItem", "ConditionalCheckFailedException")
    with pytest.raises(Unavailable, match="several processes are changing the same batch"):
        batches.change(batch.id, lambda batch: batch.moved(BatchState.PLANNING, at=NOON))
    assert batches.get(batch.id) == batch
