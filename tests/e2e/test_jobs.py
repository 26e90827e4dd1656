"""Jobs over HTTP, and their rows, files, tags and events in AWS."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from herald.disclosure.file_claims import read_claim
from herald.jobs.job import State, id_for, new_id
from herald.jobs.job_request import JobRequest
from local.keys import TENANT
from tests.support.decoding import decode
from tests.support.deployed_stack import deployed, until
from tests.support.end_events import EndEvents
from tests.support.job_samples import a_job, a_script

JOBS = {
    "queue": {"input": "Good morning. Your parcel arrives on Tuesday.", "use_case": "alert"},
    "vip": {"input": "Welcome home. We have kept your room.", "priority": "vip", "retention": "keep"},
    "gpu": {
        "dialogue": [
            {"voice": "kokoro:jf_alpha", "input": "Is the table for two still free?", "language": "en-US"},
            {"voice": "kokoro:jm_kumo", "input": "Yes, by the window. See you tonight.", "language": "en-US"},
        ]
    },
}
ROUTE = {"queue": "queue", "vip": "queue", "gpu": "gpu"}

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def ended_events(deployed):
    with EndEvents(deployed, "ended-jobs") as ended_events:
        yield ended_events


@pytest.fixture(scope="module")
def done(deployed, ended_events):
    """An ended job of each route, as returned by the API."""
    accepted = {name: deployed.post(**body) for name, body in JOBS.items()}
    return {name: deployed.ended(job["id"], seconds=180) for name, job in accepted.items()}


@pytest.mark.parametrize("name", JOBS)
def test_files_state_that_they_are_synthetic(deployed, done, name):
    answer = deployed.http.get(done[name]["audio_url"])
    assert answer.headers["x-amz-meta-ai-disclosure"] == "mode=machine-generated"
    assert read_claim(answer.content).state == "marked"


def raw(deployed, job_id):
    return deployed.aws("dynamodb").get_item(TableName=deployed["JobTable"], Key={"id": {"S": job_id}})["Item"]


def tags_of(deployed, key):
    answer = deployed.aws("s3").get_object_tagging(Bucket=deployed["AudioBucket"], Key=key)
    return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


@pytest.mark.parametrize("name", JOBS)
def test_each_route_ends_done(done, name):
    job = done[name]
    assert (job["state"], job["route"], job["error"]) == ("done", ROUTE[name], None)
    assert (job["attempts"], job["hit"]) == (1, False)
    assert job["created_at"] <= job["begun_at"] <= job["ended_at"]
    assert job["reason"]
    assert job["price"] > 0


@pytest.mark.parametrize("name", JOBS)
def test_file_matches_the_job(deployed, done, name):
    job = done[name]
    content = deployed.http.get(job["audio_url"]).content
    samples, rate = decode(content, "mp3", None)
    assert len(content) == job["audio_bytes"]
    assert rate == job["sample_rate"]
    assert len(samples) / rate == pytest.approx(job["audio_seconds"], abs=0.1)
    assert abs(samples).max() > 0.1


@pytest.mark.parametrize("name", JOBS)
def test_row_tags_answer_and_event_agree(deployed, ended_events, done, name):
    job, row, event = (
        done[name],
        deployed.rows([done[name]["id"]])[done[name]["id"]],
        ended_events.once(done[name]["id"]),
    )
    asked = JOBS[name]
    assert row.state == event.state == job["state"] == "done"
    assert row.route == event.route == job["route"]
    assert row.tier == event.tier == job["priority"] == asked.get("priority", "standard")
    assert row.audio.seconds == event.audio.seconds == job["audio_seconds"]
    assert row.audio.bytes == event.audio.bytes == job["audio_bytes"]
    assert row.audio.key == event.audio.key
    assert float(row.price) == event.price_usd == job["price"]
    assert row.ended_at == event.ended_at
    head = deployed.aws("s3").head_object(Bucket=deployed["AudioBucket"], Key=row.audio.key)
    assert (head["ContentLength"], head["ContentType"]) == (row.audio.bytes, "audio/mpeg")
    use_case, retention = asked.get("use_case", "other"), asked.get("retention", "expire")
    assert row.audio.key.startswith("kept/" if retention == "keep" else "audio/")
    assert tags_of(deployed, row.audio.key) == ({"kept_by": row.id} if retention == "keep" else {})
    assert (row.use_case, event.use_case, job["use_case"]) == (use_case,) * 3
    assert (row.retention, job["retention"]) == (retention,) * 2


@pytest.mark.parametrize("name", JOBS)
def test_row_contains_neither_text_nor_lease(deployed, ended_events, done, name):
    ended_events.once(done[name]["id"])
    row = until(lambda: (row := raw(deployed, done[name]["id"]))["published"]["BOOL"] and row)
    assert not {"script", "lease_until", "due_at", "due_shard", "gpu"} & row.keys()
    assert ("expires" in row) == (JOBS[name].get("retention") != "keep")


@pytest.mark.parametrize("name", JOBS)
def test_same_request_is_the_same_file(deployed, ended_events, done, name):
    first = deployed.rows([done[name]["id"]])[done[name]["id"]]
    before = deployed.aws("s3").head_object(Bucket=deployed["AudioBucket"], Key=first.audio.key)
    again = deployed.post(**JOBS[name])
    assert (again["state"], again["hit"], again["attempts"]) == ("done", True, 0)
    assert again["id"] != first.id
    assert again["price"] == again["price_expected"] < done[name]["price"] / 2
    assert ended_events.once(again["id"]).hit
    # The first keeper of a file has a copy of its own; all others share another one.
    kept = JOBS[name].get("retention") == "keep"
    key = first.audio.key.replace(".mp3", ".shared.mp3") if kept else first.audio.key
    assert deployed.rows([again["id"]])[again["id"]].audio == first.audio.model_copy(update={"key": key})
    after = deployed.aws("s3").head_object(Bucket=deployed["AudioBucket"], Key=first.audio.key)
    assert (after["ETag"], after["LastModified"]) == (before["ETag"], before["LastModified"])


def test_respond_async(deployed, ended_events):
    body = {"input": "Nobody waits for this one.", "voice": "nova"}
    answer = deployed.http.post("/v1/audio/speech", json=body, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "respond-async"
    job = deployed.ended(answer.json()["id"])
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert (job["state"], job["route"]) == ("done", "queue")
    assert ended_events.once(job["id"]).state == "done"


def test_hundred_posts_with_one_key_are_one_job(deployed, ended_events):
    body = {"input": "Said once."}
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: deployed.post(key="one-key", **body)["id"], range(100)))
    assert ids == {id_for(TENANT, "one-key")}
    assert deployed.ended(*ids)["attempts"] == 1
    ended_events.once(*ids)
    other = deployed.http.post("/v1/jobs", json={"input": "Another."}, headers={"Idempotency-Key": "one-key"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")


def test_cancelled_before_its_start(deployed, ended_events):
    with deployed.paused("WorkerFunctionStandard"):
        job = deployed.post(input="Never mind.")
        cancelled = [deployed.http.delete(f"/v1/jobs/{job['id']}").json()["state"] for _ in range(2)]
    assert cancelled == ["cancelled"] * 2
    later = deployed.ended(deployed.post(input="After it.")["id"])
    assert deployed.http.delete(f"/v1/jobs/{later['id']}").json()["error"]["code"] == "job_begun"
    assert deployed.get(job["id"])["state"] == "cancelled"
    assert ended_events.once(job["id"]).audio is None


def test_job_without_a_message_is_found_by_the_sweeper(deployed, ended_events):
    """As if the api function had crashed between writing the row and sending the message."""
    now = datetime.now(UTC)
    job = a_job(at=now, id=new_id(now), tenant=TENANT, text="Found.", audio_key=f"audio/{TENANT}/found.mp3")
    deployed.parts.table.add(job)
    deployed.sweep()
    assert deployed.get(job.id)["state"] == "accepted"  # its message may still be in flight
    deployed.due_now(job.id)
    deployed.sweep()
    assert deployed.ended(job.id)["state"] == "done"
    ended_events.once(job.id)


def test_an_unpublished_event_is_published_by_the_sweeper(deployed, ended_events):
    """As if the worker had crashed between the end and the event."""
    now = datetime.now(UTC)
    ended = {"state": State.CANCELLED, "ended_at": now, "published": False}
    job = deployed.parts.table.add(a_job(at=now, tenant=TENANT, **ended))
    deployed.due_now(job.id)
    deployed.sweep()
    assert ended_events.once(job.id).state == "cancelled"
    deployed.sweep()
    assert len(ended_events.of(job.id)) == 1


def test_a_job_of_another_tenant_is_not_found(deployed):
    theirs = deployed.parts.job_service.submit(JobRequest(input="Not yours."), tenant="other")
    never = new_id(datetime.now(UTC))
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/retry")):
        answers = [deployed.http.request(method, f"/v1/jobs/{job_id}{path}") for job_id in (theirs.id, never)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
    listed = deployed.http.get("/v1/jobs", params={"limit": 100}).json()["data"]
    assert theirs.id not in {job["id"] for job in listed}


def test_list_is_paged_with_the_newest_first(deployed):
    ids = [deployed.post(input=f"Listed {number}.", use_case="listed")["id"] for number in range(5)]
    found, cursor = [], None
    while True:
        query = {"limit": 2, "use_case": "listed"} | ({"cursor": cursor} if cursor else {})
        page = deployed.http.get("/v1/jobs", params=query).json()
        found += [job["id"] for job in page["data"]]
        if not (cursor := page["next_cursor"]):
            break
    assert found == ids[::-1]


def test_long_text_is_stored_separately_until_the_job_ends(deployed):
    text = "One. " * 13_000  # above the limit of a row; too long for a worker
    script = a_script(text)
    now = datetime.now(UTC)
    assert script.characters > 60_000
    job = a_job(text=text, script=script, at=now, tenant=TENANT, audio_key=f"audio/{TENANT}/long.mp3")
    deployed.parts.table.add(job)
    listing = {"Bucket": deployed["AudioBucket"], "Prefix": f"texts/{job.id}/"}
    assert deployed.aws("s3").list_objects_v2(**listing)["KeyCount"] == 1
    assert deployed.http.delete(f"/v1/jobs/{job.id}").json()["state"] == "cancelled"
    assert deployed.aws("s3").list_objects_v2(**listing)["KeyCount"] == 0
