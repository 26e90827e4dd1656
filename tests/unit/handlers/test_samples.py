"""Each sample event, as `sam local invoke` sends it, is answered."""

import importlib
import os

import pytest

from herald.errors import HeraldError
from tests.template.template import VARIABLES
from tests.unit.handlers.conftest import EVENTS, Context, event

STATUSES = {
    "api__bad_input": 400,
    "api__cancel_job": 404,
    "api__get_batch": 404,
    "api__get_job": 404,
    "api__health": 200,
    "api__list_jobs": 200,
    "api__retry_job": 404,
    "api__start_batch": 404,
    "api__submit_batch": 202,
    "api__submit_dialogue": 202,
    "api__submit_job": 202,
    "api__unknown_path": 404,
    "api__usage": 200,
    "api__voices": 200,
    "speech__bad_voice": 400,
    "speech__phone_line": 200,
    "speech__respond_async": 202,
    "speech__short": 200,
}
COMING_BACK = {
    "gpu_submit__one": 0,
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
}
"""They are about a batch that no empty deployment has."""
ASKING_TO_PASS = ["authorizer__unknown_key", "authorizer__valid_key"]
HEARD = ["gpu_result__failure", "gpu_result__success", "sweeper__every_five_minutes"]


@pytest.fixture
def call(gpu, monkeypatch):
    """Call the function that a sample is named after, with only the variables that template.yaml sets for it."""
    monkeypatch.setenv("HERALD_DEFAULT_VOICE", "en_US-joe-medium")

    def call(name):
        module = name.partition("__")[0]
        function = importlib.import_module(f"herald.handlers.{module}")
        own = next(own for own in VARIABLES.values() if own["POWERTOOLS_SERVICE_NAME"] == module)
        for variable in [one for one in os.environ if one.startswith("HERALD_") and one not in own]:
            monkeypatch.delenv(variable)
        return function.handler(event(name), Context(milliseconds_left=60_000))

    return call


def test_there_is_no_other_sample():
    known = {*STATUSES, *COMING_BACK, *HEARD, *REFUSED, *ASKING_TO_PASS}
    functions = {name.partition("__")[0] for name in known}
    assert {path.stem for path in EVENTS.glob("*.json") if path.stem.partition("__")[0] in functions} == known


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_a_request_is_answered(call, name, status):
    assert call(name)["statusCode"] == status


@pytest.mark.parametrize(("name", "count"), COMING_BACK.items())
def test_a_batch_is_worked_on(call, name, count):
    assert len(call(name)["batchItemFailures"]) == count


@pytest.mark.parametrize("name", ASKING_TO_PASS)
def test_nobody_passes_where_there_are_no_keys(call, name):
    assert call(name) == {"isAuthorized": False, "context": {}}


@pytest.mark.parametrize("name", HEARD)
def test_an_event_is_heard(call, name):
    assert call(name) is None


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_task_says_what_is_wrong(call, name, code):
    with pytest.raises(HeraldError) as refused:
        call(name)
    assert refused.value.code == code
