"""Monthly costs of Herald, idle and in use, compared with other services, as computed by `herald cost`."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bench.scale.tables import table
from herald.cli.idle_cost import FreeTier, Setup, items
from herald.cli.monthly_cost import Question, cheaper_from, total
from herald.jobs.job_price import Deployment, PriceList
from herald.pricing.prices import SERVICES

PRICES = PriceList(deployment=Deployment(gpu_concurrency=4))
ASKED = Question(way="batch", characters=200, remembered=0.9)
VOLUMES = (100, 1_000, 5_000, 10_000, 100_000, 1_000_000, 10_000_000)
BESIDE = ("polly_standard", "polly_neural", "openai_tts", "elevenlabs_flash")


IDLE = (
    ("as deployed by default", Setup()),
    ("`KeepWarm=ping`", Setup(keep_warm="ping")),
    ("`KeepWarm=snapshot`", Setup(keep_warm="snapshot")),
    ("`EnableStream=true`", Setup(stream=True)),
    ("links through CloudFront", Setup(cdn=True)),
    ("`GpuImage`", Setup(gpu=True)),
    ("`Profile=production`", Setup(profile="production")),
    (
        "`Profile=production`, with all of these except the ping",
        Setup(profile="production", keep_warm="snapshot", stream=True, gpu=True, cdn=True),
    ),
)


def markdown() -> str:
    """Return all tables as Markdown."""
    sections = (_items(), _setups(), _by_volume(free_tier=False), _by_volume(free_tier=True), _cheaper())
    return "\n".join(line for section in sections for line in section)


def _items() -> Iterator[str]:
    """Return the table of idle costs of the default deployment."""
    rows = [[name, *(f"{one:,.2f}" for one in paid)] for name, paid in _paid(Setup())]
    total_row = ["**total**", *(f"**{one:,.2f}**" for one in _sums(Setup()))]
    head = ("", "$ per month", "$ with the free tier")
    return table("Costs of an idle deployment", head, [*rows, total_row], 1)


def _setups() -> Iterator[str]:
    rows = [[name, *(f"{one:,.2f}" for one in _sums(setup))] for name, setup in IDLE]
    return table("The same by parameters", ("", "$ per month", "$ with the free tier"), rows, 1)


def _paid(setup: Setup) -> list[tuple[str, tuple[Decimal, Decimal]]]:
    """Return the US dollars of each idle item, without and with the free tier."""
    free = FreeTier()
    found = items(setup, PRICES.deployment).items()
    return [(name, (PRICES.total(used), PRICES.total(free.beyond(used)))) for name, used in found]


def _sums(setup: Setup) -> list[Decimal]:
    return [sum(one, Decimal(0)) for one in zip(*(paid for _, paid in _paid(setup)), strict=True)]


def _by_volume(*, free_tier: bool) -> Iterator[str]:
    ways = [*ASKED.ways()]
    head = ["messages per month", *(one.label for one in ways)]
    if free_tier:
        rows = ([f"{n:,}", *_ours(n, ways, free_tier=True)] for n in VOLUMES)
        return table("The same with the free tier, $", head, rows, 0)
    head += [SERVICES[name].name for name in BESIDE]
    return table("Costs per month, $", head, (_month(messages, ways) for messages in VOLUMES), 0)


def _ours(messages: int, ways: list[Question], *, free_tier: bool) -> list[str]:
    return [f"{total(replace(one, messages=messages), PRICES, free_tier=free_tier):,.2f}" for one in ways]


def _month(messages: int, ways: list[Question]) -> list[str]:
    theirs = [SERVICES[name].price(messages * ASKED.characters) for name in BESIDE]
    return [f"{messages:,}", *_ours(messages, ways, free_tier=False), *(f"{dollars:,.2f}" for dollars in theirs)]


def _cheaper() -> Iterator[str]:
    head = ("", "messages per month", "with a snapshot", "with the GPU")
    return table("Break-even with Herald", head, map(_first, SERVICES), 1)


def _first(name: str) -> list[str]:
    asked = (ASKED, replace(ASKED, keep_warm="snapshot"), replace(ASKED, way="gpu", remembered=0.0))
    found = [cheaper_from(question, PRICES, SERVICES[name].usd_per_million) for question in asked]
    return [SERVICES[name].name, *(f"{first:,}" if first else "never" for first in found)]
