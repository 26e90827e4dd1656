"""The routes under /v1/batches and the batch functions, with in-process AWS."""

import json
from datetime import timedelta

import pytest

from herald.batches.batch import is_id, new_id
from herald.clock import utc_now
from herald.errors import HeraldError
from herald.functions import finish_batch, gpu_submit, plan_batch, speak_items
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import MARKER, Context, forget, logged

FIELDS = {
    "id", "object", "name", "state", "voice", "response_format", "use_case", "retention", "delivery", "priority",
    "metadata",
    "deadline", "tolerated_failure_percent", "remarks", "counts", "progress", "expected_end", "sla", "audio_seconds",
    "sentences", "price", "price_per_file", "created_at", "begun_at", "ended_at", "expires_at", "report",
    "redrives", "error", "webhook_url", "webhook",
}  # fmt: skip
"""Fields of a batch in the API: always present, and without text."""
ORDER = {"name": "Reminders", "template": "Hallo {name}. Bis bald.", "items_per_child": 2}
ITEMS = [{"id": f"r{at}", "name": name} for at, name in enumerate(["Anna", "Bert", MARKER], 1)]
NOT_THERE = new_id(utc_now())


@pytest.fixture
def sent(http):
    return lambda **fields: http("POST", "/v1/batches", ORDER | {"items": ITEMS} | fields).json


def call(function, event):
    return function.handler(event, Context(milliseconds_left=900_000))


def drive(cloud, *, until=3):
    """Run the tasks of the state machine's last execution, up to number `until`."""
    run = cloud.runs()[-1]
    plan = call(plan_batch, run)
    if until > 1:
        for note in notes(cloud, plan):
            call(speak_items, {"note": note, "retries": 0})
    if until > 2:
        call(finish_batch, run | {"plan": plan})
    return plan


def notes(cloud, plan):
    body = cloud.clients.s3.get_object(Bucket=BUCKET, Key=plan["key"])["Body"].read()
    return [json.loads(line) for line in body.splitlines()]


def test_batch_without_a_manifest_returns_an_upload_form(http, cloud):
    answer = http("POST", "/v1/batches", ORDER)
    batch = answer.json
    assert answer.status == 202
    assert set(batch) == FIELDS | {"upload"}
    assert is_id(batch["id"])
    assert answer.headers["Location"] == f"/v1/batches/{batch['id']}"
    assert (batch["state"], batch["report"], cloud.runs()) == ("created", None, [])
    key = f"uploads/default/{batch['id']}/manifest"
    upload = batch["upload"]
    assert (upload["method"], upload["fields"]["key"], upload["max_bytes"]) == ("POST", key, 2 << 30)
    assert http("POST", f"/v1/batches/{batch['id']}/start").refusal == (400, "manifest_missing")
    cloud.clients.s3.put_object(Bucket=BUCKET, Key=key, Body=b'{"name": "Anna"}\n', ContentType="application/x-ndjson")
    started = http("POST", f"/v1/batches/{batch['id']}/start")
    assert (started.status, started.json["state"], set(started.json)) == (202, "planning", FIELDS)
    (run,) = cloud.runs()
    assert (run["batch"], run["run"], run["manifest_format"]) == (batch["id"], 0, "jsonl")


def test_batch_runs_to_its_end(http, cloud, sent):
    batch = sent()
    assert (batch["state"], batch["upload"]) == ("planning", None)
    drive(cloud, until=1)
    planned = http("GET", f"/v1/batches/{batch['id']}").json
    assert (planned["state"], planned["counts"]["waiting"]) == ("speaking", 3)
    drive(cloud)
    done = http("GET", f"/v1/batches/{batch['id']}").json
    assert set(done) == FIELDS
    assert (done["state"], done["counts"]["done"], done["progress"]) == ("done", 3, 1.0)
    assert done["audio_seconds"] > 1
    assert done["sentences"]["spoken"] == 4
    assert done["sentences"]["reused"] == 2
    assert done["price"] == pytest.approx(done["price_per_file"] * 3)
    assert set(done["report"]) == {"csv_url", "jsonl_url", "summary_url"}
    assert [name for name, _ in cloud.events()] == ["herald.batch.done"]


def test_rows_name_the_archive_and_their_file_in_it(http, cloud, sent):
    batches = [sent(delivery="zip")["id"], sent(delivery="zip", name="Again")["id"]]
    assert batches[0] != batches[1]
    drive(cloud)
    rows = http("GET", f"/v1/batches/{batches[1]}/items").json["data"]
    assert [row["member"] for row in rows] == ["r1.mp3", "r2.mp3", "r3.mp3"]
    assert all(row["audio_url"] is None and ".zip?" in row["archive_url"] for row in rows)
    sent(delivery="zip", name="Once more")
    drive(cloud)
    again = http("GET", f"/v1/batches/{http('GET', '/v1/batches').json['data'][0]['id']}").json
    assert (again["counts"]["done"], again["sentences"]["spoken"], again["delivery"]) == (3, 0, "zip")


