"""Checks of every response to hostile input, in process and over HTTP."""

import io
import json
from dataclasses import dataclass

import soundfile

from herald.jobs.job import is_id
from tests.hostile.cases import MARKER

LONGEST_REFUSAL = 1.0
"""Seconds."""


@dataclass(frozen=True)
class Answer:
    """A response; `headers` have lower-case names."""

    status: int
    headers: dict
    body: bytes
    seconds: float


def check(case, answer):
    assert answer.status == case.status, answer.body[:300]
    assert answer.headers["x-request-id"]
    if answer.status == 200:
        check_accepted(case, answer)
    elif answer.status == 202:
        check_job(case, answer)
    else:
        check_refused(case, answer)


def check_accepted(case, answer):
    if case.method == "POST":
        check_audio(answer)
    else:
        assert json.loads(answer.body)
    check_silence(json.dumps(answer.headers))


def check_job(case, answer):
    """Check a created job; only its metadata may repeat what was sent."""
    job = json.loads(answer.body)
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert is_id(job["id"])
    assert (job["object"], job["batch"], job["retry_of"]) == ("job", None, None)
    assert job["state"] in {"queued", "speaking", "done"}
    check_silence(json.dumps(job | {"metadata": None}) + json.dumps(answer.headers))


def check_audio(answer):
    samples, rate = soundfile.read(io.BytesIO(answer.body))
    assert len(samples) / rate >= float(answer.headers["x-herald-audio-seconds"]) - 0.1
    assert abs(samples).max() > 0.01


def check_refused(case, answer):
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers.get("allow") == case.get("allow")
    content = json.loads(answer.body)
    assert list(content) == ["error"]
    check_error(case, content["error"])
    check_silence(answer.body.decode() + json.dumps(answer.headers))
    assert case.get("slow") or answer.seconds < LONGEST_REFUSAL


def check_error(case, error):
    assert sorted(error) == ["code", "message", "param", "type"]
    assert error["type"] == "invalid_request_error"
    assert error["code"] in case.codes
    if len(case.codes) == 1:
        assert error["param"] == case.get("param")
    assert 10 < len(error["message"]) < 400


def check_silence(output):
    """Check that nothing of the request is repeated."""
    assert MARKER not in output.lower()
