"""The stand-in for SageMaker's asynchronous runtime, called with boto3, with a fake container."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from local.asynchronous.endpoints import Endpoint
from local.asynchronous.instance import Instance
from local.asynchronous.invocation import Invocation
from tests.local.conftest import wait_for
from tests.local.container import AUDIO


def behave(runtime, **settings):
    assert runtime.control.put("/_behaviour", json=settings).status_code == 200


def ended(runtime, inference_id):
    return wait_for(lambda: runtime.control.get(f"/_notices/{inference_id}").json())


def test_a_response_is_written_and_published(runtime, jobs):
    accepted = runtime.invoke("good", ContentType="application/json")
    assert accepted["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert accepted["InferenceId"] == "good"
    assert accepted["OutputLocation"].startswith(f"s3://{jobs['Bucket']}/gpu/output/")
    assert accepted["FailureLocation"].startswith(f"s3://{jobs['Bucket']}/gpu/failure/")
    (notice,) = runtime.notices(1)
    assert runtime.read(accepted["OutputLocation"]) == AUDIO
    times = {notice.pop("eventTime"), notice.pop("receivedTime")}
    assert all(datetime.fromisoformat(time).tzinfo for time in times)
    assert notice == {
        "awsRegion": "us-east-1",
        "invocationStatus": "Completed",
        "requestParameters": {
            "contentType": "application/json",
            "endpointName": runtime.endpoint,
            "inputLocation": f"s3://{jobs['Bucket']}/gpu/input/good",
        },
        "responseParameters": {
            "contentType": "application/vnd.herald.speech",
            "outputLocation": accepted["OutputLocation"],
        },
        "inferenceId": "good",
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }


def test_the_input_can_be_inline(runtime):
    accepted = runtime.invoke("inline", Body=b"{}")
    assert "inputLocation" not in runtime.notices(1)[0]["requestParameters"]
    assert runtime.read(accepted["OutputLocation"]) == AUDIO


@pytest.mark.parametrize(("status", "kind"), [(400, "ClientError"), (500, "InternalServerError")])
def test_an_error_of_the_container_is_written_and_published(runtime, status, kind):
    accepted = runtime.invoke(f"bad-{status}", {"status": status})
    (notice,) = runtime.notices(1)
    assert notice["invocationStatus"] == "Failed"
    assert notice["failureReason"].startswith(kind)
    assert "responseParameters" not in notice
    assert json.loads(runtime.read(accepted["FailureLocation"])) == {"error": {"code": "unknown_voice"}}
    with pytest.raises(ClientError, match="NoSuchKey"):
        runtime.read(accepted["OutputLocation"])


def test_a_configured_failure(runtime):
    behave(runtime, inference_id="simulated", failure_status=500)
    accepted = runtime.invoke("simulated")
    assert runtime.notices(1)[0]["failureReason"].startswith("InternalServerError")
    assert "error" in json.loads(runtime.read(accepted["FailureLocation"]))


def test_missing_input_fails(runtime, jobs):
    runtime.invoke("lost", InputLocation=f"s3://{jobs['Bucket']}/gpu/input/nowhere")
    assert "NoSuchKey" in runtime.notices(1)[0]["failureReason"]


def test_silent_writes_the_file_and_the_notice_can_be_sent_later(runtime):
    behave(runtime, silent=True)
    accepted = runtime.invoke("silent")
    ended(runtime, "silent")
    behave(runtime)
    runtime.invoke("loud")
    assert [notice["inferenceId"] for notice in runtime.notices(1)] == ["loud"]
    assert runtime.read(accepted["OutputLocation"]) == AUDIO
    assert runtime.control.post("/_notices/silent").status_code == 200
    assert [notice["inferenceId"] for notice in runtime.notices(1)] == ["silent"]


def test_deaf_loses_the_invocation(runtime):
    behave(runtime, inference_id="deaf", deaf=True)
    accepted = runtime.invoke("deaf")
    runtime.invoke("after")
    assert [notice["inferenceId"] for notice in runtime.notices(1)] == ["after"]
    assert runtime.control.get("/_notices/deaf").status_code == 404
    with pytest.raises(ClientError, match="NoSuchKey"):
        runtime.read(accepted["OutputLocation"])


def test_double_notice(runtime):
    behave(runtime, notices=2)
    runtime.invoke("double")
    one, two = runtime.notices(2)
    assert one == two


def test_late_notice_comes_after_a_later_one(runtime):
    behave(runtime, inference_id="late", notice_delay_seconds=1)
    runtime.invoke("late")
    ended(runtime, "late")
    runtime.invoke("prompt")
    assert [notice["inferenceId"] for notice in runtime.notices(2)] == ["prompt", "late"]


def test_a_notice_before_the_response(runtime):
    behave(runtime, answer_after_notice_seconds=2)
    with ThreadPoolExecutor(1) as thread:
        answered = thread.submit(runtime.invoke, "early")
        (notice,) = runtime.notices(1)
        assert not answered.done()
        assert answered.result()["OutputLocation"] == notice["responseParameters"]["outputLocation"]


def test_cold_delays_all_requests(runtime):
    behave(runtime, cold_seconds=1)
    runtime.invoke("first")
    time.sleep(0.3)
    runtime.invoke("second")
    first, second = sorted(runtime.notices(2), key=lambda notice: notice["inferenceId"])
    waited = [
        datetime.fromisoformat(notice["eventTime"]) - datetime.fromisoformat(notice["receivedTime"])
        for notice in (first, second)
    ]
    assert waited[0] > timedelta(seconds=0.99)
    assert timedelta(seconds=0.3) < waited[1] < waited[0] - timedelta(seconds=0.2)


def test_the_concurrency_of_the_endpoint_is_respected(runtime, container):
    container.most = 0
    for number in range(6):
        runtime.invoke(f"many-{number}", {"seconds": 0.2})
    assert len(runtime.notices(6)) == 6
    assert container.most == 2


def test_a_slow_container_times_out(runtime):
    runtime.invoke("slow", {"seconds": 1.5}, InvocationTimeoutSeconds=1)
    assert runtime.notices(1)[0]["failureReason"] == "InternalServerError: No answer from model: TimeoutError"


def test_a_request_expires():
    published = []
    sns = SimpleNamespace(publish=lambda **message: published.append(json.loads(message["Message"])))
    endpoint = Endpoint("name", "s3://a/b", None, None, "topic", 1)
    received = datetime.now(UTC) - timedelta(seconds=61)
    Instance(None, sns, None).accept(Invocation(endpoint, "old", "s3://a/b", b"", "", "", 60, 900, received=received))
    (notice,) = wait_for(lambda: published)
    assert "RequestTTLSeconds (60)" in notice["failureReason"]