def test_items_have_links_to_their_files(http, cloud, sent):
    batch = sent(items=[*ITEMS, {"id": "r4", "name": ""}], tolerated_failure_percent=50)
    drive(cloud)
    page = http("GET", f"/v1/batches/{batch['id']}/items?limit=2").json
    assert (page["object"], page["has_more"], len(page["data"])) == ("list", True, 2)
    rest = http("GET", f"/v1/batches/{batch['id']}/items?cursor={page['next_cursor']}").json
    assert [item["id"] for item in page["data"] + rest["data"]] == ["r1", "r2", "r3", "r4"]
    assert set(page["data"][0]) == {
        "line", "id", "state", "audio_url", "archive_url", "member", "seconds", "price", "error",
    }  # fmt: skip
    assert "r1.mp3" in page["data"][0]["audio_url"]
    (refused,) = http("GET", f"/v1/batches/{batch['id']}/items?state=row_error").json["data"]
    assert (refused["audio_url"], refused["error"]["code"]) == (None, "missing_value")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "cursor=x", "state=lost", "page=1", "limit=a", "cursor=" + "9" * 99]
)
def test_invalid_query_of_items_is_refused(http, sent, query):
    batch = sent()
    assert http("GET", f"/v1/batches/{batch['id']}/items?{query}").status == 400


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "cursor=x", "state=done"])
def test_invalid_query_of_the_list_is_refused(http, query):
    assert http("GET", f"/v1/batches?{query}").status == 400


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": None}, (400, "invalid_request")),
        ({"template": "{"}, (400, "invalid_template")),
        ({"voice": "no-such-voice"}, (400, "unknown_voice")),
        ({"manifest": "s3://other-bucket/list.csv"}, (400, "invalid_request")),
        ({"items": None, "manifest": "s3://other-bucket/list.csv"}, (400, "bucket_not_allowed")),
        ({"items": None, "manifest": f"s3://{BUCKET}/batches/acme/batch_0/manifest"}, (400, "bucket_not_allowed")),
        ({"tenant": "acme"}, (400, "unknown_field")),
        ({"state": "done"}, (400, "unknown_field")),
        ({"deadline": "2020-01-01T00:00:00Z"}, (400, "deadline_passed")),
    ],
)
def test_invalid_batch_is_refused_and_stores_nothing(http, cloud, fields, refusal):
    assert http("POST", "/v1/batches", ORDER | {"items": ITEMS} | fields).refusal == refusal
    assert (cloud.rows(), cloud.keys("batches/"), cloud.runs()) == ([], [], [])


def test_manifest_is_never_read_from_heralds_own_bucket(http, cloud, monkeypatch):
    monkeypatch.setenv("HERALD_MANIFEST_BUCKETS", f"theirs,{BUCKET}")
    forget()
    cloud.clients.s3.create_bucket(Bucket="theirs")
    cloud.clients.s3.put_object(Bucket="theirs", Key="default/people.csv", Body=b"name\nAnna\n")
    assert (
        http("POST", "/v1/batches", ORDER | {"manifest": "s3://theirs/default/people.csv"}).json["state"] == "planning"
    )
    own = {"manifest": f"s3://{BUCKET}/batches/acme/batch_0/manifest"}
    assert http("POST", "/v1/batches", ORDER | own).refusal == (400, "bucket_not_allowed")


def test_idempotency_key_creates_one_batch(http, cloud):
    key = {"Idempotency-Key": "7c9e6679"}
    first, again = (http("POST", "/v1/batches", ORDER | {"items": ITEMS}, headers=key).json for _ in range(2))
    assert first["id"] == again["id"]
    assert http("POST", "/v1/batches", ORDER, headers=key).refusal == (409, "idempotency_key_reused")
    assert len([row for row in cloud.rows() if "document" in row]) == 1


PATHS = [("GET", ""), ("DELETE", ""), ("GET", "/items"), ("POST", "/start"), ("POST", "/redrive")]


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("batch_id", [NOT_THERE, "batch_0", "..", "a'b", "job_" + "0" * 32, None])
def test_another_tenants_batch_is_not_found(http, cloud, method, path, batch_id):
    theirs = http("POST", "/v1/batches", ORDER | {"items": ITEMS}, tenant="acme").json["id"]
    before = cloud.rows()
    answer = http(method, f"/v1/batches/{batch_id or theirs}{path}", tenant="mallory")
    assert answer.refusal == (404, "not_found")
    assert answer.error["message"] == "There is no batch with that id."
    assert cloud.rows() == before
    assert http("GET", "/v1/batches", tenant="mallory").json["data"] == []
    assert [one["id"] for one in http("GET", "/v1/batches", tenant="acme").json["data"]] == [theirs]


