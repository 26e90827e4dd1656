"""Alarms and dashboards use existing metrics, cover all of them, and give advice."""

import re

import pytest

from herald.pricing.prices import US_EAST_1
from herald.runtime import metrics
from tests.template import watch
from tests.template.template import FUNCTIONS, RESOURCES, ROOT, TEMPLATE, events, of_type
from tests.template.watch import ALARMS, MEASURES

PAGE = (ROOT / "docs" / "operations.md").read_text()
SOURCES = ROOT / "src" / "herald"
GPU = {name for name, one in RESOURCES.items() if one.get("Condition") == "UseGpu"}
KOKORO = {name for name, one in RESOURCES.items() if one.get("Condition") == "UseKokoro"}
STREAM = {name for name, one in RESOURCES.items() if one.get("Condition") == "HasStream"}
WEBHOOKS = {name for name, one in RESOURCES.items() if one.get("Condition") == "UseWebhooks"}
KUBERNETES = {name for name, one in RESOURCES.items() if one.get("Condition") == "UseKubernetes"}
BOARDS = {name: watch.dashboard(name) for name in of_type("AWS::CloudWatch::Dashboard")}
WIDGETS = [widget for board in BOARDS.values() for widget in board["widgets"]]
GRAPHS = [one for one in WIDGETS if one["type"] == "metric"]
MOST_METRICS = 50
"""Maximum metrics of a free dashboard. https://aws.amazon.com/cloudwatch/pricing/."""
MOST_ALARM_METRICS = 17
"""15, and two for streams; ten are free."""
BREACHING = {"RecoveryStopped": "breaching", "GpuBacklogWithoutCapacity": "missing"}
"""Alarms for which missing data is not good."""


def section(anchor):
    """Return a section of the page by its anchor."""
    parts = re.split(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)[1:]
    named = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-"): text for title, text in _pairs(parts)}
    return named[anchor]


def _pairs(parts):
    return zip(parts[::2], parts[1::2], strict=True)


WATCHED = (
    "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::Serverless::StateMachine", "AWS::Serverless::HttpApi",
    "AWS::S3::Bucket",
)  # fmt: skip


# --- alarms ---


@pytest.mark.parametrize("name", ALARMS)
def test_alarms_use_metrics_that_are_sent(name):
    for metric in watch.looked_at(ALARMS[name]):
        assert watch.is_sent(*metric), metric


@pytest.mark.parametrize("name", ALARMS)
def test_alarms_have_advice_and_an_action(name):
    description = ALARMS[name]["AlarmDescription"]
    assert len(description) <= 1024
    advice, anchor = re.fullmatch(r"(.+) See docs/operations\.md#([a-z0-9-]+)", description).groups()
    assert len(re.findall(r"[.;]", advice)) >= 2, "the problem, and what to do"
    assert f"`{name}`" in section(anchor)
    wakes = name == "GpuBacklogWithoutCapacity"
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "GpuWake" if wakes else "AlarmTopic"}]


@pytest.mark.parametrize("name", ALARMS)
def test_missing_data_does_not_trigger_alarms(name):
    # An endpoint without a backlog sends no data, which must not scale it up either.
    assert ALARMS[name]["TreatMissingData"] == BREACHING.get(name, "notBreaching")


@pytest.mark.parametrize("name", [name for name, alarm in ALARMS.items() if "Metrics" in alarm])
def test_expressions_use_their_metrics_within_the_limits_of_cloudwatch(name):
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
    # It is undocumented whether FILL returns zeros for a metric without any data.
    assert "FILL" not in text


@pytest.mark.parametrize("name", [name for name, alarm in ALARMS.items() if "Metrics" in alarm])
def test_the_metrics_of_an_expression_have_the_same_dimensions(name):
    assert len({(namespace, *by.items()) for namespace, _, by in watch.looked_at(ALARMS[name])}) == 1


def test_the_number_of_alarm_metrics():
    left_out = GPU | KOKORO | WEBHOOKS | KUBERNETES
    watched = {name: len(watch.looked_at(alarm)) for name, alarm in ALARMS.items() if name not in left_out}
    assert sum(watched.values()) <= MOST_ALARM_METRICS
    assert sum(count for name, count in watched.items() if name not in STREAM) <= MOST_ALARM_METRICS - 2


@pytest.mark.parametrize("board", BOARDS)
def test_dashboards_stay_within_the_free_limit(board):
    shown = [metric for one in BOARDS[board]["widgets"] if one["type"] == "metric" for metric in watch.expanded(one)]
    assert len(shown) <= MOST_METRICS
    # A search counts as all metrics that it finds.
    assert "SEARCH" not in str(BOARDS[board])


@pytest.mark.parametrize("name", [name for name in ALARMS if "Metrics" not in ALARMS[name] or name not in GPU])
def test_alarms_without_the_gpu_do_not_use_its_metrics(name):
    looked = {value for metric in watch.looked_at(ALARMS[name]) for value in metric[2].values()}
    of_the_gpu = {one for one in looked if one.removeprefix("${").partition(".")[0].rstrip("}") in GPU}
    assert not of_the_gpu or name in GPU


