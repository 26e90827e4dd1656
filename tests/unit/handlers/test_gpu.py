"""gpu_submit and gpu_result: to the endpoint, and back by whatever notice comes."""

import json
from uuid import uuid4

import pytest

from herald.errors import HeraldError
from herald.handlers import gpu_result, gpu_submit
from herald.jobs.gpu import GpuAnswer
from herald.jobs.request import JobRequest
from herald.jobs.states import State
from tests.unit.handlers.cloud import BUCKET
from tests.unit.handlers.conftest import MARKER, Context, event, logged

REQUEST = JobRequest(input=f"{MARKER} sagt hallo.", quality="high")


@pytest.fixture
def desk(gpu, parts):
    return parts.desk


@pytest.fixture
def job(desk):
    return desk.submit(REQUEST, tenant="acme")


@pytest.fixture
def handed(job, gpu, monkeypatch):
    """A job that is with the endpoint, and what the endpoint was asked."""
    assert submit(gpu.receive("gpu")) == []
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", uuid4().hex)  # the next function has its own log
    return job, gpu.sagemaker.calls[-1]


def submit(event):
    answer = gpu_submit.handler(event, Context(milliseconds_left=60_000))
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def notice(job_id, *, status="success", attempt=1, output=f"s3://{BUCKET}/gpu/output/1.out"):
    """The sample event of SNS, about a job."""
    heard = event(f"gpu_result__{status}")
    told = json.loads(heard["Records"][0]["Sns"]["Message"])
    told["inferenceId"] = job_id
    told["requestParameters"]["inputLocation"] = f"s3://{BUCKET}/gpu/input/{job_id}/{attempt}.json"
    if status == "success":
        told["responseParameters"]["outputLocation"] = output
    heard["Records"][0]["Sns"]["Message"] = json.dumps(told)
    return heard


def hear(heard):
    return gpu_result.handler(heard, Context(milliseconds_left=120_000))


def answer(job_id, **changes):
    """What the container writes: one line of JSON, and the audio."""
    said = {"job": job_id, "seconds": 2.5, "sample_rate": 24_000, "format": "mp3", "engine": "kokoro"}
    return GpuAnswer(**said | {"synthesis_seconds": 0.3, "size": 4, "audio": b"mp3!"} | changes).pack()


def test_a_job_is_handed_over_once(handed, parts, gpu):
    job, call = handed
    assert call["InferenceId"] == job.id
    assert call["InputLocation"] == f"s3://{BUCKET}/gpu/input/{job.id}/1.json"
    waiting = parts.table.get(job.id)
    assert (waiting.state, waiting.gpu.output) == (State.WAITING_FOR_GPU, f"s3://{BUCKET}/gpu/output/1.out")
    body = json.dumps({"version": 1, "job": job.id, "tenant": "acme"})
    assert submit(gpu.deliver("gpu", body, body)) == []
    assert len(gpu.sagemaker.calls) == 1


def test_an_answer_ends_its_job(handed, parts, gpu):
    job, _ = handed
    gpu.write(parts.table.get(job.id).gpu.output, answer(job.id))
    assert hear(notice(job.id)) is None
    done = parts.table.get(job.id)
    assert (done.state, done.audio.seconds, done.audio.sample_rate) == (State.DONE, 2.5, 24_000)
    assert gpu.keys("audio/acme/") == [job.audio_key]
    hear(notice(job.id))
    hear(notice(job.id, status="failure"))
    assert parts.table.get(job.id) == done
    assert [kind for kind, _ in gpu.events()] == ["herald.job.done"]


def test_a_failure_is_tried_again(handed, parts, gpu):
    job, _ = handed
    hear(notice(job.id, status="failure"))
    assert (parts.table.get(job.id).state, parts.table.get(job.id).gpu) == (State.QUEUED, None)
    assert gpu.calls("SendMessage")[-1]["DelaySeconds"] == 30
    hear(notice(job.id, status="failure"))
    assert parts.table.get(job.id).state is State.QUEUED


