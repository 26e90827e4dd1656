"""Rate limits and quotas: counting, rejection, and giving back."""

from datetime import date, timedelta

import pytest

from herald.auth.caller import Caller
from herald.auth.quotas import DayOfUse, Quotas
from herald.errors import AudioTooLarge, BrokenInstallation, NothingToSpeak, TooMany, Unavailable, UnreadableRow
from tests.support.job_fakes import MemoryCounters
from tests.support.job_services import NOON, Time

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


def test_rate_limit(quotas, time):
    quotas.request(CALLER)
    quotas.request(CALLER)
    assert refused(lambda: quotas.request(CALLER)) == ("rate_limited", 1)
    time.move(1)
    quotas.request(CALLER)


def test_caller_without_a_rate_limit_is_not_counted(quotas, counters):
    for _ in range(5):
        quotas.request(FREE)
    assert counters.calls == {}


def test_callers_without_a_key_have_separate_limits(quotas):
    """Requests and characters of JWT and IAM callers are counted by tenant."""
    token = Caller(tenant="jwt-alice", requests_a_second=1, characters_a_day=10)
    quotas.request(token)
    assert refused(lambda: quotas.request(token)) == ("rate_limited", 1)
    quotas.request(token.model_copy(update={"tenant": "jwt-bob"}))
    quotas.characters(token, 10)
    assert refused(lambda: quotas.characters(token, 1))[0] == "quota_exceeded"
    assert quotas.used("jwt-alice", 1)[TODAY].by_account == {"jwt-alice": 10}


def test_daily_quota(quotas):
    quotas.characters(CALLER, 100)
    assert refused(lambda: quotas.characters(CALLER, 1)) == ("quota_exceeded", 12 * 3_600)


@pytest.mark.parametrize(
    ("ago", "seconds"), [(timedelta(hours=-11, minutes=-59, seconds=-59), 1), (timedelta(hours=12), 86_400)]
)
def test_retry_after_is_the_end_of_the_day(counters, ago, seconds):
    quotas = Quotas(counters, clock=lambda: NOON - ago)
    quotas.characters(CALLER, 100)
    assert refused(lambda: quotas.characters(CALLER, 1)) == ("quota_exceeded", seconds)


def test_quota_resets_daily(quotas, time):
    quotas.characters(CALLER, 100)
    time.move(12 * 3_600)
    quotas.characters(CALLER, 100)


def test_charge_is_given_back_once_and_to_its_day(quotas, time):
    charge = quotas.characters(CALLER, 60)
    time.move(86_400)
    quotas.characters(CALLER, 90)
    charge.give_back()
    charge.give_back()
    assert [one.by_account[CALLER.key] for one in quotas.used("acme", 2).values()] == [90, 0]


@pytest.mark.parametrize("error", [NothingToSpeak("Nothing."), RuntimeError("x"), KeyboardInterrupt()])
def test_failed_work_is_given_back(quotas, error):
    def fail():
        assert spent(quotas) == 60
        raise error

    with pytest.raises(type(error)), quotas.spending(CALLER, 60):
        fail()
    assert quotas.used("acme", 1)[TODAY] == DayOfUse(by_account={CALLER.key: 0})


def test_completed_work_stays_counted(quotas):
    with quotas.spending(CALLER, 60):
        pass
    assert quotas.used("acme", 1)[TODAY] == DayOfUse(characters=60, requests=1, by_account={CALLER.key: 60})


def test_rejected_work_does_not_begin(quotas):
    with pytest.raises(TooMany), quotas.spending(CALLER, 101):
        pytest.fail("the work began")


def fail_to_speak(quotas, error):
    with pytest.raises(type(error)), quotas.spending(CALLER, 60, owed=(AudioTooLarge,)):
        raise error


def test_failed_give_back_is_repeated_by_the_next_request(quotas, counters):
    counters.faults.before("give_back", Unavailable("No."))
    fail_to_speak(quotas, NothingToSpeak("Nothing."))
    assert spent(quotas) == 60
    quotas.characters(CALLER, 10)
    assert spent(quotas) == 10


def test_failed_keep_is_repeated_by_the_next_request(quotas, counters):
    counters.faults.before("keep", Unavailable("No."))
    with quotas.spending(CALLER, 60):
        pass
    assert len(counters.open) == 1
    with quotas.spending(CALLER, 10):
        pass
    assert (spent(quotas), counters.open) == (70, set())


def test_count_with_unknown_outcome_is_given_back_by_the_next_request(quotas, counters):
    counters.faults.after("count", Unavailable("No."))
    with pytest.raises(Unavailable), quotas.spending(CALLER, 60):
        pytest.fail("the work began")
    assert spent(quotas) == 60
    quotas.characters(CALLER, 100 - 60)
    assert spent(quotas) == 40


def test_open_charges_remain_while_the_service_is_unavailable(quotas, counters):
    counters.faults.before("give_back", Unavailable("No."), times=2)
    fail_to_speak(quotas, NothingToSpeak("Nothing."))
    for left in (61, 2):
        quotas.characters(CALLER, 1)
        assert spent(quotas) == left


