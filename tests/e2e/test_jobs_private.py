"""Customers' texts do not appear in logs, messages, dead letters or events."""

import json
from pathlib import Path

import pytest

from herald.jobs.script import Line
from local.keys import TENANT
from tests.support.deployed_stack import deployed, until
from tests.support.end_events import EndEvents
from tests.support.job_samples import a_script

MARKER = "Rumpelstilzchen"
TEXT = f"The name is {MARKER}."
REFUSED = [
    {"input": TEXT, "voice": "nobody"},
    {"input": TEXT, "speed": MARKER},
    {"input": TEXT, "response_format": MARKER},
    {"input": TEXT, "metadata": {"name": f"{MARKER}\n"}},
    {"input": TEXT, MARKER: 1},
    {"text": TEXT},
    {"input": [TEXT]},
    {"input": f"<speak>{MARKER}"},
    {"dialogue": [{"input": TEXT, "voice": MARKER}]},
    [TEXT],
    TEXT,
]
PATHS = ("/v1/jobs", "/v1/audio/speech")

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def ended_events(deployed):
    with EndEvents(deployed, "ended-private") as ended_events:
        yield ended_events


@pytest.fixture(scope="module")
def ended(deployed, ended_events):
    """Jobs with the marker in their texts, each with a different end."""
    unknown = Line(text=TEXT, voice="nobody")
    refused = a_script().model_copy(update={"lines": (unknown, unknown)})
    good = {
        "queue": deployed.post(input=TEXT)["id"],
        "vip": deployed.post(input=f"{TEXT} Indeed.", priority="vip")["id"],
        "gpu": deployed.post(input=TEXT, quality="high")["id"],
    }
    bad = {
        "unknown voice": deployed.put(a_script().model_copy(update={"lines": (unknown,)})).id,
        "refused by the gpu": deployed.put(refused, route="gpu", audio_key=f"audio/{TENANT}/nobody.mp3").id,
    }
    return {name: deployed.ended(job_id) for name, job_id in (good | bad).items()}


@pytest.fixture(scope="module")
def dead(deployed, ended_events, ended):
    """A job that no worker can process, and its dead letter, read before the sweeper receives it."""
    lines = tuple(Line(text=f"{TEXT} {number}", voice="en_US-joe-medium") for number in range(2))
    with deployed.dead_after("StandardQueue", 1):
        job = deployed.put(a_script().model_copy(update={"lines": lines}), attempts=4)
        letter = until(lambda: received(deployed, "StandardDeadLetters"))
        deployed.aws("sqs").change_message_visibility(
            QueueUrl=deployed["StandardDeadLetters"], ReceiptHandle=letter["ReceiptHandle"], VisibilityTimeout=0
        )
        deployed.all_buried([job.id])
        return deployed.ended(job.id), letter


def received(deployed, queue):
    answer = deployed.aws("sqs").receive_message(
        QueueUrl=deployed[queue], AttributeNames=["All"], MessageAttributeNames=["All"]
    )
    return next(iter(answer.get("Messages", [])), None)


@pytest.fixture(scope="module")
def refused(deployed):
    answers = [deployed.http.post(path, json=body) for path in PATHS for body in REFUSED]
    answers += [
        deployed.http.post(path, content=f"{MARKER} {{", headers={"Content-Type": "application/json"}) for path in PATHS
    ]
    assert {answer.status_code for answer in answers} <= {400, 413, 415}, [answer.status_code for answer in answers]
    return [answer.headers["X-Request-Id"] for answer in answers]


def test_a_dead_letter_has_everything_except_the_text(deployed, ended_events, dead):
    job, letter = dead
    assert (job["state"], job["error"]["code"], job["attempts"]) == ("failed", "too_many_attempts", 5)
    assert MARKER not in json.dumps(letter)
    assert json.loads(letter["Body"]) == {"version": 1, "job": job["id"], "tenant": TENANT}
    record, *_ = until(lambda: [line for line in deployed.logged() if is_of(line, job)])
    assert record["tenant"] == TENANT
    assert (record["code"], record["fault"], record["attempts"]) == ("too_many_attempts", "internal_error", 5)
    assert job["created_at"][:19] <= record["first_at"][:19] <= record["last_at"][:19]


def is_of(line, job):
    return line.get("message") == "dead letter" and line["job"] == job["id"]


def test_events_contain_no_text(ended_events, ended, dead):
    ids = [job["id"] for job in (*ended.values(), dead[0])]
    assert {name: job["state"] for name, job in ended.items()} == {
        "queue": "done",
        "vip": "done",
        "gpu": "done",
        "unknown voice": "failed",
        "refused by the gpu": "failed",
    }
    events = [until(lambda job_id=job_id: ended_events.of(job_id)) for job_id in ids]
    assert MARKER not in json.dumps(events)


def test_logs_contain_no_text(deployed, ended, dead, refused):
    logs = {path.name: path.read_text(errors="replace") for path in Path(deployed.stack.folder).glob("*.log")}
    assert {"emulator.log", "runtime.log", "container.log"} <= logs.keys()
    spoken = [*ended.values(), dead[0]]
    assert all(job["id"] in logs["emulator.log"] for job in spoken if job["route"] == "queue")
    assert all(request_id in logs["emulator.log"] for request_id in refused)
    assert ended["gpu"]["id"] in logs["container.log"]
    assert {name for name, text in logs.items() if MARKER.lower() in text.lower()} == set()


def test_cloudwatch_contains_no_text(deployed, ended, dead, refused):
    groups = deployed.log_groups()
    lines = {group: list(events_of(deployed, group)) for group in groups}
    assert any(ended["queue"]["id"] in line for line in lines[deployed["FunctionLogs"]])
    assert any(dead[0]["id"] in line for line in lines[deployed["FunctionLogs"]])
    assert not [line for group in groups for line in lines[group] if MARKER.lower() in line.lower()]


def events_of(deployed, group):
    for page in deployed.aws("logs").get_paginator("filter_log_events").paginate(logGroupName=group):
        yield from (event["message"] for event in page["events"])
