"""Requests that the stand-in rejects, like SageMaker or because it does not support them."""

import pytest
from botocore.exceptions import ClientError

from local.asynchronous.endpoints import UnknownSetting, from_config
from tests.local.conftest import client


def test_an_unknown_endpoint_is_rejected(emulator, running, jobs):
    with pytest.raises(ClientError, match="Endpoint nobody of account 000000000000 not found") as refused:
        client(running, "sagemaker-runtime").invoke_endpoint_async(EndpointName="nobody", InputLocation="s3://a/b")
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    ("headers", "body", "message"),
    [
        ({}, "", "Exactly one"),
        ({"InputLocation": "s3://a/b"}, "{}", "Exactly one"),
        ({"InputLocation": "https://a/b"}, "", "address of an object"),
        ({"InputLocation": "s3://a/b", "Inference-Id": "x" * 65}, "", "less than or equal to 64"),
        ({"InputLocation": "s3://a/b", "RequestTTLSeconds": "59"}, "", "from 60 to 21600"),
        ({"InputLocation": "s3://a/b", "InvocationTimeoutSeconds": "3601"}, "", "from 1 to 3600"),
        ({}, "x" * 128_001, "128000"),
        ({"InputLocation": "s3://a/b", "Filename": "a.mp3"}, "", "does not support"),
    ],
)
def test_invalid_requests_are_rejected_as_by_sagemaker(runtime, headers, body, message):
    sent = {f"X-Amzn-SageMaker-{name}": value for name, value in headers.items()}
    answer = runtime.control.post(f"/endpoints/{runtime.endpoint}/async-invocations", headers=sent, content=body)
    assert answer.status_code == 400
    assert message in answer.json()["Message"]


def test_an_unknown_behaviour_is_rejected(runtime):
    answer = runtime.control.put("/_behaviour", json={"mood": "bad"})
    assert (answer.status_code, answer.json()) == (400, {"message": "unknown settings: mood"})


def test_an_unknown_setting_of_an_endpoint_is_rejected():
    output = {"S3OutputPath": "s3://a/b", "NotificationConfig": {"IncludeInferenceResponseIn": []}}
    with pytest.raises(UnknownSetting, match="IncludeInferenceResponseIn"):
        from_config("name", {"OutputConfig": output})
