"""Streams over a real socket: latency, completeness, concurrency and disconnects."""

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.programs import need_version
from tests.support.stream_reader import MARKER, PATH, SENTENCE, ask, pcm_seconds

LONG = f"{SENTENCE} " * 20


@pytest.fixture
def log(stack):
    """Return a function that reads the streaming function's log lines from now on, as objects."""
    file = Path(stack.folder) / "stream.log"
    begin = file.stat().st_size

    def read():
        lines = file.read_bytes()[begin:].decode().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    return read


def awaited(look, seconds=5):
    """Poll `look` until it returns a true value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came")


def test_the_first_bytes_arrive_before_the_last_are_synthesized(stream):
    new_sentences = " ".join(f"This is sentence number {number}, which is a new one." for number in range(60))
    begin = time.monotonic()
    with stream.stream("POST", PATH, json=ask(new_sentences, response_format="pcm")) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        parts = answer.iter_raw()
        next(parts)
        first = time.monotonic() - begin
        assert sum(map(len, parts)) > 1_000_000
    assert first < (time.monotonic() - begin) / 4


def test_sixteen_concurrent_streams_complete(stream, seconds):
    def speak(_):
        return stream.post(PATH, json=ask(response_format="pcm"))

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(speak, range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert {pcm_seconds(answer.content) for answer in answers} == {seconds}


def test_a_disconnect_stops_synthesis(stream, log):
    with stream.stream("POST", PATH, json=ask(LONG)) as answer:
        next(answer.iter_raw())
    left, expected = time.monotonic(), {"message": "spoken", "request_id": answer.headers["X-Request-Id"]}
    (spoken,) = awaited(lambda: [line for line in log() if expected.items() <= line.items()])
    assert time.monotonic() - left < 1
    assert spoken["ending"] == "left"
    assert spoken["audio_seconds"] < 60, "of about three minutes"


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, "missing_key"), ("hk_aaaaaaaaaaaa_" + "0" * 48, "invalid_key"), ("x" * 10_000, "invalid_key")],
)
def test_an_invalid_key_is_rejected(stack, key, code):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = httpx.post(f"{stack.stream_url}{PATH}", json=ask(MARKER), headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == code
    assert MARKER not in answer.text


def test_a_large_body_is_rejected_while_it_is_sent(stack, stream):
    def body():
        yield b'{"input": "'
        while True:
            yield b"a" * 65_536

    answer = stream.post(PATH, content=body(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_the_log_contains_no_text(stack, stream, log):
    stream.post(PATH, json=ask(f"{MARKER} says hello.", stream_format="sse", marks=True)).raise_for_status()
    assert stream.post(PATH, json=ask(MARKER, voice=MARKER)).status_code == 400
    assert stream.post(PATH, content=MARKER.encode()).status_code == 415
    awaited(lambda: len([line for line in log() if line.get("message") == "answered"]) >= 3)
    assert MARKER not in (Path(stack.folder) / "stream.log").read_text()


def test_usage_counts_streams(stream, api):
    def used():
        return api.get("/v1/usage").raise_for_status().json()["data"][0]["characters"]

    before = used()
    stream.post(PATH, json=ask("Good morning.")).raise_for_status()
    assert used() == before + len("Good morning.")


def test_curl_streams(stack, seconds, tmp_path):
    need_version("curl", 7)
    file = tmp_path / "speech.pcm"
    headers = ["-H", f"Authorization: Bearer {stack.api_key}", "-H", "Content-Type: application/json"]
    body = json.dumps(ask(response_format="pcm"))
    command = ["curl", "-sSN", "--noproxy", "*", f"{stack.stream_url}{PATH}", *headers, "-d", body, "-o", file]
    subprocess.run(command, check=True, timeout=60)
    assert pcm_seconds(file.read_bytes()) == seconds
