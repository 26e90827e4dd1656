"""Usage equals the accepted requests and never exceeds the quota, even on an unreliable network."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from herald.auth.caller import Caller
from herald.auth.quotas import DayOfUse, Quotas, UsageEntry
from herald.aws.usage_counters import DynamoCounters
from herald.errors import AudioTooLarge, InvalidText, TooMany, Unavailable
from tests.support.unreliable_network import FATES, unreliable
from tests.unit.aws.conftest import KEYS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUOTA = 100
CALLER = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=QUOTA)
OTHER = Caller(tenant="globex", key="bbbbbbbbbbbb")
ENDS = {"done": None, "rejected": InvalidText("No."), "too large": AudioTooLarge("No."), "killed": None}

requests = st.tuples(
    st.integers(0, 60),
    st.sampled_from([*ENDS]),
    st.lists(st.sampled_from(FATES), max_size=8),
    st.booleans(),
)
"""Characters, end of the work, fates of the next calls, and whether late requests arrive afterwards."""


@pytest.fixture
def network(aws, dynamo_keys, monkeypatch):
    with unreliable(monkeypatch) as network:
        yield network


class FakeProcess:
    """A process that counts usage, with its clock and the sums that it has accepted."""

    def __init__(self, aws, network):
        self.now = NOON
        self.network = network
        self.counters = DynamoCounters(aws, table=KEYS)
        self.quotas = Quotas(self.counters, clock=lambda: self.now)
        self.accepted = [0, 0]

    def request(self, characters, end, caller=CALLER):
        """Make a request whose work ends as `end`; return whether the quota rejected it."""
        try:
            if end == "killed":
                self.quotas.characters(caller, characters)
                return False
            with self.quotas.spending(caller, characters, owed=(AudioTooLarge,)):
                if ENDS[end]:
                    raise ENDS[end]
        except (InvalidText, Unavailable):
            return False
        except AudioTooLarge:
            pass
        except TooMany:
            return True
        if caller is CALLER:
            self.accepted = [self.accepted[0] + characters, self.accepted[1] + 1]
        return False

    def recover(self):
        """Restore the network, deliver late requests, and make some other requests."""
        self.network.fates.clear()
        self.network.arrive()
        for _ in range(3):
            self.request(0, "done", OTHER)
        self.network.arrive()

    @property
    def used(self):
        day = self.counters.days("acme", [self.now.date()], self.now).get(self.now.date(), DayOfUse())
        assert day.characters == day.by_account.get(CALLER.key, 0)
        return [day.characters, day.requests]


@given(st.lists(requests, min_size=1, max_size=8))
@example([(10, "done", ["lost", "lost", "lost"], True)])
@example([(10, "done", ["late", "late", "delivered"], True)])
@example([(10, "done", ["lost", "late", "delivered", "lost", "lost", "lost"], True)])
@example([(10, "rejected", ["late", "delivered", "dropped", "dropped", "dropped"], True)])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_usage_equals_the_accepted_requests(aws, network, requests_and_fates):
    aws.dynamodb.delete_item(TableName=KEYS, Key={"id": {"S": f"usage#acme#{NOON.date()}"}})
    process = FakeProcess(aws, network)
    for characters, end, fates, arrives in requests_and_fates:
        network.fates.clear()
        network.fates.extend(fates)
        process.request(characters, end)
        network.fates.clear()
        assert process.used[0] <= QUOTA
        if arrives:
            network.arrive()
            assert process.used[0] <= QUOTA
    process.recover()
    process.now += timedelta(minutes=21)  # entries of killed processes count as abandoned by now
    assert process.used == process.accepted
    assert not process.request(QUOTA - process.accepted[0], "done"), "the rest of the quota must be usable"
    assert process.used == process.accepted
    assert process.used[0] == QUOTA


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_request_counts_once(aws, network, fate, times):
    """A regression test: one late response counted a request twice, three counted it although it failed."""
    process = FakeProcess(aws, network)
    network.fates.extend([fate] * times)
    process.request(QUOTA, "done")
    process.recover()
    assert process.used == process.accepted
    confirmed = times < 3 or fate in {"delivered", "twice", "throttled"}
    assert process.accepted == ([QUOTA, 1] if confirmed else [0, 0])


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("times", [1, 2])
def test_a_request_counts_once_in_its_second(aws, network, fate, times):
    counters = DynamoCounters(aws, table=KEYS)
    network.fates.extend([fate] * times)
    assert counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=2)
    assert counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=2)
    network.arrive()
    assert not counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=2)


def test_a_request_that_arrives_while_it_is_given_back_does_not_stay_counted(aws, network):
    counters = DynamoCounters(aws, table=KEYS)
    entry = UsageEntry(id="0123456789ab", caller=CALLER, at=NOON, characters=10)
    network.fates.extend(["late", "dropped", "dropped"])
    with pytest.raises(Unavailable):
        counters.count(entry)
    network.fates.extend(["delivered", "overtaken"])
    counters.give_back(entry, retried=True)
    assert not network.fates
    assert counters.days("acme", [NOON.date()], NOON)[NOON.date()].characters == 0