REPORT = {
    "time": "2026-11-26T01:02:03.004Z",
    "type": "platform.report",
    "record": {
        "requestId": "5f1b3d0a-0000-4000-8000-000000000000",
        "metrics": {"durationMs": 12.3, "billedDurationMs": 13, "memorySizeMB": 512, "maxMemoryUsedMB": 90},
        "status": "success",
    },
}
"""https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report"""


def matches(pattern, line):
    """Return whether a filter pattern of CloudWatch matches a line, for the syntax used here."""
    conditions = re.fullmatch(r"\{ (.+) \}", pattern)[1].split(" && ")
    return all(_holds(re.fullmatch(r'\(\$\.([\w.]+) (=|!=) "([^"]+)"\)', one).groups(), line) for one in conditions)


def _holds(condition, line):
    path, operator, wanted = condition
    value = line
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return (value == wanted) if operator == "=" else (value is not None and value != wanted)


@pytest.mark.parametrize(
    ("status", "failed", "late"),
    [("success", False, False), ("error", True, False), ("failure", True, False), ("timeout", True, True)],
)
def test_failed_calls_are_counted_from_platform_logs(status, failed, late):
    line = REPORT | {"record": REPORT["record"] | {"status": status}}
    assert matches(watch.FILTERED["FailedCalls"], line) is failed
    assert matches(watch.FILTERED["NearTimeout"], line) is late
    ours = {"level": "ERROR", "message": "failed", "status": status}
    assert not any(matches(pattern, ours) for pattern in watch.FILTERED.values())


def test_every_function_logs_to_the_group_of_the_filters():
    shared = TEMPLATE["Globals"]["Function"]["LoggingConfig"]
    assert (shared["LogGroup"], shared["LogFormat"]) == ({"Ref": "FunctionLogs"}, "JSON")
    # WARN would drop metrics, which have no level and count as INFO, and platform logs.
    assert {one["LogLevel"] for one in TEMPLATE["Mappings"]["Profiles"].values()} <= {"INFO", "DEBUG"}
    assert shared["SystemLogLevel"] == "INFO"
    assert not [name for name, one in FUNCTIONS.items() if "LoggingConfig" in one]
    for one in of_type("AWS::Logs::MetricFilter").values():
        assert one["LogGroupName"] == shared["LogGroup"]
        assert all("DefaultValue" not in transformation for transformation in one["MetricTransformations"])
        assert all(watch.plain(each["MetricNamespace"]) == watch.OURS for each in one["MetricTransformations"])


def test_throttles_of_all_functions_have_an_alarm():
    assert watch.looked_at(ALARMS["FunctionsThrottled"]) == [("AWS/Lambda", "Throttles", {})]


def test_the_budget_covers_all_costs():
    for name in ("SpendHigh", "FilesCostMuch"):
        assert watch.looked_at(ALARMS[name]) == [(watch.OURS, "Spend", {})]


def test_three_missed_runs_of_the_sweeper_trigger_an_alarm():
    ((_, schedule),) = [one for one in events("Schedule") if one[0] == "SweeperFunction"]
    assert schedule["Schedule"] == "rate(5 minutes)"
    assert ALARMS["RecoveryStopped"]["Period"] == 3 * 300


def test_a_missing_instance_triggers_an_alarm_after_a_quarter_of_an_hour():
    trouble, waking = ALARMS["GpuStaysAway"], ALARMS["GpuBacklogWithoutCapacity"]
    assert (trouble["Period"] * trouble["EvaluationPeriods"], trouble["Statistic"]) == (900, "Minimum")
    assert waking["Period"] * waking["EvaluationPeriods"] == 60


def test_mail_is_sent_to_the_configured_address():
    (mail,) = of_type("AWS::SNS::Subscription").values()
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", {"Ref": "AlarmEmail"})
    assert mail["TopicArn"] == {"Ref": "AlarmTopic"}
    assert watch.parameter("AlarmEmail") == ""


# --- dashboard ---


@pytest.mark.parametrize("widget", GRAPHS, ids=lambda one: one["properties"]["title"])
def test_widgets_use_metrics_that_are_sent(widget):
    metrics = [*watch.expanded(widget)]
    assert metrics
    for metric in metrics:
        assert watch.is_sent(*metric), metric


@pytest.mark.parametrize("widget", GRAPHS, ids=lambda one: one["properties"]["title"])
def test_expressions_of_widgets_use_their_metrics(widget):
    options = [one for line in widget["properties"]["metrics"] for one in line if isinstance(one, dict)]
    ids = {one["id"] for one in options if "id" in one}
    expressions = [one["expression"] for one in options if "expression" in one]
    assert set(re.findall(r"\b[a-z][a-z0-9_]*\b", " ".join(expressions))) == ids


def test_a_dashboard_without_streams_omits_their_metrics():
    board = watch.dashboard("Dashboard", stream=False)
    text = str(board)
    assert "Stream" not in text
    assert "speech_stream" not in text
    assert "speech_stream" in str(BOARDS["Dashboard"])


