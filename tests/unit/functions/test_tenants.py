"""Tenants are isolated. The tenant of a request is decided only by the authorizer."""

import pytest

from herald.clock import utc_now
from herald.jobs.job import State, new_id
from tests.unit.functions.test_jobs import TEXT, bring

NOT_THERE = new_id(utc_now())
PATHS = [("GET", "/v1/jobs/{}"), ("DELETE", "/v1/jobs/{}"), ("POST", "/v1/jobs/{}/retry")]
KEY = {"Idempotency-Key": "7c9e6679"}


def without_request_id(answer):
    """Return a response without its request id, which always differs."""
    return answer.status, answer.headers | {"X-Request-Id": None}, answer.body


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("state", [State.QUEUED, State.SPEAKING, State.FAILED, State.DONE])
def test_another_tenants_job_is_not_found(http, parts, state, method, path):
    theirs = http("POST", "/v1/jobs", {"input": TEXT}, tenant="acme").json["id"]
    bring(parts, theirs, state)
    before = parts.table.get(theirs)
    answer = http(method, path.format(theirs), tenant="mallory")
    assert without_request_id(answer) == without_request_id(http(method, path.format(NOT_THERE), tenant="mallory"))
    assert answer.refusal == (404, "not_found")
    assert parts.table.get(theirs) == before
    assert http("GET", f"/v1/jobs/{theirs}", tenant="acme").status == 200


def test_list_contains_only_the_tenants_own_jobs(http):
    theirs = [http("POST", "/v1/jobs", {"input": f"{TEXT} {one}"}, tenant="acme").json["id"] for one in range(3)]
    mine = http("POST", "/v1/jobs", {"input": TEXT}, tenant="mallory").json["id"]
    assert [job["id"] for job in http("GET", "/v1/jobs", tenant="mallory").json["data"]] == [mine]
    cursor = http("GET", "/v1/jobs?limit=1", tenant="acme").json["next_cursor"]
    page = http("GET", f"/v1/jobs?cursor={cursor}", tenant="mallory").json["data"]
    assert not {job["id"] for job in page} & set(theirs)


def test_idempotency_keys_are_isolated_by_tenant(http):
    sent = {"input": TEXT}
    theirs, mine = (http("POST", "/v1/jobs", sent, tenant=name, headers=KEY).json for name in ("acme", "mallory"))
    assert theirs["id"] != mine["id"]
    assert http("POST", "/v1/jobs", {"input": "Other."}, tenant="third", headers=KEY).status == 202


def test_files_are_not_shared_between_tenants(http, parts):
    bring(parts, http("POST", "/v1/jobs", {"input": TEXT}, tenant="acme").json["id"], State.DONE)
    mine = http("POST", "/v1/jobs", {"input": TEXT}, tenant="mallory").json
    assert (mine["state"], mine["hit"], mine["audio_url"]) == ("queued", False, None)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Tenant": "acme"},
        {"Tenant": "acme", "X-Herald-Tenant": "acme", "X-Tenant-Id": "acme"},
        {"Authorization": "Bearer acme"},
        {"X-Amzn-Request-Context": '{"authorizer": {"lambda": {"tenant": "acme"}}}'},
        {"Forwarded": "for=acme", "X-Forwarded-User": "acme"},
    ],
)
def test_no_header_sets_the_tenant(http, parts, headers):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}, headers=headers).json["id"]
    assert parts.table.get(job_id).tenant == "default"
    assert http("GET", f"/v1/jobs/{job_id}", headers=headers, tenant="acme").status == 404


@pytest.mark.parametrize(
    "name", ["tenant", "id", "state", "key", "audio_key", "batch", "route", "published", "expires"]
)
def test_no_body_field_sets_internal_fields(http, cloud, name):
    answer = http("POST", "/v1/jobs", {"input": TEXT, name: "acme"})
    assert answer.refusal == (400, "unknown_field")
    assert cloud.rows() == []


def test_no_query_sets_the_tenant(http, parts):
    job_id = http("POST", "/v1/jobs?tenant=acme&state=done", {"input": TEXT}).json["id"]
    assert parts.table.get(job_id).tenant == "default"
    assert http("GET", "/v1/jobs?tenant=default", tenant="acme").refusal == (400, "unknown_field")


@pytest.mark.parametrize("tenant", ["../acme", "a" * 65, "a b", "a/b", "-a", "a\r\nb"])
def test_unsafe_tenant_name_is_an_error_of_the_operator(http, cloud, tenant):
    answer = http("POST", "/v1/jobs", {"input": TEXT}, tenant=tenant)
    assert answer.refusal == (500, "invalid_settings")
    assert (cloud.rows(), cloud.keys()) == ([], [])
