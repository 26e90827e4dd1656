"""POST /v1/audio/speech with what takes longer than a caller may wait: led to jobs, or made one where asked."""

import pytest

from herald.handlers import speech
from tests.unit.handlers.cloud import KEYS
from tests.unit.handlers.conftest import MARKER, Context, event

LONG = "Guten Tag. " * 30
ASYNC = {"Prefer": "respond-async"}


def say(http, text="Guten Tag.", headers=None, **fields):
    return http("POST", "/v1/audio/speech", {"input": text} | fields, headers=headers)


def test_who_prefers_a_job_gets_one(http, cloud):
    answer = say(http, headers=ASYNC)
    assert answer.status == 202
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.headers["Location"] == f"/v1/jobs/{answer.json['id']}"
    assert answer.headers["X-Herald-Route"] == "queue"
    assert http("GET", answer.headers["Location"]).json == answer.json
    assert len(cloud.messages("vip")) == 1


@pytest.mark.parametrize(
    "prefer", ["respond-async", "Respond-Async", "wait=10, respond-async", "respond-async; foo=bar", " respond-async "]
)
def test_a_preference_is_read_as_rfc_7240_writes_it(http, prefer):
    assert say(http, headers={"Prefer": prefer}).status == 202


@pytest.mark.parametrize("prefer", ["", "wait=10", "respond-asynchronously", "return=minimal", "a" * 10_000, ",;,"])
def test_another_preference_changes_nothing(http, cloud, prefer):
    assert say(http, headers={"Prefer": prefer}).status == 200
    assert cloud.rows() == []


def test_a_preference_goes_with_a_key(http, cloud):
    headers = ASYNC | {"Idempotency-Key": "7c9e6679"}
    first, again = say(http, headers=headers), say(http, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert len(cloud.rows()) == 1
    assert say(http, "Anders.", headers=headers).refusal == (409, "idempotency_key_reused")
    assert say(http, headers=ASYNC | {"Idempotency-Key": "a b"}).refusal == (400, "invalid_idempotency_key")


def test_a_long_text_is_a_job_where_one_is_preferred(http):
    answer = say(http, LONG, headers=ASYNC)
    assert (answer.status, answer.json["characters"]) == (202, len(LONG))


@pytest.mark.parametrize(
    ("text", "fields", "param"),
    [(LONG, {}, "input"), ("Guten Tag. " * 200, {}, "input"), ("Hello.", {"voice": "kokoro"}, "voice")],
    ids=["long", "longer than CPU speaks", "a voice of the GPU"],
)
def test_what_nobody_can_wait_for_leads_to_jobs(http, gpu, text, fields, param):
    answer = say(http, text, **fields)
    assert answer.refusal == (400, "not_realtime")
    assert "POST /v1/jobs" in answer.error["message"]
    assert "Prefer: respond-async" in answer.error["message"]
    assert answer.error["param"] == param
    assert gpu.rows() == []
    # What the message says to do, is done.
    assert say(http, text, headers=ASYNC, **fields).status == 202
    assert http("POST", "/v1/jobs", {"input": text} | fields).status == 202


@pytest.mark.parametrize(("text", "fields"), [("Guten Tag. " * 200, {}), ("Hello.", {"voice": "kokoro"})])
@pytest.mark.parametrize("headers", [{}, ASYNC])
def test_what_needs_a_gpu_names_the_parameter_where_there_is_none(http, cloud, text, fields, headers):
    answer = say(http, text, headers=headers, **fields)
    assert answer.refusal == (400, "gpu_not_deployed")
    assert "GpuImage" in answer.error["message"]
    assert cloud.rows() == []


@pytest.mark.parametrize("name", ["quality", "priority", "use_case", "retention", "metadata", "dialogue", "tenant"])
def test_a_jobs_fields_are_a_jobs(http, name):
    assert say(http, headers=ASYNC, **{name: "high"}).refusal == (400, "unknown_field")


def test_a_short_text_asks_aws_only_to_count_it(http, cloud):
    cloud.asked.clear()
    assert say(http).status == 200
    assert [(name, given["TableName"]) for name, given in cloud.asked] == [("UpdateItem", KEYS)] * 2


def test_it_speaks_while_only_the_table_of_usage_answers(http, cloud):
    for service in ("s3", "sqs", "events"):
        cloud.silence(service)
    assert say(http).status == 200


@pytest.mark.parametrize("headers", [{}, ASYNC])
def test_what_cannot_be_counted_is_not_spoken(http, cloud, headers):
    cloud.silence("dynamodb")
    answer = say(http, headers=headers)
    assert (answer.refusal, answer.headers["Retry-After"]) == ((503, "unavailable"), "5")


def test_the_sample_event_of_a_preference_is_taken(cloud):
    answer = speech.handler(event("speech__respond_async"), Context())
    assert answer["statusCode"] == 202


def test_no_log_of_a_job_holds_its_text(http, gpu, capsys):
    for text in (MARKER, f"{MARKER} " * 50, f"{MARKER} " * 500, f"{MARKER}\0"):
        for headers in ({}, ASYNC):
            answer = say(http, text, headers=headers)
            assert answer.status == 200 or MARKER not in answer.body
    said = capsys.readouterr()
    assert MARKER not in said.out + said.err
