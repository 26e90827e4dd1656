"""The estimated cost of a month with evenly spread messages, idle costs included. For what-if questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp
from typing import Literal

from herald.batches.chunking import Work as Planned
from herald.batches.item_price import SENTENCES_KEPT, ItemPrices, ItemWork, child_usage, item_usage
from herald.cli.idle_cost import MONTH, FreeTier, KeepWarm, Profile, Setup
from herald.cli.idle_cost import items as idle_items
from herald.jobs import job_price as estimate
from herald.jobs.job import Route
from herald.jobs.job_price import Deployment, PriceList, Work, expected_work, usage
from herald.jobs.routing import KOKORO
from herald.jobs.script import Line, Script
from herald.pricing.pace import DEFAULT_ENGINE, pace_of, speaking_seconds
from herald.pricing.resources import Usage, gigabytes, memory, sentences_usage
from herald.speech.audio.formats import find_format

type Way = Literal["realtime", "queue", "batch", "kokoro", "gpu"]

WAYS: tuple[Way, ...] = ("realtime", "queue", "batch", "kokoro", "gpu")
STANDING = "idle: "
"""The prefix of the names of idle items."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "Lambda": ("function_call", "gigabyte_second", "restored_gigabyte", "streamed_gigabyte"),
    "GPU, with its starts and waits": ("gpu_second",),
    "API, queues, state machine, rows": (
        "api_request", "queue_request", "notice", "event", "transition",
        "row_write", "row_read", "row_gigabyte_month", "backup_gigabyte_month",
    ),
    "S3": (
        "file_write", "file_read", "gigabyte_month", "infrequent_gigabyte_month", "infrequent_move", "tag_month",
    ),
    "CloudWatch logs and metrics, X-Ray traces": ("log_gigabyte", "metric_month", "trace"),
    "traffic": ("egress_gigabyte", "cdn_gigabyte", "cdn_request"),
}  # fmt: skip
"""The parts of the bill for messages, by the names of Usage."""
_JOB_METRICS = ("Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "RealTimeFactor", "QueueWait")
METRICS: Mapping[Way, tuple[str, ...]] = {
    "realtime": ("Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "RealTimeFactor"),
    "queue": _JOB_METRICS,
    "batch": (
        "Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "BatchDone", "BatchInSla", "RowErrors",
    ),
    "kokoro": _JOB_METRICS,
    "gpu": (*_JOB_METRICS, "GpuWait"),
}  # fmt: skip
"""The custom metrics that a message emits, repeated for each of their dimensions. Hours without a value are free."""

AT_ONCE_CHARACTERS = 4_096
"""The longest text of a realtime response."""
_MONTH = MONTH
_HOURS = MONTH // 3_600
_TRACED_EACH_SECOND, _TRACED = 1, Decimal("0.05")
"""The default sampling rule of X-Ray: one request a second, and this fraction of the others."""
_WARM_SECONDS = 600
"""Seconds for which Lambda keeps an idle function warm. Assumed."""
_GPU_START, _GPU_WAIT = 260, 900
"""Seconds that an instance takes to start, and that it idles before it is stopped."""
_ALWAYS_ON = 50.0
"""With more expected requests in that idle time than this, the instance never stops."""
_AT_ONCE = 40
"""Concurrent child executions."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A monthly workload, and the deployment that handles it."""

    way: Way = "queue"
    messages: int = 10_000
    """Per month."""
    characters: int = 300
    """Per message."""
    remembered: float = 0.0
    """The cached fraction, from 0 to 1: of the sentences for a batch, of the messages for jobs."""
    response_format: str = "mp3"
    streamed: bool = False
    engine: str = DEFAULT_ENGINE
    profile: Profile = "small"
    keep_warm: KeepWarm = "off"

    @property
    def setup(self) -> Setup:
        """Return the settings of the deployment that determine its idle cost, except egress."""
        return Setup(
            profile=self.profile,
            keep_warm=self.keep_warm,
            stream=self.streamed,
            gpu=self.way == "gpu",
            kokoro=self.way == "kokoro",
        )

    def ways(self) -> Iterator["Question"]:
        """Yield the same question for every route that can handle it. `remembered` applies only to the original one.

        Kokoro on CPU is only yielded as the original one: few deployments have it, and only for its own voices.
        """
        for way in WAYS:
            if way == self.way:
                yield self
            elif way != KOKORO and (way != "realtime" or self.characters <= AT_ONCE_CHARACTERS):
                engine = DEFAULT_ENGINE if self.engine == KOKORO and way != "gpu" else self.engine
                yield replace(self, way=way, remembered=0.0, engine=engine)

    @property
    def label(self) -> str:
        """Return the name of the route, with the cached fraction."""
        return f"Herald, {self.way}" + (f", {self.remembered:.0%} known" if self.remembered else "")

    @property
    def script(self) -> Script:
        """Return a representative script, for estimates."""
        rate = find_format(self.response_format).rate_for(None, 24_000)
        line = Line(text="a" * self.characters, voice="voice")
        return Script(lines=(line,), response_format=self.response_format, sample_rate=rate)


def month(question: Question, prices: PriceList, *, free_tier: bool = False) -> dict[str, Decimal]:
    """Return the cost in US dollars of each of PARTS, and of each idle item under a name with the prefix STANDING.

    With `free_tier`, idle items consume it first.
    """
    idle = {f"{STANDING}{name}": used for name, used in standing(question, prices.deployment).items()}
    free = FreeTier() if free_tier else None
    parts = idle | _variable(question, prices.deployment)
    return {part: prices.total(free.beyond(used) if free else used) for part, used in parts.items()}


def total(question: Question, prices: PriceList, *, free_tier: bool = False) -> Decimal:
    """Return the cost of the month in US dollars."""
    return sum(month(question, prices, free_tier=free_tier).values(), Decimal(0))


def cheaper_from(question: Question, prices: PriceList, usd_per_million: Decimal) -> int | None:
    """Return the smallest number of messages a month at which Herald is cheaper than a service, or None.

    The service charges `usd_per_million` characters. None means that Herald is not cheaper below a billion messages.
    """
    low, high = 0, 10**9

    def cheaper(messages: int) -> bool:
        competitor = usd_per_million * messages * question.characters / 1_000_000
        return total(replace(question, messages=messages), prices) < competitor

    if not cheaper(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if cheaper(middle) else (middle, high)
    return high


def standing(question: Question, deployment: Deployment) -> dict[str, Usage]:
    """Return the monthly usage of the idle deployment, by item."""
    return idle_items(replace(question.setup, cdn=deployment.egress == "cloudfront"), deployment)


def _variable(question: Question, deployment: Deployment) -> dict[str, Usage]:
    """Return the usage of the messages, by PARTS."""
    if not question.messages:
        return {part: Usage() for part in PARTS}
    synthesized = _synthesis(question, deployment)
    # A metric is billed for the fraction of the month's hours in which a message emits it.
    events = 1 if question.way == "batch" else question.messages
    metrics = len(METRICS[question.way]) * (1 - Decimal(str(exp(-events / _HOURS))))
    used = synthesized + _traces(synthesized) + Usage(metric_month=metrics)
    return {part: Usage(**{name: getattr(used, name) for name in names}) for part, names in PARTS.items()}


def _synthesis(question: Question, deployment: Deployment) -> Usage:
    if question.way == "batch":
        return _in_a_batch(question, deployment)
    if question.way == "realtime":
        return _at_once(question, deployment)
    return _as_jobs(question, question.way, deployment)


def _at_once(question: Question, deployment: Deployment) -> Usage:
    """Return the usage of realtime responses.

    Nothing is cached. A new process is restored from a snapshot, or loads the voice.
    """
    work = replace(
        expected_work(question.script, "realtime", deployment, engine=question.engine), streamed=question.streamed
    )
    warm = usage(work, deployment) * question.messages
    new = question.messages * _cold(question.messages)
    if question.keep_warm == "ping":
        return warm
    if question.keep_warm == "snapshot":
        return warm + Usage(restored_gigabyte=gigabytes(deployment.speech_megabytes)) * new
    return warm + memory(estimate.COLD_START_SECONDS, deployment.speech_megabytes) * new


def _as_jobs(question: Question, route: Route, deployment: Deployment) -> Usage:
    """Return the usage of jobs.

    A job with a cached file costs only its acceptance.
    """
    there = question.messages * Decimal(str(question.remembered))
    synthesized = question.messages - there
    jobs = usage(expected_work(question.script, route, deployment, engine=question.engine), deployment) * synthesized
    hits = usage(Work(route=route, attempts=0, kept=deployment.retention), deployment) * there
    if route == "gpu":
        return jobs + hits + Usage(gpu_second=_gpu_overhead(float(synthesized), Decimal(jobs.gpu_second)))
    megabytes = deployment.kokoro_megabytes if route == KOKORO else deployment.worker_megabytes
    cold = memory(estimate.COLD_START_SECONDS, megabytes)
    return jobs + hits + cold * (synthesized * _cold(float(synthesized)))


def _in_a_batch(question: Question, deployment: Deployment) -> Usage:
    """Return the usage of one batch a month.

    A repeated sentence is served from the memory of the process. A new one is stored only if that pays.
    """
    script, part = question.script, Decimal(str(question.remembered))
    audio = estimate.audio_seconds(script, question.engine)
    sentences = max(Decimal(1), Decimal(question.characters) / estimate.SENTENCE_CHARACTERS)
    new = sentences * (1 - part)
    prices = ItemPrices(prices=PriceList(deployment=deployment, engine_of=lambda _: question.engine))
    stored = new if prices.is_costly("") else Decimal(0)
    waits = (estimate.S3_READ_SECONDS + estimate.S3_WRITE_SECONDS) * float(stored)
    storing = max(estimate.JOINING_SECONDS, estimate.S3_WRITE_SECONDS / estimate.STORING)
    spoken = speaking_seconds(audio * float(1 - part), question.engine, deployment.worker_megabytes)
    seconds = waits + storing + spoken
    stored_bytes = estimate.file_bytes(script, audio)
    item = item_usage(ItemWork(seconds=seconds, stored_bytes=stored_bytes), deployment)
    size = Decimal(stored_bytes) * (1 - part) if stored else Decimal(0)
    known = Usage(file_read=stored) + sentences_usage(stored, size, SENTENCES_KEPT)
    pace = pace_of(question.engine)
    planned = Planned(question.messages, audio * pace.processor_seconds * question.messages, float(1 - part))
    children = -(-question.messages // planned.chunk_items(_AT_ONCE))
    cold = memory(estimate.COLD_START_SECONDS, deployment.worker_megabytes) * min(children, _AT_ONCE)
    return (item + known) * question.messages + child_usage(deployment) * children + cold


def _cold(messages: float) -> Decimal:
    """Return the fraction of calls with a cold start, for Poisson arrivals."""
    return Decimal(str(exp(-messages * _WARM_SECONDS / _MONTH)))


def _gpu_overhead(messages: float, busy: Decimal) -> Decimal:
    """Return the seconds that an instance starts and idles, for Poisson arrivals; the whole month at most."""
    if not messages:
        return Decimal(0)
    between = _MONTH / messages
    if _GPU_WAIT / between > _ALWAYS_ON:
        up = Decimal(_MONTH)
    else:
        on = _GPU_START + between * (exp(_GPU_WAIT / between) - 1)
        up = Decimal(str(_MONTH * on / (on + between)))
    return max(Decimal(0), up - busy)


def _traces(used: Usage) -> Usage:
    """Return the usage of X-Ray: at most one call a second, and a twentieth of the others."""
    calls = Decimal(used.function_call)
    always = min(calls, Decimal(_MONTH * _TRACED_EACH_SECOND))
    return Usage(trace=always + (calls - always) * _TRACED)
