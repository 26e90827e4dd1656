"""The spend of tenants by day: of responses in the rows of usage, of jobs and batches in rows of its own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from herald.auth.caller import Caller
from herald.auth.quotas import UsageEntry
from herald.aws.spend_table import DynamoLedger
from herald.aws.usage_counters import DynamoCounters
from tests.support.job_fakes import MemoryCounters, MemoryLedger
from tests.unit.aws.conftest import KEYS, TABLE

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY, DAY = NOON.date(), timedelta(days=1)
PRICE = Decimal("0.000008123456")
ROW = {"id": {"S": f"spend#acme#{TODAY}"}}


@pytest.fixture
def dynamo_ledger(dynamo):
    return DynamoLedger(dynamo.client, table=TABLE)


@pytest.fixture(params=["memory", "dynamo"])
def ledger(request):
    return MemoryLedger() if request.param == "memory" else request.getfixturevalue("dynamo_ledger")


@pytest.fixture(params=["memory", "dynamo"])
def counters(request):
    if request.param == "memory":
        return MemoryCounters()
    request.getfixturevalue("dynamo_keys")
    return DynamoCounters(request.getfixturevalue("aws"), table=KEYS)


def test_a_day_has_the_exact_sum_of_its_tenant(ledger):
    for _ in range(1_000):
        ledger.add("acme", PRICE, NOON)
    ledger.add("acme", Decimal("0.25"), NOON + DAY)
    ledger.add("globex", Decimal(7), NOON)
    assert ledger.days("acme", [TODAY - DAY, TODAY, TODAY + DAY]) == {
        TODAY: 1_000 * PRICE,
        TODAY + DAY: Decimal("0.25"),
    }


def test_work_counts_on_the_day_of_its_end_in_utc(ledger):
    ledger.add("acme", PRICE, datetime.fromisoformat("2026-11-22T23:30:00-02:00"))
    assert ledger.days("acme", [TODAY, TODAY + DAY]) == {TODAY + DAY: PRICE}


def test_a_repeated_request_adds_nothing(dynamo_ledger, dynamo, record):
    calls = record(dynamo.client, "UpdateItem")
    dynamo_ledger.add("acme", PRICE, NOON)
    with pytest.raises(dynamo.client.exceptions.ConditionalCheckFailedException):
        dynamo.client.update_item(**calls[0])
    dynamo_ledger.add("acme", PRICE, NOON)
    assert dynamo_ledger.days("acme", [TODAY]) == {TODAY: 2 * PRICE}


def test_the_row_expires_and_is_in_no_index(dynamo_ledger, dynamo):
    dynamo_ledger.add("acme", PRICE, NOON)
    row = dynamo.row(ROW["id"]["S"])
    assert set(row) == {"id", "picodollars", "expires", "change"}
    assert int(row["expires"]["N"]) == datetime(2026, 11, 22, tzinfo=UTC).timestamp() + 400 * 86_400


def test_a_failure_is_logged_with_the_amount(dynamo_ledger, dynamo, fail, caplog):
    fail(dynamo.client, "UpdateItem", "ThrottlingException")
    dynamo_ledger.add("acme", PRICE, NOON)
    assert "US$ 0.000008123456 of the tenant acme on 2026-11-22 were not added" in caplog.text


def test_a_damaged_row_is_reported_and_omitted(dynamo):
    reported = []
    ledger = DynamoLedger(dynamo.client, table=TABLE, unreadable=reported.append)
    dynamo.client.put_item(TableName=TABLE, Item=ROW | {"picodollars": {"S": "much"}})
    ledger.add("acme", PRICE, NOON + DAY)
    assert ledger.days("acme", [TODAY, TODAY + DAY]) == {TODAY + DAY: PRICE}
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
