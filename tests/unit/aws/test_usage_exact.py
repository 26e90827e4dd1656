"""Counted is what was accepted, whatever becomes of DynamoDB's answers, and never more than the quota."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from herald.aws.usage import DynamoCounters
from herald.errors import AudioTooLarge, InvalidText, TooMany, Unavailable
from herald.jobs.caller import Caller
from herald.jobs.quotas import DayOfUse, Quotas
from tests.unit.aws.conftest import KEYS
from tests.unit.aws.network import FATES, unreliable

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUOTA = 100
CALLER = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=QUOTA)
OTHER = Caller(tenant="globex", key="bbbbbbbbbbbb")
ENDS = {"done": None, "refused": InvalidText("No."), "too large": AudioTooLarge("No."), "killed": None}

requests = st.tuples(
    st.integers(0, 60),
    st.sampled_from([*ENDS]),
    st.lists(st.sampled_from(FATES), max_size=8),
    st.booleans(),
)
"""Characters, how the work ends, what becomes of the next calls, and whether what was late arrives afterwards."""


@pytest.fixture
def network(aws, dynamo_keys, monkeypatch):
    with unreliable(monkeypatch) as network:
        yield network


class House:
    """One process that counts, its clock, and what it has accepted."""

    def __init__(self, aws, network):
        self.now = NOON
        self.network = network
        self.counters = DynamoCounters(aws, table=KEYS)
        self.quotas = Quotas(self.counters, clock=lambda: self.now)
        self.accepted = [0, 0]

    def ask(self, characters, end, caller=CALLER):
        """Make a request whose work ends in some way; tell whether it was refused for its quota."""
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

    def settle(self):
        """The network is well again, what was late arrives, and other requests follow."""
        self.network.fates.clear()
        self.network.arrive()
        for _ in range(3):
            self.ask(0, "done", OTHER)
        self.network.arrive()

    @property
    def used(self):
        day = self.counters.days("acme", [self.now.date()], self.now).get(self.now.date(), DayOfUse())
        assert day.characters == day.by_account.get(CALLER.key, 0)
        return [day.characters, day.requests]


@given(st.lists(requests, min_size=1, max_size=8))
@example([(10, "done", ["lost", "lost", "lost"], True)])
@example([(10, "done", ["late", "late", "well"], True)])
@example([(10, "done", ["lost", "late", "well", "lost", "lost", "lost"], True)])
@example([(10, "refused", ["late", "well", "dropped", "dropped", "dropped"], True)])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counted_is_what_was_accepted(aws, network, course):
    aws.dynamodb.delete_item(TableName=KEYS, Key={"id": {"S": f"usage#acme#{NOON.date()}"}})
    house = House(aws, network)
    for characters, end, fates, arrives in course:
        network.fates.clear()
        network.fates.extend(fates)
        house.ask(characters, end)
        network.fates.clear()
        assert house.used[0] <= QUOTA
        if arrives:
            network.arrive()
            assert house.used[0] <= QUOTA
    house.settle()
    house.now += timedelta(minutes=21)  # killed processes have surely ended
    assert house.used == house.accepted
    assert not house.ask(QUOTA - house.accepted[0], "done"), "what is left can be used"
    assert house.used == house.accepted
    assert house.used[0] == QUOTA


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_one_request_counts_once(aws, network, fate, times):
    """As `slow.py` found it: one late answer had a request of 100 counted twice, three had it counted for nothing."""
    house = House(aws, network)
    network.fates.extend([fate] * times)
    house.ask(QUOTA, "done")
    house.settle()
    assert house.used == house.accepted
    answered = times < 3 or fate in {"well", "twice", "throttled"}
    assert house.accepted == ([QUOTA, 1] if answered else [0, 0])


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("times", [1, 2])
def test_one_request_counts_once_in_its_second(aws, network, fate, times):
    counters = DynamoCounters(aws, table=KEYS)
    network.fates.extend([fate] * times)
    assert counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=2)
    assert counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=2)
    network.arrive()
    assert not counters.count_request("aaaaaaaaaaaa", 1_795_000_000, most=2)
