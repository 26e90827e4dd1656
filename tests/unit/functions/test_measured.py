"""Functions record each metric once, as declared, and without any text."""

from datetime import timedelta

import pytest

from herald.functions import api, speech, worker
from herald.jobs.job import State
from herald.jobs.job_request import JobRequest
from tests.support.emf import is_emf, metrics_of, undeclared
from tests.unit.functions.conftest import MARKER, Context, event, logged
from tests.unit.functions.test_sweeper import sweep


def emitted(output):
    found = metrics_of(line for line in logged(output) if is_emf(line))
    # In tests, functions have random names.
    assert undeclared(found, service=False) == []
    return found


def test_every_request_is_measured_on_every_route(http, capsys):
    assert http("GET", "/v1/jobs/job_00000000000000000000000000000000").status == 404
    assert http("GET", f"/{MARKER}").status == 404
    found = {name: values for (name, *_), values in emitted(capsys.readouterr().out).items()}
    assert len(found["Latency"]) == 2
    assert found["Success"] == [1.0, 1.0], "client errors are not failures of the service"


class Hurried(Context):
    """A context of an invocation that uses most of its time."""

    def __init__(self, *left):
        super().__init__()
        self.left = list(left)

    def get_remaining_time_in_millis(self):
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


@pytest.mark.parametrize(("left", "counted"), [((29_000, 2_800), [1.0]), ((29_000, 3_000), [])])
def test_invocation_near_its_timeout_is_counted(ask_with, capsys, left, counted):
    ask_with("api__health", Hurried(*left))
    found = emitted(capsys.readouterr().out)
    assert [value for (name, _, by), values in found.items() if name == "NearTimeout" for value in values] == counted


@pytest.fixture
def ask_with(cloud):
    return lambda name, context: api.handler(event(name), context)


def test_ping_warms_up_a_process_and_is_not_counted(cloud, speak, capsys, monkeypatch):
    spoken = []
    warm = speech.SpeechRoutes.warm
    monkeypatch.setattr("herald.functions.speech.SpeechRoutes.warm", lambda self: spoken.append(warm(self)))
    assert speech.handler({"ping": True}, Context()) == {}
    assert speech.handler(dict(speech.PING), Context()) == {}
    assert len(spoken) == 1, "only a new process warms up"
    assert capsys.readouterr().out == ""
    speak(input="Guten Tag.")
    found = emitted(capsys.readouterr().out)
    assert [values for (name, *_), values in found.items() if name == "ColdStart"] == [[0.0]]


def test_server_error_is_no_success(http, capsys, monkeypatch):
    def explode(*_, **__):
        raise RuntimeError(MARKER)

    monkeypatch.setattr("herald.aws.job_table.DynamoJobTable.get", explode)
    assert http("GET", "/v1/jobs/job_00000000000000000000000000000000").status == 500
    output = capsys.readouterr().out
    (success,) = [values for (name, *_), values in emitted(output).items() if name == "Success"]
    assert success == [0.0]
    assert MARKER not in output


def test_response_has_a_price_and_the_first_is_a_cold_start(speak, capsys):
    speak(input="Guten Tag.")
    speak(input="Guten Tag.")
    found = emitted(capsys.readouterr().out)
    by_name = {name: values for (name, *_), values in found.items()}
    assert by_name["ColdStart"] == [1.0, 0.0]
    assert len(by_name["Cost"]) == 2
    assert all(0 < price < 0.001 for price in by_name["Cost"])


def test_job_is_measured_once_by_the_function_that_completes_it(cloud, parts, mouth, capsys):
    parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    records = cloud.receive("standard")
    worker.handler(records, Context(milliseconds_left=300_000))
    worker.handler(records, Context(milliseconds_left=300_000))  # delivered twice
    output = capsys.readouterr().out
    found = emitted(output)
    assert [len(values) for (name, *_), values in found.items() if name == "Cost"] == [1]
    assert MARKER not in output


def test_job_completed_from_the_cache_is_measured_by_the_api(http, cloud, mouth, capsys):
    asked = {"input": "Guten Tag.", "priority": "standard"}
    http("POST", "/v1/jobs", asked)
    worker.handler(cloud.receive("standard"), Context(milliseconds_left=300_000))
    capsys.readouterr()
    again = http("POST", "/v1/jobs", asked, headers={"Idempotency-Key": "k"})
    assert again.json["state"] == "done"
    http(
        "POST", "/v1/jobs", {"input": "Guten Tag.", "priority": "standard"}, headers={"Idempotency-Key": "k"}
    )  # the same job
    assert [line["hits"] for line in logged(capsys.readouterr().out) if "hits" in line] == [1]


def test_dead_letter_is_recorded_as_failed_cost(cloud, parts, capsys):
    job = parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    until = parts.clock() - timedelta(hours=1)
    parts.table.claim(job.id, State.SPEAKING, worker="w", at=parts.clock(), until=until)
    cloud.clients.dynamodb.update_item(
        TableName="jobs", Key={"id": {"S": job.id}}, UpdateExpression="SET attempts = :five",
        ExpressionAttributeValues={":five": {"N": "5"}},
    )  # fmt: skip
    cloud.send("standard-dead", cloud.receive("standard")["Records"][0]["body"])
    sweep()
    found = emitted(capsys.readouterr().out)
    names = {name for name, *_ in found}
    assert names == {"DeadLetters", "Spend", "QueueWait", "Swept"}


def test_log_lines_have_job_and_tenant(http, capsys):
    job = http("POST", "/v1/jobs", {"input": MARKER}).json
    http("GET", f"/v1/jobs/{job['id']}")
    http("GET", "/v1/voices")
    answered = [line for line in logged(capsys.readouterr().out) if line.get("message") == "answered"]
    assert [line.get("job") for line in answered] == [job["id"], job["id"], None]
    assert all(line["request_id"] and line["tenant"] for line in answered)


@pytest.fixture
def annotations(monkeypatch):
    """The annotations added to traces."""
    added = []
    monkeypatch.setattr("aws_lambda_powertools.Tracer.put_annotation", lambda _, key, value: added.append((key, value)))
    return added


def test_traces_are_annotated_with_job_voice_and_route(http, cloud, mouth, annotations):
    job = http("POST", "/v1/jobs", {"input": MARKER, "priority": "standard"}).json
    assert {("job", job["id"]), ("route", "POST /v1/jobs"), ("voice", "de_DE-tiny-low")} <= set(annotations)
    annotations.clear()
    worker.handler(cloud.receive("standard"), Context(milliseconds_left=300_000))
    assert {("job", job["id"]), ("voice", "de_DE-tiny-low")} <= set(annotations)
    http("POST", "/v1/audio/speech", {"input": f"{MARKER}."})
    assert ("route", "POST /v1/audio/speech") in annotations
    assert not [value for _, value in annotations if MARKER in value]


def test_traces_are_annotated_with_the_batch(http, annotations):
    batch = http("POST", "/v1/batches", {"name": "try", "items": [{"text": MARKER}]}).json
    assert ("batch", batch["id"]) in annotations
    assert not [value for _, value in annotations if MARKER in value]