def test_widgets_are_ordered_from_top_to_bottom():
    widgets = BOARDS["Dashboard"]["widgets"]
    titles = [one["properties"].get("title") or one["properties"]["markdown"] for one in widgets]
    assert titles[1] == "Alarms"
    assert [title[:2] for title in titles[2:6]] == ["1 ", "2 ", "3 ", "4 "]
    heads = [title.removeprefix("## ").partition(",")[0] for title in titles if title.startswith("## ")]
    assert heads == ["Endpoints", "Queues", "Functions", "Batches"]
    assert all("http" not in one["properties"]["markdown"] for one in widgets if one["type"] == "text")


@pytest.mark.parametrize("board", BOARDS)
def test_rows_of_widgets_are_complete(board):
    row = 0
    for widget in BOARDS[board]["widgets"]:
        row += widget["width"]
        assert row <= 24
        row %= 24
    assert row == 0


@pytest.mark.parametrize(("board", "of_gpu"), [("Dashboard", False), ("GpuDashboard", True)])
def test_every_alarm_is_shown(board, of_gpu):
    (shown,) = [one["properties"]["alarms"] for one in BOARDS[board]["widgets"] if one["type"] == "alarm"]
    # The alarm of an optional queue sends mail only: its stack is deployed before the dashboard, and has none.
    wanted = [name for name in ALARMS if name not in KOKORO | WEBHOOKS | KUBERNETES and (name in GPU) == of_gpu]
    assert sorted(shown) == sorted(f"${{{name}.Arn}}" for name in wanted)


def test_dashboards_require_the_profile_production():
    assert {RESOURCES[name]["Condition"] for name in BOARDS} == {"HasDashboard"}
    for stack in ("Watch", "Gpu"):
        shown = RESOURCES[stack]["Properties"]["Parameters"]["ShowDashboard"]
        assert shown == {"If": ["IsProduction", "true", "false"]}


# --- all of it ---


def test_everything_is_watched():
    """Functions are monitored by log filters, dead-letter queues by the messages that the sweeper receives."""
    shown = {value for widget in GRAPHS for _, _, by in watch.expanded(widget) for value in by.values()}
    alarmed = {value for alarm in ALARMS.values() for _, _, by in watch.looked_at(alarm) for value in by.values()}
    names = {value.removeprefix("${").partition(".")[0].rstrip("}") for value in shown | alarmed}
    wanted = {name for name, one in RESOURCES.items() if one["Type"] in WATCHED and "DeadLetters" not in name}
    assert wanted <= names
    assert watch.ENDPOINT in shown & alarmed


def test_every_own_metric_is_used():
    looked = {metric[1] for alarm in ALARMS.values() for metric in watch.looked_at(alarm)}
    looked |= {metric[1] for widget in GRAPHS for metric in watch.expanded(widget)}
    assert set(MEASURES) | set(watch.FILTERED) == {name for name in looked if name in MEASURES | watch.FILTERED}


def test_metric_names_are_defined_once():
    for path in SOURCES.rglob("*.py"):
        assert "add_metric" not in path.read_text() or path.name == "metrics.py"
    names = [one.name for one in vars(metrics).values() if isinstance(one, metrics.Measure)]
    assert len(names) == len(set(names))
    assert set(watch.SERVICES) | set(watch.KINDS) == {
        one.name for one in MEASURES.values() if one.by in {("service",), ("kind",)}
    }


# --- the page ---


def test_the_page_has_each_metric_with_its_unit_and_dimensions():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| (\d+) \|", PAGE, flags=re.MULTILINE)
    documented = {name: (unit.strip(), by.strip(), int(count)) for name, unit, by, count in rows}
    assert documented == {
        name: (one.unit.value, ", ".join(one.by) or "-", len(watch.of_ours(name))) for name, one in MEASURES.items()
    }


def test_the_page_has_the_costs_of_monitoring():
    sent = sum(len(watch.of_ours(name)) for name in MEASURES) + len(watch.FILTERED.keys() - MEASURES.keys())
    watched = {name: len(watch.looked_at(alarm)) for name, alarm in ALARMS.items() if name not in WEBHOOKS | KUBERNETES}
    optional = (GPU | KOKORO | STREAM, GPU | KOKORO, KOKORO, set())
    watched["GpuFollowBacklog"] = 2  # Application Auto Scaling creates alarms for a policy that tracks a target
    alarms = [sum(count for name, count in watched.items() if name not in left_out) for left_out in optional]
    for count, price in (
        (sent, US_EAST_1.metric_month),
        *((count, US_EAST_1.alarm_month) for count in alarms),
    ):
        assert f"{count} × ${price:.2f} = ${count * price:.2f}" in PAGE


def test_removed_alarms_have_log_queries():
    queries = PAGE.partition("## Log queries")[2].partition("\n## ")[0]
    for question in ("response time by route", "failed and slow calls by function", "cold starts by function"):
        assert f"| {question} | `filter " in queries


def test_the_page_has_no_sections_for_unknown_alarms():
    documented = set(re.findall(r"^`([A-Z]\w+)`(?:, `([A-Z]\w+)`)*", PAGE, flags=re.MULTILINE))
    assert {name for names in documented for name in names if name} <= set(ALARMS)
