"""Whisper transcribes the file of a job of each route."""

import pytest
import soxr

from tests.e2e.test_jobs import JOBS
from tests.quality.words import errors, words
from tests.support.decoding import decode
from tests.support.deployed_stack import deployed

LISTENING_RATE = 16_000
MOST_ERRORS = 0.1
"""Maximum word error rate of a short text: one word of twelve."""

deployed = pytest.fixture(deployed, scope="module")


def transcript(whisper, content):
    samples, rate = decode(content, "mp3", None)
    samples = soxr.resample(samples, rate, LISTENING_RATE)
    segments, _ = whisper.transcribe(samples, language="en", beam_size=5, temperature=0, vad_filter=False)
    return words("".join(segment.text for segment in segments))


def spoken_words(body):
    return words(" ".join(line["input"] for line in body.get("dialogue", [body])))


def check(whisper, rates, name, body, content):
    found = transcript(whisper, content)
    rates[name] = errors(spoken_words(body), found) / len(spoken_words(body))
    assert rates[name] <= MOST_ERRORS, found


@pytest.mark.parametrize("name", JOBS)
def test_words_of_a_job_are_understood(deployed, whisper, rates, name):
    job = deployed.ended(deployed.post(**JOBS[name])["id"], seconds=180)
    check(whisper, rates, f"job, {name}", JOBS[name], deployed.http.get(job["audio_url"]).content)


def test_words_of_synchronous_speech_are_understood(deployed, whisper, rates):
    body = {"input": JOBS["queue"]["input"]}
    answer = deployed.http.post("/v1/audio/speech", json=body)
    assert answer.headers["X-Herald-Route"] == "realtime"
    check(whisper, rates, "realtime", body, answer.content)


def test_words_of_a_job_by_prefer_header_are_understood(deployed, whisper, rates):
    body = {"input": "The concert begins at eight in the evening."}
    answer = deployed.http.post("/v1/audio/speech", json=body, headers={"Prefer": "respond-async"})
    job = deployed.ended(answer.json()["id"])
    check(whisper, rates, "preferred", body, deployed.http.get(job["audio_url"]).content)
