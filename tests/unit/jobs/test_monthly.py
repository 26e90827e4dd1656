"""What a month costs, beside sums by hand."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from herald.handlers.settings import Settings
from herald.jobs.batches.prices import SENTENCES_KEPT
from herald.jobs.idle import Setup, items
from herald.jobs.monthly import (
    AT_ONCE_CHARACTERS,
    METRICS,
    PARTS,
    STANDING,
    WAYS,
    Question,
    cheaper_from,
    month,
    total,
)
from herald.jobs.others import SERVICES
from herald.jobs.price import Deployment, PriceList, forecast
from herald.jobs.usage import LARGE, LARGE_KEPT, Usage
from tests.template.template import MAPPINGS, PARAMETERS, RESOURCES
from tests.template.watch import MEASURES

PRICES = PriceList()
MONTH = 365 * 86_400 / 12
WATCHING = "CloudWatch logs and metrics, X-Ray traces"


def grown(question, prices=PRICES):
    """What the messages of a month cost, by part, our own metrics apart."""
    free = PriceList(deployment=prices.deployment, prices=prices.prices.changed({"metric_month": "0"}))
    return {part: dollars for part, dollars in month(question, free).items() if not part.startswith(STANDING)}


def test_every_unit_is_in_one_part():
    names = [name for part in PARTS.values() for name in part]
    idle = {"snapshot_gigabyte_second", "queue_poll", "secret_month", "alarm_month", "dashboard_month"}
    assert sorted([*names, *idle]) == sorted(one.name for one in fields(Usage))


def test_idle_items_are_those_of_the_deployment():
    paid = month(Question(messages=0), PRICES)
    idle = {part: dollars for part, dollars in paid.items() if part.startswith(STANDING)}
    assert sum(paid.values()) == sum(idle.values())
    assert idle == {f"{STANDING}{name}": PRICES.total(used) for name, used in items(Setup(), PRICES.deployment).items()}
    cdn = PriceList(deployment=Deployment(egress="cloudfront"))
    assert total(Question(messages=0), cdn) == total(Question(messages=0), PRICES) + Decimal("0.40")


@pytest.mark.parametrize("way", WAYS)
def test_metrics_are_paid_for_the_hours_in_which_they_are_sent(way):
    free = PriceList(prices=PRICES.prices.changed({"metric_month": "0"}))

    def paid(messages):
        question = Question(way=way, messages=messages)
        return float(month(question, PRICES)[WATCHING] - month(question, free)[WATCHING])

    assert paid(0) == 0
    each = 0.30 * len(METRICS[way])
    assert paid(1) == pytest.approx(each / 730, rel=0.01)
    assert paid(100_000) == pytest.approx(each / 730 if way == "batch" else each, rel=0.01)


def test_the_metrics_that_are_priced_are_sent():
    assert {name for names in METRICS.values() for name in names} <= MEASURES.keys()


def test_the_free_tier_is_used_up_by_idle_items_first():
    question = Question(messages=1_000_000)
    paid, beyond = month(question, PRICES), month(question, PRICES, free_tier=True)
    assert all(beyond[part] <= paid[part] for part in paid)
    # A million calls and 400,000 GB-seconds are free; the sweeper takes some of them.
    used = paid["Lambda"] - beyond["Lambda"]
    assert used < 1_000_000 * Decimal("0.0000002") + 400_000 * Decimal("0.0000166667")
    assert total(question, PRICES, free_tier=True) < total(question, PRICES)


def test_a_month_of_jobs_is_so_many_jobs():
    question = Question(messages=1_000_000, characters=600)
    each = PRICES.of(forecast(question.script, "queue", PRICES.deployment))
    paid = grown(question)
    # X-Ray traces one call a second, which is more than there are.
    traces = Decimal("0.000005") * 2 * 1_000_000
    assert sum(paid.values()) == pytest.approx(1_000_000 * each + traces, rel=Decimal("1e-5"))


def test_of_a_job_that_was_asked_for_only_the_door_is_paid():
    paid = grown(Question(remembered=1.0))
    assert paid["S3"] == 10_000 * Decimal("0.0000004")


def test_at_few_messages_each_start_is_cold():
    def each(messages, **more):
        return grown(Question(way="realtime", messages=messages, **more))["Lambda"] / messages

    warm = each(10**7)
    assert float(each(1, keep_warm="snapshot") - warm) == pytest.approx(0.0001397998 * 3_008 / 1_024, rel=0.01)
    assert float(each(1) - warm) == pytest.approx(2 * 0.0000166667 * 3_008 / 1_024, rel=0.01)
    assert float(each(1, keep_warm="ping")) == pytest.approx(float(warm), rel=0.01)


def test_one_message_wakes_the_gpu_and_many_keep_it():
    def gpu(messages):
        return float(grown(Question(way="gpu", messages=messages))["GPU, with its starts and waits"])

    assert gpu(1) == pytest.approx((260 + 900) / 3_600 * 1.408, rel=0.01)
    assert gpu(50_000) == pytest.approx(MONTH / 3_600 * 1.408, rel=0.001)
    # Where one is busy all the time there are others.
    assert gpu(10**8) == pytest.approx(10**8 * 300 / 18.9 * 0.03 / 3_600 * 1.408, rel=0.001)


def test_what_a_batch_remembers_it_does_not_speak():
    dear, cheap = (grown(Question(way="batch", remembered=part)) for part in (0.0, 1.0))
    assert cheap["Lambda"] < dear["Lambda"] / 4
    # Six sentences of 50 characters, each read and written once, and kept for 7 days.
    kept = 300 / 18.9 * 88_200 / 2**30 * 7 * 12 / 365 * 0.023
    assert float(dear["S3"] - cheap["S3"]) == pytest.approx(10_000 * (6 * (0.0000004 + 0.000005) + kept), rel=1e-3)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "dearer",
    [
        {"messages": 20_000}, {"characters": 600}, {"response_format": "wav"},
        {"egress": "internet"}, {"egress": "cloudfront"}, {"retention": timedelta(days=180)},
    ],
)  # fmt: skip
def test_more_costs_more(way, dearer):
    question = Question(way=way)
    if dearer.keys() & {"egress", "retention"}:
        more = total(question, PriceList(deployment=Deployment(**dearer)))
    else:
        more = total(replace(question, **dearer), PRICES)
    stores_nothing = way == "realtime" and dearer.keys() & {"retention"}
    assert (more > total(question, PRICES)) is not bool(stores_nothing)


@pytest.mark.parametrize("name", SERVICES)
def test_from_when_on_it_is_cheaper(name):
    question, price = Question(), SERVICES[name].usd_per_million
    first = cheaper_from(question, PRICES, price)

    def saved(messages):
        theirs = SERVICES[name].price(messages * question.characters)
        return theirs - total(replace(question, messages=messages), PRICES)

    assert saved(first - 1) <= 0 < saved(first)


def test_it_may_never_be_cheaper():
    assert cheaper_from(Question(), PRICES, Decimal("0.0001")) is None


def test_a_long_text_is_no_answer():
    ways = [one.way for one in Question(characters=AT_ONCE_CHARACTERS + 1, remembered=0.5).ways()]
    assert ways == ["queue", "batch", "gpu"]
    assert [one.remembered for one in Question(remembered=0.5).ways()] == [0, 0.5, 0, 0]


def test_the_constants_are_those_of_the_template():
    assert Settings.model_fields["max_characters"].default == AT_ONCE_CHARACTERS
    moves = MAPPINGS["RetentionDays"][str(PARAMETERS["RetentionDays"]["Default"])]
    assert int(moves["InfrequentAccessDays"]) == Deployment().infrequent_after.days


def test_the_rules_of_the_bucket_are_those_of_the_prices():
    rules = RESOURCES["AudioBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    plain = {rule["Id"]: rule for rule in (one["If"][1] if "If" in one else one for one in rules)}
    assert plain["MoveLargeFiles"]["ObjectSizeGreaterThan"] == LARGE
    assert plain["MoveKeptFiles"]["ObjectSizeGreaterThan"] == LARGE_KEPT
    assert plain["ForgetSentences"]["ExpirationInDays"] == SENTENCES_KEPT.days
