"""POST /v1/jobs when it is asked twice, a hundred times at once, or while a service of AWS does not answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from herald.jobs.request import JobRequest
from tests.unit.handlers.conftest import MARKER, logged

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


def test_a_key_stands_for_one_job(http, cloud):
    first, again = submit(http), submit(http)
    assert (first.status, again.status) == (202, 202)
    assert again.json["id"] == first.json["id"]
    assert again.headers["Location"] == first.headers["Location"]
    assert len(cloud.rows()) == len(cloud.messages("vip")) == 1


def test_what_is_left_out_is_as_its_default(http):
    assert submit(http).json["id"] == submit(http, speed=1.0, priority="vip", metadata={}).json["id"]


@pytest.mark.parametrize(
    "change", [{"input": "Other."}, {"speed": 2.0}, {"priority": "standard"}, {"metadata": {"a": "b"}}]
)
def test_a_key_stands_for_no_other_request(http, cloud, change):
    first = submit(http).json
    assert submit(http, **change).refusal == (409, "idempotency_key_reused")
    assert len(cloud.rows()) == 1
    assert http("GET", f"/v1/jobs/{first['id']}").json == first


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "a" * 10_240, "é", "a\r\nX: y", "a\0", "\x7f", "\u202ea"])
def test_a_key_that_is_none_is_refused(http, cloud, key):
    answer = http("POST", "/v1/jobs", {"input": TEXT}, headers={"Idempotency-Key": key})
    assert answer.refusal == (400, "invalid_idempotency_key")
    assert cloud.rows() == []


def test_a_refused_request_uses_no_key_up(http):
    assert submit(http, voice="nobody").refusal == (400, "unknown_voice")
    assert submit(http).status == 202


def test_a_hundred_at_once_are_one_job(cloud, parts):
    """As a hundred environments of the function: each has one event at a time, and what it knows of is the table."""
    request, start = JobRequest(input=TEXT), Barrier(100)
    desk = parts.desk  # made before the race

    def submit(_):
        start.wait()
        return desk.submit(request, tenant="acme", key="7c9e6679")

    with ThreadPoolExecutor(100) as pool:
        jobs = list(pool.map(submit, range(100)))
    assert len({job.id for job in jobs}) == 1
    assert len(cloud.rows()) == len(cloud.messages("standard")) == 1


@pytest.fixture(params=["silent", "throttled"])
def lose(request, cloud):
    """From now on, a service does not answer, or refuses for the moment and repeats what it was sent."""

    def lose(service):
        if request.param == "silent":
            return cloud.silence(service)
        for operation in ("PutItem", "GetItem", "Query", "UpdateItem", "HeadObject"):
            cloud.refuse(service, operation)
        return None

    return lose


@pytest.mark.parametrize("need", NEEDS, ids=" ".join)
def test_a_service_that_does_not_answer_is_a_503(http, lose, capsys, need):
    service, method, path = need
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    lose(service)
    fields = {"input": f"{TEXT} Neu."} if (method, path) == ("POST", "/v1/jobs") else None
    answer = http(method, path.format(job_id), fields)
    assert answer.refusal == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert answer.error["type"] == "server_error"
    said = capsys.readouterr()
    assert MARKER not in answer.body + said.out + said.err
    assert "Traceback" not in answer.body + said.out + said.err


def test_a_refusal_that_no_retry_mends_is_a_500(http, cloud, capsys):
    cloud.refuse("dynamodb", "PutItem", "AccessDeniedException")
    answer = http("POST", "/v1/jobs", {"input": TEXT})
    assert answer.refusal == (500, "broken_installation")
    assert "Retry-After" not in answer.headers
    assert MARKER not in answer.body + capsys.readouterr().out


@pytest.mark.parametrize("operation", ["SendMessage", "everything"])
def test_what_is_written_down_is_accepted_though_no_queue_answers(http, cloud, parts, operation):
    if operation == "everything":
        cloud.silence("sqs")
    else:
        cloud.refuse("sqs", operation)
    answer = http("POST", "/v1/jobs", {"input": TEXT})
    assert (answer.status, answer.json["state"]) == (202, "accepted")
    assert parts.table.get(answer.json["id"]).script.lines[0].text == TEXT
    assert [job.id for job in parts.table.due(parts.clock().replace(year=2100), 9)] == [answer.json["id"]]


def test_a_row_that_cannot_be_moved_on_is_accepted_too(http, cloud):
    cloud.refuse("dynamodb", "UpdateItem", after=1)  # its characters were counted before
    answer = http("POST", "/v1/jobs", {"input": TEXT})
    assert (answer.status, answer.json["state"]) == (202, "accepted")
    assert len(cloud.messages("vip")) == 1


def test_a_key_is_tried_again_after_a_503(http, cloud):
    cloud.refuse("dynamodb", "PutItem")
    assert submit(http).status == 503
    cloud.mend()
    assert submit(http).status == 202
    assert len(cloud.rows()) == 1


def test_an_answer_is_logged_without_its_text(http, capsys):
    submit(http)
    submit(http, input="Other.")
    said = capsys.readouterr().out
    assert [line["status"] for line in logged(said) if line.get("message") == "answered"] == [202, 409]
    assert MARKER not in said
