"""Batches over HTTP and S3: processing, reports, cancellation, crashes and redrives."""

import base64
import csv
import io
import json
import os
import signal
import time
from collections import Counter
from zipfile import ZipFile

import httpx
import pytest

from herald.batches.batch_events import BatchEnded
from local.keys import TENANT
from tests.hostile.cases import HERE, read_lines
from tests.local.tools import workers
from tests.support.batch_runs import SHORT, TEMPLATE, Sent, people
from tests.support.decoding import decode
from tests.support.deployed_stack import deployed, until
from tests.support.end_events import EndEvents
from tests.support.uploads import upload

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def ended_events(deployed):
    with EndEvents(deployed, "ended-batches") as ended_events:
        yield ended_events


@pytest.fixture(scope="module")
def send(deployed):
    return lambda *given, **fields: Sent(deployed, *given, **fields)


def keys(deployed, prefix):
    pages = deployed.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=deployed["AudioBucket"], Prefix=prefix)
    return [one["Key"] for page in pages for one in page.get("Contents", [])]


@pytest.fixture(scope="module")
def campaign(ended_events, send):
    """A finished batch of the generator's first rows."""
    sent = send(people(30), use_case="reminder")
    return sent, sent.ended()


def test_every_row_has_its_file(deployed, campaign):
    sent, batch = campaign
    assert (batch["state"], batch["counts"]["done"], batch["counts"]["rows"]) == ("done", 30, 30)
    rows = sent.rows()
    assert len(rows) == 30
    assert Counter(row["state"] for row in rows.values()) == {"done": 30}
    assert {row["key"] for row in rows.values()} <= set(keys(deployed, f"audio/{TENANT}/"))
    for item in sent.items()[:3]:
        samples, rate = decode(httpx.get(item["audio_url"], trust_env=False).content, "mp3", None)
        assert len(samples) / rate == pytest.approx(item["seconds"], abs=0.1)


def test_a_preview_says_what_the_batch_does(deployed, campaign):
    sent, batch = campaign
    asked = {"template": TEMPLATE, "sample_base64": base64.b64encode(people(30).encode()).decode()}
    answer = deployed.http.post("/v1/batches/preview", json=asked)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["rows"], shown["row_errors"], shown["error"]) == (30, 0, None)
    assert [one["id"] for one in shown["examples"]] == [*sent.rows()][:5]
    expected = shown["estimate"]
    assert expected["audio_seconds"] == pytest.approx(batch["audio_seconds"], rel=0.35)
    assert 0.2 < expected["price"] / batch["price"] < 5


def test_the_report_adds_up(campaign):
    sent, batch = campaign
    summary, rows = json.loads(sent.report("summary")), sent.rows().values()
    assert summary["counts"] == batch["counts"]
    assert sum(float(row["seconds"]) for row in rows) == pytest.approx(summary["audio_seconds"], abs=0.01)
    assert sum(float(row["price_usd"]) for row in rows) == pytest.approx(batch["price"])
    assert summary["audio_seconds"] == pytest.approx(batch["audio_seconds"], abs=0.001)
    assert [json.loads(line)["id"] for line in sent.report("jsonl").splitlines()] == [row["id"] for row in rows]
    assert len(sent.items()) == 30


def test_sentences_are_reused_between_rows(campaign):
    _, batch = campaign
    sentences = batch["sentences"]
    assert sentences["spoken"] + sentences["reused"] == 4 * 30
    # 30 greetings, 30 times of day, and the two common sentences at most once in each of two processes.
    assert sentences["spoken"] <= 30 + 30 + 2 * 2


def test_archives_have_the_bytes_of_the_files(deployed, campaign, send):
    sent, batch = campaign
    zipped = send(people(30), delivery="zip", items_per_child=15)
    done = zipped.ended()
    assert (done["state"], done["counts"]) == ("done", batch["counts"])
    files = {row["id"]: row for row in sent.rows().values()}
    for row in zipped.items()[::7]:
        archive = ZipFile(io.BytesIO(httpx.get(row["archive_url"], trust_env=False).content))
        stored = deployed.aws("s3").get_object(Bucket=deployed["AudioBucket"], Key=files[row["id"]]["key"])
        assert archive.read(row["member"]) == stored["Body"].read()
    again = send(people(30), delivery="zip", items_per_child=15).ended()
    assert (again["counts"], again["sentences"]) == (batch["counts"], {"spoken": 0, "reused": 0})
    assert again["price"] < done["price"] < batch["price"]


