"""What callers use is counted, and no number of them at once passes a quota together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from herald.aws.usage import DynamoCounters
from herald.errors import Unavailable
from herald.jobs.caller import Caller
from herald.jobs.quotas import DayOfUse
from tests.fakes import MemoryCounters
from tests.unit.aws.conftest import KEYS

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
POOR = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=100)
RICH = Caller(tenant="acme", key="bbbbbbbbbbbb")
TOKEN = Caller(tenant="acme")


@pytest.fixture
def dynamo_counters(aws, dynamo_keys):
    return DynamoCounters(aws, table=KEYS)


@pytest.fixture(params=["memory", "dynamo"])
def counters(request):
    """The same promises hold for the table and for what stands for it in other tests."""
    return MemoryCounters() if request.param == "memory" else request.getfixturevalue("dynamo_counters")


def used(counters, day=TODAY):
    return counters.days("acme", [day]).get(day)


def test_a_tenants_day_is_the_sum_of_its_keys(counters):
    for caller in (POOR, POOR, RICH, TOKEN):
        assert counters.count(caller, TODAY, 10, 1)
    assert used(counters) == DayOfUse(characters=40, requests=4, by_key={POOR.key: 20, RICH.key: 10})
    assert counters.days("globex", [TODAY]) == {}


def test_a_quota_is_used_to_its_end_and_no_further(counters):
    assert counters.count(POOR, TODAY, 60, 1)
    assert not counters.count(POOR, TODAY, 41, 1)
    assert counters.count(POOR, TODAY, 40, 1)
    assert not counters.count(POOR, TODAY, 1, 1)
    assert used(counters) == DayOfUse(characters=100, requests=2, by_key={POOR.key: 100})


def test_more_than_a_whole_quota_is_refused_on_a_fresh_day(counters):
    assert not counters.count(POOR, TODAY, 101, 1)
    assert not counters.count_once("batch_1", POOR, TODAY, 101)
    assert not counters.days("acme", [TODAY]).get(TODAY, DayOfUse()).characters


def test_nothing_fits_into_no_quota(counters):
    nobody = POOR.model_copy(update={"characters_a_day": 0})
    assert counters.count(nobody, TODAY, 0, 1)
    assert not counters.count(nobody, TODAY, 1, 1)


def test_a_quota_is_of_one_key_and_one_day(counters):
    assert counters.count(POOR, TODAY, 100, 1)
    assert counters.count(RICH, TODAY, 10_000, 1)
    assert counters.count(POOR, TOMORROW, 100, 1)
    assert counters.count(POOR.model_copy(update={"key": "cccccccccccc"}), TODAY, 100, 1)


def test_what_is_given_back_can_be_used(counters):
    assert counters.count(POOR, TODAY, 100, 1)
    assert counters.count(POOR, TODAY, -100, -1)
    assert used(counters) == DayOfUse(characters=0, requests=0, by_key={POOR.key: 0})
    assert counters.count(POOR, TODAY, 100, 1)


def test_even_what_is_over_a_lowered_quota_is_given_back(counters):
    counters.count(RICH, TODAY, 500, 1)
    assert counters.count(RICH.model_copy(update={"characters_a_day": 100}), TODAY, -200, -1)
    assert used(counters).by_key == {RICH.key: 300}


def test_a_name_is_counted_once_even_on_another_day(counters):
    for day in (TODAY, TODAY, TOMORROW):
        assert counters.count_once("batch_1", POOR, day, 80)
    assert used(counters).characters == 80
    assert used(counters, TOMORROW) is None


def test_a_name_that_was_refused_may_come_again(counters):
    counters.count(POOR, TODAY, 50, 1)
    assert not counters.count_once("batch_1", POOR, TODAY, 80)
    assert used(counters) == DayOfUse(characters=50, requests=1, by_key={POOR.key: 50})
    assert counters.count_once("batch_1", POOR, TOMORROW, 80)


def test_a_second_has_as_many_requests_as_may_be(counters):
    seconds = [1_795_000_000, 1_795_000_001]
    asked = [counters.count_request("aaaaaaaaaaaa", second, most=3) for second in seconds for _ in range(5)]
    assert asked == [True, True, True, False, False] * 2
    assert counters.count_request("bbbbbbbbbbbb", seconds[0], most=3)


def test_many_at_once_never_pass_a_quota_together(counters):
    start = Barrier(50)

    def spend(_):
        start.wait()
        return counters.count(POOR, TODAY, 7, 1)

    with ThreadPoolExecutor(50) as pool:
        taken = sum(pool.map(spend, range(50)))
    assert taken == 100 // 7
    assert used(counters) == DayOfUse(characters=taken * 7, requests=taken, by_key={POOR.key: taken * 7})


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
            return counters.count_once("batch_1", POOR, TODAY, 60)
        except Unavailable:  # two transactions met: the state machine asks again
            return None

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(plan, range(10))) <= {True, None}
    assert used(counters).characters == 60


def test_many_days_are_told(counters):
    days = [TODAY - timedelta(days=ago) for ago in range(120)]
    for day in days[::7]:
        counters.count(RICH, day, day.day, 1)
    found = counters.days("acme", days)
    assert {day: one.characters for day, one in found.items()} == {day: day.day for day in days[::7]}


def test_all_that_is_counted_expires(dynamo_counters, aws):
    dynamo_counters.count(POOR, TODAY, 1, 1)
    dynamo_counters.count_once("batch_1", POOR, TODAY, 1)
    dynamo_counters.count_request(POOR.key, 1_795_000_000, most=1)
    rows = {row["id"]["S"]: int(row["expires"]["N"]) for row in aws.dynamodb.scan(TableName=KEYS)["Items"]}
    midnight = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())
    assert rows == {
        "usage#acme#2026-11-22": midnight + 400 * 86_400,
        "batch#batch_1": midnight + 30 * 86_400,
        f"rate#{POOR.key}#1795000000": 1_795_003_600,
    }


def test_a_request_is_one_write(dynamo_counters, record, aws):
    asked = [record(aws.dynamodb, name) for name in ("UpdateItem", "TransactWriteItems", "GetItem")]
    dynamo_counters.count(POOR, TODAY, 1, 1)
    assert [len(one) for one in asked] == [1, 0, 0]


@pytest.mark.parametrize("operation", ["UpdateItem", "TransactWriteItems", "BatchGetItem"])
def test_a_table_that_does_not_answer_is_unavailable(dynamo_counters, aws, fail, operation):
    fail(aws.dynamodb, operation, "ThrottlingException")
    asks = {
        "UpdateItem": lambda: dynamo_counters.count(POOR, TODAY, 1, 1),
        "TransactWriteItems": lambda: dynamo_counters.count_once("batch_1", POOR, TODAY, 1),
        "BatchGetItem": lambda: dynamo_counters.days("acme", [TODAY]),
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
    "a request": lambda counters: counters.count(POOR, TODAY, 60, 1),
    "a batch": lambda counters: counters.count_once("batch_1", POOR, TODAY, 60),
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
    dynamo_counters.count(RICH, TODAY, 5, 1)
    real, left = aws.dynamodb._make_api_call, [1]

    def make(name, given):
        if name == "BatchGetItem" and left[0]:
            left[0] -= 1
            return {"Responses": {}, "UnprocessedKeys": given["RequestItems"]}
        return real(name, given)

    monkeypatch.setattr(aws.dynamodb, "_make_api_call", make)
    assert used(dynamo_counters).characters == 5
