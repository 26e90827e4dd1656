"""The notifications that SageMaker publishes when invocations end.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
"""

from datetime import UTC, datetime
from typing import Any

from local.asynchronous.invocation import Answer, Invocation
from local.clients import REGION

type Json = dict[str, Any]


def success(invocation: Invocation, answer: Answer) -> Json:
    """Return the notification of a completed invocation."""
    response = {"contentType": answer.content_type, "outputLocation": invocation.output_location}
    return {**_common(invocation), "invocationStatus": "Completed", "responseParameters": response}


def failure(invocation: Invocation, reason: str) -> Json:
    """Return the notification of a failed invocation."""
    return {**_common(invocation), "invocationStatus": "Failed", "failureReason": reason}


def _common(invocation: Invocation) -> Json:
    parameters = {
        "contentType": invocation.content_type,
        "endpointName": invocation.endpoint.name,
        "inputLocation": invocation.input_location,
    }
    return {
        "awsRegion": REGION,
        "eventTime": _time(datetime.now(UTC)),
        "receivedTime": _time(invocation.received),
        "requestParameters": {name: value for name, value in parameters.items() if value},
        "inferenceId": invocation.inference_id,
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
