"""What Herald costs a month, beside the others: from a few messages on, as `herald cost` tells it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bench.scale.tables import table
from herald.jobs.monthly import PARTS, STANDING, Question, cheaper_from, standing, total
from herald.jobs.others import SERVICES
from herald.jobs.price import Deployment, PriceList

PRICES = PriceList(deployment=Deployment(gpu_concurrency=4))
ASKED = Question(way="batch", characters=200, remembered=0.9)
VOLUMES = (100, 1_000, 5_000, 10_000, 100_000, 1_000_000, 10_000_000)
BESIDE = ("polly_standard", "polly_neural", "openai_tts", "elevenlabs_flash")


def markdown() -> str:
    """All tables."""
    return "\n".join(line for section in (_standing(), _by_volume(), _cheaper()) for line in section)


def _standing() -> Iterator[str]:
    used = standing(ASKED, PRICES.deployment)
    paid = PRICES.bill(used)
    names = [name for part, names in PARTS.items() if part.startswith(STANDING) for name in names if name in paid]
    rows = [[_WHAT[name], f"{getattr(used, name):,.0f}", f"{paid[name]:,.2f}"] for name in names]
    together = ["**together**", "", f"**{sum(paid.values(), Decimal(0)):,.2f}**"]
    return table("What is paid though nobody speaks", ("", "units", "$ a month"), [*rows, together], 1)


_WHAT = {
    "snapshot_gigabyte_second": "the snapshot of the speech function, GB-seconds (`KeepWarm=snapshot`)",
    "queue_poll": "queues that Lambda asks, each 5 times in 20 s",
    "metric_month": "metrics of our own that are sent in every hour: assumed",
    "alarm_month": "metrics that alarms watch",
    "dashboard_month": "dashboards",
}


def _by_volume() -> Iterator[str]:
    ways = [*ASKED.ways()]
    head = ("messages a month", *(one.label for one in ways), *(SERVICES[name].name for name in BESIDE))
    return table("A month, $", head, (_month(messages, ways) for messages in VOLUMES), 0)


def _month(messages: int, ways: list[Question]) -> list[str]:
    ours = [total(replace(one, messages=messages), PRICES) for one in ways]
    theirs = [SERVICES[name].price(messages * ASKED.characters) for name in BESIDE]
    return [f"{messages:,}", *(f"{dollars:,.2f}" for dollars in (*ours, *theirs))]


def _cheaper() -> Iterator[str]:
    head = ("", "messages a month", "without a snapshot", "the GPU")
    return table("From when on Herald is cheaper", head, map(_first, SERVICES), 1)


def _first(name: str) -> list[str]:
    asked = (ASKED, replace(ASKED, snapstart=False), replace(ASKED, way="gpu", remembered=0.0))
    found = [cheaper_from(question, PRICES, SERVICES[name].usd_per_million) for question in asked]
    return [SERVICES[name].name, *(f"{first:,}" if first else "never" for first in found)]
