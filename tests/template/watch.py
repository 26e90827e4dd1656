"""What alarms and the dashboard look at, and which metrics there are to look at."""

import json
import re

from herald.handlers import measures
from herald.handlers.meter import Measure
from herald.handlers.routes import OTHER, ROUTE_KEYS
from tests.template.template import FUNCTIONS, PARAMETERS, RESOURCES, file_name, of_type, plain

OURS = "Herald/${AWS::StackName}"
MEASURES = {one.name: one for one in vars(measures).values() if isinstance(one, Measure)}
ALARMS = of_type("AWS::CloudWatch::Alarm")
DIMENSIONS = {
    "ApiId": ("AWS::Serverless::HttpApi", None),
    "FunctionName": ("AWS::Serverless::Function", None),
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "StateMachineArn": ("AWS::Serverless::StateMachine", None),
    "TableName": ("AWS::DynamoDB::Table", None),
    "BucketName": ("AWS::S3::Bucket", None),
}
"""Of AWS's metrics: the type of what they are of, and the attribute that names it (None: Ref)."""
ENDPOINT = "${AWS::StackName}-gpu"
AWS = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    "AWS/ApiGateway": {("ApiId",): {"4xx", "5xx", "Count", "Latency"}},
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, .../urls-monitoring.html
    "AWS/Lambda": {
        ("FunctionName",): {
            "ConcurrentExecutions", "Duration", "Errors", "Throttles", "UrlRequestCount", "Url4xxCount", "Url5xxCount",
        },
    },
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    "AWS/SQS": {
        ("QueueName",): {
            "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesVisible", "NumberOfMessagesReceived",
        },
    },
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    "AWS/States": {
        ("StateMachineArn",): {
            "ExecutionsAborted", "ExecutionsFailed", "ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsTimedOut",
        },
    },
    # https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
    "AWS/SageMaker": {
        ("EndpointName",): {
            "ApproximateAgeOfOldestRequest", "ApproximateBacklogSize", "HasBacklogWithoutCapacity",
        },
        ("EndpointName", "VariantName"): {"InvocationFailures", "InvocationsProcessed"},
    },
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    "AWS/DynamoDB": {
        ("TableName",): {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "WriteThrottleEvents"},
    },
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
    "AWS/S3": {("BucketName", "StorageType"): {"BucketSizeBytes", "NumberOfObjects"}},
}  # fmt: skip
"""The metrics of AWS that are looked at here, by namespace and dimensions."""
DOORS = {"speech", "speech_stream", "api"}
SERVICES = {
    "Success": DOORS,
    "ColdStart": DOORS | {"authorizer"},
    "FirstAudio": {"speech_stream"},
    "KeysRefused": {"authorizer"},
    "FailedAttempts": {"worker", "dead_letters", "gpu_submit"},
    "DeadLetters": {"dead_letters"},
    "Swept": {"sweeper"},
    "BatchDone": {"finish_batch"},
    "BatchInSla": {"finish_batch"},
    "RowErrors": {"finish_batch"},
    "SentencesSpoken": {"speak_items"},
    "SentencesReused": {"speak_items"},
}
"""Which functions send a metric that has no other dimension."""
KINDS = {
    "Cost": {"realtime", "job", "item"},
    "FailedCost": {"job", "item"},
    "Characters": {"realtime", "job", "item"},
    "AudioSeconds": {"realtime", "job", "item"},
    "SynthesisTime": {"realtime", "job", "item"},
    "RealTimeFactor": {"realtime", "job", "item"},
    "Hit": {"job", "item"},
    "GpuWait": {"job", "item"},
    "PastDeadline": {"item"},
}
TIERS = {"standard", "vip", "gpu"}
ROWS = {"job", "batch", "key", "item"}


def of_ours(name):
    """The values that the dimensions of a metric of ours may have: [{dimension: value}, ...]."""
    by = MEASURES[name].by
    if by == ("service", "route"):
        routes = {"speech": {"POST /v1/audio/speech"}, "api": {*ROUTE_KEYS, OTHER} - {"POST /v1/audio/speech"}}
        routes["speech_stream"] = {"POST /v1/audio/speech", OTHER}
        return [{"service": service, "route": route} for service in routes for route in routes[service]]
    by_all = {("tier",): TIERS, ("row",): ROWS}
    values = by_all[by] if by in by_all else {("service",): SERVICES, ("kind",): KINDS}[by][name]
    return [{by[0]: value} for value in values]


def looked_at(alarm):
    """The metrics of an alarm: [(namespace, name, {dimension: value}), ...]."""
    stats = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return [
        (plain(one["Namespace"]), one["MetricName"], {d["Name"]: plain(d["Value"]) for d in one["Dimensions"]})
        for one in stats or [alarm]
    ]


def dashboard(*, gpu):
    """The dashboard as it is deployed, with or without a GPU; names of resources stay as they are."""
    (board,) = of_type("AWS::CloudWatch::Dashboard").values()
    text, parts = board["DashboardBody"]["Sub"]
    for name, part in parts.items():
        (condition, yes, no) = part["If"]
        if condition == "UseStream":
            text = text.replace(f"${{{name}}}", f"${{{yes['Ref']}}}")
            continue
        assert condition == "UseGpu"
        text = text.replace(f"${{{name}}}", yes["Sub"] if gpu else no)
    return json.loads(text.replace("${!", "${"))


def expanded(widget):
    """The metrics of a widget: [(namespace, name, {dimension: value}), ...]; "..." is as in the line before."""
    before = []
    for line in widget["properties"]["metrics"]:
        words = [word for word in line if isinstance(word, str)]
        if not words:
            continue
        if words[0] == "...":
            words = before[: len(before) - len(words) + 1] + words[1:]
        before = words
        namespace, name, *rest = words
        yield namespace, name, dict(zip(rest[::2], rest[1::2], strict=True))


def searched(widget):
    """What a widget searches for: [(namespace, dimensions, name), ...]."""
    expressions = [one["expression"] for line in widget["properties"]["metrics"] for one in line if "expression" in one]
    found = [
        re.fullmatch(r"SEARCH\('\{\"(.+)\",([a-z,]+)\} MetricName=\"(\w+)\"', '\w+', 300\)", e) for e in expressions
    ]
    return [(one[1], tuple(one[2].split(",")), one[3]) for one in found if one]


def is_sent(namespace, name, dimensions):
    """Whether anybody sends a metric: our code, or AWS for a resource of the template."""
    if namespace == OURS:
        return dimensions in of_ours(name)
    if name not in AWS[namespace].get(tuple(dimensions), ()):
        return False
    return all(_is_there(dimension, value) for dimension, value in dimensions.items())


def _is_there(dimension, value):
    if dimension in {"EndpointName", "VariantName", "StorageType"}:
        return value in {ENDPOINT, "main", "StandardStorage", "StandardIAStorage", "AllStorageTypes"}
    kind, attribute = DIMENSIONS[dimension]
    name, _, found = value.removeprefix("${").removesuffix("}").partition(".")
    return RESOURCES[name]["Type"] == kind and (found or None) == attribute


def services():
    """The functions by the names that metrics have for them."""
    return {file_name(name) for name in FUNCTIONS}


def parameter(name):
    return PARAMETERS[name]["Default"]
