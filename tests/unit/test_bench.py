"""The benchmark calls the functions with the settings that they need."""

import json
from pathlib import Path

import pytest
from matplotlib import rc_context

from bench import plots
from bench.drawing import STYLE
from bench.measure import function_environment
from bench.requests.__main__ import is_met, submission, summary, variables
from bench.requests.aws import Services
from bench.requests.environment import Handled
from bench.requests.load import Request, arrivals
from herald.functions import api, speech
from tests.support.figures import faults

RESULTS = Path(plots.__file__).with_name("results.json")


@pytest.mark.parametrize(
    ("function", "environment", "megabytes"),
    [(speech, function_environment(Path("files"), 1_769), 1_769), (api, variables(Path("files"), "http://aws"), 512)],
)
def test_the_settings_of_the_functions_are_complete(monkeypatch, function, environment, megabytes):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert function.handler.create().parts.settings.memory_megabytes == megabytes


def test_requests_come_by_chance_and_the_same_every_time():
    times = list(arrivals(200, 60))
    assert times == list(arrivals(200, 60)) == sorted(times)
    assert len(times) == pytest.approx(12_000, rel=0.05)
    assert times[-1] < 60


def requests(*, waited=0.0, handled=0.01, status=202, growth=0):
    """A thousand requests to one environment, each handled in 10 ms."""
    for number in range(1_000):
        done = Handled(status, number, number + handled, (100 << 20) + growth * number, number * 0.005)
        yield Request(number, 0, handled + waited, done)


def test_a_wait_for_an_environment_is_told():
    found = summary(list(requests(waited=0.2)))
    assert found["in the handler"]["p99"] == pytest.approx(10)
    assert found["from arrival"]["p50"] == pytest.approx(210)
    assert found["cpu"] == pytest.approx(5, rel=0.01)
    assert is_met(found), "the bar is the handler's"


def test_the_bar():
    assert is_met(summary(list(requests())))
    assert not is_met(summary(list(requests(handled=0.2))))
    assert not is_met(summary(list(requests(status=503))))
    assert not is_met(summary(list(requests(growth=20_000))))


def test_the_stand_in_remembers_rows():
    services = Services()

    def ask(operation, **asked):
        answer = services.answer(f"DynamoDB_20120810.{operation}", json.dumps(asked).encode())
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    key = {"id": {"S": "a"}}
    ask("PutItem", Item=key | {name: {"S": "accepted"} for name in ("state", "lease", "worker")})
    changed = ask(
        "UpdateItem",
        Key=key,
        UpdateExpression="SET #state = :v0 REMOVE #lease, #n1",
        ExpressionAttributeNames={"#state": "state", "#lease": "lease", "#n1": "worker"},
        ExpressionAttributeValues={":v0": {"S": "queued"}},
    )
    assert changed["Attributes"] == ask("GetItem", Key=key)["Item"] == key | {"state": {"S": "queued"}}
    assert services.answer("", b"").startswith(b"HTTP/1.1 404")
    assert services.answer("DynamoDB_20120810.Scan", b"{}").startswith(b"HTTP/1.1 400")


def test_each_submission_is_another_text():
    assert submission(1)["body"] != submission(2)["body"]


@pytest.mark.parametrize("draw", [plots.ratios, plots.memory])
def test_plots_can_be_read_on_a_phone(draw):
    with rc_context(STYLE):
        assert faults(draw(json.loads(RESULTS.read_text()))) == []
