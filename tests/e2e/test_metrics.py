"""The four key figures from the functions' logs agree with a client's measurements."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from time import perf_counter

import httpx
import pytest

from tests.support.deployed_stack import deployed, until
from tests.support.emf import is_emf, metrics_of, undeclared, values_of

MARKER = "Rumpelstilzchen"
WITHIN = pytest.approx


def slow_text(name):
    """Return a text that takes seconds to synthesize: each of its sentences is new, and known ones cost nothing.

    The 50 ms between client and function are below 2 % of that.
    """
    return " ".join(f"Number {number} of {name} is {MARKER}." for number in range(80))


deployed = pytest.fixture(deployed, scope="module")


class Client:
    """Sends requests over HTTP and records the results."""

    def __init__(self, deployed):
        self.deployed = deployed
        self.statuses = []
        self.spoken = []
        """Seconds and bytes of each response with audio."""
        self.streamed = []
        self.prices = {"job": [], "item": []}
        self.verdicts = []

    def ask(self, method, path, **more):
        answer = self.deployed.http.request(method, path, **more)
        self.statuses.append(answer.status_code)
        return answer

    def speak(self, number):
        began = perf_counter()
        answer = self.ask("POST", "/v1/audio/speech", json={"input": slow_text(f"whole {number}")})
        self.spoken.append((perf_counter() - began, len(answer.content)))
        assert answer.status_code == 200, answer.text

    def listen(self, number):
        stack, began = self.deployed.stack, perf_counter()
        url = f"{stack.stream_url.rstrip('/')}/v1/audio/speech"
        headers = {"Authorization": f"Bearer {stack.api_key}"}
        answer = httpx.post(
            url, json={"input": slow_text(f"stream {number}")}, headers=headers, trust_env=False, timeout=60
        )
        self.statuses.append(answer.status_code)
        self.streamed.append((perf_counter() - began, len(answer.content)))
        assert answer.status_code == 200, answer.text

    def job(self, priority):
        job = self.ask("POST", "/v1/jobs", json={"input": f"{MARKER}, {priority}.", "priority": priority}).json()
        ended = until(lambda: self._ended(f"/v1/jobs/{job['id']}"))
        self.prices["job"].append(ended["price"])
        return ended

    def batch(self, seconds, text, *names):
        """Run a batch with a deadline in `seconds`."""
        deadline = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
        order = {"name": "try", "template": f"{text} {{name}}.", "deadline": deadline}
        batch = self.ask("POST", "/v1/batches", json=order | {"items": [{"name": name} for name in names]}).json()
        ended = until(lambda: self._ended(f"/v1/batches/{batch['id']}"))
        items = self.ask("GET", f"/v1/batches/{batch['id']}/items").json()["data"]
        self.prices["item"] += [item["price"] for item in items]
        self.verdicts.append(ended["sla"]["verdict"])

    def _ended(self, path):
        shown = self.ask("GET", path).json()
        return shown if shown["state"] in {"done", "failed"} else None


@pytest.fixture(scope="module")
def began(deployed):
    """Milliseconds since 1970 after all processes have started, which is not part of a function's latency."""
    deployed.http.post("/v1/audio/speech", json={"input": "Ready."})
    time.sleep(0.01)
    return time.time() * 1000


@pytest.fixture(scope="module")
def client(deployed, began):
    """A client that has made requests of every kind."""
    client = Client(deployed)
    for number in range(3):
        client.speak(number)
    for number in range(2):
        client.listen(number)
    client.ask("POST", "/v1/audio/speech", json={"input": MARKER, "voice": "nobody"})
    client.ask("GET", "/v1/nothing")
    jobs = [client.job(priority) for priority in ("standard", "vip", "standard")]
    assert [job["hit"] for job in jobs] == [False, False, True]
    client.batch(3_600, f"{MARKER} and", "Ann", "Bob", "Eve")
    client.batch(2, slow_text("batch"), "Kim")
    with deployed.function_with("ApiFunction", HERALD_TABLE="nowhere"):
        client.ask("GET", f"/v1/jobs/{jobs[0]['id']}")
    assert {200, 202, 400, 404} < set(client.statuses)
    assert max(client.statuses) >= 500
    return client


