"""The routes under /v1/jobs: create, get, list, cancel and retry."""

import pytest

from herald.clock import utc_now
from herald.jobs.job import AudioFile, JobError, State, is_id, new_id

FIELDS = {
    "id", "object", "state", "route", "reason", "priority", "voice", "response_format", "characters", "use_case",
    "retention", "metadata", "batch", "retry_of", "created_at", "begun_at", "ended_at", "expires_at", "attempts", "hit",
    "audio_seconds", "audio_bytes", "sample_rate", "audio_url", "price_expected", "price", "error",
    "webhook_url", "webhook",
}  # fmt: skip
"""Fields of a job in the API: always present, and without text."""
TEXT = "Guten Tag."
NOT_THERE = new_id(utc_now())
AFTER_SUBMISSION = [state for state in State if state is not State.ACCEPTED]
CAN_BE_CANCELLED = {State.ACCEPTED, State.QUEUED, State.CANCELLED}


def bring(parts, job_id, state):
    """Move a queued job to a state, as processing it would."""
    if state is State.QUEUED:
        return
    if state in {State.SPEAKING, State.WAITING_FOR_GPU}:
        assert parts.table.claim(job_id, state, worker="w", at=utc_now(), until=utc_now())
    elif state is State.FAILED:
        assert parts.completion.fail(parts.table.get(job_id), JobError(code="unknown_voice", message="It is gone."))
    elif state is State.DONE:
        job = parts.table.get(job_id)
        audio = AudioFile(key=job.audio_key, seconds=1.5, bytes=4, sample_rate=16_000, media_type="audio/mpeg")
        stored = parts.audio.put(b"mp3!", audio).file
        assert parts.completion.complete(job, stored, processing_seconds=0.2)
    else:
        assert parts.completion.cancel(parts.table.get(job_id))


def test_create_a_job(http, cloud):
    sent = {"input": TEXT, "priority": "vip", "use_case": "alert", "metadata": {"customer": "4711"}}
    answer = http("POST", "/v1/jobs", sent)
    job = answer.json
    assert answer.status == 202
    assert is_id(job["id"])
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert answer.headers["X-Herald-Route"] == job["route"] == "queue"
    assert set(job) == FIELDS
    assert (job["state"], job["priority"], job["use_case"], job["metadata"]) == (
        "queued", "vip", "alert", {"customer": "4711"},
    )  # fmt: skip
    assert (job["characters"], job["voice"], job["response_format"]) == (10, "de_DE-tiny-low", "mp3")
    assert 0 < job["price_expected"] < 0.001
    assert (job["price"], job["error"], job["audio_url"], job["hit"], job["attempts"]) == (None, None, None, False, 0)
    assert cloud.messages("vip") == [{"version": 1, "job": job["id"], "tenant": "default"}]
    assert cloud.messages("standard") == []


def test_get_returns_the_created_job(http):
    created = http("POST", "/v1/jobs", {"input": TEXT}).json
    found = http("GET", f"/v1/jobs/{created['id']}")
    assert (found.status, found.json) == (200, created)


@pytest.mark.parametrize("state", AFTER_SUBMISSION)
def test_every_state_has_the_same_fields(http, parts, state):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    bring(parts, job_id, state)
    job = http("GET", f"/v1/jobs/{job_id}").json
    assert (set(job), job["state"]) == (FIELDS, state.value)
    assert (job["ended_at"] is not None) == (state in {State.DONE, State.FAILED, State.CANCELLED})
    assert (job["error"] is not None) == (state is State.FAILED)


def test_done_job_has_its_file_and_price(http, parts):
    job_id = http("POST", "/v1/jobs", {"input": TEXT, "use_case": "alert"}).json["id"]
    bring(parts, job_id, State.DONE)
    job = http("GET", f"/v1/jobs/{job_id}").json
    assert (job["audio_seconds"], job["audio_bytes"], job["sample_rate"]) == (1.5, 4, 16_000)
    assert job["price"] > 0
    assert "X-Amz-Expires=900" in job["audio_url"]
    assert f"alert-{job['created_at'][:10]}-{job_id[-6:]}.mp3" in job["audio_url"]


def test_repeated_text_is_done_at_once(http, parts, cloud):
    bring(parts, http("POST", "/v1/jobs", {"input": TEXT}).json["id"], State.DONE)
    cloud.messages("standard")
    again = http("POST", "/v1/jobs", {"input": TEXT})
    assert (again.status, again.json["state"], again.json["hit"]) == (202, "done", True)
    assert again.json["audio_url"]
    assert cloud.messages("standard") == []


