"""Requests that schemathesis generates from the API's description. Every response must match the description.

`make test-fuzz` generates 1,000 per operation (HERALD_FUZZ_CASES).
"""

import json
import os
from collections import Counter
from zlib import crc32

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from herald.clock import utc_now
from herald.jobs.job import new_id
from scripts.openapi.document import document
from scripts.openapi.paths import OPERATIONS

CASES = int(os.environ.get("HERALD_FUZZ_CASES", "60"))
OVER_HTTP = 6
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document())))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
NOWHERE = "http://herald.invalid"
GOOD = {GenerationMode.POSITIVE: {200, 201, 202, 404, 409}, GenerationMode.NEGATIVE: {400, 404, 413, 415}}
"""At least one of these statuses must occur; otherwise the generated requests were not as intended."""
JOB = {"input": "Your appointment is confirmed."}
BATCH = {"name": "A", "template": "Hello {name}.", "items": [{"name": "Ada"}]}
ids = [one.id for one in OPERATIONS]


def repeatably(examples):
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def modes(one):
    """Return the modes of an operation; only positive if a request has nothing, or only headers, to get wrong."""
    return GOOD if one.body or one.query or "{id}" in one.path else [GenerationMode.POSITIVE]


def asked(case, there):
    """Return the request of a case. About half refer to an existing job or batch, and most to an existing voice."""
    if isinstance(case.body, dict) and isinstance(case.body.get("voice"), str) and len(case.body["voice"]) % 4:
        case.body = case.body | {"voice": "alloy"}
    known = there.get(case.path.split("/")[2], []) if "{id}" in case.path else []
    generated = str(case.path_parameters.get("id", ""))
    chance = crc32(generated.encode("utf-8", "replace"))
    if known and chance % 2:
        case.path_parameters["id"] = known[chance // 2 % len(known)]
    return requests.Request(**case.as_transport_kwargs(base_url=NOWHERE)).prepare()


def made(answer, request):
    """Convert a function's response to schemathesis's."""
    headers = {name: [value] for name, value in answer.headers.items()}
    return schemathesis.Response(answer.status, headers, answer.body, request, answer.seconds, verify=False)


def run(one, mode, examples, ask, there):
    """Run an operation's generated requests and return the number of each response status."""
    statuses = Counter()

    @given(case=SCHEMA[one.path][one.method].as_strategy(generation_mode=mode))
    @repeatably(examples)
    def check(case):
        response = ask(asked(case, there))
        statuses[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    check()
    return statuses


@pytest.fixture(scope="module")
def there(herald):
    """Ids of existing jobs and batches, by path: ended, cancelled and waiting."""

    def post(path, fields, key):
        sent = {"Content-Type": "application/json", "Idempotency-Key": key}
        return json.loads(herald.call("POST", path, sent, json.dumps(fields).encode()).body)["id"]

    jobs = [post("/v1/jobs", JOB, f"job-{number}") for number in range(4)]
    batches = [post("/v1/batches", BATCH, f"batch-{number}") for number in range(3)]
    herald.call("DELETE", f"/v1/jobs/{jobs[0]}", {}, b"")
    herald.call("DELETE", f"/v1/batches/{batches[0]}", {}, b"")
    return {"jobs": [*jobs, new_id(utc_now())], "batches": batches}


@pytest.mark.parametrize("one", OPERATIONS, ids=ids)
def test_in_this_process(herald, there, one):
    def ask(request):
        body = request.body or b""
        sent = body.encode() if isinstance(body, str) else body
        return made(herald.call(request.method, request.path_url, request.headers, sent), request)

    for mode in modes(one):
        statuses = run(one, mode, max(1, CASES // len(modes(one))), ask, there)
        print(f"{one.id}, {mode.value}: {dict(sorted(statuses.items()))}")  # noqa: T201  the results of test-fuzz
        assert set(statuses) & GOOD[mode]
    herald.said()


@pytest.mark.parametrize("one", OPERATIONS, ids=ids)
def test_over_http(stack, one):
    """Send requests through the authorizer, with and without a valid key."""
    with requests.Session() as session:
        session.trust_env = False

        def ask(request, key=f"Bearer {stack.api_key}"):
            request.url = request.url.replace(NOWHERE, stack.api_url)
            request.headers.pop("Authorization", None)  # a generated one
            request.headers.update({"Authorization": key} if key else {})
            return session.send(request, timeout=40)

        assert run(one, GenerationMode.POSITIVE, OVER_HTTP, ask, {})
        if one.scope != "public":
            for key in (None, f"Bearer hk_{'a' * 12}_{'b' * 40}"):
                statuses = run(one, GenerationMode.POSITIVE, 1, lambda request, key=key: ask(request, key), {})
                assert set(statuses) == {401}
