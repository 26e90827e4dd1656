"""What a month costs: messages that are spread evenly, and what is paid though nobody speaks. For what-if questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp
from typing import Literal

from herald.jobs import estimate
from herald.jobs.batches.prices import SENTENCES_KEPT, ItemWork, child_usage, item_usage
from herald.jobs.job import Route
from herald.jobs.price import Deployment, PriceList, Work, forecast, usage
from herald.jobs.script import Line, Script
from herald.jobs.usage import Usage, gigabytes, memory, remembered
from herald.speech.audio.formats import find_format

type Way = Literal["realtime", "queue", "batch", "gpu"]

WAYS: tuple[Way, ...] = ("realtime", "queue", "batch", "gpu")
STANDING = "standing: "
"""How parts begin that are paid though nobody speaks."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "Lambda": ("function_call", "gigabyte_second", "restored_gigabyte", "streamed_gigabyte"),
    "GPU, with its starts and waits": ("gpu_second",),
    "API, queues, state machine, rows": (
        "api_request", "queue_request", "notice", "event", "transition", "row_write", "row_read",
    ),
    "S3": (
        "file_write", "file_read", "gigabyte_month", "infrequent_gigabyte_month", "infrequent_move", "tag_month",
    ),
    "CloudWatch logs, X-Ray traces": ("log_gigabyte", "trace"),
    "traffic": ("egress_gigabyte", "cdn_gigabyte", "cdn_request"),
    f"{STANDING}snapshot of the speech function": ("snapshot_gigabyte_second",),
    f"{STANDING}queues that are asked though empty": ("queue_poll",),
    f"{STANDING}metrics, alarms, dashboards, secrets": (
        "metric_month", "alarm_month", "dashboard_month", "secret_month",
    ),
}  # fmt: skip
"""What is paid, by the names of Usage."""

AT_ONCE_CHARACTERS = 4_096
"""The longest text of an answer."""
ALARMS, GPU_ALARMS, DASHBOARDS, POLLED_QUEUES, GPU_POLLED_QUEUES = 51, 10, 1, 4, 2
"""Of template.yaml, alarms by the metrics that they watch; those of the GPU are there with GpuImage."""
METRICS = 30
"""Of our own: so many of the 66 of docs/operations.md a deployment that is in use sends in each hour. Assumed."""
_MONTH = 365 * 86_400 // 12
"""Seconds."""
_POLLERS, _POLL = 5, 20
"""That Lambda keeps asking each queue, and the seconds that one of them waits for an answer."""
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
    snapstart: bool = True

    def ways(self) -> Iterator["Question"]:
        """The same asked of every way that can do it; but only of this one is anything known to be remembered."""
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


def month(question: Question, prices: PriceList) -> dict[str, Decimal]:
    """US dollars for each of PARTS."""
    spoken, deployment = _spoken(question, prices.deployment), prices.deployment
    paid = prices.bill(spoken + _traced(spoken) + standing(question, deployment))
    return {part: sum((paid.get(name, Decimal(0)) for name in names), Decimal(0)) for part, names in PARTS.items()}


def total(question: Question, prices: PriceList) -> Decimal:
    """US dollars for the month."""
    return sum(month(question, prices).values(), Decimal(0))


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


def standing(question: Question, deployment: Deployment) -> Usage:
    """What a deployment pays for a month in which nobody speaks."""
    gpu = question.way == "gpu"
    queues = POLLED_QUEUES + (GPU_POLLED_QUEUES if gpu else 0)
    cached = gigabytes(deployment.speech_megabytes) * _MONTH if question.snapstart else 0
    return Usage(
        snapshot_gigabyte_second=cached,
        queue_poll=queues * _POLLERS * _MONTH // _POLL,
        metric_month=METRICS,
        alarm_month=ALARMS + (GPU_ALARMS if gpu else 0),
        dashboard_month=DASHBOARDS,
        secret_month=int(deployment.egress == "cloudfront"),
    )


def _spoken(question: Question, deployment: Deployment) -> Usage:
    if question.way == "batch":
        return _in_a_batch(question, deployment)
    if question.way == "realtime":
        return _at_once(question, deployment)
    return _as_jobs(question, question.way, deployment)


def _at_once(question: Question, deployment: Deployment) -> Usage:
    """Nothing is remembered. A new process is restored from the snapshot, or loads the voice."""
    work = replace(forecast(question.script, "realtime", deployment), streamed=question.streamed)
    warm = usage(work, deployment) * question.messages
    new = question.messages * _cold(question.messages)
    if question.snapstart:
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