@pytest.mark.parametrize("state", AFTER_SUBMISSION)
def test_only_a_job_that_has_not_started_is_cancelled(http, parts, state):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    bring(parts, job_id, state)
    answer = http("DELETE", f"/v1/jobs/{job_id}")
    if state in CAN_BE_CANCELLED:
        assert (answer.status, answer.json["state"]) == (200, "cancelled")
        assert http("DELETE", f"/v1/jobs/{job_id}").json == answer.json
    else:
        assert answer.refusal == (409, "job_begun")
        assert parts.table.get(job_id).state is state


@pytest.mark.parametrize("state", AFTER_SUBMISSION)
def test_only_a_failed_job_is_retried(http, parts, state):
    job_id = http("POST", "/v1/jobs", {"input": TEXT, "metadata": {"a": "b"}}).json["id"]
    bring(parts, job_id, state)
    answer = http("POST", f"/v1/jobs/{job_id}/retry")
    if state is not State.FAILED:
        assert answer.refusal == (409, "job_not_failed")
        return
    again = answer.json
    assert (answer.status, again["state"], again["retry_of"], again["metadata"]) == (202, "queued", job_id, {"a": "b"})
    assert answer.headers["Location"] == f"/v1/jobs/{again['id']}" != f"/v1/jobs/{job_id}"
    assert http("POST", f"/v1/jobs/{job_id}/retry").json["id"] == again["id"]


def ids(answer):
    assert answer.status == 200
    return [job["id"] for job in answer.json["data"]]


def test_list_is_newest_first_and_paginated(http):
    created = [http("POST", "/v1/jobs", {"input": f"{TEXT} {number}"}).json["id"] for number in range(5)]
    first = http("GET", "/v1/jobs?limit=2")
    assert (first.json["object"], first.json["has_more"]) == ("list", True)
    second = http("GET", f"/v1/jobs?limit=2&cursor={first.json['next_cursor']}")
    last = http("GET", f"/v1/jobs?limit=2&cursor={second.json['next_cursor']}")
    assert ids(first) + ids(second) + ids(last) == created[::-1]
    assert (last.json["has_more"], last.json["next_cursor"]) == (False, None)
    assert set(first.json["data"][0]) == FIELDS


def test_list_is_filtered(http, parts):
    alert, other = (http("POST", "/v1/jobs", {"input": TEXT, "use_case": name}).json["id"] for name in ("alert", "x"))
    bring(parts, alert, State.FAILED)
    assert ids(http("GET", "/v1/jobs?use_case=alert")) == ids(http("GET", "/v1/jobs?state=failed")) == [alert]
    assert ids(http("GET", "/v1/jobs?state=queued")) == [other]
    assert ids(http("GET", "/v1/jobs?state=failed&use_case=x")) == ids(http("GET", "/v1/jobs?batch=b1")) == []


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0", "invalid_request", "limit"),
        ("limit=101", "invalid_request", "limit"),
        ("limit=ten", "invalid_request", "limit"),
        ("limit=1&limit=2", "invalid_request", "limit"),
        ("state=lost", "invalid_request", "state"),
        ("state=", "invalid_request", "state"),
        ("use_case=../a", "invalid_request", "use_case"),
        ("batch=a/b", "invalid_request", "batch"),
        ("cursor=a", "invalid_cursor", "cursor"),
        ("cursor=", "invalid_cursor", "cursor"),
        ("tenant=other", "unknown_field", None),
    ],
)
def test_invalid_query_is_refused(http, query, code, param):
    answer = http("GET", f"/v1/jobs?{query}")
    assert answer.refusal == (400, code)
    assert answer.error["param"] == param


@pytest.mark.parametrize("path", ["/v1/jobs/{}", "/v1/jobs/{}/retry"])
@pytest.mark.parametrize(
    "job_id",
    [NOT_THERE, "x", "job_", f"{NOT_THERE}0", NOT_THERE.upper(), "..", "..%2f..", "%2e%2e%2f", "a%0d%0aX-Y:%20z", "%00",
     "%22", "%5c", "a%23b", "%60", "%f0%9f%98%80", "a" * 8_000, "%ff%fe", "'or'1'='1", "{id}", "$", "%252e"],
)  # fmt: skip
def test_unknown_and_malformed_ids_are_the_same_404(http, path, job_id):
    method = "POST" if path.endswith("retry") else "GET"
    answer = http(method, path.format(job_id))
    assert answer.status == 404
    if "%2f" not in job_id:
        assert answer.body == http("GET", f"/v1/jobs/{NOT_THERE}").body


def test_deleting_a_malformed_id_is_a_404(http):
    for job_id in ("%0d%0a", "%22", NOT_THERE):
        assert http("DELETE", f"/v1/jobs/{job_id}").refusal == (404, "not_found")
    assert http("PUT", "/v1/jobs/%22").headers["Allow"] == "GET, DELETE"
