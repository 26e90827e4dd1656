"""GPU items become jobs, and their ends complete the tasks of the state machine once."""

from decimal import Decimal

import pytest

from herald.errors import MalformedMessage, Unavailable, UnreadableRow
from herald.jobs.enrolment_work import EnrolmentWork
from herald.jobs.gpu_work import GpuWork
from herald.jobs.job import AudioFile, JobError, State
from herald.jobs.job_messages import JobEnd
from tests.support.custom_voice_fakes import MemoryCustomVoices
from tests.support.job_services import MemoryEndpoint, message_of

TOKEN = "AAAAKgAAAAIAAAAAAAAAAf"  # noqa: S105  not a secret
ERROR = JobError(code="gpu_failed", message="No.")


@pytest.fixture
def batch(batches):
    return batches.planned("Ann,noon", voice="kokoro:jf_alpha", priority="vip", retention="keep")


@pytest.fixture
def note(batches, batch):
    (note,) = batches.notes(batch)
    assert note.route == "gpu"
    return note


@pytest.fixture
def job(batches, note):
    batches.gpu_items.submit(note, TOKEN)
    (job,) = batches.jobs.rows.values()
    return job


@pytest.fixture
def gpu(batches):
    """What processes the GPU queue."""
    return GpuWork(
        table=batches.jobs,
        audio=batches.audio,
        queues=batches.queues,
        endpoint=MemoryEndpoint(),
        completion=batches.completion,
        clock=batches.time,
        enrolments=EnrolmentWork(store=MemoryCustomVoices(), clock=batches.time),
        is_wanted=batches.gpu_items.is_wanted,
    )


def store(batches, batch, key):
    audio = AudioFile(key=key, seconds=2.0, bytes=4, sample_rate=24_000, media_type="audio/mpeg")
    return batches.audio.put(b"RIFF", audio, keeper=batch.id).file


def test_an_item_becomes_a_job_of_the_batch(batches, batch, job):
    assert (job.batch, job.route, job.tier, job.retention) == (batch.id, "gpu", "vip", "keep")
    assert job.keeper == batch.id
    assert job.script.lines[0].text == "Hello Ann. Please come at noon."
    assert len(batches.queues.sent["gpu"]) == 1


def test_submit_is_idempotent_for_a_token(batches, note, job):
    batches.gpu_items.submit(note, TOKEN)
    assert list(batches.jobs.rows) == [job.id]


def test_another_attempt_of_a_task_waits_for_the_same_job(batches, batch, note, job):
    """The first one timed out, or its response was lost; the GPU may still be working for it."""
    batches.time.move(8 * 3_600)
    batches.gpu_items.submit(note, "another")
    assert (list(batches.jobs.rows), len(batches.queues.sent["gpu"])) == ([job.id], 1)
    batches.completion.complete(job, store(batches, batch, job.audio_key))
    assert {token: end.state for token, end in batches.tasks.completed.items()} == {"another": State.DONE}


def test_another_attempt_of_a_task_whose_job_has_ended_ends_at_once(batches, note, job):
    batches.completion.fail(job, ERROR)
    batches.time.move(8 * 3_600)
    batches.gpu_items.submit(note, "another")
    assert batches.tasks.completed["another"].error == ERROR
    assert list(batches.jobs.rows) == [job.id]


def test_a_redriven_item_is_another_job(batches, batch, note, job):
    batches.completion.fail(job, ERROR)
    batches.speaking.record(note, batches.tasks.completed[TOKEN])
    batches.finish(batch)
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.gpu_items.submit(note.model_copy(update={"run": 1}), "another")
    assert len(batches.jobs.rows) == 2


def test_a_finished_job_becomes_the_items_result(batches, batch, note, job):
    batches.completion.complete(job, store(batches, batch, job.audio_key))
    end = batches.tasks.completed[TOKEN]
    assert (end.state, end.price) == (State.DONE, Decimal("0.25"))
    assert batches.speaking.record(note, end).done == 1
    ended = batches.finish(batch)
    assert (ended.counts.done, ended.price) == (1, Decimal("0.25"))
    assert batches.report(batch)["r1"]["key"] == batches.jobs.get(job.id).audio.key


