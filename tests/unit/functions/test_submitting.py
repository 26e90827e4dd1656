"""POST /v1/jobs repeated, a hundred times at once, or while an AWS service is unavailable."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from herald.jobs.job_request import JobRequest
from tests.unit.functions.conftest import MARKER, logged

TEXT = f"{MARKER} sagt hallo."
KEY = {"Idempotency-Key": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}
SERVICES = {
    "dynamodb": [("POST", "/v1/jobs"), ("GET", "/v1/jobs"), ("GET", "/v1/jobs/{}"), ("DELETE", "/v1/jobs/{}"),
                 ("POST", "/v1/jobs/{}/retry")],
    "s3": [("POST", "/v1/jobs")],
}  # fmt: skip
NEEDS = [(service, method, path) for service, paths in SERVICES.items() for method, path in paths]


def submit(http, **changes):
    return http("POST", "/v1/jobs", {"input": TEXT} | changes, headers=KEY)


def test_idempotency_key_creates_one_job(http, cloud):
    first, again = submit(http), submit(http)
    assert (first.status, again.status) == (202, 202)
    assert again.json["id"] == first.json["id"]
    assert again.headers["Location"] == first.headers["Location"]
    assert len(cloud.rows()) == len(cloud.messages("vip")) == 1


def test_omitted_fields_equal_their_defaults(http):
    assert submit(http).json["id"] == submit(http, speed=1.0, priority="vip", metadata={}).json["id"]


@pytest.mark.parametrize(
    "change", [{"input": "Other."}, {"speed": 2.0}, {"priority": "standard"}, {"metadata": {"a": "b"}}]
)
def test_idempotency_key_of_another_request_is_refused(http, cloud, change):
    first = submit(http).json
    assert submit(http, **change).refusal == (409, "idempotency_key_reused")
    assert len(cloud.rows()) == 1
    assert http("GET", f"/v1/jobs/{first['id']}").json == first


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "a" * 10_240, "é", "a\r\nX: y", "a\0", "\x7f", "\u202ea"])
def test_invalid_idempotency_key_is_refused(http, cloud, key):
    answer = http("POST", "/v1/jobs", {"input": TEXT}, headers={"Idempotency-Key": key})
    assert answer.refusal == (400, "invalid_idempotency_key")
    assert cloud.rows() == []


def test_refused_request_does_not_use_up_its_key(http):
    assert submit(http, voice="no-such-voice").refusal == (400, "unknown_voice")
    assert submit(http).status == 202


def test_a_hundred_concurrent_requests_create_one_job(cloud, parts):
    """Threads stand for environments of the function, which share only the table."""
    request, start = JobRequest(input=TEXT), Barrier(100)
    job_service = parts.job_service  # created before the race

    def submit(_):
        start.wait()
        return job_service.submit(request, tenant="acme", key="7c9e6679")

    with ThreadPoolExecutor(100) as pool:
        jobs = list(pool.map(submit, range(100)))
    assert len({job.id for job in jobs}) == 1
    assert len(cloud.rows()) == len(cloud.messages("standard")) == 1


@pytest.fixture(params=["silent", "throttled"])
def lose(request, cloud):
    """Return a function that makes a service unreachable, or throttles it with errors that repeat the parameters."""

    def lose(service):
        if request.param == "silent":
            return cloud.silence(service)
        for operation in ("PutItem", "GetItem", "Query", "UpdateItem", "HeadObject"):
            cloud.refuse(service, operation)
        return None

    return lose


@pytest.mark.parametrize("need", NEEDS, ids=" ".join)
def test_unavailable_service_is_a_503(http, lose, capsys, need):
    service, method, path = need
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    lose(service)
    fields = {"input": f"{TEXT} Neu."} if (method, path) == ("POST", "/v1/jobs") else None
    answer = http(method, path.format(job_id), fields)
    assert answer.refusal == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert answer.error["type"] == "server_error"
    output = capsys.readouterr()
    assert MARKER not in answer.body + output.out + output.err
    assert "Traceback" not in answer.body + output.out + output.err


def test_permanent_refusal_of_a_service_is_a_500(http, cloud, capsys):
    cloud.refuse("dynamodb", "PutItem", "AccessDeniedException")
    answer = http("POST", "/v1/jobs", {"input": TEXT})
    assert answer.refusal == (500, "broken_installation")
    assert "Retry-After" not in answer.headers
    assert MARKER not in answer.body + capsys.readouterr().out


@pytest.mark.parametrize("operation", ["SendMessage", "everything"])
def test_stored_job_is_accepted_even_if_the_queue_is_unavailable(http, cloud, parts, operation):
    if operation == "everything":
        cloud.silence("sqs")
    else:
        cloud.refuse("sqs", operation)
    answer = http("POST", "/v1/jobs", {"input": TEXT})
    assert (answer.status, answer.json["state"]) == (202, "accepted")
    assert parts.table.get(answer.json["id"]).script.lines[0].text == TEXT
    assert [job.id for job in parts.table.due(parts.clock().replace(year=2100), 9)] == [answer.json["id"]]


def test_job_is_accepted_even_if_its_state_cannot_be_updated(http, cloud):
    cloud.refuse("dynamodb", "UpdateItem", after=1)  # the first call counts the characters
    answer = http("POST", "/v1/jobs", {"input": TEXT})
    assert (answer.status, answer.json["state"]) == (202, "accepted")
    assert len(cloud.messages("vip")) == 1


def test_key_can_be_retried_after_a_503(http, cloud):
    cloud.refuse("dynamodb", "PutItem")
    assert submit(http).status == 503
    cloud.mend()
    assert submit(http).status == 202
    assert len(cloud.rows()) == 1


def test_response_is_logged_without_the_text(http, capsys):
    submit(http)
    submit(http, input="Other.")
    output = capsys.readouterr().out
    assert [line["status"] for line in logged(output) if line.get("message") == "answered"] == [202, 409]
    assert MARKER not in output
