"""Runs functions as Lambda does, in this process: environment, events, context and AWS."""

import hashlib
import importlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from herald.auth.api_keys import KeyRing, KeySettings
from herald.auth.authenticator import Authenticator
from herald.auth.quotas import Quotas
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from herald.functions import api, speech
from herald.jobs.ports import SpokenFile
from herald.runtime.container import Dependencies
from herald.runtime.settings import Settings
from herald.speech.voices.catalog import Catalog
from herald.web.stream_app import SpeechStream
from tests.support.asgi_client import Client
from tests.support.custom_voice_fakes import MemoryCustomVoices
from tests.support.http_events import ANYBODY, JSON, as_json, event_of
from tests.support.job_fakes import MemoryCounters, MemoryKeys, MemoryLexicons
from tests.support.moto_cloud import KEYS, deployed, make_clients, variables
from tests.support.polly_client import polly_client

EVENTS = Path(__file__).parents[3] / "events"
FUNCTIONS = (
    "api", "speech", "worker", "kokoro_worker", "gpu_submit", "gpu_result", "sweeper", "plan_batch", "speak_items",
    "finish_batch", "authorizer", "send_webhooks",
)  # fmt: skip
MARKER = "Rumpelstilzchen"
"""A word in the customer's texts that must never appear in logs, errors or metrics."""
CHANGED = {
    "AWS_LAMBDA_FUNCTION_NAME": "herald",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",  # even the most verbose level logs no text
    "POWERTOOLS_TRACE_DISABLED": "1",
    "HERALD_DEFAULT_VOICE": "de_DE-tiny-low",
    "HERALD_VOICE_ALIASES": "reception=de_DE-tiny-low:bert",
    "HERALD_MAX_CHARACTERS": "300",
    "HERALD_MAX_ANSWER_BYTES": "200000",
    "HERALD_LONGFORM_CHARACTERS": "2000",
    "HERALD_MAX_JOB_CHARACTERS": "5000",
}


@dataclass
class Context:
    """The part of the Lambda context that the functions use."""

    function_name: str = "herald"
    function_version: str = "1"
    memory_limit_in_mb: int = 3_008
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:herald"
    aws_request_id: str = "5f1b3d0a-0000-4000-8000-000000000000"
    milliseconds_left: int = 29_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left


def event(name, **changes):
    """Return a sample event. `changes` update its JSON body; a `body` replaces it."""
    found = json.loads((EVENTS / f"{name}.json").read_text())
    if "body" in changes:
        found["body"] = changes.pop("body")
    if changes:
        found["body"] = json.dumps(json.loads(found["body"]) | changes)
    return found


def logged(text):
    """Return the JSON objects of a log, ignoring other lines."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.fixture
def environment(monkeypatch, voices_folder):
    """Set the variables of template.yaml, with lower limits and a smaller voice."""
    for name, value in (variables() | CHANGED).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_LAMBDA_LAYERS_DIRS", str(voices_folder.parent))
    # A logger keeps its first stream, but pytest has a new one for each test.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", uuid4().hex)
    forget()
    yield
    forget()


def forget():
    """Discard all function instances, so that they are created again from the current environment."""
    for name in FUNCTIONS:
        vars(importlib.import_module(f"herald.functions.{name}").handler).pop("function", None)


@pytest.fixture
def speak(cloud):
    """Call the speech function with a sample event."""
    return lambda name="speech__short", context=None, **changes: speech.handler(
        event(name, **changes), context or Context()
    )


@pytest.fixture
def ask(environment):
    """Call the api function with a sample event."""
    return lambda name: api.handler(event(name), Context())


@dataclass
class Answer:
    """A function's response."""

    status: int
    headers: dict
    body: str

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        assert list(self.json) == ["error"]
        assert sorted(self.json["error"]) == ["code", "message", "param", "type"]
        return self.json["error"]

    @property
    def refusal(self):
        return self.status, self.error["code"]


@pytest.fixture
def http(cloud):
    """Call the function that serves a route in template.yaml."""

    def call(method, path, fields=None, *, tenant=None, headers=None, **changes):
        """Send a request as ANYBODY with `changes`, or with `context` as the authorizer's context."""
        default = ANYBODY.context() | ({"tenant": tenant} if tenant else {}) | changes
        context = changes.pop("context", default)
        body = b"" if fields is None else as_json(fields)
        sent = (JSON if fields is not None else {}) | (headers or {})
        speaks = path.startswith(("/v1/audio/speech", "/v1/speech", "/v1/text-to-speech/"))
        handler = speech.handler if speaks and not path.endswith("/") else api.handler
        answer = handler(event_of(method, path, sent, body, context), Context())
        json.dumps(answer)  # the runtime serializes it
        return Answer(int(answer["statusCode"]), answer["headers"], answer["body"])

    return call


