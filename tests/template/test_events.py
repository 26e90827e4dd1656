"""The sample events have AWS's format and the fields that the code reads."""

import hashlib
import json

import pytest
import yaml

from herald.auth.api_keys import PlaintextKey
from herald.auth.caller import Caller
from herald.batches.batch import is_id as is_batch_id
from herald.batches.batch_ports import Run
from herald.batches.items import ChunkNote
from herald.batches.shared_sentences import PackNote, SharedPack
from herald.errors import MalformedMessage
from herald.jobs.gpu_work import Notice
from herald.jobs.job import is_id
from herald.jobs.job_messages import JobEnd, JobMessage
from herald.jobs.webhook_message import Webhook
from herald.web.routes import ROUTES, find_path
from tests.support import load_balancer_events
from tests.template.template import HEARING, ROOT, file_name

EVENTS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "events").glob("*.json"))}
MACHINE = yaml.safe_load((ROOT / "statemachines" / "batch.asl.yaml").read_text())
PUBLIC = {"/health", "/openapi.json", "/docs", "/studio", "/"}
BROKEN = {"worker__broken_message": 1, "worker__ten_one_bad": 1}
"""Number of malformed messages per sample."""


def _is_sqs(event):
    return event.get("Records", [{}])[0].get("eventSource") == "aws:sqs"


def of(*functions):
    return pytest.mark.parametrize("name", [name for name in EVENTS if name.partition("__")[0] in functions])


@pytest.mark.parametrize("name", HEARING)
def test_a_function_has_a_sample_event(name):
    assert any(event.startswith(f"{file_name(name)}__") for event in EVENTS)


def test_every_sample_event_belongs_to_a_function():
    assert {name.partition("__")[0] for name in EVENTS} == {file_name(name) for name in HEARING}


BALANCED = [name for name in EVENTS if name.endswith("__load_balancer")]


def of_the_http_api():
    return pytest.mark.parametrize(
        "name", [name for name in EVENTS if name.startswith(("api__", "speech__")) and name not in BALANCED]
    )


@of_the_http_api()
def test_http(name):
    event = EVENTS[name]
    context = event["requestContext"]
    method, _, route = event["routeKey"].partition(" ")
    assert (event["version"], context["routeKey"], context["requestId"] != "") == ("2.0", event["routeKey"], True)
    assert (context["http"]["path"], event["routeKey"] == "$default" or context["http"]["method"] == method) == (
        event["rawPath"],
        True,
    )
    assert event["routeKey"] == "$default" or method in ROUTES[find_path(event["rawPath"])[0]]
    assert event["rawPath"] == route.format(**event.get("pathParameters", {})) or event["routeKey"] == "$default"
    query = event.get("queryStringParameters", {})
    assert event["rawQueryString"] == "&".join(f"{key}={value}" for key, value in query.items())


@of_the_http_api()
def test_the_caller(name):
    context = EVENTS[name]["requestContext"]
    if EVENTS[name]["rawPath"] in PUBLIC:
        assert "authorizer" not in context
    else:
        caller = Caller.of_context(context["authorizer"]["lambda"])
        assert caller.context() == context["authorizer"]["lambda"]
        assert EVENTS[name]["headers"]["authorization"].startswith(f"Bearer hk_{caller.key}_")


@pytest.mark.parametrize("name", BALANCED)
def test_load_balancer(name):
    """As docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html has it, with lists."""
    event = EVENTS[name]
    headers = {header: value for header, (value,) in event["multiValueHeaders"].items()}
    body = event["body"].encode()
    content_type = headers.get("content-type", "")
    modelled = load_balancer_events.event_of(event["httpMethod"], event["path"], {"content-type": content_type}, body)
    assert event.keys() == modelled.keys()
    assert event["requestContext"].keys() == {"elb"}
    assert (event["body"], event["isBase64Encoded"]) == (modelled["body"], modelled["isBase64Encoded"])
    assert int(headers.get("content-length", "0")) == len(body)
    assert event["httpMethod"] in ROUTES[find_path(event["path"])[0]]
    assert headers.keys() >= {"host", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
    if event["path"] not in PUBLIC:
        assert PlaintextKey.parse(headers["authorization"].removeprefix("Bearer "))


@of("authorizer")
def test_authorizer(name):
    event = EVENTS[name]
    shown = event["headers"]["authorization"]
    assert (event["version"], event["type"], event["identitySource"]) == ("2.0", "REQUEST", [event["routeKey"]])
    assert PlaintextKey.parse(shown.removeprefix("Bearer "))
    assert "authorizer" not in event["requestContext"]


@pytest.mark.parametrize("name", [name for name, event in EVENTS.items() if _is_sqs(event)])
def test_sqs(name):
    broken = 0
    for record in EVENTS[name]["Records"]:
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode()).hexdigest()  # noqa: S324  as SQS does
        assert (record["eventSource"], record["eventSourceARN"].split(":")[2]) == ("aws:sqs", "sqs")
        assert int(record["attributes"]["ApproximateReceiveCount"]) >= 1
        if name.startswith("send_webhooks__"):
            assert Webhook.parse(record["body"]).url.startswith("https://")
            continue
        try:
            message = JobMessage.parse(record["body"])
        except MalformedMessage:
            broken += 1
        else:
            assert is_id(message.job)
            assert record["attributes"]["MessageGroupId"] == message.tenant
    assert broken == BROKEN.get(name, 0)


def test_a_batch_is_of_ten():
    records = EVENTS["worker__ten_one_bad"]["Records"]
    assert len({record["messageId"] for record in records}) == len(records) == 10


@pytest.mark.parametrize("name", ["gpu_result__success", "gpu_result__failure"])
def test_sns(name):
    (record,) = EVENTS[name]["Records"]
    assert record["EventSource"] == "aws:sns"
    assert record["EventSubscriptionArn"].startswith(record["Sns"]["TopicArn"])
    notice = Notice.parse(record["Sns"]["Message"])
    assert is_id(notice.job)
    assert notice.attempt == 1
    succeeded = name == "gpu_result__success"
    assert (notice.status, bool(notice.output)) == ("Completed" if succeeded else "Failed", succeeded)


def test_schedule():
    event = EVENTS["sweeper__every_five_minutes"]
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.events", "Scheduled Event", {})


@of("plan_batch", "finish_batch")
def test_runs(name):
    event = EVENTS[name]
    run = Run.model_validate_json(event["detail"]["input"]) if "detail" in event else Run.model_validate(event)
    assert is_batch_id(run.batch)
    assert (run.manifest is not None) == (name == "plan_batch__upload")


@pytest.mark.parametrize("name", ["speak_items__chunk", "speak_items__gpu_done", "gpu_submit__item"])
def test_chunks(name):
    event, child = EVENTS[name], MACHINE["States"]["Speak"]["ItemProcessor"]["States"]
    assert is_batch_id(ChunkNote.model_validate(event["note"]).batch)
    if name == "gpu_submit__item":
        assert {f"{key}.$" for key in event} == child["SpeakOnGpu"]["Parameters"]["Payload"].keys()
    elif "end" in event:
        assert JobEnd.model_validate(event["end"]).state == "done"
    else:
        assert {f"{key}.$" for key in event} == child["SpeakItems"]["Parameters"].keys()
        assert [SharedPack.model_validate(pack).spoken for pack in event["shared"]] == [41]


def test_a_pack():
    event, shared = EVENTS["speak_items__pack"], MACHINE["States"]["SpeakShared"]
    assert {f"{key}.$" for key in event} == shared["ItemSelector"].keys() - {"chunks"}
    assert is_batch_id(PackNote.model_validate(event["pack"]).batch)
