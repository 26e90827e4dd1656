"""POST /v1/audio/speech for texts that cannot be spoken in real time: refused, or accepted as a job on request."""

import pytest

from herald.functions import speech
from tests.support.moto_cloud import KEYS
from tests.unit.functions.conftest import MARKER, Context, event

LONG = "Guten Tag. " * 30
ASYNC = {"Prefer": "respond-async"}


def speak(http, text="Guten Tag.", headers=None, **fields):
    return http("POST", "/v1/audio/speech", {"input": text} | fields, headers=headers)


def test_prefer_respond_async_creates_a_job(http, cloud):
    answer = speak(http, headers=ASYNC)
    assert answer.status == 202
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.headers["Location"] == f"/v1/jobs/{answer.json['id']}"
    assert answer.headers["X-Herald-Route"] == "queue"
    assert http("GET", answer.headers["Location"]).json == answer.json
    assert len(cloud.messages("vip")) == 1


@pytest.mark.parametrize(
    "prefer", ["respond-async", "Respond-Async", "wait=10, respond-async", "respond-async; foo=bar", " respond-async "]
)
def test_preference_is_parsed_as_in_rfc_7240(http, prefer):
    assert speak(http, headers={"Prefer": prefer}).status == 202


@pytest.mark.parametrize("prefer", ["", "wait=10", "respond-asynchronously", "return=minimal", "a" * 10_000, ",;,"])
def test_other_preferences_are_ignored(http, cloud, prefer):
    assert speak(http, headers={"Prefer": prefer}).status == 200
    assert cloud.rows() == []


def test_preference_with_an_idempotency_key(http, cloud):
    headers = ASYNC | {"Idempotency-Key": "7c9e6679"}
    first, again = speak(http, headers=headers), speak(http, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert len(cloud.rows()) == 1
    assert speak(http, "Anders.", headers=headers).refusal == (409, "idempotency_key_reused")
    assert speak(http, headers=ASYNC | {"Idempotency-Key": "a b"}).refusal == (400, "invalid_idempotency_key")


def test_long_text_with_the_preference_is_a_job(http):
    answer = speak(http, LONG, headers=ASYNC)
    assert (answer.status, answer.json["characters"]) == (202, len(LONG))


@pytest.mark.parametrize(
    ("text", "fields", "param"),
    [(LONG, {}, "input"), ("Guten Tag. " * 200, {}, "input"), ("Hello.", {"voice": "kokoro"}, "voice")],
    ids=["long", "longer than CPU speaks", "a voice of the GPU"],
)
def test_text_that_is_not_realtime_suggests_a_job(http, gpu, text, fields, param):
    answer = speak(http, text, **fields)
    assert answer.refusal == (400, "not_realtime")
    assert "POST /v1/jobs" in answer.error["message"]
    assert "Prefer: respond-async" in answer.error["message"]
    assert answer.error["param"] == param
    assert gpu.rows() == []
    # Following the message succeeds.
    assert speak(http, text, headers=ASYNC, **fields).status == 202
    assert http("POST", "/v1/jobs", {"input": text} | fields).status == 202


@pytest.mark.parametrize(("text", "fields"), [("Guten Tag. " * 200, {}), ("Hello.", {"voice": "kokoro"})])
@pytest.mark.parametrize("headers", [{}, ASYNC])
def test_text_that_needs_a_gpu_names_the_template_parameter_if_there_is_none(http, cloud, text, fields, headers):
    answer = speak(http, text, headers=headers, **fields)
    assert answer.refusal == (400, "gpu_not_deployed")
    assert "GpuImage" in answer.error["message"]
    assert cloud.rows() == []


@pytest.mark.parametrize("name", ["quality", "priority", "use_case", "retention", "metadata", "dialogue", "tenant"])
def test_fields_of_jobs_are_refused(http, name):
    assert speak(http, headers=ASYNC, **{name: "high"}).refusal == (400, "unknown_field")


def test_short_text_calls_aws_only_to_count_it_and_to_find_its_lexicons(http, cloud):
    cloud.asked.clear()
    assert speak(http).status == 200
    assert [(name, given["TableName"]) for name, given in cloud.asked] == [
        ("GetItem", KEYS),
        ("UpdateItem", KEYS),
        ("UpdateItem", KEYS),
    ]


def test_speech_needs_only_the_usage_table(http, cloud):
    for service in ("s3", "sqs", "events"):
        cloud.silence(service)
    assert speak(http).status == 200


@pytest.mark.parametrize("headers", [{}, ASYNC])
def test_text_that_cannot_be_counted_is_refused(http, cloud, headers):
    cloud.silence("dynamodb")
    answer = speak(http, headers=headers)
    assert (answer.refusal, answer.headers["Retry-After"]) == ((503, "unavailable"), "5")


def test_sample_event_of_a_preference_is_accepted(cloud):
    answer = speech.handler(event("speech__respond_async"), Context())
    assert answer["statusCode"] == 202


def test_text_of_a_job_is_not_logged(http, gpu, capsys):
    for text in (MARKER, f"{MARKER} " * 50, f"{MARKER} " * 500, f"{MARKER}\0"):
        for headers in ({}, ASYNC):
            answer = speak(http, text, headers=headers)
            assert answer.status == 200 or MARKER not in answer.body
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