def test_batch_is_cancelled(http, cloud, sent):
    batch = sent()
    drive(cloud, until=1)
    cancelled = http("DELETE", f"/v1/batches/{batch['id']}").json
    assert (cancelled["state"], cancelled["counts"]["cancelled"], cancelled["report"]) == ("cancelled", 3, None)
    drive(cloud)
    assert http("GET", f"/v1/batches/{batch['id']}").json["report"]
    assert http("POST", f"/v1/batches/{batch['id']}/redrive").refusal == (409, "wrong_batch_state")
    assert [name for name, _ in cloud.events()] == ["herald.batch.cancelled"]


def test_failed_batch_is_redriven(http, cloud, sent):
    batch = sent(tolerated_failure_percent=0)
    plan = drive(cloud, until=1)
    call(speak_items, {"note": notes(cloud, plan)[0], "retries": 0})
    call(finish_batch, cloud.runs()[-1])
    assert http("GET", f"/v1/batches/{batch['id']}").json["error"]["code"] == "too_many_failures"
    again = http("POST", f"/v1/batches/{batch['id']}/redrive")
    assert (again.status, again.json["state"], again.json["redrives"]) == (202, "speaking", 1)
    assert drive(cloud)["chunks"] == 1
    done = http("GET", f"/v1/batches/{batch['id']}").json
    assert (done["state"], done["counts"]["done"]) == ("done", 3)


def test_aborted_execution_fails_its_batch(http, cloud, sent):
    batch = sent()
    drive(cloud, until=1)
    detail = {"status": "ABORTED", "input": json.dumps(cloud.runs()[-1])}
    call(finish_batch, {"detail-type": "Step Functions Execution Status Change", "detail": detail})
    failed = http("GET", f"/v1/batches/{batch['id']}").json
    assert (failed["state"], failed["error"]["code"], failed["counts"]["done"]) == ("failed", "execution_failed", 0)


def test_gpu_item_becomes_a_job(http, gpu, sent):
    batch = sent(items=ITEMS[:1])
    drive(gpu, until=1)
    (note,) = notes(gpu, {"key": f"batches/default/{batch['id']}/chunks.jsonl"})
    call(gpu_submit, {"note": note | {"route": "gpu"}, "token": "token"})
    (job,) = [row for row in gpu.rows() if row["id"]["S"].startswith("job_")]
    assert (job["batch"]["S"], job["route"]["S"], job["task_token"]["S"]) == (batch["id"], "gpu", "token")
    assert [message["job"] for message in gpu.messages("gpu")] == [job["id"]["S"]]


def test_gpu_job_of_a_cancelled_batch_is_cancelled(http, gpu, sent):
    batch = sent(items=ITEMS[:1])
    drive(gpu, until=1)
    (note,) = notes(gpu, {"key": f"batches/default/{batch['id']}/chunks.jsonl"})
    call(gpu_submit, {"note": note | {"route": "gpu"}, "token": "token"})
    http("DELETE", f"/v1/batches/{batch['id']}")
    assert call(gpu_submit, gpu.receive("gpu")) == {"batchItemFailures": []}
    (job,) = [row for row in gpu.rows() if row["id"]["S"].startswith("job_")]
    assert (job["state"]["S"], gpu.sagemaker.calls) == ("cancelled", [])
    assert [sent["taskToken"] for sent in gpu.calls("SendTaskSuccess")] == ["token"]


def test_text_is_neither_logged_nor_raised(http, cloud, sent, capfd, monkeypatch):
    batch = sent()
    plan = drive(cloud, until=1)
    cloud.refuse("s3", "PutObject", "SlowDown", 503)
    for note in notes(cloud, plan):
        with pytest.raises(HeraldError) as raised:
            call(speak_items, {"note": note, "retries": 0})
        assert MARKER not in str(raised.value)
    cloud.mend()
    drive(cloud)
    http("GET", f"/v1/batches/{batch['id']}/items")
    out = "".join(capfd.readouterr())
    assert MARKER not in out
    assert "planned" in {line.get("message") for line in logged(out)}
    assert MARKER not in json.dumps([row for row in cloud.rows() if row["id"]["S"] == batch["id"]])
    assert MARKER not in json.dumps(cloud.events())


def test_expected_end_and_verdict_of_a_running_batch(http, cloud, sent):
    batch = sent(deadline=(utc_now() + timedelta(hours=1)).isoformat())
    plan = drive(cloud, until=1)
    assert http("GET", f"/v1/batches/{batch['id']}").json["sla"]["verdict"] == "unknown"
    call(speak_items, {"note": notes(cloud, plan)[0], "retries": 0})
    running = http("GET", f"/v1/batches/{batch['id']}").json
    assert (running["sla"]["verdict"], running["counts"]["done"]) == ("on_track", 2)
    assert running["expected_end"]