@pytest.fixture(scope="session")
def clients():
    yield from make_clients()


@pytest.fixture
def cloud(environment, clients, monkeypatch):
    """An empty deployment without a GPU."""
    with deployed(clients, monkeypatch) as cloud:
        for name, value in cloud.environment().items():
            monkeypatch.setenv(name, value)
        yield cloud


@pytest.fixture
def polly_of(cloud):
    """Return a function that returns boto3's client of Amazon Polly with a new key of a tenant."""
    from tests.support.polly_gateway import gateway  # noqa: PLC0415  it imports Context from here

    address, end = gateway()
    ring = KeyRing(DynamoKeys(cloud.clients.dynamodb, table=KEYS), clock=utc_now)

    def polly_of(tenant="acme", **settings):
        return polly_client(address, token=str(ring.create(KeySettings(tenant=tenant, **settings))[1]))

    yield polly_of
    end()


@pytest.fixture
def polly(polly_of):
    return polly_of()


@pytest.fixture
def gpu(cloud, monkeypatch):
    """The same deployment with a GPU."""
    for name, value in cloud.environment(gpu=True).items():
        monkeypatch.setenv(name, value)
    forget()
    return cloud


@pytest.fixture
def kokoro(cloud, monkeypatch):
    """The same deployment without a GPU, with Kokoro on CPU."""
    monkeypatch.setenv("HERALD_KOKORO_MEMORY", "3008")
    monkeypatch.setenv("HERALD_KOKORO_QUEUE", cloud.urls["kokoro"])
    forget()
    return cloud


class Mouth:
    """Fake engine. It records the texts and returns their hashes as audio, spoken by voices of a catalogue."""

    def __init__(self):
        self.spoken = []
        self.voices = {}
        self.before = {}
        """Functions to call before a text is synthesized, by text."""

    def speak(self, script, **_):
        (line,) = script.lines
        self.before.get(line.text, bool)()
        self.spoken.append(line.text)
        file = hashlib.sha256(line.text.encode()).digest()
        return SpokenFile(
            file=file,
            seconds=1.5,
            sample_rate=16_000,
            media_type="audio/mpeg",
            processing_seconds=0.2,
            voices=self.voices,
        )

    def of(self, parts):
        self.voices = parts.catalog.voices
        return self


@pytest.fixture
def mouth(environment, monkeypatch):
    """Replace the worker's engine by a fake."""
    mouth = Mouth()
    monkeypatch.setattr("herald.functions.worker.ScriptSpeaker.of", mouth.of)
    return mouth


@pytest.fixture
def parts(cloud):
    """The functions' dependencies, to prepare state and to inspect it afterwards."""
    return Dependencies(Settings.read(os.environ), interactive=False)


@pytest.fixture
def counters(monkeypatch):
    """In-memory usage counters, lexicons and custom voices, for functions that must not call AWS."""
    counters = MemoryCounters()
    monkeypatch.setattr(Dependencies, "custom_voice_store", MemoryCustomVoices())
    monkeypatch.setattr(Dependencies, "lexicon_store", MemoryLexicons())
    monkeypatch.setattr(Dependencies, "quotas", Quotas(counters, clock=utc_now))
    return counters


@pytest.fixture
def doors(counters, monkeypatch):
    """In-memory keys for functions that must not call AWS. No voice is published."""
    keys = MemoryKeys()
    monkeypatch.setattr(Dependencies, "catalog", property(lambda parts: Catalog(parts.settings.layer_folders)))
    monkeypatch.setattr(Dependencies, "authenticator", Authenticator(keys, clock=utc_now))
    return KeyRing(keys, clock=utc_now)


@pytest.fixture
def make_stream(environment, doors):
    """Return a function that creates the streaming app from the current environment, with an authenticated client."""

    def app():
        stream = SpeechStream(Settings.read(os.environ))
        stream.warm()
        return stream

    return lambda: Client(app, {"Authorization": f"Bearer {doors.create(KeySettings(tenant='acme'))[1]}"})


@pytest.fixture
def stream(make_stream):
    """A client of the streaming app."""
    return make_stream()
