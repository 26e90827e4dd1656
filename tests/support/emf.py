"""Parser of log lines in CloudWatch's Embedded Metric Format."""

from tests.template import watch


def is_emf(line):
    """Return whether a log line contains metrics."""
    return "_aws" in line


def metrics_of(lines):
    """Return the metrics of EMF lines: {(name, unit, dimensions as sorted pairs): values}."""
    found = {}
    for line in lines:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            (dimensions,) = directive["Dimensions"]
            by = tuple(sorted((name, line[name]) for name in dimensions))
            for metric in directive["Metrics"]:
                found.setdefault((metric["Name"], metric["Unit"], by), []).extend(line[metric["Name"]])
    return found


def values_of(found, wanted, **dimensions):
    """Return all values of a metric with the given dimensions."""
    return [
        value
        for (name, _, by), values in found.items()
        if name == wanted and dimensions.items() <= dict(by).items()
        for value in values
    ]


def undeclared(found, *, service=True):
    """Return metrics that are not declared; with `service=False`, ignore which function sent them."""

    def relevant(by):
        return {key: value for key, value in by.items() if service or key != "service"}

    return [
        (name, unit, by)
        for name, unit, by in found
        if unit != watch.MEASURES[name].unit.value
        or set(dict(by)) != set(watch.MEASURES[name].by)
        or relevant(dict(by)) not in [relevant(one) for one in watch.of_ours(name)]
    ]
