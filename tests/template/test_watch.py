"""Alarms and dashboard look at what there is, at all of it, and say what to do."""

import re

import pytest

from herald.handlers import measures
from herald.jobs.prices import US_EAST_1
from tests.template import watch
from tests.template.template import FUNCTIONS, QUEUES, RESOURCES, ROOT, events, of_type, target
from tests.template.watch import ALARMS, MEASURES

PAGE = (ROOT / "docs" / "operations.md").read_text()
HANDLERS = ROOT / "src" / "herald" / "handlers"
GPU = {name for name, one in RESOURCES.items() if one.get("Condition") == "UseGpu"}
WIDGETS = watch.dashboard(gpu=True)["widgets"]
GRAPHS = [one for one in WIDGETS if one["type"] == "metric"]
WATCHED = ("AWS::Serverless::Function", "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::Serverless::StateMachine",
           "AWS::Serverless::HttpApi", "AWS::S3::Bucket")  # fmt: skip


def section(anchor):
    """A section of the page, by its anchor."""
    parts = re.split(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)[1:]
    named = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-"): text for title, text in _pairs(parts)}
    return named[anchor]


def _pairs(parts):
    return zip(parts[::2], parts[1::2], strict=True)


# --- alarms ---


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_on_what_somebody_sends(name):
    for metric in watch.looked_at(ALARMS[name]):
        assert watch.is_sent(*metric), metric


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_to_do_and_does_something(name):
    told = ALARMS[name]["AlarmDescription"]
    assert len(told) <= 1024
    said, anchor = re.fullmatch(r"(.+) See docs/operations\.md#([a-z0-9-]+)", told).groups()
    assert len(re.findall(r"[.;]", said)) >= 2, "what is wrong, and what to do"
    assert f"`{name}`" in section(anchor)
    wakes = name == "GpuBacklogWithoutCapacity"
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "GpuWake" if wakes else "AlarmTopic"}]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_quiet_where_nothing_happens(name):
    # An endpoint without a backlog says nothing, and must not be woken by that either.
    assert ALARMS[name]["TreatMissingData"] == ("missing" if name == "GpuBacklogWithoutCapacity" else "notBreaching")


@pytest.mark.parametrize("name", [name for name, alarm in ALARMS.items() if "Metrics" in alarm])
def test_an_expression_uses_what_it_has_and_no_more_than_cloudwatch_takes(name):
    queries = ALARMS[name]["Metrics"]
    stats = [one["Id"] for one in queries if "MetricStat" in one]
    expressions = {one["Id"]: one["Expression"] for one in queries if "Expression" in one}
    (watched,) = [one["Id"] for one in queries if one.get("ReturnData", True)]
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    assert watched in expressions
    assert len(stats) <= 10
    text = " ".join(expressions.values())
    used = set(re.findall(r"\b[a-z][a-z0-9_]*\b", text))
    assert used <= set(stats) | set(expressions)
    assert used | {watched} == set(stats) | set(expressions) or "METRICS()" in text
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9_]*", one["Id"]) for one in queries)
    periods = {one["MetricStat"]["Period"] for one in queries if "MetricStat" in one}
    assert len(periods) == 1


@pytest.mark.parametrize("name", [name for name in ALARMS if "Metrics" not in ALARMS[name] or name not in GPU])
def test_an_alarm_without_the_gpu_looks_at_nothing_of_it(name):
    looked = {value for metric in watch.looked_at(ALARMS[name]) for value in metric[2].values()}
    of_the_gpu = {one for one in looked if one.removeprefix("${").partition(".")[0].rstrip("}") in GPU}
    assert not of_the_gpu or name in GPU


