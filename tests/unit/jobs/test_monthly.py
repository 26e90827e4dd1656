"""Monthly costs, compared with calculations by hand."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from herald.batches.item_price import SENTENCES_KEPT
from herald.cli.idle_cost import Setup, items
from herald.cli.monthly_cost import (
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
from herald.jobs.job_price import Deployment, PriceList, expected_work, usage
from herald.pricing.pace import DEFAULT_ENGINE
from herald.pricing.prices import SERVICES
from herald.pricing.resources import LARGE, LARGE_KEPT, Usage
from herald.runtime.settings import Settings
from tests.template.template import MAPPINGS, PARAMETERS, RESOURCES
from tests.template.watch import MEASURES

PRICES = PriceList()
MONTH = 365 * 86_400 / 12
WATCHING = "CloudWatch logs and metrics, X-Ray traces"


def variable_cost(question, prices=PRICES):
    """Return the cost of a month's messages by part, without custom metrics."""
    free = PriceList(deployment=prices.deployment, prices=prices.prices.changed({"metric_month": "0"}))
    return {part: dollars for part, dollars in month(question, free).items() if not part.startswith(STANDING)}


def test_every_unit_belongs_to_one_part():
    names = [name for part in PARTS.values() for name in part]
    idle = {"snapshot_gigabyte_second", "queue_poll", "secret_month", "alarm_month", "dashboard_month"}
    assert sorted([*names, *idle]) == sorted(one.name for one in fields(Usage))


def test_idle_items_match_the_deployment():
    paid = month(Question(messages=0), PRICES)
    idle = {part: dollars for part, dollars in paid.items() if part.startswith(STANDING)}
    assert sum(paid.values()) == sum(idle.values())
    assert idle == {f"{STANDING}{name}": PRICES.total(used) for name, used in items(Setup(), PRICES.deployment).items()}
    cdn = PriceList(deployment=Deployment(egress="cloudfront"))
    assert total(Question(messages=0), cdn) == total(Question(messages=0), PRICES) + Decimal("0.40")


@pytest.mark.parametrize("way", WAYS)
def test_metrics_are_billed_for_the_hours_in_which_they_are_emitted(way):
    free = PriceList(prices=PRICES.prices.changed({"metric_month": "0"}))

    def paid(messages):
        question = Question(way=way, messages=messages)
        return float(month(question, PRICES)[WATCHING] - month(question, free)[WATCHING])

    assert paid(0) == 0
    each = 0.30 * len(METRICS[way])
    assert paid(1) == pytest.approx(each / 730, rel=0.01)
    assert paid(100_000) == pytest.approx(each / 730 if way == "batch" else each, rel=0.01)


def test_priced_metrics_exist():
    assert {name for names in METRICS.values() for name in names} <= MEASURES.keys()


def test_idle_items_use_the_free_tier_first():
    question = Question(messages=1_000_000)
    paid, beyond = month(question, PRICES), month(question, PRICES, free_tier=True)
    assert all(beyond[part] <= paid[part] for part in paid)
    # A million calls and 400,000 GB-seconds are free, part of which the sweeper uses.
    used = paid["Lambda"] - beyond["Lambda"]
    assert used < 1_000_000 * Decimal("0.0000002") + 400_000 * Decimal("0.0000166667")
    assert total(question, PRICES, free_tier=True) < total(question, PRICES)


def test_month_of_jobs_is_the_sum_of_its_jobs():
    question = Question(messages=1_000_000, characters=600)
    each = PRICES.of(expected_work(question.script, "queue", PRICES.deployment))
    paid = variable_cost(question)
    # X-Ray traces one call a second, and the rate of these calls is below that.
    traces = Decimal("0.000005") * 2 * 1_000_000
    assert sum(paid.values()) == pytest.approx(1_000_000 * each + traces, rel=Decimal("1e-5"))


def test_cached_job_costs_only_its_acceptance():
    paid = variable_cost(Question(remembered=1.0))
    assert paid["S3"] == 10_000 * Decimal("0.0000004")


def test_rare_messages_have_cold_starts():
    def each(messages, **more):
        return variable_cost(Question(way="realtime", messages=messages, **more))["Lambda"] / messages

    warm = each(10**7)
    assert float(each(1, keep_warm="snapshot") - warm) == pytest.approx(0.0001397998 * 1_769 / 1_024, rel=0.01)
    assert float(each(1) - warm) == pytest.approx(2 * 0.0000166667 * 1_769 / 1_024, rel=0.01)
    assert float(each(1, keep_warm="ping")) == pytest.approx(float(warm), rel=0.01)


