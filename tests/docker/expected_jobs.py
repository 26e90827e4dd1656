"""Sample events of the functions with queues, topics and schedules."""

import io
import json
from datetime import timedelta

import pytest
import soundfile

from herald.clock import utc_now
from herald.jobs.gpu_script import GpuRequest, GpuResponse
from herald.jobs.job import State
from herald.speech.audio.formats import CONTAINERS
from herald.speech.memory import SOUND
from tests.docker.expected import of
from tests.docker.herald import EVENTS, SAMPLE_JOB

NONE_COMES_BACK = {"batchItemFailures": []}
SAMPLE_ANSWER = "gpu/output/1d0c6f2e-8b57-4c39-a2a4-5e7f90b3c8d1.out"


@of("worker__one")
def a_job_is_synthesized(herald):
    job = herald.submit(priority="vip", response_format="wav")
    assert herald.call("worker__one", {SAMPLE_JOB: job.id}) == NONE_COMES_BACK
    done = herald.find(job.id)
    samples, rate = soundfile.read(io.BytesIO(herald.read(done.audio.key)))
    assert (done.state, done.attempts, done.script) == (State.DONE, 1, None)
    assert len(samples) / rate == pytest.approx(done.audio.seconds, abs=0.01)
    assert abs(samples).max() > 0.05, "silence"


@of("kokoro_worker__one")
def a_job_whose_model_is_not_published_is_retried(herald):
    (record,) = json.loads(EVENTS["kokoro_worker__one"])["Records"]
    job = herald.submit()
    assert come_back(herald.call("kokoro_worker__one", {SAMPLE_JOB: job.id})) == [record["messageId"]]
    assert herald.find(job.id).fault.code == "voice_not_prepared"


@of("worker__broken_message")
def malformed_messages_are_retried(herald):
    (record,) = json.loads(EVENTS["worker__broken_message"])["Records"]
    assert come_back(herald.call("worker__broken_message")) == [record["messageId"]]


@of("worker__ten_one_bad")
def a_bad_message_does_not_block_others(herald):
    records = json.loads(EVENTS["worker__ten_one_bad"])["Records"]
    messages = {record["messageId"]: json.loads(record["body"]) for record in records}
    (bad,) = [name for name, message in messages.items() if message["version"] != 1]
    jobs = {message["job"]: herald.submit().id for message in messages.values()}
    untouched = jobs[messages[bad]["job"]]
    assert come_back(herald.call("worker__ten_one_bad", jobs)) == [bad]
    assert {herald.find(job).state for job in jobs.values() if job != untouched} == {State.DONE}
    assert herald.find(untouched).state is State.QUEUED


@of("send_webhooks__job_done")
def a_webhook_to_an_unknown_host_is_postponed(herald):
    assert herald.call("send_webhooks__job_done") == NONE_COMES_BACK


@of("send_webhooks__batch_done")
def a_webhook_to_a_private_host_is_given_up(herald):
    batch = herald.call("send_webhooks__batch_done", {"https://hooks.example.com/herald": "https://10.0.0.1/herald"})
    assert batch == NONE_COMES_BACK


@of("sweeper__every_five_minutes")
def a_lost_message_is_sent_again(herald):
    job = herald.submit()
    assert job.id in herald.drain("standard")
    herald.parts.table.postpone_check(job.id, utc_now() - timedelta(minutes=1))
    assert herald.call("sweeper__every_five_minutes") is None
    assert herald.drain("standard").count(job.id) == 1


@of("gpu_submit__one")
def a_job_is_sent_to_the_endpoint(herald):
    job = herald.submit_dialogue()
    assert herald.call("gpu_submit__one", {SAMPLE_JOB: job.id}) == NONE_COMES_BACK
    handed = herald.find(job.id)
    asked = GpuRequest.model_validate_json(herald.read(f"gpu/input/{job.id}/1.json"))
    assert (handed.state, handed.attempts) == (State.WAITING_FOR_GPU, 1)
    assert handed.gpu.output.startswith(f"s3://{herald.parts.settings.bucket}/gpu/output/")
    assert [line.text for line in asked.lines] == [line.text for line in job.script.lines]


@of("gpu_result__success")
def a_successful_gpu_job_is_done(herald):
    job = herald.hand_to_gpu(herald.submit_dialogue())
    herald.write(job.gpu.output, answer_to(job).pack())
    place = {SAMPLE_JOB: job.id, SAMPLE_ANSWER: job.gpu.output.split("/", 3)[3]}
    assert herald.call("gpu_result__success", place) is None
    done = herald.find(job.id)
    assert (done.state, done.audio.seconds) == (State.DONE, 1.5)
    assert herald.read(done.audio.key) == answer_to(job).audio


@of("gpu_result__failure")
def a_rejected_gpu_job_has_failed(herald):
    job = herald.hand_to_gpu(herald.submit_dialogue())
    refusal = {"type": "invalid_request_error", "code": "unknown_voice", "message": "No such voice.", "param": "voice"}
    herald.write(job.gpu.failure, json.dumps({"error": refusal}).encode())
    assert herald.call("gpu_result__failure", {SAMPLE_JOB: job.id}) is None
    failed = herald.find(job.id)
    assert (failed.state, failed.error.code) == (State.FAILED, "unknown_voice")


def come_back(answer):
    """Return the ids of the messages to be redelivered."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def answer_to(job):
    """Return the container's response for a job."""
    audio = b"OggS and so on"
    return GpuResponse(
        job=job.id,
        seconds=1.5,
        sample_rate=24_000,
        format=job.response_format,
        engine="kokoro",
        sound=SOUND,
        containers=CONTAINERS,
        synthesis_seconds=0.2,
        size=len(audio),
        audio=audio,
    )
