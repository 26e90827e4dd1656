"""The idle cost: at most a dollar a month, and consistent with the template."""

from decimal import Decimal

import pytest

from herald.aws.job_rows import SHARDS
from herald.cli import idle_cost as idle
from herald.cli.idle_cost import FREE, FreeTier, Setup, items
from herald.jobs.job_price import PriceList
from herald.pricing.resources import Usage
from tests.template.template import FUNCTIONS, PARAMETERS, RESOURCES, events, of_type, target

PRICES = PriceList()
MONTH = 365 * 86_400 / 12
RUNS = 365 * 86_400 / 12 / 300


def dollars(setup, *, free_tier):
    free = FreeTier()
    found = items(setup, PRICES.deployment).values()
    return sum((PRICES.total(free.beyond(used) if free_tier else used) for used in found), Decimal(0))


def test_a_default_deployment_costs_at_most_a_dollar_a_month_while_idle():
    assert (PARAMETERS["Profile"]["Default"], PARAMETERS["KeepWarm"]["Default"]) == (Setup().profile, Setup().keep_warm)
    assert dollars(Setup(), free_tier=True) <= 1
    assert dollars(Setup(), free_tier=False) <= Decimal("2.50")


def test_items_match_calculation_by_hand():
    paid = [float(PRICES.total(used)) for used in items(Setup(), PRICES.deployment).values()]
    sweep = 0.2 * 0.0000166667 + 0.0000002 + 0.50 * 1_000 / 2**30 + 2 * 0.0000004 + 4 * 0.000000125 + 0.000005
    assert paid == pytest.approx([15 * 0.10, 0.30, 2 * 5 * MONTH / 20 * 0.0000004, RUNS * sweep], rel=1e-6)


def test_pings_cost_cents_and_snapshots_cost_dollars():
    def more(keep_warm, *, free_tier=False):
        return dollars(Setup(keep_warm=keep_warm), free_tier=free_tier) - dollars(Setup(), free_tier=free_tier)

    ping = 0.002 * 1_769 / 1_024 * 0.0000166667 + 0.0000002 + 0.50 * 1_000 / 2**30 + 0.000005
    assert float(more("ping")) == pytest.approx(RUNS * ping, rel=1e-6)
    assert more("ping") < Decimal("0.06")
    assert more("ping", free_tier=True) == 0
    assert float(more("snapshot", free_tier=True)) == pytest.approx(0.0000015046 * 1_769 / 1_024 * MONTH, rel=1e-6)


@pytest.mark.parametrize(
    "option",
    [
        {"profile": "production"},
        {"stream": True},
        {"gpu": True},
        {"kokoro": True},
        {"cdn": True},
        {"keep_warm": "snapshot"},
    ],
)
def test_every_option_costs_more(option):
    assert dollars(Setup(**option), free_tier=False) > dollars(Setup(), free_tier=False)


def test_two_snapshots_cost_twice_as_much():
    one, two = (
        items(Setup(keep_warm="snapshot", stream=stream), PRICES.deployment).popitem()[1] for stream in (False, True)
    )
    assert PRICES.total(two) == pytest.approx(2 * PRICES.total(one), rel=Decimal("1e-9"))


def test_the_free_tier_of_sqs_covers_both_kinds_of_requests():
    free = FreeTier()
    first = free.beyond(Usage(queue_poll=900_000, queue_request=200_000))
    assert (first.queue_poll, first.queue_request) == (0, 100_000)
    assert free.beyond(Usage(queue_poll=5)).queue_poll == 5
    assert FREE["queue_poll", "queue_request"] == 1_000_000


def watched(alarm):
    """Return the number of metrics of an alarm."""
    return sum("MetricStat" in one for one in alarm.get("Metrics", ())) or 1


def test_constants_match_the_template():
    def conditions(name):
        return {RESOURCES[name].get("Condition"), RESOURCES[name].get("StackCondition")}

    alarms = {name: watched(alarm) for name, alarm in of_type("AWS::CloudWatch::Alarm").items()}
    gpu = {name for name in RESOURCES if "UseGpu" in conditions(name)}
    kokoro = {name for name in RESOURCES if "UseKokoro" in conditions(name)}
    unestimated = {name for name in RESOURCES if {"UseWebhooks", "UseKubernetes"} & conditions(name)}
    stream = {name for name in alarms if "HasStream" in conditions(name)}
    optional = gpu | kokoro | unestimated | stream
    assert sum(count for name, count in alarms.items() if name not in optional) == idle.ALARMS
    assert sum(count for name, count in alarms.items() if name in stream) == idle.STREAM_ALARMS
    following = [
        one
        for one in of_type("AWS::ApplicationAutoScaling::ScalingPolicy").values()
        if one["PolicyType"] == "TargetTrackingScaling"
    ]
    # Application Auto Scaling creates two alarms for each of these policies.
    assert sum(count for name, count in alarms.items() if name in gpu) + 2 * len(following) == idle.GPU_ALARMS
    assert sum(count for name, count in alarms.items() if name in kokoro) == idle.KOKORO_ALARMS
    boards = of_type("AWS::CloudWatch::Dashboard")
    assert [name in gpu for name in sorted(boards)] == [False, True]

    polled = {target(event["Queue"]) for _, event in events("SQS")}
    polled |= {target(one["EventSourceArn"]) for one in of_type("AWS::Lambda::EventSourceMapping").values()}
    dead = of_type("AWS::SQS::Queue").keys() - polled
    for queues, without in ((polled, idle.QUEUES), (dead, idle.DEAD_LETTER_QUEUES)):
        assert (len(queues - gpu - kokoro - unestimated), len(queues & gpu), len(queues & kokoro)) == (without, 1, 1)

    assert (FUNCTIONS["SweeperFunction"]["MemorySize"], SHARDS) == (idle.SWEEPER_MEGABYTES, idle.DUE_SHARDS)
    schedules = [
        one["ScheduleExpression"] for one in of_type("AWS::Events::Rule").values() if "EventPattern" not in one
    ]
    schedules += [event["Schedule"] for _, event in events("Schedule")]
    assert schedules == ["rate(5 minutes)"] * 2
    assert idle.EVERY == 5 * 60
