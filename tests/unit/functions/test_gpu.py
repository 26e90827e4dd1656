"""gpu_submit and gpu_result: submitting jobs to the endpoint and handling its notices."""

import json
from uuid import uuid4

import pytest

from herald.errors import HeraldError
from herald.functions import gpu_result, gpu_submit
from herald.jobs.gpu_script import GpuResponse
from herald.jobs.job import State
from herald.jobs.job_request import JobRequest
from herald.speech.audio.formats import CONTAINERS
from herald.speech.memory import SOUND
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import MARKER, Context, event, logged

REQUEST = JobRequest(input=f"{MARKER} sagt hallo.", quality="high")


@pytest.fixture
def job_service(gpu, parts):
    return parts.job_service


@pytest.fixture
def job(job_service):
    return job_service.submit(REQUEST, tenant="acme")


@pytest.fixture
def submitted(job, gpu, monkeypatch):
    """A job that was submitted to the endpoint, and the call to the endpoint."""
    assert submit(gpu.receive("gpu")) == []
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", uuid4().hex)  # the next function gets its own logger
    return job, gpu.sagemaker.calls[-1]


def submit(event):
    answer = gpu_submit.handler(event, Context(milliseconds_left=60_000))
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def notice(job_id, *, status="success", attempt=1, output=f"s3://{BUCKET}/gpu/output/1.out"):
    """Return the sample SNS event for a job."""
    sns_event = event(f"gpu_result__{status}")
    message = json.loads(sns_event["Records"][0]["Sns"]["Message"])
    message["inferenceId"] = job_id
    message["requestParameters"]["inputLocation"] = f"s3://{BUCKET}/gpu/input/{job_id}/{attempt}.json"
    if status == "success":
        message["responseParameters"]["outputLocation"] = output
    sns_event["Records"][0]["Sns"]["Message"] = json.dumps(message)
    return sns_event


def handle(sns_event):
    return gpu_result.handler(sns_event, Context(milliseconds_left=120_000))


def answer(job_id, **changes):
    """Return a result as the container writes it: one line of JSON, then the audio."""
    header = {"job": job_id, "seconds": 2.5, "sample_rate": 24_000, "format": "mp3", "engine": "kokoro"}
    header |= {"sound": SOUND, "containers": CONTAINERS}
    return GpuResponse(**header | {"synthesis_seconds": 0.3, "size": 4, "audio": b"mp3!"} | changes).pack()


def test_job_is_submitted_once(submitted, parts, gpu):
    job, call = submitted
    assert call["InferenceId"] == job.id
    assert call["InputLocation"] == f"s3://{BUCKET}/gpu/input/{job.id}/1.json"
    waiting = parts.table.get(job.id)
    assert (waiting.state, waiting.gpu.output) == (State.WAITING_FOR_GPU, f"s3://{BUCKET}/gpu/output/1.out")
    body = json.dumps({"version": 1, "job": job.id, "tenant": "acme"})
    assert submit(gpu.deliver("gpu", body, body)) == []
    assert len(gpu.sagemaker.calls) == 1


def test_result_completes_its_job(submitted, parts, gpu):
    job, _ = submitted
    info = parts.catalog.find(job.script.lines[0].voice)
    stated = answer(job.id, engine=info.engine, voice_checksums={info.id: info.checksum})
    gpu.write(parts.table.get(job.id).gpu.output, stated)
    assert handle(notice(job.id)) is None
    done = parts.table.get(job.id)
    assert (done.state, done.audio.seconds, done.audio.sample_rate) == (State.DONE, 2.5, 24_000)
    assert gpu.keys("audio/acme/") == [job.audio_key], "gpu_result has no voice layer, yet computes the same key"
    handle(notice(job.id))
    handle(notice(job.id, status="failure"))
    assert parts.table.get(job.id) == done
    assert [kind for kind, _ in gpu.events()] == ["herald.job.done"]


def test_failure_is_retried(submitted, parts, gpu):
    job, _ = submitted
    handle(notice(job.id, status="failure"))
    assert (parts.table.get(job.id).state, parts.table.get(job.id).gpu) == (State.QUEUED, None)
    assert gpu.calls("SendMessage")[-1]["DelaySeconds"] == 30
    handle(notice(job.id, status="failure"))
    assert parts.table.get(job.id).state is State.QUEUED


def test_notice_before_its_file_is_retried(submitted, parts, capsys):
    job, _ = submitted
    with pytest.raises(HeraldError) as raised:
        handle(notice(job.id))
    assert raised.value.code == "unavailable"
    assert parts.table.get(job.id).state is State.WAITING_FOR_GPU
    (failed,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "failed"]
    assert failed["code"] == "unavailable"


