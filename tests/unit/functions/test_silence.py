"""The customer's text never appears in logs, metrics or traces, even if something fails."""

import json
import logging
import os
import subprocess
import sys

import pytest

from herald.functions import sweeper, worker
from herald.jobs.job_request import JobRequest
from tests.unit.functions.conftest import MARKER, Context, event

TRACED = """
import json, socket, sys
from types import SimpleNamespace

daemon = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
daemon.bind(("127.0.0.1", 0))
daemon.settimeout(0.2)
import os
os.environ["AWS_XRAY_DAEMON_ADDRESS"] = f"127.0.0.1:{daemon.getsockname()[1]}"

from herald.aws import lexicon_store, usage_counters
from herald.functions import speech, sweeper
from herald.speech.engine import Engine
from tests.support.job_fakes import MemoryCounters, MemoryLexicons

usage_counters.DynamoCounters = lambda *_, **__: MemoryCounters()
lexicon_store.AwsLexiconStore = lambda *_, **__: MemoryLexicons()
context = SimpleNamespace(function_name="herald", function_version="1", memory_limit_in_mb=3008,
    invoked_function_arn="arn", aws_request_id="1", get_remaining_time_in_millis=lambda: 29_000)

def explode(*_, **__):
    raise RuntimeError(MARKER)

statuses = []
def speak(**fields):
    event = json.load(open("events/speech__short.json"))
    event["body"] = json.dumps({"input": MARKER} | fields)
    statuses.append(int(speech.handler(event, context)["statusCode"]))

speak()
speak(response_format=MARKER)
Engine.speak = explode
speak()
sweeper.Sweeper.sweep = explode
try:
    sweeper.handler({}, context)
except Exception as error:
    print("raised", type(error).__name__, error)
traces = ""
while True:
    try:
        traces += daemon.recv(1 << 16).decode()
    except TimeoutError:
        break
print(json.dumps({"statuses": statuses, "traces": traces}))
"""


@pytest.fixture
def traced(environment, monkeypatch):
    """Run functions with tracing in a new process; return its output, and the statuses and traces."""
    monkeypatch.delenv("POWERTOOLS_TRACE_DISABLED")
    lambdas = {
        "LAMBDA_TASK_ROOT": "/var/task",
        "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    script = f"MARKER = {MARKER!r}\n{TRACED}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True, text=True, check=False, env=os.environ | lambdas,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr, json.loads(done.stdout.splitlines()[-1])


def test_traces_contain_no_text(traced):
    output, result = traced
    assert result["statuses"] == [200, 400, 500]
    assert "raised HeraldError" in output
    # There are traces of each function, including the one that failed.
    assert result["traces"].count("## ") >= 4
    assert "HeraldError" in result["traces"]
    assert MARKER not in output


@pytest.fixture
def explode(monkeypatch):
    """Return a function that makes a dependency fail with the customer's text in its error, as libraries do."""

    def explode(name):
        def fail(*_, **__):
            raise ValueError(f"cannot do {MARKER}")

        monkeypatch.setattr(name, fail)

    return explode


@pytest.fixture
def debug_level(capsys):  # its stderr has to exist before the handler
    """Log to stderr at DEBUG through the root logger, as Lambda's runtime does with ApplicationLogLevel DEBUG."""
    root, handler = logging.getLogger(), logging.StreamHandler()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.usefixtures("debug_level")
def test_log_level_debug_reveals_no_text(http, cloud, capsys):
    assert http("POST", "/v1/jobs", {"input": MARKER}).status == 202
    assert worker.handler(cloud.receive("standard"), Context(milliseconds_left=300_000)) == {"batchItemFailures": []}
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err


PARTS = {
    "herald.aws.job_table.DynamoJobTable.get": True,
    "herald.aws.job_table.DynamoJobTable.claim": True,
    "herald.aws.job_table.DynamoJobTable.move": True,
    "herald.aws.job_table.DynamoJobTable.mark_published": True,
    "herald.aws.audio_store.S3AudioStore.find": True,
    "herald.aws.audio_store.S3AudioStore.put": True,
    "herald.aws.messaging.EventBridgeEvents.publish": True,
    "herald.aws.messaging.SqsJobQueues.postpone": False,
    "herald.jobs.job_messages.JobMessage.parse": True,
}
"""Dependencies that may fail while a job is processed, and whether its message is then redelivered."""


@pytest.mark.parametrize(("name", "back"), PARTS.items(), ids=PARTS)
def test_failing_dependency_reveals_no_text(cloud, parts, mouth, explode, capsys, name, back):  # noqa: PLR0913, PLR0917
    parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    records = cloud.receive("standard")
    explode(name)
    answer = worker.handler(records, Context(milliseconds_left=300_000))
    output = capsys.readouterr()
    assert MARKER not in json.dumps(answer) + output.out + output.err
    assert bool(answer["batchItemFailures"]) == back
    assert ("ValueError" in output.out) == back
    assert not any(MARKER in json.dumps(row.get("fault", {})) for row in cloud.rows())


@pytest.mark.parametrize(
    "name", ["herald.jobs.recovery.DeadLetters.fail_dead_letter", "herald.aws.job_table.DynamoJobTable.get"]
)
def test_dead_letter_reveals_no_text(cloud, parts, explode, capsys, name):
    parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    cloud.send("standard-dead", cloud.receive("standard")["Records"][0]["body"])
    explode(name)
    sweeper.handler(event("sweeper__every_five_minutes"), Context(milliseconds_left=60_000))
    output = capsys.readouterr()
    assert "ValueError" in output.out
    assert MARKER not in output.out + output.err


@pytest.mark.parametrize("name", ["herald.jobs.recovery.Sweeper.sweep", "herald.aws.job_table.DynamoJobTable.due"])
def test_sweep_reveals_no_text(cloud, explode, capsys, name):
    explode(name)
    with pytest.raises(Exception, match="ValueError") as raised:
        sweeper.handler(event("sweeper__every_five_minutes"), Context(milliseconds_left=120_000))
    output = capsys.readouterr()
    assert MARKER not in str(raised.value) + output.out + output.err


@pytest.mark.parametrize(
    "name",
    ["herald.jobs.job_service.JobService.submit", "herald.aws.job_table.DynamoJobTable.add",
     "herald.aws.audio_store.S3AudioStore.find",
     "herald.aws.messaging.SqsJobQueues.send", "herald.web.job_routes.describe"],
)  # fmt: skip
def test_error_response_reveals_no_text(http, explode, capsys, name):
    explode(name)
    answer = http("POST", "/v1/jobs", {"input": MARKER})
    assert answer.refusal == (500, "internal_error")
    output = capsys.readouterr()
    assert MARKER not in answer.body + output.out + output.err
