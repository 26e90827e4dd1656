"""The spend of tenants by day: of responses in the rows of usage, of jobs and batches in rows of its own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from herald.auth.caller import Caller
from herald.auth.quotas import UsageEntry
from herald.aws.batch_table import DynamoBatchTable
from herald.aws.usage_counters import DynamoCounters
from herald.aws.usage_rows import SpendTable
from herald.aws.webhook_queue import WebhookOutcomes
from herald.errors import Unavailable
from herald.jobs.job import State, WebhookOutcome
from herald.jobs.ports import Spend
from tests.support.batch_fakes import MemoryBatchTable
from tests.support.job_fakes import MemoryCounters
from tests.unit.aws.conftest import KEYS, TABLE
from tests.unit.aws.test_batches import a_batch
from tests.unit.aws.test_job_table import job_in_state

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY, DAY = NOON.date(), timedelta(days=1)
PRICE = Decimal("0.000008123456")
SPEND = Spend("acme", PRICE, NOON)
ROW = {"id": {"S": f"spend#acme#{TODAY}"}}


@pytest.fixture
def spend(dynamo):
    """Return the sum of each day of a tenant."""
    table = SpendTable(dynamo.client, table=TABLE)
    return lambda *days, tenant="acme": table.days(tenant, days or [TODAY])


def ended(dynamo):
    return job_in_state(dynamo.table, State.FAILED).id


@pytest.fixture(params=["memory", "dynamo"])
def counters(request):
    if request.param == "memory":
        return MemoryCounters()
    request.getfixturevalue("dynamo_keys")
    return DynamoCounters(request.getfixturevalue("aws"), table=KEYS)


def test_a_day_has_the_exact_sum_of_its_tenant(dynamo, spend):
    for added in (*[SPEND] * 3, Spend("acme", Decimal("0.25"), NOON + DAY), Spend("globex", Decimal(7), NOON)):
        assert dynamo.table.mark_published(ended(dynamo), added)
    assert spend(TODAY - DAY, TODAY, TODAY + DAY) == {TODAY: 3 * PRICE, TODAY + DAY: Decimal("0.25")}


def test_work_counts_on_the_day_of_its_end_in_utc(dynamo, spend):
    at = datetime.fromisoformat("2026-11-22T23:30:00-02:00")
    dynamo.table.mark_published(ended(dynamo), Spend("acme", PRICE, at))
    assert spend(TODAY, TODAY + DAY) == {TODAY + DAY: PRICE}


def test_the_end_of_a_job_is_added_once(dynamo, spend):
    job_id = ended(dynamo)
    assert dynamo.table.mark_published(job_id, SPEND)
    assert not dynamo.table.mark_published(job_id, SPEND)
    assert dynamo.table.get(job_id).published
    assert spend() == {TODAY: PRICE}


def test_a_job_that_has_not_ended_adds_nothing(dynamo, spend):
    job_id = job_in_state(dynamo.table, State.QUEUED).id
    assert not dynamo.table.mark_published(job_id, SPEND)
    assert not dynamo.table.mark_published("job_0", SPEND)
    assert spend() == {}


def test_the_row_expires_and_is_in_no_index(dynamo):
    dynamo.table.mark_published(ended(dynamo), SPEND)
    row = dynamo.row(ROW["id"]["S"])
    assert set(row) == {"id", "picodollars", "expires"}
    assert int(row["expires"]["N"]) == datetime(2026, 11, 22, tzinfo=UTC).timestamp() + 400 * 86_400


def test_neither_is_written_if_dynamodb_is_unavailable(dynamo, spend, fail):
    job_id = ended(dynamo)
    fail(dynamo.client, "TransactWriteItems", "ThrottlingException", times=1)
    with pytest.raises(Unavailable):
        dynamo.table.mark_published(job_id, SPEND)
    assert not dynamo.table.get(job_id).published
    assert spend() == {}
    assert dynamo.table.mark_published(job_id, SPEND)
    assert spend() == {TODAY: PRICE}


def test_a_write_that_conflicts_with_a_transaction_is_repeated(dynamo, spend, fail, monkeypatch):
    job_id, real, left = ended(dynamo), dynamo.client._make_api_call, [3]

    def make(name, parameters):
        if name == "TransactWriteItems" and left[0]:
            left[0] -= 1
            error = {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"}
            reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
            raise dynamo.client.exceptions.TransactionCanceledException(
                {"Error": error, "CancellationReasons": reasons}, name
            )
        return real(name, parameters)

    monkeypatch.setattr(dynamo.client, "_make_api_call", make)
    assert dynamo.table.mark_published(job_id, SPEND)
    assert spend() == {TODAY: PRICE}
    fail(dynamo.client, "UpdateItem", "TransactionConflictException", times=3)
    assert dynamo.table.amend(job_id, {"retention": "keep"}).retention == "keep"


def test_the_outcome_of_a_webhook_is_stored_during_a_transaction(dynamo, fail):
    """The webhook may be delivered before the transaction that records the end of its job."""
    job_id = ended(dynamo)
    fail(dynamo.client, "UpdateItem", "TransactionConflictException", times=3)
    outcome = WebhookOutcome(message=job_id, state="delivered", attempts=1, at=NOON, status=204)
    WebhookOutcomes(SimpleNamespace(dynamodb=dynamo.client), table=TABLE).record(job_id, outcome)
    assert dynamo.table.get(job_id).webhook == outcome


@pytest.mark.parametrize(
    ("operation", "write"),
    [
        ("TransactWriteItems", lambda table, job_id: table.mark_published(job_id, SPEND)),
        ("UpdateItem", lambda table, job_id: table.amend(job_id, {"retention": "keep"})),
    ],
)
def test_a_write_is_unavailable_only_after_its_last_repetition(dynamo, fail, monkeypatch, operation, write):
    monkeypatch.setattr("herald.aws.dynamo._PAUSES", (0, 0))
    job_id = ended(dynamo)
    before = dynamo.table.get(job_id)
    fail(dynamo.client, operation, "TransactionConflictException", times=3)
    with pytest.raises(Unavailable, match=f"{operation} failed temporarily"):
        write(dynamo.table, job_id)
    assert dynamo.table.get(job_id) == before
    fail(dynamo.client, operation, "TransactionConflictException", times=2)
    assert write(dynamo.table, job_id)


def test_a_transaction_cancelled_for_another_reason_is_unavailable(dynamo, spend, fail):
    job_id = ended(dynamo)
    fail(dynamo.client, "TransactWriteItems", "TransactionCanceledException", times=1)
    with pytest.raises(Unavailable, match="TransactWriteItems failed temporarily"):
        dynamo.table.mark_published(job_id, SPEND)
    assert dynamo.table.mark_published(job_id, SPEND)


@pytest.fixture(params=["memory", "dynamo"])
def batches(request):
    if request.param == "memory":
        return MemoryBatchTable()
    return DynamoBatchTable(request.getfixturevalue("dynamo").client, table=TABLE)


def test_a_batch_and_its_spend_are_written_together(batches, request):
    batch = batches.add(a_batch())
    changed = batches.change(batch.id, lambda it: it.model_copy(update={"counted_price": PRICE}), lambda *_: SPEND)
    assert batches.get(batch.id) == changed
    batches.change(batch.id, lambda it: it, lambda *_: SPEND)  # unchanged
    if isinstance(batches, MemoryBatchTable):
        assert batches.spent == [SPEND]
    else:
        assert request.getfixturevalue("spend")() == {TODAY: PRICE}


def test_a_damaged_row_is_reported_and_omitted(dynamo):
    reported = []
    table = SpendTable(dynamo.client, table=TABLE, unreadable=reported.append)
    dynamo.client.put_item(TableName=TABLE, Item=ROW | {"picodollars": {"S": "much"}})
    dynamo.table.mark_published(ended(dynamo), Spend("acme", PRICE, NOON + DAY))
    assert table.days("acme", [TODAY, TODAY + DAY]) == {TODAY + DAY: PRICE}
    assert [(one.row, one.row_id) for one in reported] == [("spend", ROW["id"]["S"])]


def entry(name="one"):
    return UsageEntry(id=name, caller=Caller(tenant="acme", key="aaaaaaaaaaaa"), at=NOON, characters=10)


@pytest.mark.parametrize("retried", [False, True])
def test_the_price_of_a_response_is_added_once_with_its_charge(counters, retried):
    for name in ("one", "two"):
        counters.count(entry(name))
        for _ in range(2):
            counters.keep(entry(name), retried=retried, spend=PRICE)
    day = counters.days("acme", [TODAY], NOON)[TODAY]
    assert (day.spend, day.characters, day.requests) == (2 * PRICE, 20, 2)


def test_a_charge_that_was_given_back_costs_nothing(counters):
    counters.count(entry())
    counters.give_back(entry(), retried=False)
    counters.keep(entry(), retried=False, spend=PRICE)
    assert counters.days("acme", [TODAY], NOON)[TODAY].spend == 0


def test_closing_a_charge_with_a_price_is_one_write(aws, dynamo_keys, record):
    counters = DynamoCounters(aws, table=KEYS)
    counters.count(entry())
    calls = record(aws.dynamodb, "UpdateItem")
    counters.keep(entry(), retried=False, spend=PRICE)
    assert len(calls) == 1
