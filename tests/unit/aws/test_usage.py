"""What callers use is counted, and no number of them at once passes a quota together."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest

from herald.aws.usage import DynamoCounters
from herald.errors import Unavailable, UnreadableRow
from herald.jobs.caller import Caller
from herald.jobs.quotas import DayOfUse, Entry, Receipt
from tests.fakes import MemoryCounters
from tests.unit.aws.conftest import KEYS

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
POOR = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=100)
RICH = Caller(tenant="acme", key="bbbbbbbbbbbb")
TOKEN = Caller(tenant="acme")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(caller, characters, at=NOON):
    return Entry(id=secrets.token_hex(6), caller=caller, at=at, characters=characters)


def count(counters, caller, characters, at=NOON):
    """Count, and close what was counted."""
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
    """The same promises hold for the table and for what stands for it in other tests."""
    return MemoryCounters() if request.param == "memory" else request.getfixturevalue("dynamo_counters")


def used(counters, day=TODAY):
    return counters.days("acme", [day], NOON).get(day)


def test_a_tenants_day_is_the_sum_of_its_keys(counters):
    for caller in (POOR, POOR, RICH, TOKEN):
        assert count(counters, caller, 10)
    assert used(counters) == DayOfUse(characters=40, requests=4, by_account={POOR.key: 20, RICH.key: 10, "acme": 10})
    assert counters.days("globex", [TODAY], NOON) == {}


def test_a_quota_is_used_to_its_end_and_no_further(counters):
    assert count(counters, POOR, 60)
    assert not count(counters, POOR, 41)
    assert count(counters, POOR, 40)
    assert not count(counters, POOR, 1)
    assert used(counters) == DayOfUse(characters=100, requests=2, by_account={POOR.key: 100})


def test_more_than_a_whole_quota_is_refused_on_a_fresh_day(counters):
    assert not count(counters, POOR, 101)
    assert not counters.count_once("batch_1", POOR, NOON, 101)
    assert not counters.days("acme", [TODAY], NOON).get(TODAY, DayOfUse()).characters


def test_nothing_fits_into_no_quota(counters):
    nobody = POOR.model_copy(update={"characters_a_day": 0})
    assert count(counters, nobody, 0)
    assert not count(counters, nobody, 1)


def test_a_quota_is_of_one_key_and_one_day(counters):
    assert count(counters, POOR, 100)
    assert count(counters, RICH, 10_000)
    assert count(counters, POOR, 100, NOON + DAY)
    assert count(counters, POOR.model_copy(update={"key": "cccccccccccc"}), 100)


def test_what_is_given_back_can_be_used(counters):
    one = entry(POOR, 100)
    counters.count(one)
    for _ in range(2):
        counters.give_back(one, retried=False)
    assert used(counters) == DayOfUse(characters=0, requests=0, by_account={POOR.key: 0})
    assert count(counters, POOR, 100)


def test_even_what_is_over_a_lowered_quota_is_given_back(counters):
    count(counters, RICH, 500)
    one = entry(RICH, 200)
    counters.count(one)
    counters.give_back(replace(one, caller=RICH.model_copy(update={"characters_a_day": 100})), retried=False)
    assert used(counters).by_account == {RICH.key: 500}


def test_a_name_is_counted_once_even_on_another_day(counters):
    for at in (NOON, NOON, NOON + DAY):
        assert counters.count_once("batch_1", POOR, at, 80)
    assert used(counters).characters == 80
    assert used(counters, TOMORROW) is None


def test_a_name_that_was_refused_may_come_again(counters):
    count(counters, POOR, 50)
    assert not counters.count_once("batch_1", POOR, NOON, 80)
    assert used(counters) == DayOfUse(characters=50, requests=1, by_account={POOR.key: 50})
    assert counters.count_once("batch_1", POOR, NOON + DAY, 80)


def test_a_second_has_as_many_requests_as_may_be(counters):
    seconds = [1_795_000_000, 1_795_000_001]
    asked = [counters.count_request("aaaaaaaaaaaa", second, most=3) for second in seconds for _ in range(5)]
    assert asked == [True, True, True, False, False] * 2
    assert counters.count_request("bbbbbbbbbbbb", seconds[0], most=3)


def test_many_at_once_never_pass_a_quota_together(counters):
    start = Barrier(50)

    def spend(_):
        start.wait()
        return count(counters, POOR, 7)

    with ThreadPoolExecutor(50) as pool:
        taken = sum(pool.map(spend, range(50)))
    assert taken == 100 // 7
    assert used(counters) == DayOfUse(characters=taken * 7, requests=taken, by_account={POOR.key: taken * 7})


def test_many_at_once_never_pass_a_rate_together(counters):
    start = Barrier(40)

    def ask(_):
        start.wait()
        return counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=9)

    with ThreadPoolExecutor(40) as pool:
        assert sum(pool.map(ask, range(40))) == 9


def test_many_who_plan_one_batch_count_it_once(counters):
    start = Barrier(10)

    def plan(_):
        start.wait()
        try:
            return counters.count_once("batch_1", POOR, NOON, 60)
        except Unavailable:  # two transactions met: the state machine asks again
            return None

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(plan, range(10))) <= {True, None}
    assert used(counters).characters == 60


def test_many_days_are_told(counters):
    days = [TODAY - timedelta(days=ago) for ago in range(120)]
    for day in days[::7]:
        count(counters, RICH, day.day, datetime.combine(day, time(12), UTC))
    found = counters.days("acme", days, NOON)
    assert {day: one.characters for day, one in found.items()} == {day: day.day for day in days[::7]}


def test_all_that_is_counted_expires(dynamo_counters, aws):
    count(dynamo_counters, POOR, 1)
    dynamo_counters.count_once("batch_1", POOR, NOON, 1)
    dynamo_counters.count_request(POOR.key, 1_795_000_000, most=1)
    rows = {row["id"]["S"]: int(row["expires"]["N"]) for row in aws.dynamodb.scan(TableName=KEYS)["Items"]}
    midnight = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())
    assert rows == {
        "usage#acme#2026-11-22": midnight + 400 * 86_400,
        "batch#batch_1": midnight + 30 * 86_400,
        f"rate#{POOR.key}#1795000000": 1_795_003_600,
    }


def test_a_request_is_two_writes_to_a_row_that_stays_small(dynamo_counters, record, aws):
    asked = [record(aws.dynamodb, name) for name in ("UpdateItem", "TransactWriteItems", "GetItem")]
    for _ in range(5):
        count(dynamo_counters, POOR, 1)
    assert [len(one) for one in asked] == [10, 0, 0]
    assert row_of(aws).keys() == {"id", "expires", "characters", "requests", f"key_{POOR.key}"}


def row_of(aws):
    return aws.dynamodb.get_item(TableName=KEYS, Key={"id": {"S": f"usage#acme#{TODAY}"}})["Item"]


def test_what_a_dead_process_left_open_is_given_back(dynamo_counters, aws):
    """Told at once as free, and free for the next request that needs it."""
    assert dynamo_counters.count(entry(POOR, 80)) is Receipt.COUNTED
    soon, late = NOON + timedelta(minutes=19), NOON + timedelta(minutes=21)
    assert not count(dynamo_counters, POOR, 21, soon)
    assert dynamo_counters.days("acme", [TODAY], soon)[TODAY].characters == 80
    assert dynamo_counters.days("acme", [TODAY], late)[TODAY] == DayOfUse(by_account={POOR.key: 0})
    assert count(dynamo_counters, POOR, 100, late)
    assert used(dynamo_counters) == DayOfUse(characters=100, requests=1, by_account={POOR.key: 100})


def test_a_batch_has_what_a_dead_process_left_open(dynamo_counters):
    dynamo_counters.count(entry(POOR, 80))
    assert dynamo_counters.count_once("batch_1", POOR, NOON + timedelta(minutes=21), 100)
    assert used(dynamo_counters).characters == 100


@pytest.mark.parametrize("close", ["keep", "give_back"])
def test_a_copy_that_comes_after_the_end_counts_nothing(dynamo_counters, close):
    one = entry(POOR, 80)
    dynamo_counters.count(one)
    getattr(dynamo_counters, close)(one, retried=True)
    before = used(dynamo_counters)
    dynamo_counters.count(one)
    assert used(dynamo_counters) == before


def test_marks_of_the_past_are_removed(dynamo_counters, aws):
    for _ in range(3):
        one = entry(POOR, 1)
        dynamo_counters.count(one)
        dynamo_counters.keep(one, retried=True)
    assert sum(name.startswith("shut_") for name in row_of(aws)) == 3
    count(dynamo_counters, POOR, 1, NOON + timedelta(minutes=2))
    assert not [name for name in row_of(aws) if name.startswith(("shut_", "open_"))]


def test_marks_never_fill_the_row(dynamo_counters, aws):
    for _ in range(110):
        one = entry(POOR, 0)
        dynamo_counters.count(one)
        dynamo_counters.keep(one, retried=True)
    assert sum(name.startswith("shut_") for name in row_of(aws)) <= 101


@pytest.mark.parametrize("operation", ["UpdateItem", "TransactWriteItems", "BatchGetItem"])
def test_a_table_that_does_not_answer_is_unavailable(dynamo_counters, aws, fail, operation):
    fail(aws.dynamodb, operation, "ThrottlingException")
    asks = {
        "UpdateItem": lambda: count(dynamo_counters, POOR, 1),
        "TransactWriteItems": lambda: dynamo_counters.count_once("batch_1", POOR, NOON, 1),
        "BatchGetItem": lambda: dynamo_counters.days("acme", [TODAY], NOON),
    }
    with pytest.raises(Unavailable):
        asks[operation]()


@pytest.fixture
def disturb(aws, monkeypatch):
    """`disturb(2)`: the next two writes meet another's transaction."""
    real, errors = aws.dynamodb._make_api_call, aws.dynamodb.exceptions
    codes = {"UpdateItem": "TransactionConflictException", "TransactWriteItems": "TransactionCanceledException"}
    monkeypatch.setattr("herald.aws.usage.time.sleep", lambda _: None)

    def disturb(times):
        left = [times]

        def call(name, given):
            if not left[0]:
                return real(name, given)
            left[0] -= 1
            reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
            told = {"Error": {"Code": codes[name]}, "CancellationReasons": reasons}
            raise errors.from_code(codes[name])(told | {"ResponseMetadata": {"HTTPStatusCode": 400}}, name)

        monkeypatch.setattr(aws.dynamodb, "_make_api_call", call)

    return disturb


