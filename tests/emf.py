"""Log lines in CloudWatch's Embedded Metric Format, read as CloudWatch reads them."""

from tests.template import watch


def is_emf(line):
    """Whether a line of a log holds metrics."""
    return "_aws" in line


def metrics_of(lines):
    """Each metric of EMF lines: {(name, unit, its dimensions as sorted pairs): values}."""
    found = {}
    for line in lines:
        for told in line["_aws"]["CloudWatchMetrics"]:
            (dimensions,) = told["Dimensions"]
            by = tuple(sorted((name, line[name]) for name in dimensions))
            for metric in told["Metrics"]:
                found.setdefault((metric["Name"], metric["Unit"], by), []).extend(line[metric["Name"]])
    return found


def values_of(found, wanted, **dimensions):
    """All values of a metric, of those dimensions that are given."""
    return [
        value
        for (name, _, by), values in found.items()
        if name == wanted and dimensions.items() <= dict(by).items()
        for value in values
    ]


def undeclared(found, *, service=True):
    """What nobody says is measured; without `service`, whatever function sent it."""

    def told(by):
        return {key: value for key, value in by.items() if service or key != "service"}

    return [
        (name, unit, by)
        for name, unit, by in found
        if unit != watch.MEASURES[name].unit.value
        or set(dict(by)) != set(watch.MEASURES[name].by)
        or told(dict(by)) not in [told(one) for one in watch.of_ours(name)]
    ]
