"""herald cost: estimate monthly costs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal, TypedDict, Unpack

import click

from herald.cli.hosting_cost import ClusterCost, LoadBalancerCost
from herald.cli.idle_cost import KeepWarm, Profile
from herald.cli.monthly_cost import (
    AT_ONCE_CHARACTERS,
    STANDING,
    WAYS,
    Question,
    Way,
    cheaper_from,
    month,
    total,
)
from herald.cli.parameters import Number, json_option
from herald.errors import InvalidSettings
from herald.jobs.job_price import Deployment, PriceList, audio_seconds
from herald.jobs.routing import KOKORO
from herald.pricing.pace import DEFAULT_ENGINE, PACES
from herald.pricing.prices import READ_ON, SERVICES, US_EAST_1, parse_prices

_MILLION = 1_000_000
_GPU_CONCURRENCY = 4

_LEAVE = {
    "none": "no traffic out of AWS",
    "internet": "each file leaves AWS once",
    "cloudfront": "each file leaves AWS once, through CloudFront",
}

_EPILOG = """\b
Examples:
  herald cost --messages-a-month 100000 --length 200
  herald cost --route batch --messages-a-month 5000 --length 200 --share-remembered 0.9
  herald cost --route realtime --memory 1769 --architecture arm64 --keep-warm snapshot --egress internet
  herald cost --messages-a-month 0                      costs of an idle deployment, by item
  herald cost --length 200 --plot costs.svg
  herald cost --set region=eu-central-1 --set gigabyte_month=0.0245

