"""The metrics: their names, units and dimensions, and how they are recorded. docs/operations.md explains each one.

All metrics of one invocation are one log line in CloudWatch's embedded metric format (EMF):
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

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
"""What a file was produced for: a real-time response, a job, or an item of a batch."""

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


def answered(meter: Meter, milliseconds: float, *, well: bool) -> None:
    """Record the latency of a request and its success; `well` is False only if the service failed (5xx)."""
    meter.add(LATENCY, milliseconds)
    meter.add(SUCCESS, int(well))


def file_made(meter: Meter, kind: Kind, price: Decimal, *, characters: int, audio_seconds: float) -> None:
    """Record a file that was delivered."""
    meter.add(COST, float(price), kind=kind)
    meter.add(SPEND, float(price))
    meter.note(files=1, characters=characters, audio_seconds=audio_seconds)


def file_failed(meter: Meter, price: Decimal) -> None:
    """Record the cost of a failed job or item."""
    meter.add(SPEND, float(price))
    meter.note(failures=1, failed_cost=float(price))


def spoken(meter: Meter, kind: Kind, seconds: float, audio_seconds: float) -> None:
    """Record the synthesis time `seconds` of audio that is `audio_seconds` long."""
    meter.note(synthesis_seconds=seconds)
    if audio_seconds:
        meter.add(REAL_TIME_FACTOR, seconds / audio_seconds, kind=kind)