def test_gpu_is_started_by_one_message_and_kept_by_many():
    def gpu(messages):
        return float(variable_cost(Question(way="gpu", messages=messages))["GPU, with its starts and waits"])

    assert gpu(1) == pytest.approx((260 + 900) / 3_600 * 1.408, rel=0.01)
    assert gpu(50_000) == pytest.approx(MONTH / 3_600 * 1.408, rel=0.001)
    # If one instance is always busy, more are started.
    assert gpu(10**8) == pytest.approx(10**8 * 300 / 16.8 * 0.03 / 3_600 * 1.408, rel=0.001)


def test_cached_sentences_of_a_batch_are_not_synthesized():
    uncached, cached = (variable_cost(Question(way="batch", remembered=part, engine="piper")) for part in (0.0, 1.0))
    assert cached["Lambda"] < uncached["Lambda"] / 4
    # Six sentences of 50 characters, each read and written once, and stored for 7 days.
    kept = 300 / 16.8 * 6_000 / 2**30 * 7 * 12 / 365 * 0.023
    assert float(uncached["S3"] - cached["S3"]) == pytest.approx(10_000 * (6 * (0.0000004 + 0.000005) + kept), rel=1e-2)


def test_sentences_of_a_cheap_engine_are_not_stored():
    uncached, cached = (variable_cost(Question(way="batch", remembered=part)) for part in (0.0, 1.0))
    # Only the chunks' own results differ, by less than a request for each of the messages.
    assert uncached["S3"] - cached["S3"] < 10_000 * Decimal("0.0000004")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "increase",
    [
        {"messages": 20_000}, {"characters": 600}, {"response_format": "wav"},
        {"egress": "internet"}, {"egress": "cloudfront"}, {"retention": timedelta(days=180)},
    ],
)  # fmt: skip
def test_every_increase_costs_more(way, increase):
    question = Question(way=way)
    if increase.keys() & {"egress", "retention"}:
        more = total(question, PriceList(deployment=Deployment(**increase)))
    else:
        more = total(replace(question, **increase), PRICES)
    stores_nothing = way == "realtime" and increase.keys() & {"retention"}
    assert (more > total(question, PRICES)) is not bool(stores_nothing)


@pytest.mark.parametrize("name", SERVICES)
def test_break_even_number_of_messages(name):
    question, price = Question(), SERVICES[name].usd_per_million
    first = cheaper_from(question, PRICES, price)

    def saved(messages):
        competitor = SERVICES[name].price(messages * question.characters)
        return competitor - total(replace(question, messages=messages), PRICES)

    assert saved(first - 1) <= 0 < saved(first)


def test_no_break_even():
    assert cheaper_from(Question(), PRICES, Decimal("0.0001")) is None


def test_long_text_excludes_realtime():
    ways = [one.way for one in Question(characters=AT_ONCE_CHARACTERS + 1, remembered=0.5).ways()]
    assert ways == ["queue", "batch", "gpu"]
    assert [one.remembered for one in Question(remembered=0.5).ways()] == [0, 0.5, 0, 0]


def test_kokoro_on_cpu_is_compared_with_the_default_engine():
    asked = Question(way="kokoro", engine="kokoro")
    assert [(one.way, one.engine) for one in asked.ways()] == [
        ("realtime", DEFAULT_ENGINE),
        ("queue", DEFAULT_ENGINE),
        ("batch", DEFAULT_ENGINE),
        ("kokoro", "kokoro"),
        ("gpu", "kokoro"),
    ]


def test_kokoro_on_cpu_is_priced_as_its_jobs_and_its_idle_parts():
    asked = Question(way="kokoro", engine="kokoro", characters=600, messages=1_000)
    each = PRICES.total(
        usage(expected_work(asked.script, "kokoro", PRICES.deployment, engine="kokoro"), PRICES.deployment)
    )
    parts = month(asked, PRICES)
    assert parts["Lambda"] > each * 1_000 * Decimal("0.8")
    assert "idle: 3 queues that Lambda polls" in parts


def test_constants_match_the_template():
    assert Settings.model_fields["max_characters"].default == AT_ONCE_CHARACTERS
    moves = MAPPINGS["RetentionDays"][str(PARAMETERS["RetentionDays"]["Default"])]
    assert int(moves["InfrequentAccessDays"]) == Deployment().infrequent_after.days


def test_lifecycle_rules_match_the_prices():
    rules = RESOURCES["AudioBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    plain = {rule["Id"]: rule for rule in (one["If"][1] if "If" in one else one for one in rules)}
    assert plain["MoveLargeFiles"]["ObjectSizeGreaterThan"] == LARGE
    assert plain["MoveKeptFiles"]["ObjectSizeGreaterThan"] == LARGE_KEPT
    assert plain["DeleteSentences"]["ExpirationInDays"] == SENTENCES_KEPT.days