@pytest.mark.parametrize(("alarm", "of"), [("FunctionsNearTimeout", False), ("GpuFunctionsNearTimeout", True)])
def test_a_timeout_is_measured_by_the_functions_own(alarm, of):
    queries = ALARMS[alarm]["Metrics"]
    (expression,) = [one["Expression"] for one in queries if "Expression" in one]
    divisors = dict(re.findall(r"FILL\((\w+), 0\) / (\d+)", expression))
    functions = {one["Id"]: target(one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]) for one in queries[1:]}
    assert set(functions.values()) == {name for name in FUNCTIONS if (name in GPU) == of}
    # Milliseconds in percent of seconds.
    assert {functions[one]: int(by) for one, by in divisors.items()} == {
        name: FUNCTIONS[name]["Timeout"] * 10 for name in functions.values()
    }


@pytest.mark.parametrize(("alarm", "metric"), [("FunctionsFail", "Errors"), ("FunctionsThrottled", "Throttles")])
def test_every_function_is_heard_when_it_fails_or_is_throttled(alarm, metric):
    def heard(name):
        return {watch.looked_at(ALARMS[name])[at][2]["FunctionName"] for at in _places(name, metric)}

    everyone = {f"${{{name}}}" for name in FUNCTIONS}
    assert heard(alarm) | heard("GpuFunctionsFail") == everyone


def _places(name, metric):
    return [at for at, one in enumerate(watch.looked_at(ALARMS[name])) if one[1] == metric]


def test_a_daily_budget_is_on_all_that_is_spent():
    spent = {(name, *by.values()) for _, name, by in watch.looked_at(ALARMS["SpendHigh"])}
    assert spent == {(name, kind) for name in ("Cost", "FailedCost") for kind in watch.KINDS[name]}
    dearest = {by["kind"] for _, _, by in watch.looked_at(ALARMS["FilesCostMuch"])}
    assert dearest == watch.KINDS["Cost"]


def test_no_instance_for_a_quarter_of_an_hour_is_trouble_and_one_minute_is_not():
    trouble, waking = ALARMS["GpuStaysAway"], ALARMS["GpuBacklogWithoutCapacity"]
    assert (trouble["Period"] * trouble["EvaluationPeriods"], trouble["Statistic"]) == (900, "Minimum")
    assert waking["Period"] * waking["EvaluationPeriods"] == 60


def test_mail_goes_where_the_operator_says():
    (mail,) = of_type("AWS::SNS::Subscription").values()
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", {"Ref": "AlarmEmail"})
    assert mail["TopicArn"] == {"Ref": "AlarmTopic"}
    assert watch.parameter("AlarmEmail") == ""


# --- dashboard ---


@pytest.mark.parametrize("widget", GRAPHS, ids=lambda one: one["properties"]["title"])
def test_a_widget_shows_what_somebody_sends(widget):
    metrics, searches = [*watch.expanded(widget)], watch.searched(widget)
    assert metrics or searches
    for metric in metrics:
        assert watch.is_sent(*metric), metric
    for namespace, by, name in searches:
        assert (namespace, by) == (watch.OURS, MEASURES[name].by)


@pytest.mark.parametrize("widget", GRAPHS, ids=lambda one: one["properties"]["title"])
def test_an_expression_of_a_widget_uses_what_it_has(widget):
    options = [one for line in widget["properties"]["metrics"] for one in line if isinstance(one, dict)]
    ids = {one["id"] for one in options if "id" in one}
    expressions = [one["expression"] for one in options if "expression" in one and "SEARCH" not in one["expression"]]
    assert set(re.findall(r"\b[a-z][a-z0-9_]*\b", " ".join(expressions))) == ids


def test_a_stack_without_a_gpu_shows_nothing_of_it():
    board = watch.dashboard(gpu=False)
    shown = {value.removeprefix("${").partition(".")[0].rstrip("}") for value in _values(board)}
    assert not shown & GPU
    assert len(WIDGETS) > len(board["widgets"])


def _values(board):
    for widget in board["widgets"]:
        yield from widget["properties"].get("alarms", ())
        if widget["type"] == "metric":
            yield from (value for _, _, by in watch.expanded(widget) for value in by.values())


