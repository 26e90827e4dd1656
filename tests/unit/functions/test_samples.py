"""Every sample event in events/ is handled as by `sam local invoke`."""

import importlib
import json
import os
from contextlib import suppress

import pytest

from herald.errors import HeraldError
from tests.template.template import VARIABLES
from tests.unit.functions.conftest import EVENTS, Context, event

STATUSES = {
    "api__bad_input": 400,
    "api__cancel_job": 404,
    "api__get_batch": 404,
    "api__get_job": 404,
    "api__health": 200,
    "api__list_jobs": 200,
    "api__load_balancer": 200,
    "api__preview_batch": 200,
    "api__retry_job": 404,
    "api__start_batch": 404,
    "api__submit_batch": 202,
    "api__submit_dialogue": 202,
    "api__submit_job": 202,
    "api__unknown_path": 404,
    "api__usage": 200,
    "api__voices": 200,
    "speech__bad_voice": 400,
    "speech__load_balancer": 401,
    "speech__phone_line": 200,
    "speech__respond_async": 202,
    "speech__short": 200,
}
REDELIVERED = {
    "gpu_submit__one": 0,
    "kokoro_worker__one": 0,
    "send_webhooks__batch_done": 0,
    "send_webhooks__job_done": 0,
    "worker__broken_message": 1,
    "worker__one": 0,
    "worker__ten_one_bad": 1,
}
REFUSED = {
    "finish_batch__all_spoken": "broken_message",
    "finish_batch__execution_aborted": "broken_message",
    "gpu_submit__item": "broken_message",
    "plan_batch__redrive": "not_found",
    "plan_batch__upload": "not_found",
    "speak_items__chunk": "broken_message",
    "speak_items__gpu_done": "broken_message",
    "speak_items__pack": "broken_message",
}
"""Errors of events for a batch that does not exist in an empty deployment."""
AUTHORIZING = ["authorizer__unknown_key", "authorizer__valid_key"]
WITHOUT_RESULT = ["gpu_result__failure", "gpu_result__success", "sweeper__every_five_minutes"]


def voices_in(value):
    """Yield the names of voices in an event, whose body is JSON within JSON."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"voice", "fallback_voice"}:
                yield inner
            else:
                yield from voices_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from voices_in(inner)
    elif isinstance(value, str) and value.startswith("{"):
        with suppress(ValueError):  # the sample of invalid JSON
            yield from voices_in(json.loads(value))


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_samples_use_the_built_in_voices(path):
    known = {"alloy", "en_US-heart", "en_US-heart-low", "unknown-voice"}
    used = {name for name in voices_in(json.loads(path.read_text())) if not name.startswith("kokoro:")}
    assert used <= known


@pytest.fixture
def call(gpu, monkeypatch):
    """Call the function that a sample is named after, with only the variables of template.yaml."""
    monkeypatch.setenv("HERALD_DEFAULT_VOICE", "en_US-joe-medium")

    def call(name):
        module = name.partition("__")[0]
        function = importlib.import_module(f"herald.functions.{module}")
        own = next(own for own in VARIABLES.values() if own["POWERTOOLS_SERVICE_NAME"] == module)
        for variable in [one for one in os.environ if one.startswith("HERALD_") and one not in own]:
            monkeypatch.delenv(variable)
        return function.handler(event(name), Context(milliseconds_left=60_000))

    return call


def test_every_sample_is_tested():
    known = {*STATUSES, *REDELIVERED, *WITHOUT_RESULT, *REFUSED, *AUTHORIZING}
    functions = {name.partition("__")[0] for name in known}
    assert {path.stem for path in EVENTS.glob("*.json") if path.stem.partition("__")[0] in functions} == known


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_request(call, name, status):
    assert call(name)["statusCode"] == status


@pytest.mark.parametrize(("name", "count"), REDELIVERED.items())
def test_queue_batch(call, name, count):
    assert len(call(name)["batchItemFailures"]) == count


@pytest.mark.parametrize("name", AUTHORIZING)
def test_no_caller_is_found_if_there_are_no_keys(call, name):
    assert call(name) == {"isAuthorized": True, "context": {"refused": "invalid_key"}}


@pytest.mark.parametrize("name", WITHOUT_RESULT)
def test_event_without_a_result(call, name):
    assert call(name) is None


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_task_raises_its_error(call, name, code):
    with pytest.raises(HeraldError) as refused:
        call(name)
    assert refused.value.code == code
