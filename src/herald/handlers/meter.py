"""Measuring: what one event comes to is written down as one line, which CloudWatch reads metrics from (EMF).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

type Blob = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """A metric. Its dimensions: `service`, the function; or others, whose values whoever measures tells."""

    name: str
    unit: MetricUnit
    by: tuple[str, ...] = ("service",)


class Meter:
    """Collects what is measured while an event is worked on. A line is paid by its size, so all of it is one line."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], EphemeralMetrics] = {}

    def add(self, measure: Measure, value: float, **by: str) -> None:
        """Measure; `by` has the values of the dimensions beside `service`."""
        if set(by) != set(measure.by) - {"service"}:
            raise TypeError(f"{measure.name} is measured by {', '.join(measure.by)}")
        key = (*measure.by, *by.values())
        if key not in self._sets:
            self._sets[key] = _dimensions(measure, by)
        self._sets[key].add_metric(measure.name, measure.unit, value)

    def flush(self) -> None:
        """Write it down, and begin anew."""
        full = [one for one in self._sets.values() if one.metric_set]
        for line in _joined(dict(one.serialize_metric_set()) for one in full):
            print(json.dumps(line, separators=(",", ":")))  # noqa: T201  how CloudWatch gets it
        self._sets.clear()


def _dimensions(measure: Measure, by: dict[str, str]) -> EphemeralMetrics:
    """A place for all metrics of the same dimensions; without a service, Powertools adds none."""
    metrics = EphemeralMetrics() if "service" in measure.by else EphemeralMetrics(service="")
    for name, value in by.items():
        metrics.add_dimension(name, value)
    return metrics


def _joined(blobs: Iterable[Blob]) -> list[Blob]:
    """As few lines as can hold all: in a line, a dimension has one value, and so has a metric."""
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