COUNTS = {
    "a request": lambda counters: count(counters, POOR, 60),
    "a batch": lambda counters: counters.count_once("batch_1", POOR, NOON, 60),
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_who_meets_a_transaction_waits_for_it(dynamo_counters, disturb, count):
    disturb(2)
    assert count(dynamo_counters)
    assert used(dynamo_counters).characters == 60


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_what_never_comes_through_is_neither_refused_nor_counted(dynamo_counters, disturb, count):
    disturb(5)
    with pytest.raises(Unavailable):
        count(dynamo_counters)
    assert used(dynamo_counters) is None


def test_rows_that_were_left_out_are_asked_for_again(dynamo_counters, aws, monkeypatch):
    count(dynamo_counters, RICH, 5)
    real, left = aws.dynamodb._make_api_call, [1]

    def make(name, given):
        if name == "BatchGetItem" and left[0]:
            left[0] -= 1
            return {"Responses": {}, "UnprocessedKeys": given["RequestItems"]}
        return real(name, given)

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
def test_a_mark_of_a_newer_version_changes_nothing(dynamo_counters, damage, mark):
    assert count(dynamo_counters, POOR, 10)
    damage(*mark)
    assert count(dynamo_counters, POOR, 10)
    assert used(dynamo_counters).characters == 20


def test_a_damaged_sum_is_reported_and_no_other_day_is_affected(aws, dynamo_keys, damage):
    reported = []
    counters = DynamoCounters(aws, table=KEYS, unreadable=reported.append)
    assert count(counters, POOR, 10, NOON)
    assert count(counters, POOR, 10, NOON + DAY)
    damage("characters", {"S": "ten"})
    with pytest.raises(UnreadableRow, match="usage"):
        count(counters, POOR, 10)
    assert count(counters, POOR, 10, NOON + DAY)
    assert counters.days("acme", [TODAY, TOMORROW], NOON).keys() == {TOMORROW}
    assert [(one.row, one.row_id) for one in reported] == [("usage", f"usage#acme#{TODAY}")] * 2
