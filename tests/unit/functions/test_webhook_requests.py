"""webhook_url of jobs and batches: checked when they are submitted, shown, and part of the event of their end."""

import json
from pathlib import Path

import pytest

BAD = [
    json.loads(line) for line in (Path(__file__).parents[2] / "hostile" / "webhook_urls.jsonl").read_text().splitlines()
]
URL = "https://hooks.example.com/herald?token=4711"
JOB = {"input": "Hallo."}
BATCH = {"name": "Hallo", "items": [{"id": "a", "text": "Hallo."}]}


@pytest.fixture
def hosts(monkeypatch):
    monkeypatch.setenv("HERALD_WEBHOOK_HOSTS", "hooks.example.com,*.example.org")


@pytest.mark.parametrize(("path", "body"), [("/v1/jobs", JOB), ("/v1/batches", BATCH)])
def test_the_url_is_stored_and_shown(cloud, hosts, http, path, body):
    answer = http("POST", path, body | {"webhook_url": URL})
    assert (answer.status, answer.json["webhook_url"]) == (202, URL)
    assert http("GET", f"{path}/{answer.json['id']}").json["webhook_url"] == URL


@pytest.mark.parametrize(("path", "body"), [("/v1/jobs", JOB), ("/v1/batches", BATCH)])
def test_without_a_url_it_is_null(cloud, hosts, http, path, body):
    assert http("POST", path, body).json["webhook_url"] is None
    assert http("POST", path, body | {"webhook_url": None}).status == 202


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["name"])
def test_a_bad_url_is_refused(cloud, hosts, http, case):
    for path, body in (("/v1/jobs", JOB), ("/v1/batches", BATCH)):
        answer = http("POST", path, body | {"webhook_url": case["url"]})
        assert answer.refusal == (400, case["code"])
        assert answer.json["error"]["param"] == "webhook_url"
    assert cloud.rows() == []


@pytest.mark.parametrize(
    "value", [1, True, [], {}, ["https://hooks.example.com"], "https://hooks.example.com/" + "a" * 3_000]
)
def test_another_type_or_length_is_refused(cloud, hosts, http, value):
    assert http("POST", "/v1/jobs", JOB | {"webhook_url": value}).refusal == (400, "invalid_request")
    assert http("POST", "/v1/batches", BATCH | {"webhook_url": value}).refusal == (400, "invalid_request")


def test_without_hosts_webhooks_are_off(cloud, http):
    assert http("POST", "/v1/jobs", JOB | {"webhook_url": URL}).refusal == (400, "webhook_host_not_allowed")


def test_the_event_of_the_end_has_the_url(cloud, hosts, http):
    job = http("POST", "/v1/jobs", JOB | {"webhook_url": URL}).json
    assert http("DELETE", f"/v1/jobs/{job['id']}").status == 200
    ((kind, detail),) = cloud.events()
    assert (kind, detail["webhook_url"]) == ("herald.job.cancelled", URL)


def test_another_url_is_another_request(cloud, hosts, http):
    key = {"Idempotency-Key": "4711"}
    assert http("POST", "/v1/jobs", JOB | {"webhook_url": URL}, headers=key).status == 202
    assert http("POST", "/v1/jobs", JOB, headers=key).refusal == (409, "idempotency_key_reused")


def test_real_time_requests_have_no_webhook(cloud, hosts, speak):
    answer = speak(webhook_url=URL)
    assert json.loads(answer["body"])["error"]["code"] == "unknown_field"
