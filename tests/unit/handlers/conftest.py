"""Functions as Lambda runs them, without Lambda: environment, events, context, and an AWS in this process."""

import hashlib
import importlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from herald.handlers import api, gpu_submit, speech
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.handlers.speech_stream.app import SpeechStream
from herald.jobs.door import Door
from herald.jobs.job import utc_now
from herald.jobs.keyring import KeyRing
from herald.jobs.keys import KeySettings
from herald.jobs.ports import SpokenFile
from herald.jobs.quotas import Quotas
from herald.speech.voices.catalog import Catalog
from tests.fakes import MemoryCounters, MemoryKeys
from tests.unit.handlers.cloud import deployed, make_clients, variables
from tests.unit.handlers.http_events import ANYBODY, JSON, as_json, event_of
from tests.unit.handlers.streaming import Client

EVENTS = Path(__file__).parents[3] / "events"
FUNCTIONS = (
    "api", "speech", "worker", "gpu_submit", "gpu_result", "sweeper", "plan_batch", "speak_items",
    "finish_batch", "authorizer",
)  # fmt: skip
MARKER = "Rumpelstilzchen"
"""Stands in texts, and may stand nowhere that somebody but the customer reads."""
CHANGED = {
    "AWS_LAMBDA_FUNCTION_NAME": "herald",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",  # even the most talkative one tells no text
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
    """The part of the runtime's context that the functions use."""

    function_name: str = "herald"
    function_version: str = "1"
    memory_limit_in_mb: int = 3_008
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:herald"
    aws_request_id: str = "5f1b3d0a-0000-4000-8000-000000000000"
    milliseconds_left: int = 29_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left


def event(name, **changes):
    """A sample event, its JSON body changed where wanted; a `body` given is taken as it is."""
    found = json.loads((EVENTS / f"{name}.json").read_text())
    if "body" in changes:
        found["body"] = changes.pop("body")
    if changes:
        found["body"] = json.dumps(json.loads(found["body"]) | changes)
    return found


def logged(text):
    """The log of functions: one object for each line that is one."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.fixture
def environment(monkeypatch, voices_folder):
    """What template.yaml sets, with lower limits and a smaller voice."""
    for name, value in (variables() | CHANGED).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_LAMBDA_LAYERS_DIRS", str(voices_folder.parent))
    # A logger keeps its first stream, and pytest has one for each test.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", uuid4().hex)
    forget()
    yield
    forget()


def forget():
    """Let each function be made anew, of the environment as it is then."""
    for name in FUNCTIONS:
        importlib.import_module(f"herald.handlers.{name}")._function.cache_clear()
    gpu_submit._items.cache_clear()


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
    """What a function answered."""

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
    """Call the function that template.yaml has for a route."""

    def call(method, path, fields=None, *, tenant=None, headers=None, **changes):
        """As anybody, `changes` apart; or as whoever the authorizer `told` of."""
        told = changes.pop("told", ANYBODY.context() | ({"tenant": tenant} if tenant else {}) | changes)
        body = b"" if fields is None else as_json(fields)
        sent = (JSON if fields is not None else {}) | (headers or {})
        handler = speech.handler if path == "/v1/audio/speech" else api.handler
        answer = handler(event_of(method, path, sent, body, told), Context())
        json.dumps(answer)  # as the runtime sends it
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
def gpu(cloud, monkeypatch):
    """The same deployment with a GPU."""
    for name, value in cloud.environment(gpu=True).items():
        monkeypatch.setenv(name, value)
    forget()
    return cloud


class Mouth:
    """Stands for the engine: speaks as many bytes as there are letters, remembers them, and cannot speak some."""

    def __init__(self):
        self.spoken = []
        self.before = {}
        """What to do before a text is spoken, by the text."""

    def speak(self, script, **_):
        (line,) = script.lines
        self.before.get(line.text, bool)()
        self.spoken.append(line.text)
        file = hashlib.sha256(line.text.encode()).digest()
        return SpokenFile(file=file, seconds=1.5, sample_rate=16_000, media_type="audio/mpeg", processing_seconds=0.2)


@pytest.fixture
def mouth(environment, monkeypatch):
    """Whoever speaks for the worker, instead of the engine."""
    mouth = Mouth()
    monkeypatch.setattr("herald.handlers.worker.EngineSpeaker", lambda _: mouth)
    return mouth


@pytest.fixture
def parts(cloud):
    """The parts of which functions are put together, to set a scene and to look at what is left."""
    return Parts(Settings.read(os.environ), somebody_waits=False)


@pytest.fixture
def counters(monkeypatch):
    """What callers used, for functions that ask no AWS."""
    counters = MemoryCounters()
    monkeypatch.setattr(Parts, "quotas", Quotas(counters, clock=utc_now))
    return counters


@pytest.fixture
def doors(counters, monkeypatch):
    """Keys for functions that call no AWS: they can be made, and are known at every door. No voice is published."""
    keys = MemoryKeys()
    monkeypatch.setattr(Parts, "catalog", property(lambda parts: Catalog(parts.settings.layer_folders)))
    monkeypatch.setattr(Parts, "door", Door(keys, clock=utc_now))
    return KeyRing(keys, clock=utc_now)


@pytest.fixture
def make_stream(environment, doors):
    """Make the streaming app of the environment as it is then, with a client that has a key."""

    def app():
        stream = SpeechStream(Settings.read(os.environ))
        stream.warm()
        return stream.app

    return lambda: Client(app, {"Authorization": f"Bearer {doors.create(KeySettings(tenant='acme'))[1]}"})


@pytest.fixture
def stream(make_stream):
    """A client of the streaming app."""
    return make_stream()
