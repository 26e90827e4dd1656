"""All ways in which SageMaker reports the end of an invocation, or fails to: each job ends once, with one event.

All jobs start together; the stand-in (local/asynchronous) is configured for each case. The container's server
synthesizes with Piper, which is fast.
"""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from herald.aws.dynamo import iso
from herald.jobs.gpu_script import GpuResponse
from herald.jobs.job import id_for
from herald.jobs.script import Line
from local.keys import TENANT
from tests.conftest import Sagemaker
from tests.support.decoding import decode
from tests.support.deployed_stack import deployed, until
from tests.support.end_events import EndEvents
from tests.support.job_samples import a_script

GOOD = {
    "success": {},
    "twice": {"notices": 2},
    "late": {"notice_delay_seconds": 3},
    "cold": {"cold_seconds": 3},
    "slow": {"slow_seconds": 2},
    "before our own row": {"answer_after_notice_seconds": 3},
}
BAD = {
    "fails once": {"failure_status": 500},
    "fails at last": {"failure_status": 500},
    "never": {"silent": True},
    "nothing": {"deaf": True},
    "forged": {"silent": True},
    "of another": {"silent": True},
}
LAST_ATTEMPT = {"fails at last": 3, "nothing": 3}
LONGEST = 120

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def sagemaker(stack):
    with httpx.Client(base_url=stack.sagemaker_runtime_url, trust_env=False) as http:
        yield Sagemaker(http)
        http.delete("/_behaviour").raise_for_status()


@pytest.fixture(scope="module")
def ended_events(deployed):
    with EndEvents(deployed, "ended-gpu") as ended_events:
        yield ended_events


@pytest.fixture(scope="module")
def ids(deployed, ended_events, sagemaker):
    """The id of each case's job, known in advance through an Idempotency-Key."""
    ids = {case: id_for(TENANT, f"gpu-{case}".replace(" ", "-")) for case in GOOD | BAD}
    with deployed.paused("GpuSubmitFunctionGpu"):
        for case, behaviour in (GOOD | BAD).items():
            sagemaker.behave(ids[case], **behaviour)
            text = f"This one is {case}."
            job = deployed.post(key=f"gpu-{case}".replace(" ", "-"), input=text, quality="high", response_format="wav")
            assert (job["id"], job["route"]) == (ids[case], "gpu")
        for case, attempt in LAST_ATTEMPT.items():
            deployed.write(ids[case], attempts={"N": str(attempt - 1)})
    return ids


def row(deployed, job_id):
    return deployed.rows([job_id])[job_id]


def sweep(deployed, job_id, hours=0):
    """Run the sweeper for a job, as if `hours` after its last change."""
    deployed.write(job_id, updated_at={"S": iso(datetime.now(UTC) - timedelta(hours=hours))})
    deployed.due_now(job_id)
    deployed.sweep()


def check_done(deployed, ended_events, job_id, attempts=1):
    job = deployed.ended(job_id, LONGEST)
    assert (job["state"], job["attempts"], job["error"]) == ("done", attempts, None)
    samples, rate = decode(deployed.http.get(job["audio_url"]).content, "wav", None)
    assert len(samples) / rate == pytest.approx(job["audio_seconds"], abs=0.01)
    assert ended_events.once(job_id).state == "done"


def check_failed(deployed, ended_events, job_id, code, attempts):
    job = deployed.ended(job_id, LONGEST)
    assert (job["state"], job["attempts"], job["audio_url"]) == ("failed", attempts, None)
    assert job["error"]["code"] == ended_events.once(job_id).error.code == code


def publish(deployed, notice, **changes):
    deployed.aws("sns").publish(TopicArn=deployed["GpuSuccessTopic"], Message=json.dumps(notice | changes))


def heard(deployed, job_id):
    """Return whether the subscribed function has processed a notification about a job."""
    return any(line.get("message") == "notice processed" and line["job"] == job_id for line in deployed.logged())


@pytest.mark.parametrize("case", GOOD)
def test_every_kind_of_notice_ends_the_job(deployed, ended_events, ids, case):
    check_done(deployed, ended_events, ids[case])


def test_a_missing_notice_is_found_by_the_sweeper(deployed, ended_events, sagemaker, ids):
    until(lambda: sagemaker.notice(ids["never"]))
    until(lambda: row(deployed, ids["never"]).gpu)
    assert row(deployed, ids["never"]).state == "waiting_for_gpu"
    sweep(deployed, ids["never"])
    check_done(deployed, ended_events, ids["never"])
    sagemaker.send_notice(ids["never"])  # a late notification


