"""Who asks is who the authorizer says: nobody sees, moves or hits what is somebody else's."""

import pytest

from herald.jobs.job import new_id, utc_now
from herald.jobs.states import State
from tests.unit.handlers.test_jobs import TEXT, bring

NOT_THERE = new_id(utc_now())
PATHS = [("GET", "/v1/jobs/{}"), ("DELETE", "/v1/jobs/{}"), ("POST", "/v1/jobs/{}/retry")]
KEY = {"Idempotency-Key": "7c9e6679"}


def without_its_own(answer):
    """All of an answer, but for what differs with every request."""
    return answer.status, answer.headers | {"X-Request-Id": None}, answer.body


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("state", [State.QUEUED, State.SPEAKING, State.FAILED, State.DONE])
def test_anothers_job_is_as_one_that_never_was(http, parts, state, method, path):
    theirs = http("POST", "/v1/jobs", {"input": TEXT}, tenant="acme").json["id"]
    bring(parts, theirs, state)
    before = parts.table.get(theirs)
    answer = http(method, path.format(theirs), tenant="mallory")
    assert without_its_own(answer) == without_its_own(http(method, path.format(NOT_THERE), tenant="mallory"))
    assert answer.refusal == (404, "not_found")
    assert parts.table.get(theirs) == before
    assert http("GET", f"/v1/jobs/{theirs}", tenant="acme").status == 200


def test_a_list_holds_ones_own_only(http):
    theirs = [http("POST", "/v1/jobs", {"input": f"{TEXT} {one}"}, tenant="acme").json["id"] for one in range(3)]
    mine = http("POST", "/v1/jobs", {"input": TEXT}, tenant="mallory").json["id"]
    assert [job["id"] for job in http("GET", "/v1/jobs", tenant="mallory").json["data"]] == [mine]
    cursor = http("GET", "/v1/jobs?limit=1", tenant="acme").json["next_cursor"]
    page = http("GET", f"/v1/jobs?cursor={cursor}", tenant="mallory").json["data"]
    assert not {job["id"] for job in page} & set(theirs)


def test_a_key_is_each_tenants_own(http):
    sent = {"input": TEXT}
    theirs, mine = (http("POST", "/v1/jobs", sent, tenant=name, headers=KEY).json for name in ("acme", "mallory"))
    assert theirs["id"] != mine["id"]
    assert http("POST", "/v1/jobs", {"input": "Other."}, tenant="third", headers=KEY).status == 202


def test_a_file_is_each_tenants_own(http, parts):
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
def test_no_header_makes_a_tenant(http, parts, headers):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}, headers=headers).json["id"]
    assert parts.table.get(job_id).tenant == "default"
    assert http("GET", f"/v1/jobs/{job_id}", headers=headers, tenant="acme").status == 404


@pytest.mark.parametrize("name", ["tenant", "id", "state", "key", "audio_key", "batch", "route", "told", "expires"])
def test_no_field_of_a_body_makes_what_herald_decides(http, cloud, name):
    answer = http("POST", "/v1/jobs", {"input": TEXT, name: "acme"})
    assert answer.refusal == (400, "unknown_field")
    assert cloud.rows() == []


def test_no_query_makes_a_tenant(http, parts):
    job_id = http("POST", "/v1/jobs?tenant=acme&state=done", {"input": TEXT}).json["id"]
    assert parts.table.get(job_id).tenant == "default"
    assert http("GET", "/v1/jobs?tenant=default", tenant="acme").refusal == (400, "unknown_field")


@pytest.mark.parametrize("tenant", ["../acme", "a" * 65, "a b", "a/b", "-a", "a\r\nb"])
def test_a_tenant_that_is_unsafe_in_a_key_is_an_error_of_the_operator(http, cloud, tenant):
    answer = http("POST", "/v1/jobs", {"input": TEXT}, tenant=tenant)
    assert answer.refusal == (500, "invalid_settings")
    assert (cloud.rows(), cloud.keys()) == ([], [])
