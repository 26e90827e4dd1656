"""What is asked for is counted, what is too much is refused, what came to nothing is given back."""

from datetime import date, timedelta

import pytest

from herald.errors import NothingToSpeak, TooMany, Unavailable
from herald.jobs.caller import Caller
from herald.jobs.quotas import DayOfUse, Quotas
from tests.fakes import MemoryCounters
from tests.unit.jobs.services import NOON, Time

TODAY = date(2026, 11, 22)
CALLER = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=100, requests_a_second=2)
FREE = Caller(tenant="acme", key="bbbbbbbbbbbb")


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def counters():
    return MemoryCounters()


@pytest.fixture
def quotas(counters, time):
    return Quotas(counters, clock=time)


def refused(act):
    with pytest.raises(TooMany) as error:
        act()
    return error.value.code, error.value.retry_after


def spent(quotas, caller=CALLER):
    return quotas.used("acme", 1)[TODAY].by_key.get(caller.key, 0)


def test_a_second_has_so_many_requests(quotas, time):
    quotas.request(CALLER)
    quotas.request(CALLER)
    assert refused(lambda: quotas.request(CALLER)) == ("rate_limited", 1)
    time.move(1)
    quotas.request(CALLER)


@pytest.mark.parametrize("caller", [FREE, Caller(tenant="acme", requests_a_second=1)], ids=["no limit", "a token"])
def test_nobody_is_asked_where_there_is_no_rate(quotas, counters, caller):
    for _ in range(5):
        quotas.request(caller)
    assert counters.calls == {}


def test_a_day_has_so_many_characters(quotas):
    quotas.characters(CALLER, 100)
    assert refused(lambda: quotas.characters(CALLER, 1)) == ("quota_exceeded", 12 * 3_600)


@pytest.mark.parametrize(
    ("ago", "seconds"), [(timedelta(hours=-11, minutes=-59, seconds=-59), 1), (timedelta(hours=12), 86_400)]
)
def test_who_is_refused_is_told_when_the_day_ends(counters, ago, seconds):
    quotas = Quotas(counters, clock=lambda: NOON - ago)
    quotas.characters(CALLER, 100)
    assert refused(lambda: quotas.characters(CALLER, 1)) == ("quota_exceeded", seconds)


def test_a_new_day_is_a_new_quota(quotas, time):
    quotas.characters(CALLER, 100)
    time.move(12 * 3_600)
    quotas.characters(CALLER, 100)


def test_what_is_given_back_is_given_back_once_and_to_its_day(quotas, time):
    charge = quotas.characters(CALLER, 60)
    time.move(86_400)
    quotas.characters(CALLER, 90)
    charge.give_back()
    charge.give_back()
    assert [one.by_key[CALLER.key] for one in quotas.used("acme", 2).values()] == [90, 0]


@pytest.mark.parametrize("error", [NothingToSpeak("Nothing."), RuntimeError("x"), KeyboardInterrupt()])
def test_what_came_to_nothing_is_given_back(quotas, error):
    def fail():
        assert spent(quotas) == 60
        raise error

    with pytest.raises(type(error)), quotas.spending(CALLER, 60):
        fail()
    assert quotas.used("acme", 1)[TODAY] == DayOfUse(by_key={CALLER.key: 0})


def test_what_was_spoken_stays_counted(quotas):
    with quotas.spending(CALLER, 60):
        pass
    assert quotas.used("acme", 1)[TODAY] == DayOfUse(characters=60, requests=1, by_key={CALLER.key: 60})


def test_nothing_is_done_for_what_is_refused(quotas):
    with pytest.raises(TooMany), quotas.spending(CALLER, 101):
        pytest.fail("it was done")


def test_the_first_error_is_told_where_nothing_can_be_given_back(quotas, counters):
    def fail():
        counters.faults.before("count", Unavailable("No."))
        raise NothingToSpeak("Nothing.")

    with pytest.raises(NothingToSpeak), quotas.spending(CALLER, 60):
        fail()
    assert spent(quotas) == 60


def test_nothing_is_done_where_nothing_can_be_counted(quotas, counters):
    counters.faults.before("count", Unavailable("No."))
    with pytest.raises(Unavailable), quotas.spending(FREE, 1):
        pytest.fail("it was done")


def test_a_name_is_counted_once(quotas):
    quotas.once("batch_1", CALLER, 60)
    quotas.once("batch_1", CALLER, 60)
    assert spent(quotas) == 60
    assert refused(lambda: quotas.once("batch_2", CALLER, 41))[0] == "quota_exceeded"
    quotas.once("batch_3", CALLER, 40)


def test_every_day_is_told_newest_first(quotas, time):
    quotas.characters(FREE, 5)
    time.move(2 * 86_400)
    quotas.characters(FREE, 7)
    days = [TODAY + timedelta(days=ahead) for ahead in (2, 1, 0, -1)]
    assert list(quotas.used("acme", 4)) == days
    assert [one.characters for one in quotas.used("acme", 4).values()] == [7, 0, 5, 0]


def test_no_message_of_a_refusal_holds_a_key(quotas):
    with pytest.raises(TooMany) as error:
        quotas.characters(CALLER, 1_000)
    assert "1,000 characters" in error.value.message
    assert CALLER.key not in error.value.message