FORGED = {
    "empty": "",
    "not JSON": MARKER,
    "a list": "[]",
    "nothing in it": "{}",
    "no status": '{"inferenceId":"job_1"}',
    "another status": f'{{"inferenceId":"job_1","invocationStatus":"{MARKER}"}}',
    "too deep": "[" * 100_000,
    "a lone surrogate": '{"inferenceId":"\ud800","invocationStatus":"Failed"}',
    "an invalid id": f'{{"inferenceId":"{MARKER}","invocationStatus":"Failed"}}',
    "a path for an id": f'{{"inferenceId":"../{MARKER}","invocationStatus":"Completed"}}',
    "a line break in an id": f'{{"inferenceId":"job_1\\r\\n{MARKER}","invocationStatus":"Completed"}}',
    "a number for an id": '{"inferenceId":1,"invocationStatus":"Failed"}',
    "lists for objects": '{"inferenceId":"job_1","invocationStatus":"Failed","responseParameters":[]}',
    "a large one": f'{{"a":"{MARKER * 20_000}"}}',
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_malformed_notice_is_ignored_and_not_logged(gpu, capsys, message):
    sns_event = event("gpu_result__success")
    sns_event["Records"][0]["Sns"]["Message"] = message
    handle(sns_event)
    output = capsys.readouterr()
    (ignored,) = [line for line in logged(output.out) if line.get("message") == "ignored"]
    assert ignored["code"] == "broken_message"
    assert MARKER not in output.out + output.err
    assert gpu.rows() == []


def test_notice_for_an_unknown_job_changes_nothing(gpu):
    handle(event("gpu_result__success"))
    handle(event("gpu_result__failure"))
    assert gpu.rows() == []


FOREIGN = [
    "s3://another-bucket/gpu/output/1.out",
    f"s3://{BUCKET}/audio/acme/1.mp3",
    "https://example.invalid/1.out",
    "file:///etc/passwd",
    "",
    f"s3://{BUCKET}",
]


@pytest.mark.parametrize("address", FOREIGN)
@pytest.mark.parametrize("attempt", [1, 7])
def test_result_at_a_foreign_address_is_ignored(submitted, parts, gpu, address, attempt):
    job, _ = submitted
    handle(notice(job.id, output=address, attempt=attempt))
    assert not parts.table.get(job.id).ended
    assert (gpu.keys("audio/"), gpu.events()) == ([], [])


@pytest.mark.parametrize(
    "packed",
    [b"", b"\n", b"mp3!", b"{}\nmp3!", answer("job_1"), answer("job_1")[:-1], answer("job_1", format="opus")],
    ids=["0 bytes", "a line", "no header", "no fields", "another job's", "torn", "another format"],
)
def test_malformed_result_is_retried_and_never_stored(submitted, parts, gpu, packed):
    job, _ = submitted
    gpu.write(parts.table.get(job.id).gpu.output, packed)
    handle(notice(job.id))
    assert parts.table.get(job.id).state is State.QUEUED
    assert gpu.keys("audio/") == []


def test_late_failure_of_an_earlier_attempt_changes_nothing(submitted, parts, gpu):
    job, _ = submitted
    handle(notice(job.id, status="failure"))
    body = json.dumps({"version": 1, "job": job.id, "tenant": "acme"})
    assert submit(gpu.deliver("gpu", body)) == []
    before = parts.table.get(job.id)
    assert before.attempts == 2
    handle(notice(job.id, status="failure", attempt=1))
    assert parts.table.get(job.id) == before


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_endpoint_is_not_called_while_a_service_is_unavailable(job, parts, gpu, service):
    delivery = gpu.receive("gpu")
    gpu.silence(service)
    assert submit(delivery) == [delivery["Records"][0]["messageId"]]
    gpu.mend()
    assert gpu.sagemaker.calls == []
    assert submit(delivery) == []
    assert parts.table.get(job.id).state is State.WAITING_FOR_GPU


def test_job_that_the_endpoint_rejects_fails_without_its_text(job, parts, gpu, monkeypatch, capsys):
    def refuse(**call):
        error = {"Code": "ValidationException", "Message": f"No: {MARKER}"}
        raise gpu.sagemaker.exceptions.ClientError({"Error": error}, "InvokeEndpointAsync")

    monkeypatch.setattr(gpu.sagemaker, "invoke_endpoint_async", refuse)
    assert submit(gpu.receive("gpu")) == []
    ended = parts.table.get(job.id)
    output = capsys.readouterr()
    assert (ended.state, ended.error.code) == (State.FAILED, "endpoint_refused")
    assert MARKER not in ended.error.message + output.out + output.err


@pytest.mark.parametrize("raised", [RuntimeError(MARKER), KeyError(MARKER)])
def test_unexpected_exception_is_raised_as_a_herald_error(submitted, monkeypatch, capsys, raised):
    """Lambda logs what a function raises."""
    job, _ = submitted

    def explode(*_):
        raise raised

    monkeypatch.setattr("herald.jobs.gpu_work.GpuWork.notice", explode)
    with pytest.raises(HeraldError) as caught:
        handle(notice(job.id))
    output = capsys.readouterr()
    assert caught.value.code == "internal_error"
    assert caught.value.__suppress_context__
    assert MARKER not in str(caught.value) + output.out + output.err
    assert "explode" in output.out
