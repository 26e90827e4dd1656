"""Herald's functions with AWS in this process, and their output."""

import io
import json
from base64 import b64decode
from contextlib import redirect_stderr, redirect_stdout
from time import perf_counter
from uuid import uuid4

import pytest

from herald.auth.api_keys import KeyRing, KeySettings
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from herald.functions import api, speech
from tests.hostile.checks import Answer
from tests.support import load_balancer_events
from tests.support.http_events import event_of
from tests.support.moto_cloud import KEYS, deployed, make_clients, variables
from tests.unit.functions.conftest import Context, forget

CHANGED = {
    "AWS_LAMBDA_FUNCTION_NAME": "herald",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",  # even the most verbose level logs no text
    "POWERTOOLS_TRACE_DISABLED": "1",
}


class Herald:
    """Both functions behind the HTTP API and behind a load balancer, and their output."""

    def __init__(self, cloud):
        self.cloud = cloud
        keys = KeyRing(DynamoKeys(cloud.clients.dynamodb, table=KEYS), clock=utc_now)
        self._key = str(keys.create(KeySettings(tenant="acme", tier="vip"))[1])
        self._output = io.StringIO()

    def call(self, method, path, headers, body):
        """Call the function that serves a route in template.yaml."""
        answer, seconds = self._handle(method, path, event_of(method, path, headers, body))
        json.dumps(answer)  # the runtime serializes it
        content = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        lowered = {name.lower(): value for name, value in answer["headers"].items()}
        return Answer(int(answer["statusCode"]), lowered, content, seconds)

    def call_balanced(self, method, path, headers, body):
        """Call the same function through a load balancer, with a key."""
        event = load_balancer_events.event_of(method, path, {"Authorization": f"Bearer {self._key}"} | headers, body)
        answer, seconds = self._handle(method, path, event)
        status, sent_headers, content = load_balancer_events.sent(answer)
        return Answer(status, {name.lower(): value for name, value in sent_headers.items()}, content, seconds)

    def _handle(self, method, path, event):
        handler = speech.handler if (method, path) == ("POST", "/v1/audio/speech") else api.handler
        with redirect_stdout(self._output), redirect_stderr(self._output):
            begin = perf_counter()
            answer = handler(event, Context())
            return answer, perf_counter() - begin

    def speak(self, text, **fields):
        body = json.dumps({"input": text, **fields}).encode()
        return self.call("POST", "/v1/audio/speech", {"Content-Type": "application/json"}, body)

    def said(self):
        """Return the output since the last call."""
        text = self._output.getvalue()
        self._output.seek(0)
        self._output.truncate()
        return text


@pytest.fixture(scope="session")
def clients():
    yield from make_clients()


@pytest.fixture(scope="module")
def herald(clients):
    """Herald, warmed up, in one process for all tests of a module: none may end it."""
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
