"""Print monthly costs as tables."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from herald.cli.cost.monthly import AT_ONCE_CHARACTERS, STANDING, Question, cheaper_from, month, total
from herald.errors import InvalidSettings
from herald.jobs.job_price import Deployment, PriceList, audio_seconds
from herald.pricing.prices import READ_ON, SERVICES, US_EAST_1, parse_prices

_MILLION = 1_000_000
_GPU_CONCURRENCY = 4

_LEAVE = {
    "none": "no traffic out of AWS",
    "internet": "each file leaves AWS once",
    "cloudfront": "each file leaves AWS once, through CloudFront",
}
_KNOWN = {"batch": "of the sentences cached", "queue": "of the messages cached", "gpu": "of the messages cached"}

type Row = Sequence[str]


def show(options: argparse.Namespace) -> None:
    """Print the costs or, with --prices, the prices; plot the costs with --plot."""
    prices, question = prices_of(options), question_of(options)
    if options.prices:
        _print([("NAME", "$", "WHAT FOR", "SOURCE"), *_price_rows(prices)], numbers={1})
        print(f"\n{prices.prices.region}, read on {READ_ON}, without free tiers and discounts.")
        return
    if options.plot:
        from herald.cli.cost.plot import draw  # noqa: PLC0415  optional, and slow to import

        draw(options.plot, question, prices)
    print("\n".join(_assumptions(question, prices)), end="\n\n")
    _print([("", "$ a month", "with the free tier", "$ a message"), *_parts(question, prices)], numbers={1, 2, 3})
    print()
    if not question.messages:
        return
    head = ("COMPARED WITH", "$ a month", "$ a million characters", "Herald is cheaper")
    _print([head, *_beside(question, prices)], numbers={1, 2})


def prices_of(options: argparse.Namespace) -> PriceList:
    """Return the price list of the described deployment; raise InvalidSettings for an invalid --set."""
    try:
        changes = parse_prices(",".join(options.set))
    except ValueError as error:
        raise InvalidSettings(f"--set: {error}") from None
    deployment = Deployment(
        architecture=options.architecture,
        retention=timedelta(days=options.retention_days),
        gpu_concurrency=_GPU_CONCURRENCY,
        egress=options.egress,
    )
    if options.memory:
        function = "speech_megabytes" if options.route == "realtime" else "worker_megabytes"
        deployment = replace(deployment, **{function: options.memory})
    return PriceList(deployment=deployment, prices=US_EAST_1.changed(changes))


def question_of(options: argparse.Namespace) -> Question:
    """Return the usage that the options describe."""
    return Question(
        way=options.route,
        messages=options.messages_a_month,
        characters=options.length,
        remembered=options.share_remembered,
        response_format=options.format,
        streamed=options.streamed,
        profile=options.profile,
        keep_warm=options.keep_warm,
    )


def _assumptions(question: Question, prices: PriceList) -> Iterator[str]:
    """Yield the assumptions of the estimate as lines of text."""
    deployment = prices.deployment
    speaking = deployment.speech_megabytes if question.way == "realtime" else deployment.worker_megabytes
    where = "an instance of the endpoint" if question.way == "gpu" else f"{speaking:,} MB of {deployment.architecture}"
    yield (
        f"{question.messages:,} messages a month of {question.characters:,} characters, "
        f"{audio_seconds(question.script):.1f} s each, {question.response_format}, route {question.way}, {where}"
    )
    if question.way == "realtime":
        yield "nothing is stored or cached"
        if question.characters > AT_ONCE_CHARACTERS:
            yield f"texts over {AT_ONCE_CHARACTERS:,} characters are processed as jobs"
    else:
        yield f"kept {deployment.retention.days:,} days, {question.remembered:.0%} {_KNOWN[question.way]}"
    yield f"{prices.prices.region}, prices of {READ_ON}; {_LEAVE[deployment.egress]}"


def _parts(question: Question, prices: PriceList) -> Iterator[Row]:
    paid, beyond = month(question, prices), month(question, prices, free_tier=True)
    idle = [part for part in paid if part.startswith(STANDING)]
    growing = [part for part in paid if part not in idle and paid[part]]
    for name, parts in (("idle, total", idle), ("messages, total", growing), ("total", [*idle, *growing])):
        if name != "total":
            yield from (_row(part, [part], paid, beyond, question) for part in parts)
        if parts:
            yield _row(name, parts, paid, beyond, question)


def _row(
    name: str, parts: Sequence[str], paid: Mapping[str, Decimal], beyond: Mapping[str, Decimal], question: Question
) -> Row:
    """Return a row: costs per month without and with the free tier, and per message."""
    dollars, left = (sum((one[part] for part in parts), Decimal(0)) for one in (paid, beyond))
    each = f"{dollars / question.messages:.9f}" if question.messages else "-"
    return name, f"{dollars:,.2f}", f"{left:,.2f}", each


def _beside(question: Question, prices: PriceList) -> Iterator[Row]:
    """Yield a row for each of Herald's routes and for each other service, without free tiers."""
    characters = question.messages * question.characters
    for one in question.ways():
        dollars = total(one, prices)
        yield one.label, f"{dollars:,.2f}", f"{dollars * _MILLION / characters:,.2f}", ""
    for service in SERVICES.values():
        first = cheaper_from(question, prices, service.usd_per_million)
        cheaper = f"from {first:,} messages a month on" if first else "never"
        yield service.name, f"{service.price(characters):,.2f}", f"{service.usd_per_million:,.2f}", cheaper


def _price_rows(prices: PriceList) -> Iterator[Row]:
    for name, dollars, unit, source in prices.prices.table():
        yield name, f"{dollars:f}", unit, source
    for name, service in SERVICES.items():
        yield name, f"{service.usd_per_million:f}", f"{service.name}, million characters", service.source


def _print(rows: Sequence[Row], *, numbers: set[int]) -> None:
    """Print rows in columns, the header first; the columns in `numbers` are right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if at in numbers else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
