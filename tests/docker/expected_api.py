"""Sample events of the api function."""

import json

from herald.auth.caller import Caller
from herald.jobs.job import JobError
from tests.docker.expected import body_of, error_of, headers_of, of
from tests.docker.herald import EVENTS, SAMPLE_JOB
from tests.support.load_balancer_events import sent


@of("api__health")
def the_api_is_healthy(herald):
    assert body_of(herald.call_as_built("api__health"), 200)["status"] == "ok"


@of("api__load_balancer")
def the_api_is_healthy_behind_a_load_balancer(herald):
    status, headers, body = sent(herald.call_as_built("api__load_balancer"))
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body)["status"] == "ok"


@of("api__voices")
def the_voices_are_listed(herald):
    voices = body_of(herald.call_as_built("api__voices"), 200)["data"]
    assert "en_US-heart" in {voice["id"] for voice in voices}


@of("api__usage")
def usage_is_returned(herald):
    caller = Caller.of_context(json.loads(EVENTS["api__usage"])["requestContext"]["authorizer"]["lambda"])
    herald.parts.quotas.characters(caller, 120)
    herald.parts.quotas.characters(caller, 3)
    today, *_ = body_of(herald.call("api__usage"), 200)["data"]
    assert (today["characters"], today["requests"]) >= (123, 2)


@of("api__unknown_path")
def an_unknown_path_is_not_found(herald):
    assert error_of(herald.call_as_built("api__unknown_path"), 404) == ("not_found", None)


@of("api__bad_input")
def an_invalid_job_is_rejected(herald):
    assert error_of(herald.call("api__bad_input"), 400) == ("invalid_request", "priority")


@of("api__submit_job")
def a_job_is_accepted(herald):
    answer = herald.call("api__submit_job")
    job = body_of(answer, 202)
    assert headers_of(answer)["location"] == f"/v1/jobs/{job['id']}"
    assert (job["state"], job["route"], job["priority"]) == ("queued", "queue", "vip")
    assert herald.find(job["id"]).metadata == {"customer": "4711"}
    assert job["id"] in herald.drain("vip")


@of("api__submit_dialogue")
def a_dialogue_is_queued_for_the_gpu(herald):
    job = body_of(herald.call("api__submit_dialogue"), 202)
    assert (job["state"], job["route"], job["retention"]) == ("queued", "gpu", "keep")
    assert job["id"] in herald.drain("gpu")


@of("api__get_job")
def a_job_is_returned(herald):
    job = herald.submit()
    shown = body_of(herald.call("api__get_job", {SAMPLE_JOB: job.id}), 200)
    assert (shown["id"], shown["state"]) == (job.id, "queued")


@of("api__list_jobs")
def failed_jobs_are_listed(herald):
    job, waiting = failed(herald), herald.submit()
    listed = {one["id"]: one["error"]["code"] for one in body_of(herald.call("api__list_jobs"), 200)["data"]}
    assert listed[job.id] == "gpu_silent"
    assert waiting.id not in listed


@of("api__cancel_job")
def a_job_is_cancelled(herald):
    job = herald.submit()
    assert body_of(herald.call("api__cancel_job", {SAMPLE_JOB: job.id}), 200)["state"] == "cancelled"
    assert herald.find(job.id).state == "cancelled"


@of("api__retry_job")
def a_failed_job_is_retried(herald):
    job = failed(herald)
    again = body_of(herald.call("api__retry_job", {SAMPLE_JOB: job.id}), 202)
    assert (again["state"], again["retry_of"]) == ("queued", job.id)
    assert herald.find(again["id"]).script == job.script


def failed(herald):
    """Create a failed job."""
    return herald.parts.completion.fail(herald.submit(), JobError(code="gpu_silent", message="It did not answer."))