def test_a_repeated_batch_synthesizes_nothing(deployed, campaign, send):
    sent, batch = campaign
    before = set(keys(deployed, "audio/"))
    again = send(people(30), use_case="reminder")
    done = again.ended()
    assert (done["counts"], done["sentences"]) == (batch["counts"], {"spoken": 0, "reused": 0})
    assert set(keys(deployed, "audio/")) == before
    first, second = (json.loads(one.report("summary")) for one in (sent, again))
    assert {**first, "run": None} == {**second, "run": None}
    assert done["price"] < batch["price"]


def test_its_end_is_published(ended_events, campaign):
    sent, batch = campaign
    (event,) = until(lambda: ended_events.of(sent.id))
    ended = BatchEnded.model_validate(event["detail"])
    assert (event["detail-type"], ended.state, ended.use_case) == ("herald.batch.done", "done", "reminder")
    assert ended.counts.model_dump() == batch["counts"]


def test_sentences_of_several_rows_are_spoken_first_and_once(send):
    lines = people(60).splitlines()
    rows = [lines[0], *lines[1:], *(f"again-{line}" for line in lines[1:])]
    batch = send("\n".join(rows), items_per_child=None, template=f"Shared. {TEMPLATE}").ended()
    assert (batch["state"], batch["counts"]["done"]) == ("done", 120)
    sentences = batch["sentences"]
    # There are 60 files, as the other rows say the same. Each has two sentences of its own, and three that all have.
    assert sentences["spoken"] <= 60 + 60 + 3
    assert sentences["reused"] == 60 * 5


def test_invalid_rows_are_reported_by_line_and_code(send):
    lines = people(100).splitlines()
    lines[10], lines[50], lines[100] = "p00010,Ann", 'p00050,"Ben" x,Monday,noon', lines[1]
    sent = send("\n".join(lines), template=SHORT, response_format="ulaw")
    batch = sent.ended()
    assert (batch["state"], batch["counts"]["done"], batch["counts"]["row_errors"]) == ("done", 97, 3)
    refused = [(item["line"], item["error"]["code"]) for item in sent.items(state="row_error")]
    assert refused == [(11, "ragged_row"), (51, "stray_quote"), (101, "duplicate_id")]
    rows = csv.DictReader(io.StringIO(sent.report("csv")))
    assert Counter(row["state"] for row in rows) == {"done": 97, "row_error": 3}


def test_too_many_invalid_rows_fail_the_batch_before_synthesis(send):
    batch = send("id,first_name,day\n1,Ann,Monday\n2,Ben\n", template=SHORT, tolerated_failure_percent=10).ended()
    assert (batch["state"], batch["error"]["code"]) == ("failed", "too_many_failures")
    assert batch["sentences"] == {"spoken": 0, "reused": 0}


