"""The same hostile input against the deployed stack with a GPU, over HTTP."""

import json
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from local.clients import DIRECT, session
from tests.hostile.cases import CASES, TWINS, with_a_gpu
from tests.hostile.checks import Answer, check, check_silence

SENT = [with_a_gpu(case) for case in CASES if not case.get("over_http")]
WARM_UP = json.dumps({"input": "Ready."}).encode()
JSON = {"Content-Type": "application/json"}


class Client:
    """Sends raw bytes: no library normalizes paths, adds headers or follows redirects."""

    def __init__(self, stack):
        self._address = urlsplit(stack.api_url)
        self._key = {"Authorization": f"Bearer {stack.api_key}"}

    def call(self, method, path, headers, body):
        connection = HTTPConnection(self._address.hostname, self._address.port, timeout=40)
        begin = time.perf_counter()
        connection.putrequest(method, self._address.path + path, skip_accept_encoding=True)
        for name, value in (self._key | headers | {"Content-Length": str(len(body))}).items():
            for one in value if isinstance(value, list) else [value]:
                connection.putheader(name, one.encode("latin-1"))
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begin
        connection.close()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content, seconds)

    def speak(self, text):
        return self.call("POST", "/v1/audio/speech", JSON, json.dumps({"input": text}).encode())


@pytest.fixture(scope="module")
def client(stack):
    """A client of warmed-up functions."""
    client = Client(stack)
    assert client.call("POST", "/v1/audio/speech", JSON, WARM_UP).status == 200
    assert client.call("GET", "/health", {}, b"").status == 200
    return client


@pytest.fixture(scope="module")
def answers(client):
    """The response to every case. All requests are sent before the first response is checked."""
    return {str(case): client.call(case.method, case.path, case.headers, case.body) for case in SENT}


@pytest.fixture(scope="module")
def messages(stack, answers):
    """All log messages of all functions so far."""
    logs = session().client("logs", endpoint_url=stack.aws_endpoint_url, config=DIRECT)
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    pages = [page for group in groups for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)]
    return [event["message"] for page in pages for event in page["events"]]


@pytest.mark.parametrize("case", SENT, ids=str)
def test_response(answers, case):
    check(case, answers[str(case)])


def test_every_request_was_logged_by_functions_that_stayed_warm(answers, messages):
    ids = {answer.headers.get("x-request-id") for answer in answers.values()}
    lines = [json.loads(line) for message in messages for line in message.splitlines() if line.startswith("{")]
    answered = [line for line in lines if line.get("message") == "answered" and line["request_id"] in ids]
    assert len(answered) == len(answers)
    assert {line["cold_start"] for line in answered} == {False}


def test_no_text_was_logged(messages):
    check_silence(json.dumps(messages))


def test_speech_is_still_fast(client, answers):
    answer = client.speak("Your appointment is confirmed.")
    assert answer.status == 200
    assert answer.seconds < 1


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: twins["name"])
def test_equivalent_spellings_sound_equal(client, twins):
    assert len({client.speak(text).body for text in twins["inputs"]}) == 1