def test_a_notice_before_its_file_is_heard_again(handed, parts, capsys):
    job, _ = handed
    with pytest.raises(HeraldError) as raised:
        hear(notice(job.id))
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
    "an id that is none": f'{{"inferenceId":"{MARKER}","invocationStatus":"Failed"}}',
    "a path for an id": f'{{"inferenceId":"../{MARKER}","invocationStatus":"Completed"}}',
    "a line break in an id": f'{{"inferenceId":"job_1\\r\\n{MARKER}","invocationStatus":"Completed"}}',
    "a number for an id": '{"inferenceId":1,"invocationStatus":"Failed"}',
    "lists for objects": '{"inferenceId":"job_1","invocationStatus":"Failed","responseParameters":[]}',
    "a large one": f'{{"a":"{MARKER * 20_000}"}}',
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_what_is_no_notice_is_ignored_and_not_repeated(gpu, capsys, message):
    heard = event("gpu_result__success")
    heard["Records"][0]["Sns"]["Message"] = message
    hear(heard)
    said = capsys.readouterr()
    (ignored,) = [line for line in logged(said.out) if line.get("message") == "ignored"]
    assert ignored["code"] == "broken_message"
    assert MARKER not in said.out + said.err
    assert gpu.rows() == []


def test_a_notice_about_no_job_changes_nothing(gpu):
    hear(event("gpu_result__success"))
    hear(event("gpu_result__failure"))
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
def test_a_foreign_answer_ends_nothing(handed, parts, gpu, address, attempt):
    job, _ = handed
    hear(notice(job.id, output=address, attempt=attempt))
    assert not parts.table.get(job.id).ended
    assert (gpu.keys("audio/"), gpu.events()) == ([], [])


@pytest.mark.parametrize(
    "packed",
    [b"", b"\n", b"mp3!", b"{}\nmp3!", answer("job_1"), answer("job_1")[:-1], answer("job_1", format="opus")],
    ids=["0 bytes", "a line", "no header", "no fields", "another job's", "torn", "another format"],
)
def test_an_answer_that_is_none_is_tried_again_and_never_a_file(handed, parts, gpu, packed):
    job, _ = handed
    gpu.write(parts.table.get(job.id).gpu.output, packed)
    hear(notice(job.id))
    assert parts.table.get(job.id).state is State.QUEUED
    assert gpu.keys("audio/") == []


def test_a_late_failure_of_an_earlier_attempt_changes_nothing(handed, parts, gpu):
    job, _ = handed
    hear(notice(job.id, status="failure"))
    body = json.dumps({"version": 1, "job": job.id, "tenant": "acme"})
    assert submit(gpu.deliver("gpu", body)) == []
    before = parts.table.get(job.id)
    assert before.attempts == 2
    hear(notice(job.id, status="failure", attempt=1))
    assert parts.table.get(job.id) == before


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_an_endpoint_is_not_asked_while_a_service_does_not_answer(job, parts, gpu, service):
    handing = gpu.receive("gpu")
    gpu.silence(service)
    assert submit(handing) == [handing["Records"][0]["messageId"]]
    gpu.mend()
    assert gpu.sagemaker.calls == []
    assert submit(handing) == []
    assert parts.table.get(job.id).state is State.WAITING_FOR_GPU


def test_what_the_endpoint_refuses_fails_without_its_text(job, parts, gpu, monkeypatch, capsys):
    def refuse(**call):
        error = {"Code": "ValidationException", "Message": f"No: {MARKER}"}
        raise gpu.sagemaker.exceptions.ClientError({"Error": error}, "InvokeEndpointAsync")

    monkeypatch.setattr(gpu.sagemaker, "invoke_endpoint_async", refuse)
    assert submit(gpu.receive("gpu")) == []
    ended = parts.table.get(job.id)
    said = capsys.readouterr()
    assert (ended.state, ended.error.code) == (State.FAILED, "endpoint_refused")
    assert MARKER not in ended.error.message + said.out + said.err


@pytest.mark.parametrize("raised", [RuntimeError(MARKER), KeyError(MARKER)])
def test_a_fault_of_ours_is_raised_as_one_of_ours(handed, monkeypatch, capsys, raised):
    """Lambda writes into its log what a function raises."""
    job, _ = handed

    def explode(*_):
        raise raised

    monkeypatch.setattr("herald.jobs.gpu_work.GpuWork.notice", explode)
    with pytest.raises(HeraldError) as caught:
        hear(notice(job.id))
    said = capsys.readouterr()
    assert caught.value.code == "internal_error"
    assert caught.value.__suppress_context__
    assert MARKER not in str(caught.value) + said.out + said.err
    assert "explode" in said.out