@pytest.mark.parametrize("line", read_lines(HERE / "cursors.jsonl"), ids=lambda line: line["name"])
def test_a_tampered_cursor_is_refused(deployed, campaign, line):
    sent, _ = campaign
    answer = deployed.http.get(f"/v1/batches/{sent.id}/items", params={"cursor": line["cursor"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("manifest", "code"), [("id,first_name,day\n", "manifest_empty"), ("id,first_name\n1,Ann\n", "missing_column")]
)
def test_an_invalid_manifest_fails_the_batch(send, manifest, code):
    batch = send(manifest, template=SHORT).ended()
    assert (batch["state"], batch["error"]["code"]) == ("failed", code)


def test_a_file_is_kept_for_each_batch_with_retention_keep(deployed, send):
    for shared in (False, True):
        sent = send(people(1), retention="keep", use_case="kept")
        assert sent.ended()["counts"]["done"] == 1
        (key,) = (row["key"] for row in sent.rows().values())
        assert key.startswith(f"kept/{TENANT}/")
        assert (".shared." in key) == shared
        tags = deployed.aws("s3").get_object_tagging(Bucket=deployed["AudioBucket"], Key=key)["TagSet"]
        assert [tag["Key"] for tag in tags] == ([] if shared else ["kept_by"])


def test_an_upload_after_the_start_is_ignored(send):
    sent = send(people(500), template=SHORT, response_format="ulaw")
    sent.upload("id,first_name,day\n1,Mallory,Monday\n")
    batch = sent.ended()
    assert (batch["state"], batch["counts"]["done"]) == ("done", 500)


def test_an_upload_over_the_limit_is_rejected_by_s3(send):
    form = send(template=SHORT).created["upload"]
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    assert ["content-length-range", 0, form["max_bytes"]] in policy["conditions"]
    assert upload(form, b"id,first_name,day\n", key="uploads/other/b/manifest").status_code == 403


def test_a_killed_child_loses_nothing(deployed, stack, send):
    sent = send(people(40), template=f"Killed once. {SHORT}")
    sent.spoken(5)
    for pid in workers(stack, "SpeakItemsFunction"):
        os.kill(pid, signal.SIGKILL)
    batch = sent.ended()
    assert (batch["state"], batch["counts"]["done"]) == ("done", 40)
    rows = sent.rows()
    assert Counter(row["state"] for row in rows.values()) == {"done": 40}
    for row in rows.values():
        head = deployed.aws("s3").head_object(Bucket=deployed["AudioBucket"], Key=row["key"])
        assert head["ContentLength"] == int(row["bytes"])


def test_a_cancelled_batch_keeps_finished_files(deployed, ended_events, send):
    sent = send(people(60), template=f"Cancelled soon. {SHORT}")
    sent.spoken(5)
    cancelled = deployed.http.delete(f"/v1/batches/{sent.id}").json()
    assert cancelled["state"] == "cancelled"
    batch = sent.ended()
    counts = Counter(row["state"] for row in sent.rows().values())
    assert counts == {"done": batch["counts"]["done"], "cancelled": batch["counts"]["cancelled"]}
    assert 5 <= counts["done"] < 60
    assert sent.post("redrive").status_code == 409
    assert [event["detail-type"] for event in until(lambda: ended_events.of(sent.id))] == ["herald.batch.cancelled"]


def test_failed_items_are_redriven(deployed, send):
    """The table is missing for all children until each was tried five times."""
    with deployed.function_with("SpeakItemsFunction", HERALD_TABLE="nowhere"):
        sent = send(people(10), template=f"Redriven once. {SHORT}")
        failed = sent.ended()
    assert (failed["state"], failed["counts"]["failed"]) == ("failed", 10)
    assert {item["error"]["code"] for item in sent.items()} == {"not_spoken"}
    assert sent.post("redrive").status_code == 202
    time.sleep(0.2)
    done = sent.ended()
    assert (done["state"], done["counts"]["done"], done["redrives"], done["error"]) == ("done", 10, 1, None)
    assert Counter(row["state"] for row in sent.rows().values()) == {"done": 10}


def test_a_stopped_execution_fails_its_batch(deployed, ended_events, send):
    sent = send(people(80), template=f"Stopped by hand. {SHORT}")
    sent.spoken(5)
    executions = deployed.aws("stepfunctions").list_executions(stateMachineArn=deployed["BatchMachine"])["executions"]
    (arn,) = [one["executionArn"] for one in executions if one["name"] == f"{sent.id}-0"]
    deployed.aws("stepfunctions").stop_execution(executionArn=arn)
    batch = sent.ended()
    assert (batch["state"], batch["error"]["code"]) == ("failed", "execution_failed")
    assert batch["counts"]["done"] >= 5
    assert [event["detail-type"] for event in until(lambda: ended_events.of(sent.id))] == ["herald.batch.failed"]


def test_gpu_items_are_completed_by_their_tokens(deployed, send):
    items = [
        {"id": "plain", "text": "Spoken on a processor like any other."},
        {"id": "gpu", "text": "Spoken by another voice.", "voice": "kokoro:jf_alpha"},
    ]
    sent = send(template=None, items=items)
    batch = sent.ended()
    assert (batch["state"], batch["counts"]["done"]) == ("done", 2)
    jobs = deployed.http.get("/v1/jobs", params={"batch": sent.id}).json()["data"]
    assert [(job["state"], job["route"]) for job in jobs] == [("done", "gpu")]
    assert float(sent.rows()["gpu"]["price_usd"]) == pytest.approx(jobs[0]["price"])


def test_batches_are_listed_newest_first_and_not_as_jobs(deployed, campaign):
    found = deployed.http.get("/v1/batches", params={"limit": 100}).json()["data"]
    created = [batch["created_at"] for batch in found]
    assert created == sorted(created, reverse=True)
    assert campaign[0].id in {batch["id"] for batch in found}
    assert all(job["object"] == "job" for job in deployed.http.get("/v1/jobs").json()["data"])