def test_a_failed_job_becomes_the_items_failure(batches, batch, note, job):
    batches.completion.fail(job, ERROR)
    assert batches.speaking.record(note, batches.tasks.completed[TOKEN]).failed == 1
    batches.finish(batch)
    assert batches.report(batch)["r1"]["code"] == "gpu_failed"


def test_a_timed_out_task_is_a_failure(batches, batch, note, job):
    timeout = JobEnd.model_validate({"Error": "States.Timeout", "Cause": "Task timed out"})
    assert batches.speaking.record(note, timeout).failed == 1
    batches.finish(batch)
    assert batches.report(batch)["r1"]["code"] == "gpu_silent"


def test_a_failed_task_callback_is_retried(batches, job):
    batches.tasks.faults.before("complete", Unavailable("Not now."))
    ended = batches.completion.fail(job, ERROR)
    assert not batches.jobs.rows[job.id].published
    batches.completion.publish(ended)
    assert batches.tasks.completed[TOKEN].error == ERROR
    assert batches.jobs.rows[job.id].published
    assert len(batches.events.published) == 1


def test_an_existing_file_completes_the_task_at_once(batches, batch, note):
    (item,) = batches.folder(batches.row(batch)).items(note)
    store(batches, batch, item.audio_key)
    batches.gpu_items.submit(note, TOKEN)
    assert batches.tasks.completed[TOKEN].state is State.DONE
    assert batches.queues.sent["gpu"] == []


def test_an_item_of_a_cancelled_batch_completes_as_cancelled(batches, batch, note):
    batches.batch_service.cancel(batch.id, tenant="acme")
    batches.gpu_items.submit(note, TOKEN)
    assert batches.tasks.completed[TOKEN].state is State.CANCELLED
    assert batches.jobs.rows == {}
    assert batches.speaking.record(note, batches.tasks.completed[TOKEN]).failed == 0
    assert batches.finish(batch).counts.cancelled == 1


def test_a_queued_job_of_a_cancelled_batch_is_cancelled(batches, batch, note, job, gpu):
    batches.batch_service.cancel(batch.id, tenant="acme")
    assert gpu.submit(message_of(job), name="w") is None
    assert (gpu.endpoint.invoked, batches.jobs.rows[job.id].state) == ([], State.CANCELLED)
    end = batches.tasks.completed[TOKEN]
    assert end.state is State.CANCELLED
    batches.speaking.record(note, end)
    ended = batches.finish(batch)
    assert (ended.counts.cancelled, ended.price) == (1, 0)
    assert [event.state for event in batches.events.batches] == ["cancelled"]


def test_a_job_of_a_cancelled_batch_is_not_attempted_again(batches, batch, job, gpu):
    gpu.submit(message_of(job), name="w")
    batches.batch_service.cancel(batch.id, tenant="acme")
    gpu.notice(gpu.endpoint.fail())
    gpu.submit(message_of(job), name="w")
    assert (len(gpu.endpoint.invoked), batches.jobs.rows[job.id].state) == (1, State.CANCELLED)


def test_a_failed_item_is_retried_as_a_job_after_its_batch(batches, batch, note, job, gpu):
    batches.completion.fail(job, ERROR)
    batches.speaking.record(note, batches.tasks.completed[TOKEN])
    batches.finish(batch)
    retried = batches.gpu_items.jobs.retry(job.id, tenant="acme")
    gpu.submit(message_of(retried), name="w")
    assert [one.id for one in gpu.endpoint.invoked] == [retried.id]


@pytest.mark.parametrize("row", ["speaking", "deleted", "unreadable"])
def test_other_jobs_are_submitted(batches, batch, job, gpu, row):
    if row == "deleted":
        del batches.table.rows[batch.id]
    if row == "unreadable":
        batches.table.faults.before("document", UnreadableRow("batch", batch.id, "state", tenant="acme"))
    gpu.submit(message_of(job), name="w")
    assert [one.id for one in gpu.endpoint.invoked] == [job.id]


def test_an_item_of_another_tenants_batch_is_rejected(batches, note):
    with pytest.raises(MalformedMessage):
        batches.gpu_items.submit(note.model_copy(update={"tenant": "mallory"}), TOKEN)
