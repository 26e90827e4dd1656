"""CloudWatch alarms on expressions of several metrics."""

from typing import Any

from ministack.services.cloudformation import provisioners

type Json = dict[str, Any]


def keep_expressions() -> None:
    """Store alarms on metric math, for which ministack rejects the template. They are not evaluated."""
    record = provisioners._cw_metric_alarm_record

    def record_expression(name: str, props: Json) -> Json:
        # An invalid namespace, to which no metric can be written.
        nowhere = {"Namespace": "-", "MetricName": "-", "Metrics": None}
        kept: Json = record(name, props | nowhere if props.get("Metrics") else props)
        return kept | {"Metrics": props.get("Metrics")}

    provisioners._cw_metric_alarm_record = record_expression
