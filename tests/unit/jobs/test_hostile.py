"""Invalid job requests of tests/hostile/jobs.jsonl, from the body to the route, without HTTP."""

import json
from time import perf_counter

import pytest

from herald.errors import HeraldError
from herald.jobs.job_request import idempotency_key, parse_job_request
from herald.jobs.routing import Policy
from tests.hostile.cases import HERE, MARKER, Case, read_lines
from tests.support.voice_catalog import resolver

CASES = [Case("jobs", line) for line in read_lines(HERE / "jobs.jsonl")]
POLICY = Policy(realtime_characters=4_096, longform_characters=20_000, gpu=False)
MAX_CHARACTERS = 100_000


def submit(case):
    headers = {name.lower(): value for name, value in case.headers.items()}
    request = parse_job_request(case.body, headers, max_characters=MAX_CHARACTERS)
    idempotency_key(headers)
    resolver(POLICY).resolve(request, waiting=False)


def status_of(error):
    return {"unsupported_media_type": 415, "body_too_large": 413, "text_too_long": 413}.get(error.code, 400)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    begin = perf_counter()
    if case.status == 202:
        submit(case)
    else:
        with pytest.raises(HeraldError) as refused:
            submit(case)
        check(case, refused.value)
    assert perf_counter() - begin < 1


def check(case, error):
    assert error.code in case.codes
    assert status_of(error) == case.status
    if len(case.codes) == 1:
        assert error.param == case.get("param")
    assert MARKER not in json.dumps([error.message, error.param]).lower()
    assert 10 < len(error.message) < 400
