"""Metrics used by alarms and dashboards, and the metrics that exist."""

import json

from herald.runtime import metrics
from herald.runtime.metrics import Measure
from tests.template.template import FUNCTIONS, PARAMETERS, RESOURCES, file_name, of_type, plain

OURS = "Herald/${AWS::StackName}"
MEASURES = {one.name: one for one in vars(metrics).values() if isinstance(one, Measure)}
ALARMS = of_type("AWS::CloudWatch::Alarm")
DIMENSIONS = {
    "ApiId": ("AWS::Serverless::HttpApi", None),
    "FunctionName": ("AWS::Serverless::Function", None),
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "StateMachineArn": ("AWS::Serverless::StateMachine", None),
    "TableName": ("AWS::DynamoDB::Table", None),
    "BucketName": ("AWS::S3::Bucket", None),
}
"""Dimensions of AWS's metrics: the resource type, and the attribute with the value (None: Ref)."""
RULES = {
    f"{function}{event}"
    for function, one in FUNCTIONS.items()
    for event, its in one.get("Events", {}).items()
    if its["Type"] == "EventBridgeRule"
}
ENDPOINT = "${GpuEndpoint.EndpointName}"
AWS = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    "AWS/ApiGateway": {("ApiId",): {"4xx", "5xx", "Count", "Latency"}},
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, .../urls-monitoring.html
    "AWS/Lambda": {
        ("FunctionName",): {"ConcurrentExecutions", "UrlRequestCount", "Url5xxCount"},
        (): {"ConcurrentExecutions", "Throttles"},
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
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    "AWS/Events": {("RuleName",): {"Invocations"}},
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
"""AWS metrics in use, by namespace and dimensions."""
DOORS = {"speech", "speech_stream", "api"}
SERVICES = {
    "Latency": DOORS,
    "Success": DOORS,
    "ColdStart": DOORS | {"authorizer"},
    "FirstAudio": {"speech_stream"},
    "KeysRefused": {"authorizer"},
    "FailedAttempts": {"worker", "kokoro_worker", "sweeper", "gpu_submit"},
    "DeadLetters": {"sweeper"},
    "Swept": {"sweeper"},
    "BatchDone": {"finish_batch"},
    "BatchInSla": {"finish_batch"},
    "RowErrors": {"finish_batch"},
}
"""Functions that send metrics without other dimensions."""
KINDS = {
    "Cost": {"realtime", "job", "item"},
    "RealTimeFactor": {"realtime", "job", "item"},
    "GpuWait": {"job", "item"},
    "PastDeadline": {"item"},
}
TIERS = {"standard", "vip", "gpu", "kokoro"}


def of_ours(name):
    """Return the possible dimensions of one of our metrics: [{dimension: value}, ...]."""
    by = MEASURES[name].by
    if not by:
        return [{}]
    values = {("service",): SERVICES, ("kind",): KINDS}[by][name] if by != ("tier",) else TIERS
    return [{by[0]: value} for value in values]


def looked_at(alarm):
    """Return the metrics of an alarm: [(namespace, name, {dimension: value}), ...]."""
    stats = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return [
        (plain(one["Namespace"]), one["MetricName"], {d["Name"]: plain(d["Value"]) for d in one.get("Dimensions", ())})
        for one in stats or [alarm]
    ]


FILTERED = {
    transformation["MetricName"]: one["FilterPattern"]
    for one in of_type("AWS::Logs::MetricFilter").values()
    for transformation in one["MetricTransformations"]
}
"""Metrics that CloudWatch derives from log lines, and their filter patterns."""


def dashboard(name, *, stream=True):
    """Return a dashboard as deployed, with or without streams, with unresolved names of resources."""
    body = of_type("AWS::CloudWatch::Dashboard")[name]["DashboardBody"]["Sub"]
    text, parts = body if isinstance(body, list) else (body, {})
    for part, value in parts.items():
        (condition, yes, no) = value["If"]
        assert condition == "HasStream"
        text = text.replace(f"${{{part}}}", (yes["Sub"] if isinstance(yes, dict) else yes) if stream else no)
    return json.loads(text.replace("${!", "${"))


def expanded(widget):
    """Return the metrics of a widget: [(namespace, name, {dimension: value}), ...]; resolve "..."."""
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


def is_sent(namespace, name, dimensions):
    """Return whether a metric is sent by our code, a log filter, or AWS for a resource of the template."""
    if namespace == OURS:
        return dimensions == {} if name in FILTERED else dimensions in of_ours(name)
    if name not in AWS[namespace].get(tuple(dimensions), ()):
        return False
    return all(_is_there(dimension, value) for dimension, value in dimensions.items())


def _is_there(dimension, value):
    if dimension in {"EndpointName", "VariantName", "StorageType"}:
        return value in {ENDPOINT, "main", "StandardStorage", "StandardIAStorage", "AllStorageTypes"}
    if dimension == "RuleName":  # SAM names the rule of an event after its function
        return value.removeprefix("${").removesuffix("}") in RULES
    kind, attribute = DIMENSIONS[dimension]
    name, _, found = value.removeprefix("${").removesuffix("}").partition(".")
    return RESOURCES[name]["Type"] == kind and (found or None) == attribute


def services():
    """Return the functions by their names in metrics."""
    return {file_name(name) for name in FUNCTIONS}


def parameter(name):
    return PARAMETERS[name]["Default"]
