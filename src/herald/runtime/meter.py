"""Records the metrics of one invocation in one log line in CloudWatch's embedded metric format (EMF).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
        """Print the line and reset."""
        full = [one for one in self._sets.values() if one.metric_set]
        lines = _joined(dict(one.serialize_metric_set()) for one in full)
        if self._notes:
            lines = [dict(self._notes) | lines[0], *lines[1:]] if lines else [dict(self._notes)]
        for line in lines:
            print(json.dumps(line, separators=(",", ":")))  # noqa: T201  CloudWatch reads metrics from stdout
        self._sets.clear()
        self._notes.clear()


def _joined(blobs: Iterable[Blob]) -> list[Blob]:
    """Merge metric sets into as few lines as possible. Within a line, each dimension and metric has one value."""
    lines: list[Blob] = []
    for blob in blobs:
        line = next((line for line in lines if _fits(line, blob)), None)
        if line is None:
            lines.append(blob)
        else:
            line["_aws"]["CloudWatchMetrics"] += blob["_aws"]["CloudWatchMetrics"]
            line |= blob | {"_aws": line["_aws"]}
    return lines


def _fits(line: Blob, blob: Blob) -> bool:
    return all(line[name] == blob[name] for name in line.keys() & blob.keys() - {"_aws"})
