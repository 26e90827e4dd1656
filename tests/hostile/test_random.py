"""Random input, reproducible on every run: it must never cause a server error."""

import json
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from herald.jobs.job_request import JobRequest, SpeechRequest
from herald.web.job_routes import ListQuery

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
# Any Unicode, with more invalid characters than usual. Short, because most of it is speakable.
ANY_TEXT = st.text(st.characters() | st.sampled_from("\0\x1b\ud800\udfff\ufffe<&."), max_size=12)
FIELDS = st.sampled_from(sorted(SpeechRequest.model_fields)) | st.text(max_size=8)
JOB_FIELDS = st.sampled_from(sorted(JobRequest.model_fields)) | st.text(max_size=8)
QUERY_FIELDS = st.sampled_from(sorted(ListQuery.model_fields)) | st.text(max_size=8)
JSON = {"Content-Type": "application/json"}


def repeatably(examples):
    """Settings for reproducible runs: no deadline, database or randomness. Module-scoped fixtures are allowed."""
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=health)


def check_answer(answer):
    assert answer.status in {200, 202, 400, 409, 413, 415}, answer.body
    if answer.status >= 400:
        assert sorted(json.loads(answer.body)["error"]) == ["code", "message", "param", "type"]


@given(body=st.binary(max_size=200))
@repeatably(200)
def test_bytes(herald, body):
    check_answer(herald.call("POST", "/v1/audio/speech", JSON, body))


@given(value=st.dictionaries(FIELDS, ANY_JSON, max_size=5) | ANY_JSON)
@repeatably(300)
def test_json(herald, value):
    check_answer(herald.call("POST", "/v1/audio/speech", JSON, json.dumps(value).encode()))


@given(text=ANY_TEXT)
@repeatably(150)
def test_text(herald, text):
    check_answer(herald.speak(text, speed=4))


@given(content_type=st.text(max_size=40), encoding=st.text(max_size=10))
@repeatably(100)
def test_headers(herald, content_type, encoding):
    headers = {"Content-Type": content_type, "Content-Encoding": encoding}
    check_answer(herald.call("POST", "/v1/audio/speech", headers, b'{"input": "a"}'))


@given(value=st.dictionaries(JOB_FIELDS, ANY_JSON, max_size=5) | ANY_JSON)
@repeatably(300)
def test_jobs(herald, value):
    check_answer(herald.call("POST", "/v1/jobs", JSON, json.dumps(value).encode()))


@given(text=ANY_TEXT, key=st.text(max_size=12), metadata=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3))
@repeatably(150)
def test_jobs_of_texts(herald, text, key, metadata):
    body = json.dumps({"input": text, "metadata": metadata}).encode()
    check_answer(herald.call("POST", "/v1/jobs", JSON | {"Idempotency-Key": key}, body))


@given(query=st.lists(st.tuples(QUERY_FIELDS, st.text(max_size=12)), max_size=4))
@repeatably(150)
def test_queries(herald, query):
    check_answer(herald.call("GET", f"/v1/jobs?{urlencode(query, errors='replace')}", {}, b""))


@given(job_id=st.text(min_size=1, max_size=40), what=st.sampled_from(["GET {}", "DELETE {}", "POST {}/retry"]))
@repeatably(200)
def test_ids(herald, job_id, what):
    method, _, path = what.format(f"/v1/jobs/{quote(job_id, safe='', errors='replace')}").partition(" ")
    assert herald.call(method, path, {}, b"").status == 404
