"""What is asked for is counted, what is too much is refused, what came to nothing is given back."""

from datetime import date, timedelta

import pytest

from herald.errors import AudioTooLarge, NothingToSpeak, TooMany, Unavailable
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
    return quotas.used("acme", 1)[TODAY].by_account.get(caller.account, 0)


def test_a_second_has_so_many_requests(quotas, time):
    quotas.request(CALLER)
    quotas.request(CALLER)
    assert refused(lambda: quotas.request(CALLER)) == ("rate_limited", 1)
    time.move(1)
    quotas.request(CALLER)


def test_a_caller_without_a_rate_is_not_counted(quotas, counters):
    for _ in range(5):
        quotas.request(FREE)
    assert counters.calls == {}


def test_callers_without_a_key_have_limits_of_their_own(quotas):
    """A token's or an IAM caller's requests and characters are counted by its tenant."""
    token = Caller(tenant="jwt-alice", requests_a_second=1, characters_a_day=10)
    quotas.request(token)
    assert refused(lambda: quotas.request(token)) == ("rate_limited", 1)
    quotas.request(token.model_copy(update={"tenant": "jwt-bob"}))
    quotas.characters(token, 10)
    assert refused(lambda: quotas.characters(token, 1))[0] == "quota_exceeded"
    assert quotas.used("jwt-alice", 1)[TODAY].by_account == {"jwt-alice": 10}


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
    assert [one.by_account[CALLER.key] for one in quotas.used("acme", 2).values()] == [90, 0]


@pytest.mark.parametrize("error", [NothingToSpeak("Nothing."), RuntimeError("x"), KeyboardInterrupt()])
def test_what_came_to_nothing_is_given_back(quotas, error):
    def fail():
        assert spent(quotas) == 60
        raise error

    with pytest.raises(type(error)), quotas.spending(CALLER, 60):
        fail()
    assert quotas.used("acme", 1)[TODAY] == DayOfUse(by_account={CALLER.key: 0})


def test_what_was_spoken_stays_counted(quotas):
    with quotas.spending(CALLER, 60):
        pass
    assert quotas.used("acme", 1)[TODAY] == DayOfUse(characters=60, requests=1, by_account={CALLER.key: 60})


def test_nothing_is_done_for_what_is_refused(quotas):
    with pytest.raises(TooMany), quotas.spending(CALLER, 101):
        pytest.fail("it was done")


def fail_to_speak(quotas, error):
    with pytest.raises(type(error)), quotas.spending(CALLER, 60, owed=(AudioTooLarge,)):
        raise error


def test_what_cannot_be_given_back_now_is_given_back_by_the_next_request(quotas, counters):
    counters.faults.before("give_back", Unavailable("No."))
    fail_to_speak(quotas, NothingToSpeak("Nothing."))
    assert spent(quotas) == 60
    quotas.characters(CALLER, 10)
    assert spent(quotas) == 10


def test_what_cannot_be_kept_now_is_kept_by_the_next_request(quotas, counters):
    counters.faults.before("keep", Unavailable("No."))
    with quotas.spending(CALLER, 60):
        pass
    assert len(counters.open) == 1
    with quotas.spending(CALLER, 10):
        pass
    assert (spent(quotas), counters.open) == (70, set())


def test_a_count_of_unknown_outcome_is_given_back_by_the_next_request(quotas, counters):
    counters.faults.after("count", Unavailable("No."))
    with pytest.raises(Unavailable), quotas.spending(CALLER, 60):
        pytest.fail("it was done")
    assert spent(quotas) == 60
    quotas.characters(CALLER, 100 - 60)
    assert spent(quotas) == 40


def test_what_was_left_open_waits_while_the_service_stays_silent(quotas, counters):
    counters.faults.before("give_back", Unavailable("No."), times=2)
    fail_to_speak(quotas, NothingToSpeak("Nothing."))
    for left in (61, 2):
        quotas.characters(CALLER, 1)
        assert spent(quotas) == left


@pytest.mark.parametrize(("stands", "left"), [(True, 60), (False, 0)])
def test_what_nobody_knows_yet_is_decided_later(quotas, counters, time, stands, left):
    with quotas.spending(CALLER, 60) as charge:
        charge.decide_later(lambda: stands)
    quotas.characters(FREE, 0)
    assert (spent(quotas), len(counters.open)) == (60, 2)
    time.move(15)
    quotas.characters(FREE, 0)
    assert (spent(quotas), len(counters.open)) == (left, 2)


def test_what_was_computed_is_paid_even_if_it_cannot_be_sent(quotas, counters):
    fail_to_speak(quotas, AudioTooLarge("Too large."))
    assert (spent(quotas), counters.open) == (60, set())


def test_what_is_streamed_is_kept_by_whoever_ends_the_stream(quotas, counters):
    with quotas.reserving(CALLER, 60) as charge:
        pass
    assert len(counters.open) == 1
    charge.keep()
    charge.give_back()
    assert (spent(quotas), counters.open) == (60, set())


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