Prices are those of us-east-1, without discounts, with and without the AWS free tier; --prices lists them.
docs/costs.md documents the formulas and assumptions."""

type Row = Sequence[str]


@click.command(epilog=_EPILOG)
@click.option(
    "--route",
    type=click.Choice([*WAYS]),
    default="queue",
    help="realtime: synchronous requests; queue, kokoro, gpu: jobs; batch: one per month",
)
@click.option(
    "--messages-a-month", type=click.IntRange(0, 10**9), default=10_000, metavar="N", help="number of messages a month"
)
@click.option("--length", type=click.IntRange(1, 1_000_000), default=300, metavar="N", help="characters per message")
@click.option(
    "--share-remembered",
    type=Number(0, 1),
    default=0.0,
    metavar="PART",
    help="cache hit rate, of a batch's sentences or of jobs' messages: 0 to 1",
)
@click.option("--format", "response_format", default="mp3", metavar="FORMAT", help="mp3, opus, flac, wav, ulaw ...")
@click.option(
    "--memory",
    type=click.IntRange(128, 10_240),
    metavar="MB",
    help="memory of the synthesizing function (default: 1769; kokoro: 3008)",
)
@click.option("--engine", type=click.Choice([*PACES]), default=DEFAULT_ENGINE, help="engine of the voice")
@click.option(
    "--architecture", type=click.Choice(["x86_64", "arm64"]), default="x86_64", help="processor of the functions"
)
@click.option("--profile", type=click.Choice(["small", "production"]), default="small", help="the template's Profile")
@click.option(
    "--keep-warm",
    type=click.Choice(["off", "ping", "snapshot"]),
    default="off",
    help="the template's KeepWarm, against cold starts of the speech function",
)
@click.option("--streamed", is_flag=True, help="realtime through the Function URL, not the HTTP API")
@click.option(
    "--retention-days", type=click.IntRange(1, 3_650), default=90, metavar="N", help="retention of audio files"
)
@click.option(
    "--egress",
    type=click.Choice(["none", "internet", "cloudfront"]),
    default="none",
    help="how each file leaves AWS, once; none: not counted",
)
@click.option("--cluster", is_flag=True, help="queue: also with workers on Kubernetes nodes instead of Lambda")
@click.option(
    "--utilisation",
    type=Number(0.01, 1),
    default=0.6,
    show_default=True,
    metavar="PART",
    help="fraction of the nodes' time in which they synthesize, for --cluster",
)
@click.option(
    "--load-balancer", is_flag=True, help="realtime: also through an Application Load Balancer instead of the HTTP API"
)
@click.option("--set", "changes", multiple=True, metavar="NAME=DOLLARS", help="override a price; repeatable")
@click.option("--plot", metavar="FILE", help="also plot costs by messages per month, to a .svg or .png file")
@click.option("--prices", "only_prices", is_flag=True, help="list the prices and their sources instead")
@json_option
def cost(*, plot: str | None, only_prices: bool, as_json: bool, **options: Unpack["Options"]) -> None:
    """Estimate the monthly costs of Herald in AWS by item, and compare them with other services."""
    from herald.cli.terminal import print_table

    prices, question = prices_of(options), question_of(options)
    if only_prices:
        if as_json:
            names = ("name", "usd", "unit", "source")
            print(json.dumps([dict(zip(names, row, strict=True)) for row in _price_rows(prices)], indent=2))
            return
        print_table(("NAME", "$", "WHAT FOR", "SOURCE"), *_price_rows(prices), numbers={1})
        print(f"\n{prices.prices.region}, read on {READ_ON}, without free tiers and discounts.")
        return
    if plot:
        from herald.cli.cost_plot import draw

        draw(plot, question, prices)
    if as_json:
        cluster = ClusterCost.of(question, prices, options["utilisation"]) if options["cluster"] else None
        balancer = LoadBalancerCost.of(question, prices) if options["load_balancer"] else None
        more = _more("cluster", cluster) | _more("load_balancer", balancer)
        print(json.dumps(_as_dict(question, prices) | more, indent=2, default=float))
        return
    print("\n".join(_assumptions(question, prices)), end="\n\n")
    print_table(("", "$ a month", "with the free tier", "$ a message"), *_parts(question, prices), numbers={1, 2, 3})
    print()
    if options["cluster"]:
        print("\n".join(ClusterCost.of(question, prices, options["utilisation"]).lines(question)), end="\n\n")
    if options["load_balancer"]:
        print("\n".join(LoadBalancerCost.of(question, prices).lines(question)), end="\n\n")
    if question.messages:
        head = ("COMPARED WITH", "$ a month", "$ a million characters", "Herald is cheaper")
        print_table(head, *_beside(question, prices), numbers={1, 2})


class Options(TypedDict):
    """The options that describe the workload and the deployment."""

    route: Way
    messages_a_month: int
    length: int
    share_remembered: float
    response_format: str
    memory: int | None
    engine: str
    architecture: Literal["x86_64", "arm64"]
    profile: Profile
    keep_warm: KeepWarm
    streamed: bool
    retention_days: int
    egress: Literal["none", "internet", "cloudfront"]
    cluster: bool
    utilisation: float
    load_balancer: bool
    changes: Sequence[str]


def prices_of(options: Options) -> PriceList:
    """Return the price list of the deployment that the options describe; raise InvalidSettings for an invalid --set."""
    try:
        changes = parse_prices(",".join(options["changes"]))
    except ValueError as error:
        raise InvalidSettings(f"--set: {error}") from None
    deployment = Deployment(
        architecture=options["architecture"],
        retention=timedelta(days=options["retention_days"]),
        gpu_concurrency=_GPU_CONCURRENCY,
        egress=options["egress"],
    )
    if options["memory"]:
        if options["route"] == "realtime":
            deployment = replace(deployment, speech_megabytes=options["memory"])
        elif options["route"] == KOKORO:
            deployment = replace(deployment, kokoro_megabytes=options["memory"])
        else:
            deployment = replace(deployment, worker_megabytes=options["memory"])
    return PriceList(deployment=deployment, prices=US_EAST_1.changed(changes))


def question_of(options: Options) -> Question:
    """Return the usage that the options describe; raise InvalidSettings for an engine that the route does not have."""
    engine = options["engine"]
    if options["route"] == KOKORO:
        engine = KOKORO
    elif engine == KOKORO and options["route"] != "gpu":
        raise InvalidSettings("--engine kokoro needs --route kokoro (jobs on CPU) or --route gpu.")
    if options["cluster"] and options["route"] != "queue":
        raise InvalidSettings("--cluster needs --route queue: workers in a cluster process jobs only.")
    if options["load_balancer"] and options["route"] != "realtime":
        raise InvalidSettings("--load-balancer needs --route realtime: jobs and batches are few requests.")
    return Question(
        way=options["route"],
        messages=options["messages_a_month"],
        characters=options["length"],
        remembered=options["share_remembered"],
        response_format=options["response_format"],
        streamed=options["streamed"],
        engine=engine,
        profile=options["profile"],
        keep_warm=options["keep_warm"],
    )


def _as_dict(question: Question, prices: PriceList) -> dict[str, Any]:
    """Return the estimate as JSON values, in US dollars a month."""
    characters = question.messages * question.characters
    return {
        "assumptions": list(_assumptions(question, prices)),
        "parts": month(question, prices),
        "parts_with_free_tier": month(question, prices, free_tier=True),
        "total": total(question, prices),
        "total_with_free_tier": total(question, prices, free_tier=True),
        "routes": {one.label: total(one, prices) for one in question.ways()},
        "services": {service.name: service.price(characters) for service in SERVICES.values()},
    }


def _more(name: str, cost: ClusterCost | LoadBalancerCost | None) -> dict[str, Any]:
    return {name: asdict(cost) | {"total": cost.total}} if cost else {}


def _assumptions(question: Question, prices: PriceList) -> Iterator[str]:
    """Yield the assumptions of the estimate as lines of text."""
    deployment = prices.deployment
    speaking = deployment.speech_megabytes if question.way == "realtime" else deployment.worker_megabytes
    if question.way == KOKORO:
        speaking = deployment.kokoro_megabytes
    where = "an instance of the endpoint" if question.way == "gpu" else f"{speaking:,} MB of {deployment.architecture}"
    yield (
        f"{question.messages:,} messages a month of {question.characters:,} characters, "
        f"{audio_seconds(question.script, question.engine):.1f} s each, {question.response_format}, "
        f"engine {question.engine}, route {question.way}, {where}"
    )
    if question.way == "realtime":
        yield "nothing is stored or cached"
        if question.characters > AT_ONCE_CHARACTERS:
            yield f"texts over {AT_ONCE_CHARACTERS:,} characters are processed as jobs"
    else:
        known = "of the sentences cached" if question.way == "batch" else "of the messages cached"
        yield f"kept {deployment.retention.days:,} days, {question.remembered:.0%} {known}"
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
