"""Notices of the endpoint as documented by SageMaker, and malformed ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import MalformedMessage
from herald.jobs.gpu_work import Notice

MARKER = "Sesame-opens-1f0c"
# From https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html, with our own names.
SUCCESS = {
    "awsRegion": "us-east-1",
    "eventTime": "2026-11-22T22:46:00.608Z",
    "receivedTime": "2026-11-22T22:45:59.455Z",
    "invocationStatus": "Completed",
    "requestParameters": {
        "contentType": "application/json",
        "endpointName": "herald-gpu",
        "inputLocation": "s3://audio/gpu/input/job_1/2.json",
    },
    "responseParameters": {
        "contentType": "application/vnd.herald.speech",
        "outputLocation": "s3://audio/gpu/output/prediction.out",
    },
    "inferenceId": "job_1",
    "eventVersion": "1.0",
    "eventSource": "aws:sagemaker",
    "eventName": "InferenceResult",
}
FAILURE = {
    "awsRegion": "us-east-1",
    "eventTime": "2026-11-22T22:46:00.608Z",
    "receivedTime": "2026-11-22T22:45:59.455Z",
    "invocationStatus": "Failed",
    "failureReason": "ClientError: Received server error (500) from the model container",
    "requestParameters": {"endpointName": "herald-gpu", "inputLocation": "s3://audio/gpu/input/job_1/2.json"},
    "inferenceId": "job_1",
    "eventVersion": "1.0",
    "eventSource": "aws:sagemaker",
    "eventName": "InferenceResult",
}


def test_a_success():
    notice = Notice.parse(json.dumps(SUCCESS))
    assert (notice.job, notice.status, notice.attempt) == ("job_1", "Completed", 2)
    assert notice.output == "s3://audio/gpu/output/prediction.out"


def test_a_failure():
    notice = Notice.parse(json.dumps(FAILURE))
    assert (notice.job, notice.status, notice.attempt, notice.output) == ("job_1", "Failed", 2, "")


@pytest.mark.parametrize(
    ("where", "attempt"),
    [
        ("s3://audio/gpu/input/job_1/12.json", 12),
        ("s3://audio/gpu/input/job_1/12.json.gz", None),
        ("s3://audio/gpu/input/job_1/x12.json", None),
        ("s3://audio/gpu/input/job_1/9999999999.json", None),
        ("s3://audio/gpu/input/job_1/-1.json", None),
        ("", None),
        (None, None),
        (["s3://audio/1.json"], None),
        ({"/1.json": 1}, None),
    ],
)
def test_attempt_is_parsed_from_the_input_location(where, attempt):
    notice = Notice.parse(json.dumps(FAILURE | {"requestParameters": {"inputLocation": where}}))
    assert notice.attempt == attempt


@pytest.mark.parametrize("response", [{}, {"outputLocation": None}, {"outputLocation": [1]}, {"outputLocation": 7}])
def test_output_is_always_a_string(response):
    assert isinstance(Notice.parse(json.dumps(SUCCESS | {"responseParameters": response})).output, str)


@pytest.mark.parametrize(
    "text",
    [
        "",
        MARKER,
        "null",
        "[]",
        "{}",
        json.dumps(SUCCESS)[:-1],
        json.dumps(SUCCESS | {"invocationStatus": MARKER}),
        json.dumps(SUCCESS | {"invocationStatus": None}),
        json.dumps(SUCCESS | {"inferenceId": None}),
        json.dumps(SUCCESS | {"inferenceId": [MARKER]}),
        json.dumps(SUCCESS | {"inferenceId": 7}),
        json.dumps(SUCCESS | {"requestParameters": MARKER}),
        json.dumps(SUCCESS | {"requestParameters": [MARKER]}),
        json.dumps(SUCCESS | {"responseParameters": MARKER}),
        json.dumps({name: value for name, value in SUCCESS.items() if name != "inferenceId"}),
        json.dumps({name: value for name, value in SUCCESS.items() if name != "invocationStatus"}),
        "[" * 100_000,
        '{"inferenceId": "\ud800", "invocationStatus": "Completed"}',
        "\x00",
    ],
)
def test_malformed_notices_are_rejected(text):
    with pytest.raises(MalformedMessage) as caught:
        Notice.parse(text)
    assert MARKER not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_rejected(value):
    with pytest.raises(MalformedMessage):
        Notice.parse(json.dumps(value))


@given(st.fixed_dictionaries({"inputLocation": st.text() | st.integers() | st.none()}))
def test_any_input_location_gives_a_valid_attempt_or_none(request_parameters):
    notice = Notice.parse(json.dumps(SUCCESS | {"requestParameters": request_parameters}))
    assert notice.attempt is None or 0 <= notice.attempt <= 999_999
