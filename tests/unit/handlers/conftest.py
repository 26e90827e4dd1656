"""Functions as Lambda runs them, without Lambda: environment, events and context."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from herald.handlers import api, speech

EVENTS = Path(__file__).parents[3] / "events"


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


@pytest.fixture
def environment(monkeypatch, voices_folder):
    """What template.yaml sets."""
    for name, value in {
        "AWS_LAMBDA_FUNCTION_NAME": "herald",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
        "_LAMBDA_LAYERS_DIRS": str(voices_folder.parent),
        "POWERTOOLS_SERVICE_NAME": uuid4().hex,  # a logger keeps its first stream, and pytest has one for each test
        "POWERTOOLS_METRICS_NAMESPACE": "Herald",
        "POWERTOOLS_TRACE_DISABLED": "1",
        "HERALD_DEFAULT_VOICE": "de_DE-tiny-low",
        "HERALD_VOICE_ALIASES": "reception=de_DE-tiny-low:bert",
        "HERALD_MAX_CHARACTERS": "300",
        "HERALD_MAX_ANSWER_BYTES": "200000",
    }.items():
        monkeypatch.setenv(name, value)
    yield
    speech._function.cache_clear()
    api._function.cache_clear()


@pytest.fixture
def speak(environment):
    """Call the speech function with a sample event."""
    return lambda name="speech__short", context=None, **changes: speech.handler(
        event(name, **changes), context or Context()
    )


@pytest.fixture
def ask(environment):
    """Call the api function with a sample event."""
    return lambda name: api.handler(event(name), Context())