@pytest.fixture(scope="module")
def lines(deployed, client, began):
    """All metrics logged since `began`, once they are complete."""
    files = len(client.spoken) + len(client.streamed) + sum(map(len, client.prices.values()))

    def complete():
        found = [line for line in logged(deployed) if is_emf(line) and line["_aws"]["Timestamp"] >= began]
        return found if len(values_of(metrics_of(found), "Cost")) >= files and _batches(found) >= 2 else None

    return until(complete)


def _batches(lines):
    return len(values_of(metrics_of(lines), "BatchInSla"))


def logged(deployed):
    """Yield the JSON lines in the functions' logs, including those of the streaming function's process."""
    yield from (json.loads(text) for text in log_lines(deployed) if text.startswith("{"))


def log_lines(deployed):
    for name in deployed.log_groups():
        for page in deployed.aws("logs").get_paginator("filter_log_events").paginate(logGroupName=name):
            yield from (event["message"] for event in page["events"])
    yield from Path(deployed.stack.folder, "stream.log").read_text(errors="replace").splitlines()


@pytest.fixture(scope="module")
def found(lines):
    return metrics_of(lines)


def close(values):
    return [WITHIN(value, rel=0.05) for value in sorted(values)]


def test_response_times_agree_with_the_client(client, found):
    # The client's times include API Gateway, authorizer and emulator, about 50 ms of several seconds.
    for service, seen in (("speech", client.spoken), ("speech_stream", client.streamed)):
        measured = values_of(found, "Latency", service=service)
        sizeable = sorted(measured)[-len(seen) :]  # the rejected request was fast
        assert sizeable == close(seconds * 1000 for seconds, _ in seen)
        assert sizeable[0] > 1_000


def test_batches_within_their_sla_agree_with_the_client(client, found):
    measured = values_of(found, "BatchInSla")
    assert sorted(client.verdicts) == ["met", "missed"]
    assert mean(measured) == mean(verdict == "met" for verdict in client.verdicts)
    assert values_of(found, "PastDeadline", kind="item") == [1.0, 1.0], "the chunk, and the batch at its end"


def test_the_cost_of_a_file_agrees_with_the_client(deployed, client, found):
    # The client does not know the costs; they are computed from its times and bytes.
    price = deployed.parts.prices.realtime
    answers = [price(seconds, size) for seconds, size in client.spoken]
    answers += [price(seconds, size, streamed=True) for seconds, size in client.streamed]
    seen = {"realtime": [float(one) for one in answers], **client.prices}
    for kind, prices in seen.items():
        assert sorted(values_of(found, "Cost", kind=kind)) == close(prices)
    everything = values_of(found, "Cost")
    assert mean(everything) == WITHIN(mean(price for prices in seen.values() for price in prices), rel=0.05)


def test_api_success_agrees_with_the_client(client, found):
    measured = values_of(found, "Success")
    assert len(measured) == len(client.statuses)
    assert mean(measured) == mean(status < 500 for status in client.statuses)
    assert mean(measured) < 1


def test_the_repeated_job_was_a_hit(found, lines):
    assert sorted(line["hits"] for line in lines if line.get("kind") == "job" and "hits" in line) == [0, 0, 1]
    assert len(values_of(found, "QueueWait", tier="vip")) == len(values_of(found, "QueueWait", tier="standard")) == 1
    assert sum(line.get("sentences_spoken", 0) for line in lines) >= 1


def test_all_metrics_are_declared(found):
    assert undeclared(found) == []


def test_logs_contain_no_text(deployed, client, lines):
    assert not [text for text in log_lines(deployed) if MARKER.lower() in text.lower()]
    assert not [line for line in lines if MARKER.lower() in json.dumps(line).lower()]