def test_a_request_tries_an_unavailable_service_only_once(quotas, counters):
    charges = [quotas.characters(CALLER, 1) for _ in range(3)]
    counters.faults.before("give_back", Unavailable("No."), times=6)
    for charge in charges:
        charge.give_back()
    attempts = []
    counters.faults.on_call = lambda method, when: attempts.append(method) if when == "before" else None
    quotas.characters(FREE, 0)
    assert attempts == ["count", "give_back"]


def test_a_request_closes_at_most_ten_charges_of_earlier_ones(quotas, counters):
    charges = [quotas.characters(CALLER, 1) for _ in range(12)]
    counters.faults.before("give_back", Unavailable("No."), times=12)
    for charge in charges:
        charge.give_back()
    for left in (2, 0):
        quotas.characters(FREE, 0)
        assert spent(quotas) == left


def test_a_charge_to_decide_later_does_not_delay_others(quotas, counters):
    quotas.characters(CALLER, 20).decide_later(lambda: False)
    counters.faults.before("give_back", Unavailable("No."))
    quotas.characters(CALLER, 30).give_back()
    quotas.characters(FREE, 0)
    assert spent(quotas) == 20


def test_charges_that_another_request_closes_meanwhile_are_closed_once(quotas, counters, monkeypatch):
    counters.faults.before("give_back", Unavailable("No."), times=3)
    for _ in range(2):
        with pytest.raises(NothingToSpeak), quotas.spending(CALLER, 30):
            raise NothingToSpeak("Nothing.")
    assert spent(quotas) == 60
    give_back, closed = counters.give_back, []

    def while_another_request_catches_up(entry, **options):
        closed.append(entry.id)
        if len(closed) == 1:
            quotas.characters(FREE, 0)
        give_back(entry, **options)

    monkeypatch.setattr(counters, "give_back", while_another_request_catches_up)
    quotas.characters(CALLER, 10)
    assert len(closed) == len({*closed}) == 2
    assert spent(quotas) == 10


@pytest.mark.parametrize(("stands", "left"), [(True, 60), (False, 0)])
def test_unknown_outcome_is_decided_later(quotas, counters, time, stands, left):
    with quotas.spending(CALLER, 60) as charge:
        charge.decide_later(lambda: stands)
    quotas.characters(FREE, 0)
    assert (spent(quotas), len(counters.open)) == (60, 2)
    time.move(15)
    quotas.characters(FREE, 0)
    assert (spent(quotas), len(counters.open)) == (left, 2)


@pytest.mark.parametrize(
    "error",
    [UnreadableRow("job", "job_1", "state", tenant="acme"), BrokenInstallation("No permission."), KeyError("x")],
)
def test_failed_decision_does_not_fail_a_later_request(quotas, counters, time, caplog, error):
    def fail():
        raise error

    quotas.characters(CALLER, 60).decide_later(fail)
    time.move(15)
    with quotas.spending(FREE, 10):
        pass
    (given_up,) = counters.open  # to be given back like the charge of a process that died
    (line,) = caplog.messages
    assert "charge of an earlier request stays open" in line
    assert spent(quotas) == 60
    quotas.characters(FREE, 0).keep()
    assert counters.open == {given_up}
    assert len(caplog.messages) == 1


def test_computed_work_is_charged_even_if_it_cannot_be_sent(quotas, counters):
    fail_to_speak(quotas, AudioTooLarge("Too large."))
    assert (spent(quotas), counters.open) == (60, set())


def test_reserved_charge_stays_open_until_the_stream_ends(quotas, counters):
    with quotas.reserving(CALLER, 60) as charge:
        pass
    assert len(counters.open) == 1
    charge.keep()
    charge.give_back()
    assert (spent(quotas), counters.open) == (60, set())


def test_work_does_not_begin_if_it_cannot_be_counted(quotas, counters):
    counters.faults.before("count", Unavailable("No."))
    with pytest.raises(Unavailable), quotas.spending(FREE, 1):
        pytest.fail("the work began")


def test_a_name_is_counted_once(quotas):
    quotas.once("batch_1", CALLER, 60)
    quotas.once("batch_1", CALLER, 60)
    assert spent(quotas) == 60
    assert refused(lambda: quotas.once("batch_2", CALLER, 41))[0] == "quota_exceeded"
    quotas.once("batch_3", CALLER, 40)


def test_usage_lists_every_day_newest_first(quotas, time):
    quotas.characters(FREE, 5)
    time.move(2 * 86_400)
    quotas.characters(FREE, 7)
    days = [TODAY + timedelta(days=ahead) for ahead in (2, 1, 0, -1)]
    assert list(quotas.used("acme", 4)) == days
    assert [one.characters for one in quotas.used("acme", 4).values()] == [7, 0, 5, 0]


def test_error_messages_contain_no_key(quotas):
    with pytest.raises(TooMany) as error:
        quotas.characters(CALLER, 1_000)
    assert "1,000 characters" in error.value.message
    assert CALLER.key not in error.value.message
