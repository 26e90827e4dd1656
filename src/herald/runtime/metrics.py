"""Define and record the metrics: their names, units and dimensions. docs/operations.md explains each one.

All metrics of one invocation are one log line in CloudWatch's embedded metric format (EMF):
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

if TYPE_CHECKING:
    from herald.batches.batch import Batch
    from herald.batches.items import ChunkTotals, ItemResult
    from herald.jobs.job import Job

type Blob = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """A metric. Its dimension is the function (`service`) by default; others get their values with each data point."""

    name: str
    unit: MetricUnit
    by: tuple[str, ...] = ("service",)


class Meter:
    """Collects the metrics and notes of one invocation. Logs are billed by size, so all of them share one line.

    Notes are plain log fields for queries: a metric costs $0.30 a month, a note only its bytes
    (https://aws.amazon.com/cloudwatch/pricing/).
    """

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], EphemeralMetrics] = {}
        self._notes: Counter[str] = Counter()

    def add(self, measure: Measure, value: float, **by: str) -> None:
        """Add a value of a metric; `by` holds the values of its dimensions other than `service`."""
        if set(by) != set(measure.by) - {"service"}:
            raise TypeError(f"{measure.name} requires exactly these dimensions: {', '.join(measure.by)}")
        key = (*measure.by, *by.values())
        if key not in self._sets:
            # With an empty service, Powertools adds no `service` dimension.
            self._sets[key] = EphemeralMetrics() if "service" in measure.by else EphemeralMetrics(service="")
            for name, dimension in by.items():
                self._sets[key].add_dimension(name, dimension)
        self._sets[key].add_metric(measure.name, measure.unit, value)

    def note(self, **numbers: float) -> None:
        """Add numbers to the notes of this invocation; repeated names are summed."""
        self._notes.update(numbers)

    def flush(self) -> None:
        """Print as few lines as possible, and reset. Within a line, each dimension and metric has one value."""
        lines: list[Blob] = []
        full = [metrics for metrics in self._sets.values() if metrics.metric_set]
        blobs: list[Blob] = [dict(metrics.serialize_metric_set()) for metrics in full]
        for blob in blobs:
            for line in lines:
                if all(line[name] == blob[name] for name in line.keys() & blob.keys() - {"_aws"}):
                    line["_aws"]["CloudWatchMetrics"] += blob["_aws"]["CloudWatchMetrics"]
                    line.update(blob | {"_aws": line["_aws"]})
                    break
            else:
                lines.append(blob)
        if self._notes:
            lines = [dict(self._notes) | lines[0], *lines[1:]] if lines else [dict(self._notes)]
        for line in lines:
            print(json.dumps(line, separators=(",", ":")), flush=True)  # noqa: T201  CloudWatch reads metrics from stdout
        self._sets.clear()
        self._notes.clear()


type Kind = Literal["realtime", "job", "item"]
"""The origin of a file: a real-time response, a job, or an item of a batch."""

_KIND, _TIER, _WHOLE = ("kind",), ("tier",), ()

# Requests, by function.
LATENCY = Measure("Latency", MetricUnit.Milliseconds)
SUCCESS = Measure("Success", MetricUnit.Count)
COLD_START = Measure("ColdStart", MetricUnit.Count)
FIRST_AUDIO = Measure("FirstAudio", MetricUnit.Milliseconds)
KEYS_REFUSED = Measure("KeysRefused", MetricUnit.Count)

# All functions together, for one alarm each.
SPEND = Measure("Spend", MetricUnit.NoUnit, _WHOLE)
NEAR_TIMEOUT = Measure("NearTimeout", MetricUnit.Count, _WHOLE)

# Files, by kind.
COST = Measure("Cost", MetricUnit.NoUnit, _KIND)
REAL_TIME_FACTOR = Measure("RealTimeFactor", MetricUnit.NoUnit, _KIND)
GPU_WAIT = Measure("GpuWait", MetricUnit.Milliseconds, _KIND)
PAST_DEADLINE = Measure("PastDeadline", MetricUnit.Count, _KIND)

# Jobs in progress.
QUEUE_WAIT = Measure("QueueWait", MetricUnit.Milliseconds, _TIER)
FAILED_ATTEMPTS = Measure("FailedAttempts", MetricUnit.Count)
DEAD_LETTERS = Measure("DeadLetters", MetricUnit.Count)
SWEPT = Measure("Swept", MetricUnit.Count)

# Stored rows.
UNREADABLE_ROWS = Measure("UnreadableRows", MetricUnit.Count, _WHOLE)

# Batches.
BATCH_DONE = Measure("BatchDone", MetricUnit.Count)
BATCH_IN_SLA = Measure("BatchInSla", MetricUnit.Count)
ROW_ERRORS = Measure("RowErrors", MetricUnit.Count)


def record_request(meter: Meter, milliseconds: float, *, succeeded: bool) -> None:
    """Record the latency of a request and its success; `well` is False only if the service failed (5xx)."""
    meter.add(LATENCY, milliseconds)
    meter.add(SUCCESS, int(succeeded))


def record_file(meter: Meter, kind: Kind, price: Decimal, *, characters: int, audio_seconds: float) -> None:
    """Record a file that was delivered."""
    meter.add(COST, float(price), kind=kind)
    meter.add(SPEND, float(price))
    meter.note(files=1, characters=characters, audio_seconds=audio_seconds)


def record_failure(meter: Meter, price: Decimal) -> None:
    """Record the cost of a failed job or item."""
    meter.add(SPEND, float(price))
    meter.note(failures=1, failed_cost=float(price))


def record_synthesis(meter: Meter, kind: Kind, seconds: float, audio_seconds: float) -> None:
    """Record the synthesis time `seconds` of audio that is `audio_seconds` long."""
    meter.note(synthesis_seconds=seconds)
    if audio_seconds:
        meter.add(REAL_TIME_FACTOR, seconds / audio_seconds, kind=kind)


def record_job(meter: Meter, job: "Job", seconds: float) -> None:
    """Record a job that this function completed; `seconds` is the synthesis time, 0 if nothing was synthesized."""
    from herald.jobs.job import State  # noqa: PLC0415  loaded by functions that end jobs only

    # A GPU item is processed as a job, and no other function records its price.
    kind: Kind = "item" if job.task_token else "job"
    price = job.price or Decimal(0)
    if job.begun_at:
        meter.add(QUEUE_WAIT, job.waited * 1000, tier=job.tier if job.route == "queue" else job.route)
    if job.enrols:
        refused = job.error is not None and job.error.code == "voice_refused"
        outcome = "ready" if job.state is State.DONE else "refused" if refused else "failed"
        meter.note(**{f"voices_{outcome}": 1})
    if job.state is State.FAILED:
        record_failure(meter, price)
    if job.state is not State.DONE or not job.audio:
        return
    record_file(meter, kind, price, characters=job.characters, audio_seconds=job.audio.seconds)
    meter.note(hits=int(job.hit))
    if seconds:
        record_synthesis(meter, kind, seconds, job.audio.seconds)
    if job.route == "gpu" and job.begun_at and job.ended_at and not job.hit:
        meter.add(GPU_WAIT, (job.ended_at - job.begun_at).total_seconds() * 1000, kind=kind)


def record_items(meter: Meter, batch: "Batch", results: "Iterable[ItemResult]", now: datetime) -> None:
    """Record the results of a batch's items in metrics: done, failed, past the deadline."""
    for result in results:
        if result.state == "done":
            record_file(meter, "item", result.price, characters=result.characters, audio_seconds=result.seconds)
            meter.note(hits=int(result.hit))
        elif result.state == "failed":
            record_failure(meter, result.price)
    if batch.order.deadline and now > batch.order.deadline:
        meter.add(PAST_DEADLINE, 1, kind="item")


def record_chunk(meter: Meter, gained: "ChunkTotals") -> None:
    """Record how many sentences of a chunk were synthesized and how many were reused."""
    meter.note(sentences_spoken=gained.spoken, sentences_reused=gained.reused)


def record_batch(meter: Meter, batch: "Batch") -> None:
    """Record the end of a batch. A cancelled batch counts neither as done nor as late."""
    from herald.batches.batch import BatchState  # noqa: PLC0415  loaded by functions of batches only
    from herald.batches.batch_events import Sla  # noqa: PLC0415

    if not batch.redrives:
        meter.add(ROW_ERRORS, batch.counts.row_errors)
    if batch.state is BatchState.CANCELLED:
        return
    meter.add(BATCH_DONE, int(batch.state is BatchState.DONE))
    verdict = Sla.of(batch, batch.updated_at).verdict
    if verdict in {"met", "missed"}:
        meter.add(BATCH_IN_SLA, int(verdict == "met"))
    if verdict == "missed":
        meter.add(PAST_DEADLINE, 1, kind="item")
