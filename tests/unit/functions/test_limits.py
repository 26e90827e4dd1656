"""Requests that exceed a limit are refused before any other work, whatever their path."""

import json

import pytest

from herald.clock import utc_now
from herald.errors import HeadersTooLarge, UriTooLong
from herald.jobs.job import State, new_id
from herald.web.http_rules import MOST_ADDRESS, MOST_HEADER_BYTES, MOST_HEADERS, check_request
from tests.unit.functions.conftest import MARKER
from tests.unit.functions.test_jobs import TEXT, bring

PATHS = [("POST", "/v1/audio/speech"), ("POST", "/v1/jobs"), ("GET", "/v1/jobs"), ("POST", "/v1/batches"),
         ("GET", "/v1/voices"), ("GET", "/nowhere"), ("DELETE", "/v1/voices")]  # fmt: skip
WITHOUT_FIELDS = ["/v1/jobs/{}/retry", "/v1/batches/{}/start", "/v1/batches/{}/redrive"]
NOT_THERE = new_id(utc_now())


def test_limits_are_exact():
    check_request("/" + "a" * 4_095, "b" * (MOST_ADDRESS - 4_096), {})
    with pytest.raises(UriTooLong):
        check_request("/" + "a" * 4_096, "b" * (MOST_ADDRESS - 4_096), {})
    check_request("/", "", {"a": "b" * (MOST_HEADER_BYTES - 1)})
    with pytest.raises(HeadersTooLarge):
        check_request("/", "", {"a": "b" * MOST_HEADER_BYTES})
    check_request("/", "", {str(number): "" for number in range(MOST_HEADERS)})
    with pytest.raises(HeadersTooLarge):
        check_request("/", "", {str(number): "" for number in range(MOST_HEADERS + 1)})


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    ("headers", "query", "refusal"),
    [
        ({MARKER: MARKER * 2_000}, "", (431, "headers_too_large")),
        ({f"{MARKER}-{number}": "" for number in range(101)}, "", (431, "headers_too_large")),
        ({"Authorization": f"Bearer {MARKER * 2_000}"}, "", (431, "headers_too_large")),
        ({}, f"?a={MARKER * 2_000}", (414, "uri_too_long")),
    ],
)
def test_request_over_a_limit(http, cloud, capsys, method, path, headers, query, refusal):  # noqa: PLR0913, PLR0917
    answer = http(method, path + query, {"input": TEXT} if method == "POST" else None, headers=headers)
    assert answer.refusal == refusal
    assert answer.headers["X-Request-Id"]
    assert cloud.asked == []
    assert MARKER not in answer.body + capsys.readouterr().out


@pytest.mark.parametrize("length", ["0", "1", "99999999999999999999", "-1", "x", ""])
def test_wrong_content_length_is_ignored(http, length):
    answer = http("POST", "/v1/jobs", {"input": TEXT}, headers={"Content-Length": length})
    assert answer.status == 202
    assert answer.json["characters"] == len(TEXT)


@pytest.mark.parametrize(("path", "room"), [("/v1/jobs", 400_000), ("/v1/batches", 2_000_100)])
def test_body_over_its_limit(http, cloud, path, room):
    answer = http("POST", path, {"input": MARKER * (room // len(MARKER))})
    assert answer.refusal == (413, "body_too_large")
    assert cloud.asked == []


@pytest.mark.parametrize("path", WITHOUT_FIELDS)
@pytest.mark.parametrize(
    ("fields", "headers", "refusal"),
    [
        ({"voice": MARKER}, {}, (400, "unknown_field")),
        ({"tenant": MARKER}, {}, (400, "unknown_field")),
        ([MARKER], {}, (400, "invalid_json")),
        ({}, {"Content-Encoding": "gzip"}, (415, "unsupported_media_type")),
        ({}, {"Content-Type": "text/plain"}, (415, "unsupported_media_type")),
        ({"a": MARKER * 1_000}, {}, (413, "body_too_large")),
    ],
)
def test_path_without_fields_refuses_a_body(http, cloud, capsys, path, fields, headers, refusal):  # noqa: PLR0913, PLR0917
    assert http("POST", path.format(NOT_THERE), fields, headers=headers).refusal == refusal
    assert cloud.asked == []
    assert MARKER not in capsys.readouterr().out


@pytest.mark.parametrize("fields", [None, {}])
def test_path_without_fields_accepts_an_empty_body(http, parts, fields):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    bring(parts, job_id, State.FAILED)
    assert http("POST", f"/v1/jobs/{job_id}/retry", fields).status == 202


def test_body_of_a_get_or_delete_is_ignored(http):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    sent = {"state": "done", "tenant": "mallory"}
    assert json.dumps(http("GET", f"/v1/jobs/{job_id}", sent).json) == json.dumps(
        http("GET", f"/v1/jobs/{job_id}").json
    )
    assert http("DELETE", f"/v1/jobs/{job_id}", sent).json["state"] == "cancelled"
