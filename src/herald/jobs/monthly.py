"""What a month costs: messages that are spread evenly, and what is paid while idle. For what-if questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp
from typing import Literal

from herald.jobs import estimate
from herald.jobs.batches.prices import SENTENCES_KEPT, ItemWork, child_usage, item_usage
from herald.jobs.idle import MONTH, FreeTier, KeepWarm, Profile, Setup
from herald.jobs.idle import items as idle_items
from herald.jobs.job import Route
from herald.jobs.price import Deployment, PriceList, Work, forecast, usage
from herald.jobs.script import Line, Script
from herald.jobs.usage import Usage, gigabytes, memory, remembered
from herald.speech.audio.formats import find_format

type Way = Literal["realtime", "queue", "batch", "gpu"]

WAYS: tuple[Way, ...] = ("realtime", "queue", "batch", "gpu")
STANDING = "idle: "
"""How the names of idle items begin."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "Lambda": ("function_call", "gigabyte_second", "restored_gigabyte", "streamed_gigabyte"),
    "GPU, with its starts and waits": ("gpu_second",),
    "API, queues, state machine, rows": (
        "api_request", "queue_request", "notice", "event", "transition", "row_write", "row_read",
    ),
    "S3": (
        "file_write", "file_read", "gigabyte_month", "infrequent_gigabyte_month", "infrequent_move", "tag_month",
    ),
    "CloudWatch logs and metrics, X-Ray traces": ("log_gigabyte", "metric_month", "trace"),
    "traffic": ("egress_gigabyte", "cdn_gigabyte", "cdn_request"),
}  # fmt: skip
"""What messages are billed for, by the names of Usage."""
METRICS: Mapping[Way, tuple[str, ...]] = {
    "realtime": ("Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "RealTimeFactor"),
    "queue": ("Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "RealTimeFactor", "QueueWait"),
    "batch": (
        "Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "BatchDone", "BatchInSla", "RowErrors",
    ),
    "gpu": (
        "Latency", "Success", "ColdStart", "ColdStart", "Spend", "Cost", "RealTimeFactor", "QueueWait", "GpuWait",
    ),
}  # fmt: skip
"""Our own metrics that a message of a way sends, once for each of their dimensions. An hour without one is free."""

AT_ONCE_CHARACTERS = 4_096
"""The longest text of an answer."""
_MONTH = MONTH
_HOURS = MONTH // 3_600
_TRACED_EACH_SECOND, _TRACED = 1, Decimal("0.05")
"""By X-Ray's own rule: one request a second, and of the others this part."""
_KEPT_WARM = 600
"""Seconds for which Lambda keeps a function that nobody calls: assumed."""
_GPU_START, _GPU_WAIT = 260, 900
"""Seconds that an instance takes to start, and that it waits for more before it is stopped."""
_ALWAYS_ON = 50.0
"""Expected requests during that wait, from which on it never stops."""
_ITEMS, _AT_ONCE = 25, 40
"""Of a child, and children: by default."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be spoken, and how."""

    way: Way = "queue"
    messages: int = 10_000
    """A month."""
    characters: int = 300
    """Of a message."""
    remembered: float = 0.0
    """Of a batch, the part of the sentences that were said before; of jobs, the part of the messages. From 0 to 1."""
    response_format: str = "mp3"
    streamed: bool = False
    profile: Profile = "small"
    keep_warm: KeepWarm = "off"

    @property
    def setup(self) -> Setup:
        """The parts of a deployment that it takes, egress apart."""
        return Setup(profile=self.profile, keep_warm=self.keep_warm, stream=self.streamed, gpu=self.way == "gpu")

    def ways(self) -> Iterator["Question"]:
        """Yield the same question for every way that can do it. Only for this one, what is remembered is known."""
        for way in WAYS:
            if way == self.way:
                yield self
            elif way != "realtime" or self.characters <= AT_ONCE_CHARACTERS:
                yield replace(self, way=way, remembered=0.0)

    @property
    def label(self) -> str:
        """Its way, with what is remembered."""
        return f"Herald, {self.way}" + (f", {self.remembered:.0%} known" if self.remembered else "")

    @property
    def script(self) -> Script:
        """A message, as estimates want it."""
        rate = find_format(self.response_format).rate_for(None, 22_050)
        line = Line(text="a" * self.characters, voice="voice")
        return Script(lines=(line,), response_format=self.response_format, sample_rate=rate)


def month(question: Question, prices: PriceList, *, free_tier: bool = False) -> dict[str, Decimal]:
    """Return US dollars for each of PARTS, and for each idle item under a name that begins with STANDING.

    With the free tier, idle items use it up first.
    """
    idle = {f"{STANDING}{name}": used for name, used in standing(question, prices.deployment).items()}
    free = FreeTier() if free_tier else None
    parts = idle | _growing(question, prices.deployment)
    return {part: prices.total(free.beyond(used) if free else used) for part, used in parts.items()}


def total(question: Question, prices: PriceList, *, free_tier: bool = False) -> Decimal:
    """Return US dollars for the month."""
    return sum(month(question, prices, free_tier=free_tier).values(), Decimal(0))


def cheaper_from(question: Question, prices: PriceList, usd_per_million: Decimal) -> int | None:
    """The fewest messages a month for which Herald costs less than a service does; None: not below a billion."""
    low, high = 0, 10**9

    def cheaper(messages: int) -> bool:
        theirs = usd_per_million * messages * question.characters / 1_000_000
        return total(replace(question, messages=messages), prices) < theirs

    if not cheaper(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if cheaper(middle) else (middle, high)
    return high


def standing(question: Question, deployment: Deployment) -> dict[str, Usage]:
    """Return what is paid for although nothing is spoken, by what it is for."""
    return idle_items(replace(question.setup, cdn=deployment.egress == "cloudfront"), deployment)


def _growing(question: Question, deployment: Deployment) -> dict[str, Usage]:
    """Return what the messages use, for each of PARTS."""
    if not question.messages:
        return {part: Usage() for part in PARTS}
    spoken = _spoken(question, deployment)
    used = spoken + _traced(spoken) + Usage(metric_month=_metrics(question))
    return {part: Usage(**{name: getattr(used, name) for name in names}) for part, names in PARTS.items()}


def _metrics(question: Question) -> Decimal:
    """Return the metrics that are sent, each for the part of the month's hours in which a message sends it."""
    events = 1 if question.way == "batch" else question.messages
    return len(METRICS[question.way]) * (1 - Decimal(str(exp(-events / _HOURS))))


def _spoken(question: Question, deployment: Deployment) -> Usage:
    if question.way == "batch":
        return _in_a_batch(question, deployment)
    if question.way == "realtime":
        return _at_once(question, deployment)
    return _as_jobs(question, question.way, deployment)


def _at_once(question: Question, deployment: Deployment) -> Usage:
    """Answers: nothing is remembered. A new process is restored from the snapshot, or loads the voice."""
    work = replace(forecast(question.script, "realtime", deployment), streamed=question.streamed)
    warm = usage(work, deployment) * question.messages
    new = question.messages * _cold(question.messages)
    if question.keep_warm == "ping":
        return warm
    if question.keep_warm == "snapshot":
        return warm + Usage(restored_gigabyte=gigabytes(deployment.speech_megabytes)) * new
    return warm + memory(estimate.COLD_START_SECONDS, deployment.speech_megabytes) * new


def _as_jobs(question: Question, route: Route, deployment: Deployment) -> Usage:
    """Of a message that was asked for before, only the door is paid."""
    there = question.messages * Decimal(str(question.remembered))
    spoken = question.messages - there
    jobs = usage(forecast(question.script, route, deployment), deployment) * spoken
    hits = usage(Work(route=route, attempts=0), deployment) * there
    if route == "gpu":
        return jobs + hits + Usage(gpu_second=_gpu_beside(float(spoken), Decimal(jobs.gpu_second)))
    cold = memory(estimate.COLD_START_SECONDS, deployment.worker_megabytes)
    return jobs + hits + cold * (spoken * _cold(float(spoken)))


def _in_a_batch(question: Question, deployment: Deployment) -> Usage:
    """One batch a month. A sentence that was said before is in the memory of the process."""
    script, part = question.script, Decimal(str(question.remembered))
    audio = estimate.audio_seconds(script)
    sentences = max(Decimal(1), Decimal(question.characters) / estimate.SENTENCE_CHARACTERS)
    new = sentences * (1 - part)
    waits = estimate.S3_READ_SECONDS * float(1 + new) + estimate.S3_WRITE_SECONDS * float(1 + new)
    seconds = waits + _speaking(audio, float(part), deployment.worker_megabytes)
    item = item_usage(ItemWork(seconds=seconds, stored_bytes=estimate.file_bytes(script, audio)), deployment)
    size = Decimal(round(audio * estimate.SENTENCE_BYTES)) * (1 - part)
    known = Usage(file_read=new) + remembered(new, size, SENTENCES_KEPT)
    children = -(-question.messages // _ITEMS)
    cold = memory(estimate.COLD_START_SECONDS, deployment.worker_megabytes) * min(children, _AT_ONCE)
    return (item + known) * question.messages + child_usage(deployment) * children + cold


def _speaking(audio: float, known: float, megabytes: int) -> float:
    """What is known is only encoded."""
    whole = estimate.speaking_seconds(audio, megabytes)
    encoding = estimate.ENCODING_SECONDS / estimate.speaking_seconds(1, Deployment().worker_megabytes)
    return whole * (1 - known + known * encoding)


def _cold(messages: float) -> Decimal:
    """The part of the calls that find no warm process, where they come at random times."""
    return Decimal(str(exp(-messages * _KEPT_WARM / _MONTH)))


def _gpu_beside(messages: float, busy: Decimal) -> Decimal:
    """Seconds for which an instance starts and waits, where messages come at random times: of the month at most."""
    if not messages:
        return Decimal(0)
    between = _MONTH / messages
    if _GPU_WAIT / between > _ALWAYS_ON:
        up = Decimal(_MONTH)
    else:
        on = _GPU_START + between * (exp(_GPU_WAIT / between) - 1)
        up = Decimal(str(_MONTH * on / (on + between)))
    return max(Decimal(0), up - busy)


def _traced(used: Usage) -> Usage:
    """At most one call a second, and a twentieth of the others."""
    calls = Decimal(used.function_call)
    always = min(calls, Decimal(_MONTH * _TRACED_EACH_SECOND))
    return Usage(trace=always + (calls - always) * _TRACED)