def test_a_lost_invocation_fails_when_no_response_is_possible(deployed, ended_events, ids):
    until(lambda: row(deployed, ids["nothing"]).gpu)
    sweep(deployed, ids["nothing"], hours=7)
    assert row(deployed, ids["nothing"]).state == "waiting_for_gpu"
    sweep(deployed, ids["nothing"], hours=8)
    check_failed(deployed, ended_events, ids["nothing"], "gpu_silent", attempts=3)


def test_failure_at_the_last_attempt(deployed, ended_events, ids):
    check_failed(deployed, ended_events, ids["fails at last"], "gpu_failed", attempts=3)


def test_requests_rejected_by_the_container_are_not_retried(deployed, ended_events):
    lines = [Line(text="Hello.", voice="kokoro", speaker=speaker) for speaker in ("jf_alpha", "nobody")]
    script = a_script().model_copy(update={"lines": tuple(lines), "sample_rate": 24_000})
    job = deployed.put(script, route="gpu", audio_key=f"audio/{TENANT}/nobody.mp3")
    check_failed(deployed, ended_events, job.id, "unknown_speaker", attempts=1)


def test_a_notice_with_a_foreign_bucket_is_rejected(deployed, ended_events, sagemaker, ids):
    """A publisher to the topic could name its own bucket, with a complete and matching response."""
    job_id, s3 = ids["forged"], deployed.aws("s3")
    notice = until(lambda: sagemaker.notice(job_id))
    until(lambda: row(deployed, job_id).gpu)
    address = notice["responseParameters"]["outputLocation"]
    bucket, key = address.removeprefix("s3://").split("/", 1)
    answer = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    theirs = GpuResponse.unpack(answer).model_copy(update={"audio": b"x", "size": 1}).pack()
    s3.create_bucket(Bucket="not-of-herald")
    s3.put_object(Bucket="not-of-herald", Key=key, Body=theirs)
    publish(deployed, notice, responseParameters={"outputLocation": f"s3://not-of-herald/{key}"})
    until(lambda: heard(deployed, job_id))
    assert not row(deployed, job_id).ended
    sagemaker.send_notice(job_id)
    check_done(deployed, ended_events, job_id)


def test_a_notice_with_the_response_of_another_job_is_rejected(deployed, ended_events, sagemaker, ids):
    job_id = ids["of another"]
    notice = until(lambda: sagemaker.notice(job_id))
    until(lambda: row(deployed, job_id).gpu)
    publish(deployed, notice, responseParameters=until(lambda: sagemaker.notice(ids["never"]))["responseParameters"])
    until(lambda: heard(deployed, job_id))
    assert not row(deployed, job_id).ended
    sagemaker.send_notice(job_id)
    check_done(deployed, ended_events, job_id)


def test_a_failure_is_retried(deployed, ended_events, sagemaker, ids):
    job_id = ids["fails once"]
    until(lambda: (fault := row(deployed, job_id).fault) and fault.code == "gpu_failed")
    sagemaker.behave(job_id)
    assert deployed.waiting("GpuQueue")  # delayed by half a minute, which this test skips
    deployed.parts.queues.send(deployed.parts.table.get(job_id))
    check_done(deployed, ended_events, job_id, attempts=2)


def test_a_late_failure_of_an_earlier_attempt_is_ignored(deployed, ended_events, sagemaker, ids):
    job_id = ids["fails once"]
    earlier = sagemaker.notice(job_id)
    earlier["requestParameters"]["inputLocation"] = earlier["requestParameters"]["inputLocation"].replace("/2.", "/1.")
    deployed.aws("sns").publish(
        TopicArn=deployed["GpuErrorTopic"], Message=json.dumps(earlier | {"invocationStatus": "Failed"})
    )
    sagemaker.send_notice(job_id)
    check_done(deployed, ended_events, job_id, attempts=2)


def test_every_end_is_published_once(deployed, ended_events, ids):
    rows = deployed.all_ended(ids.values(), LONGEST)
    assert len(rows) == len(GOOD | BAD)
    assert {job_id: len(ended_events.of(job_id)) for job_id in rows} == dict.fromkeys(rows, 1)


def test_a_long_text_is_stored_separately_until_the_job_ends(deployed):
    def texts(job):
        found = deployed.aws("s3").list_objects_v2(Bucket=deployed["AudioBucket"], Prefix=f"texts/{job['id']}/")
        return found["KeyCount"]

    with deployed.paused("GpuSubmitFunctionGpu"):
        job = deployed.post(input="Never mind. " * 6_000)
        assert texts(job) == 1
        assert deployed.http.delete(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    assert texts(job) == 0
