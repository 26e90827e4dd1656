"""Idempotency-Key over HTTP: a hundred requests with one key, many of them concurrent, give one job, batch and charge.

Tests with a hundred simultaneous requests are in tests/unit/functions; here each would be a separate process.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import httpx
import pytest

from tests.local.tools import client_of, key_of

POSTS, AT_ONCE = 100, 10
JOB = {"input": "Your appointment is confirmed.", "response_format": "ulaw"}
BATCH = {"name": "Reminders", "template": "Hello {name}."}


@pytest.fixture(scope="module")
def client(stack):
    """A client of a separate tenant, so that its lists contain only the requests of this test."""
    with client_of(stack, key_of(stack, tenant=f"idempotent-{uuid4().hex[:8]}", tier="vip")) as client:
        yield client


def posted(client, path, fields, **headers):
    """Return the responses to a hundred requests, ten at a time, each on a new connection."""
    start = Barrier(AT_ONCE)

    def post(_):
        start.wait()  # start in groups of ten
        with httpx.Client(base_url=client.base_url, auth=client.auth, trust_env=False, timeout=60) as alone:
            return alone.post(path, json=fields, headers={"Idempotency-Key": "7c9e6679"} | headers)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(post, range(POSTS)))


@pytest.mark.parametrize(
    ("path", "fields", "headers", "listed"),
    [
        ("/v1/jobs", JOB, {}, "/v1/jobs?use_case=other"),
        (
            "/v1/audio/speech",
            JOB | {"input": "Hello."},
            {"Prefer": "respond-async", "Idempotency-Key": "1f0c9a2b"},
            "/v1/jobs",
        ),
        ("/v1/batches", BATCH, {}, "/v1/batches"),
    ],
)
def test_a_hundred_are_one(client, path, fields, headers, listed):
    before = len(client.get(listed).json()["data"])
    answers = posted(client, path, fields, **headers)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == POSTS
    assert len(client.get(listed).json()["data"]) == before + 1


def test_another_body_is_rejected(client):
    for path, fields, change in (("/v1/jobs", JOB, {"speed": 2.0}), ("/v1/batches", BATCH, {"name": "Other"})):
        headers = {"Idempotency-Key": uuid4().hex}
        first = client.post(path, json=fields, headers=headers)
        again = client.post(path, json=fields, headers=headers)
        other = client.post(path, json=fields | change, headers=headers)
        assert first.json()["id"] == again.json()["id"]
        assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")


def test_a_hundred_requests_are_charged_once(stack):
    with client_of(stack, key_of(stack, tenant=f"charged-{uuid4().hex[:8]}")) as client:
        posted(client, "/v1/jobs", JOB)
        assert client.get("/v1/usage").json()["data"][0]["characters"] == len(JOB["input"])
