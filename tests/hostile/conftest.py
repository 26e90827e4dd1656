"""Herald in this process: events as the HTTP API makes them, and the functions that answer them."""

import io
import json
from base64 import b64decode, b64encode
from contextlib import redirect_stderr, redirect_stdout
from time import perf_counter
from urllib.parse import unquote
from uuid import uuid4

import pytest

from herald.handlers import api, speech
from herald.handlers.http import ROUTES
from tests.hostile.checks import Answer
from tests.unit.handlers.conftest import Context

SETTINGS = {
    "AWS_LAMBDA_FUNCTION_NAME": "herald",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
    "POWERTOOLS_METRICS_NAMESPACE": "Herald",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
    "POWERTOOLS_TRACE_DISABLED": "1",
    "HERALD_DEFAULT_VOICE": "en_US-joe-medium",
    "HERALD_VOICE_ALIASES": "",
    "HERALD_MAX_CHARACTERS": "4096",
    "HERALD_MAX_ANSWER_BYTES": "4700000",
}
"""As template.yaml has them, but for the level of the log: even the most talkative one tells no text."""
TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")
"""Bodies of these types reach a function as text, where they are; all others in base64."""


def event_of(method, path, headers, body):
    """What the HTTP API hands to a function, in payload format 2.0."""
    path, _, query = path.partition("?")
    lowered = {name.lower(): value for name, value in headers.items()}
    text, is_base64 = _body(body, lowered.get("content-type", ""))
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}" if ROUTES.get(path) == method else "$default",
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": lowered,
        "requestContext": {
            "requestId": str(uuid4()),
            "stage": "$default",
            "http": {"method": method, "path": unquote(path)},
        },
        "isBase64Encoded": is_base64,
    } | ({"body": text} if text else {})


def _body(body, content_type):
    if content_type.lower().startswith(TEXT_TYPES):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return b64encode(body).decode(), bool(body)


class Herald:
    """Both functions, and all that they say."""

    def __init__(self):
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


@pytest.fixture(scope="module")
def herald():
    """Herald warm, in one process for as long as a module's tests run: none of them may end it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in SETTINGS.items():
            environment.setenv(name, value)
        environment.setenv("POWERTOOLS_SERVICE_NAME", uuid4().hex)  # a logger of a known name keeps its first stream
        speech._function.cache_clear()
        api._function.cache_clear()
        herald = Herald()
        assert herald.speak("Ready.").status == 200
        herald.said()
        yield herald
    speech._function.cache_clear()
    api._function.cache_clear()
