"""The contract of Counters, for DynamoDB and the fake: exact sums, and quotas that concurrency cannot exceed."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest

from herald.auth.caller import Caller
from herald.auth.quotas import DayOfUse, Receipt, UsageEntry
from herald.aws.usage_counters import DynamoCounters
from herald.errors import Unavailable, UnreadableRow
from tests.support.job_fakes import MemoryCounters
from tests.unit.aws.conftest import KEYS

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
LIMITED = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=100)
UNLIMITED = Caller(tenant="acme", key="bbbbbbbbbbbb")
TOKEN = Caller(tenant="acme")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(caller, characters, at=NOON):
    return UsageEntry(id=secrets.token_hex(6), caller=caller, at=at, characters=characters)


def count(counters, caller, characters, at=NOON):
    """Count an entry and close it; return False if the quota rejects it."""
    one = entry(caller, characters, at)
    receipt = counters.count(one)
    if receipt is Receipt.REFUSED:
        return False
    counters.keep(one, retried=receipt is Receipt.RETRIED)
    return True


@pytest.fixture
def dynamo_counters(aws, dynamo_keys):
    return DynamoCounters(aws, table=KEYS)


@pytest.fixture(params=["memory", "dynamo"])
def counters(request):
    """The counters and their fake, which share their contract tests."""
    return MemoryCounters() if request.param == "memory" else request.getfixturevalue("dynamo_counters")


def used(counters, day=TODAY):
    return counters.days("acme", [day], NOON).get(day)


def test_a_tenants_usage_is_the_sum_of_its_keys(counters):
    for caller in (LIMITED, LIMITED, UNLIMITED, TOKEN):
        assert count(counters, caller, 10)
    assert used(counters) == DayOfUse(
        characters=40, requests=4, by_account={LIMITED.key: 20, UNLIMITED.key: 10, "acme": 10}
    )
    assert counters.days("globex", [TODAY], NOON) == {}


def test_a_quota_can_be_used_up_but_not_exceeded(counters):
    assert count(counters, LIMITED, 60)
    assert not count(counters, LIMITED, 41)
    assert count(counters, LIMITED, 40)
    assert not count(counters, LIMITED, 1)
    assert used(counters) == DayOfUse(characters=100, requests=2, by_account={LIMITED.key: 100})


def test_more_than_a_whole_quota_is_rejected_on_a_new_day(counters):
    assert not count(counters, LIMITED, 101)
    assert not counters.count_once("batch_1", LIMITED, NOON, 101)
    assert not counters.days("acme", [TODAY], NOON).get(TODAY, DayOfUse()).characters


def test_a_quota_of_zero_allows_no_characters(counters):
    exhausted = LIMITED.model_copy(update={"characters_a_day": 0})
    assert count(counters, exhausted, 0)
    assert not count(counters, exhausted, 1)


def test_quotas_are_per_key_and_day(counters):
    assert count(counters, LIMITED, 100)
    assert count(counters, UNLIMITED, 10_000)
    assert count(counters, LIMITED, 100, NOON + DAY)
    assert count(counters, LIMITED.model_copy(update={"key": "cccccccccccc"}), 100)


def test_returned_characters_can_be_used_again(counters):
    one = entry(LIMITED, 100)
    counters.count(one)
    for _ in range(2):
        counters.give_back(one, retried=False)
    assert used(counters) == DayOfUse(characters=0, requests=0, by_account={LIMITED.key: 0})
    assert count(counters, LIMITED, 100)


def test_characters_over_a_lowered_quota_can_be_returned(counters):
    count(counters, UNLIMITED, 500)
    one = entry(UNLIMITED, 200)
    counters.count(one)
    counters.give_back(replace(one, caller=UNLIMITED.model_copy(update={"characters_a_day": 100})), retried=False)
    assert used(counters).by_account == {UNLIMITED.key: 500}


def test_count_once_is_idempotent_across_days(counters):
    for at in (NOON, NOON, NOON + DAY):
        assert counters.count_once("batch_1", LIMITED, at, 80)
    assert used(counters).characters == 80
    assert used(counters, TOMORROW) is None


def test_count_once_can_be_retried_after_a_rejection(counters):
    count(counters, LIMITED, 50)
    assert not counters.count_once("batch_1", LIMITED, NOON, 80)
    assert used(counters) == DayOfUse(characters=50, requests=1, by_account={LIMITED.key: 50})
    assert counters.count_once("batch_1", LIMITED, NOON + DAY, 80)


def test_requests_per_second_are_limited(counters):
    seconds = [1_795_000_000, 1_795_000_001]
    allowed = [counters.count_request("aaaaaaaaaaaa", second, most=3) for second in seconds for _ in range(5)]
    assert allowed == [True, True, True, False, False] * 2
    assert counters.count_request("bbbbbbbbbbbb", seconds[0], most=3)


def test_concurrent_requests_never_exceed_a_quota(counters):
    start = Barrier(50)

    def spend(_):
        start.wait()
        return count(counters, LIMITED, 7)

    with ThreadPoolExecutor(50) as pool:
        accepted = sum(pool.map(spend, range(50)))
    assert accepted == 100 // 7
    assert used(counters) == DayOfUse(
        characters=accepted * 7, requests=accepted, by_account={LIMITED.key: accepted * 7}
    )


def test_concurrent_requests_never_exceed_a_rate(counters):
    start = Barrier(40)

    def ask(_):
        start.wait()
        return counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=9)

    with ThreadPoolExecutor(40) as pool:
        assert sum(pool.map(ask, range(40))) == 9


def test_concurrent_plans_count_a_batch_once(counters):
    start = Barrier(10)

    def plan(_):
        start.wait()
        try:
            return counters.count_once("batch_1", LIMITED, NOON, 60)
        except Unavailable:  # a transaction conflict, which the state machine retries
            return None

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(plan, range(10))) <= {True, None}
    assert used(counters).characters == 60


def test_usage_of_many_days(counters):
    days = [TODAY - timedelta(days=ago) for ago in range(120)]
    for day in days[::7]:
        count(counters, UNLIMITED, day.day, datetime.combine(day, time(12), UTC))
    found = counters.days("acme", days, NOON)
    assert {day: one.characters for day, one in found.items()} == {day: day.day for day in days[::7]}


def test_all_rows_have_a_time_to_live(dynamo_counters, aws):
    count(dynamo_counters, LIMITED, 1)
    dynamo_counters.count_once("batch_1", LIMITED, NOON, 1)
    dynamo_counters.count_request(LIMITED.key, 1_795_000_000, most=1)
    rows = {row["id"]["S"]: int(row["expires"]["N"]) for row in aws.dynamodb.scan(TableName=KEYS)["Items"]}
    midnight = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())
    assert rows == {
        "usage#acme#2026-11-22": midnight + 400 * 86_400,
        "batch#batch_1": midnight + 30 * 86_400,
        f"rate#{LIMITED.key}#1795000000": 1_795_003_600,
    }


def test_a_request_takes_two_writes_and_the_row_stays_small(dynamo_counters, record, aws):
    calls = [record(aws.dynamodb, name) for name in ("UpdateItem", "TransactWriteItems", "GetItem")]
    for _ in range(5):
        count(dynamo_counters, LIMITED, 1)
    assert [len(one) for one in calls] == [10, 0, 0]
    assert row_of(aws).keys() == {"id", "expires", "characters", "requests", f"key_{LIMITED.key}"}


def row_of(aws):
    return aws.dynamodb.get_item(TableName=KEYS, Key={"id": {"S": f"usage#acme#{TODAY}"}})["Item"]


def test_abandoned_entries_are_returned_to_the_quota(dynamo_counters, aws):
    """They no longer appear in the usage, and the next request that needs them can use them."""
    assert dynamo_counters.count(entry(LIMITED, 80)) is Receipt.COUNTED
    soon, late = NOON + timedelta(minutes=19), NOON + timedelta(minutes=21)
    assert not count(dynamo_counters, LIMITED, 21, soon)
    assert dynamo_counters.days("acme", [TODAY], soon)[TODAY].characters == 80
    assert dynamo_counters.days("acme", [TODAY], late)[TODAY] == DayOfUse(by_account={LIMITED.key: 0})
    assert count(dynamo_counters, LIMITED, 100, late)
    assert used(dynamo_counters) == DayOfUse(characters=100, requests=1, by_account={LIMITED.key: 100})


def test_abandoned_entries_are_available_to_batches(dynamo_counters):
    dynamo_counters.count(entry(LIMITED, 80))
    assert dynamo_counters.count_once("batch_1", LIMITED, NOON + timedelta(minutes=21), 100)
    assert used(dynamo_counters).characters == 100


@pytest.mark.parametrize("close", ["keep", "give_back"])
def test_a_repeated_write_after_closing_counts_nothing(dynamo_counters, close):
    one = entry(LIMITED, 80)
    dynamo_counters.count(one)
    getattr(dynamo_counters, close)(one, retried=True)
    before = used(dynamo_counters)
    dynamo_counters.count(one)
    assert used(dynamo_counters) == before


def test_stale_marks_are_removed(dynamo_counters, aws):
    for _ in range(3):
        one = entry(LIMITED, 1)
        dynamo_counters.count(one)
        dynamo_counters.keep(one, retried=True)
    assert sum(name.startswith("shut_") for name in row_of(aws)) == 3
    count(dynamo_counters, LIMITED, 1, NOON + timedelta(minutes=2))
    assert not [name for name in row_of(aws) if name.startswith(("shut_", "open_"))]


def test_the_number_of_marks_is_limited(dynamo_counters, aws):
    for _ in range(110):
        one = entry(LIMITED, 0)
        dynamo_counters.count(one)
        dynamo_counters.keep(one, retried=True)
    assert sum(name.startswith("shut_") for name in row_of(aws)) <= 101


@pytest.mark.parametrize("operation", ["UpdateItem", "TransactWriteItems", "BatchGetItem"])
def test_a_throttled_table_is_unavailable(dynamo_counters, aws, fail, operation):
    fail(aws.dynamodb, operation, "ThrottlingException")
    calls = {
        "UpdateItem": lambda: count(dynamo_counters, LIMITED, 1),
        "TransactWriteItems": lambda: dynamo_counters.count_once("batch_1", LIMITED, NOON, 1),
        "BatchGetItem": lambda: dynamo_counters.days("acme", [TODAY], NOON),
    }
    with pytest.raises(Unavailable):
        calls[operation]()


@pytest.fixture
def disturb(aws, monkeypatch):
    """`disturb(2)`: let the next two writes conflict with another transaction."""
    real, errors = aws.dynamodb._make_api_call, aws.dynamodb.exceptions
    codes = {"UpdateItem": "TransactionConflictException", "TransactWriteItems": "TransactionCanceledException"}
    monkeypatch.setattr("herald.aws.dynamo.time.sleep", lambda _: None)

    def disturb(times):
        left = [times]

        def call(name, parameters):
            if not left[0]:
                return real(name, parameters)
            left[0] -= 1
            reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
            response = {"Error": {"Code": codes[name]}, "CancellationReasons": reasons}
            raise errors.from_code(codes[name])(response | {"ResponseMetadata": {"HTTPStatusCode": 400}}, name)

        monkeypatch.setattr(aws.dynamodb, "_make_api_call", call)

    return disturb


COUNTS = {
    "a request": lambda counters: count(counters, LIMITED, 60),
    "a batch": lambda counters: counters.count_once("batch_1", LIMITED, NOON, 60),
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_transaction_conflicts_are_retried(dynamo_counters, disturb, count):
    disturb(2)
    assert count(dynamo_counters)
    assert used(dynamo_counters).characters == 60


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_persistent_conflicts_are_unavailable_and_count_nothing(dynamo_counters, disturb, count):
    disturb(6)
    with pytest.raises(Unavailable):
        count(dynamo_counters)
    assert used(dynamo_counters) is None


def test_unprocessed_rows_are_requested_again(dynamo_counters, aws, monkeypatch):
    count(dynamo_counters, UNLIMITED, 5)
    real, left = aws.dynamodb._make_api_call, [1]

    def make(name, parameters):
        if name == "BatchGetItem" and left[0]:
            left[0] -= 1
            return {"Responses": {}, "UnprocessedKeys": parameters["RequestItems"]}
        return real(name, parameters)

    monkeypatch.setattr(aws.dynamodb, "_make_api_call", make)
    assert used(dynamo_counters).characters == 5


@pytest.fixture
def damage(aws):
    """`damage(name, value)`: change an attribute of the tenant's day."""

    def change(name, value):
        aws.dynamodb.update_item(
            TableName=KEYS,
            Key={"id": {"S": f"usage#acme#{TODAY}"}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    return change


@pytest.mark.parametrize(
    "mark",
    [
        ("open_aaaaaaaaaaaa", {"S": "1700000000 5 acme more"}),
        ("open_aaaaaaaaaaaa", {"S": "soon 5 acme"}),
        ("open_aaaaaaaaaaaa", {"N": "1"}),
        ("shut_aaaaaaaaaaaa", {"S": "later"}),
    ],
    ids=str,
)
def test_a_mark_of_a_newer_version_is_ignored(dynamo_counters, damage, mark):
    assert count(dynamo_counters, LIMITED, 10)
    damage(*mark)
    assert count(dynamo_counters, LIMITED, 10)
    assert used(dynamo_counters).characters == 20


def test_a_damaged_sum_is_reported_and_affects_no_other_day(aws, dynamo_keys, damage):
    reported = []
    counters = DynamoCounters(aws, table=KEYS, unreadable=reported.append)
    assert count(counters, LIMITED, 10, NOON)
    assert count(counters, LIMITED, 10, NOON + DAY)
    damage("characters", {"S": "ten"})
    with pytest.raises(UnreadableRow, match="usage"):
        count(counters, LIMITED, 10)
    assert count(counters, LIMITED, 10, NOON + DAY)
    assert counters.days("acme", [TODAY, TOMORROW], NOON).keys() == {TOMORROW}
    assert [(one.row, one.row_id) for one in reported] == [("usage", f"usage#acme#{TODAY}")] * 2
