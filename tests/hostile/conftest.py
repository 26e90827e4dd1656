"""Herald in this process: its functions, with an AWS in the same process, and all that they say."""

import io
import json
from base64 import b64decode
from contextlib import redirect_stderr, redirect_stdout
from time import perf_counter
from uuid import uuid4

import pytest

from herald.handlers import api, speech
from tests.hostile.checks import Answer
from tests.unit.handlers.cloud import deployed, make_clients, variables
from tests.unit.handlers.conftest import Context, forget
from tests.unit.handlers.http_events import event_of

CHANGED = {
    "AWS_LAMBDA_FUNCTION_NAME": "herald",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",  # even the most talkative one tells no text
    "POWERTOOLS_TRACE_DISABLED": "1",
}


class Herald:
    """Both functions behind the HTTP API, and all that they say."""

    def __init__(self, cloud):
        self.cloud = cloud
        self._said = io.StringIO()

    def call(self, method, path, headers, body):
        """Call the function that template.yaml has for a route."""
        handler = speech.handler if (method, path) == ("POST", "/v1/audio/speech") else api.handler
        event = event_of(method, path, headers, body)
        with redirect_stdout(self._said), redirect_stderr(self._said):
            begin = perf_counter()
            answer = handler(event, Context())
            seconds = perf_counter() - begin
        json.dumps(answer)  # as the runtime sends it
        content = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        lowered = {name.lower(): value for name, value in answer["headers"].items()}
        return Answer(int(answer["statusCode"]), lowered, content, seconds)

    def speak(self, text, **fields):
        body = json.dumps({"input": text, **fields}).encode()
        return self.call("POST", "/v1/audio/speech", {"Content-Type": "application/json"}, body)

    def said(self):
        """What was said since this was last asked for."""
        text = self._said.getvalue()
        self._said.seek(0)
        self._said.truncate()
        return text


@pytest.fixture(scope="session")
def clients():
    yield from make_clients()


@pytest.fixture(scope="module")
def herald(clients):
    """Herald warm, in one process for as long as a module's tests run: none of them may end it."""
    with pytest.MonkeyPatch.context() as patch, deployed(clients, patch) as cloud:
        for name, value in (variables() | CHANGED | cloud.environment()).items():
            patch.setenv(name, value)
        patch.setenv("POWERTOOLS_SERVICE_NAME", uuid4().hex)  # a logger of a known name keeps its first stream
        forget()
        herald = Herald(cloud)
        assert herald.speak("Ready.").status == 200
        assert herald.call("GET", "/v1/jobs", {}, b"").status == 200
        herald.said()
        yield herald
    forget()
