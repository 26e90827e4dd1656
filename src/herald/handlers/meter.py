"""Record what one event of a function comes to, in one log line that CloudWatch reads metrics from (EMF).

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
    """A metric. Its dimensions are `service`, the function; or others, whose values are given with each value."""

    name: str
    unit: MetricUnit
    by: tuple[str, ...] = ("service",)


class Meter:
    """Collect the metrics and notes of one event. A line is billed by its size, so all of them share one line.

    A note is in the line only, for log queries: each metric costs $0.30 a month, a note costs its bytes.
    """

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], EphemeralMetrics] = {}
        self._notes: Counter[str] = Counter()

    def add(self, measure: Measure, value: float, **by: str) -> None:
        """Add a value of a metric; `by` holds the values of its dimensions other than `service`."""
        if set(by) != set(measure.by) - {"service"}:
            raise TypeError(f"{measure.name} is measured by {', '.join(measure.by)}")
        key = (*measure.by, *by.values())
        if key not in self._sets:
            self._sets[key] = _dimensions(measure, by)
        self._sets[key].add_metric(measure.name, measure.unit, value)

    def note(self, **numbers: float) -> None:
        """Add to the numbers that the line of this event has beside its metrics."""
        self._notes.update(numbers)

    def flush(self) -> None:
        """Print the line, and start over."""
        full = [one for one in self._sets.values() if one.metric_set]
        lines = _joined(dict(one.serialize_metric_set()) for one in full)
        if self._notes:
            lines = [dict(self._notes) | lines[0], *lines[1:]] if lines else [dict(self._notes)]
        for line in lines:
            print(json.dumps(line, separators=(",", ":")))  # noqa: T201  how CloudWatch gets it
        self._sets.clear()
        self._notes.clear()


def _dimensions(measure: Measure, by: dict[str, str]) -> EphemeralMetrics:
    """Return a set for all metrics of the same dimensions. Without a service, Powertools adds no dimension."""
    metrics = EphemeralMetrics() if "service" in measure.by else EphemeralMetrics(service="")
    for name, value in by.items():
        metrics.add_dimension(name, value)
    return metrics


def _joined(blobs: Iterable[Blob]) -> list[Blob]:
    """Return as few lines as can hold all: in a line, a dimension has one value, and so has a metric."""
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