def test_it_is_read_from_top_to_bottom():
    titles = [one["properties"].get("title") or one["properties"]["markdown"] for one in WIDGETS]
    assert titles[1] == "Alarms"
    assert [title[:2] for title in titles[2:6]] == ["1 ", "2 ", "3 ", "4 "]
    heads = [title.removeprefix("## ").partition(",")[0] for title in titles if title.startswith("## ")]
    assert heads == ["Doors", "Queues", "Workers and other functions", "Batches", "GPU", "Costs", "Storage"]
    assert all("http" not in one["properties"]["markdown"] for one in WIDGETS if one["type"] == "text")


def test_rows_are_whole():
    row = 0
    for widget in WIDGETS:
        row += widget["width"]
        assert row <= 24
        row %= 24
    assert row == 0


def test_it_shows_every_alarm():
    (shown,) = [one["properties"]["alarms"] for one in WIDGETS if one["type"] == "alarm"]
    assert sorted(shown) == sorted(f"${{{name}.Arn}}" for name in ALARMS)


# --- all of it ---


def test_everything_is_watched():
    shown = {value for widget in GRAPHS for _, _, by in watch.expanded(widget) for value in by.values()}
    heard = {value for alarm in ALARMS.values() for _, _, by in watch.looked_at(alarm) for value in by.values()}
    names = {value.removeprefix("${").partition(".")[0].rstrip("}") for value in shown | heard}
    assert {name for name, one in RESOURCES.items() if one["Type"] in WATCHED} <= names
    assert watch.ENDPOINT in shown & heard
    assert len(QUEUES) == 6


def test_every_metric_of_ours_is_looked_at_by_somebody():
    looked = {metric[1] for alarm in ALARMS.values() for metric in watch.looked_at(alarm)}
    looked |= {metric[1] for widget in GRAPHS for metric in watch.expanded(widget)}
    looked |= {name for widget in GRAPHS for _, _, name in watch.searched(widget)}
    assert set(MEASURES) <= looked


def test_no_metric_is_named_but_in_one_place():
    for path in HANDLERS.rglob("*.py"):
        assert "add_metric" not in path.read_text() or path.name == "meter.py"
    names = [one.name for one in vars(measures).values() if isinstance(one, measures.Measure)]
    assert len(names) == len(set(names))
    assert set(watch.SERVICES) | set(watch.KINDS) == {
        one.name for one in MEASURES.values() if one.by in {("service",), ("kind",)}
    }


def test_routes_of_the_api_are_those_of_the_metric():
    (api,) = {event["ApiId"]["Ref"] for _, event in events("HttpApi")}
    assert RESOURCES[api]["Type"] == "AWS::Serverless::HttpApi"
    routes = {one["route"] for one in watch.of_ours("Latency")}
    assert {f"{event['Method']} {event['Path']}" for _, event in events("HttpApi") if "Path" in event} <= routes | {
        "OPTIONS /{proxy+}"
    }


# --- the page ---


def test_the_page_has_each_metric_with_its_unit_and_dimensions():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| (\d+) \|", PAGE, flags=re.MULTILINE)
    told = {name: (unit.strip(), by.strip(), int(count)) for name, unit, by, count in rows}
    assert told == {
        name: (one.unit.value, ", ".join(one.by), len(watch.of_ours(name))) for name, one in MEASURES.items()
    }


def test_the_page_has_what_watching_costs():
    metrics = sum(len(watch.of_ours(name)) for name in MEASURES)
    billed = {
        gpu: sum(len(watch.looked_at(one)) for name, one in ALARMS.items() if gpu or name not in GPU) for gpu in (0, 1)
    }
    for count, price in (
        (metrics, US_EAST_1.metric_month),
        (billed[0], US_EAST_1.alarm_month),
        (billed[1], US_EAST_1.alarm_month),
    ):
        assert f"{count} × ${price:.2f} = ${count * price:.2f}" in PAGE


def test_the_page_has_a_section_for_no_alarm_that_is_gone():
    told = set(re.findall(r"^`([A-Z]\w+)`(?:, `([A-Z]\w+)`)*", PAGE, flags=re.MULTILINE))
    assert {name for names in told for name in names if name} <= set(ALARMS)
