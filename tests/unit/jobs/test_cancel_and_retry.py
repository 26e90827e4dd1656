"""Cancelling and retrying jobs."""

from datetime import timedelta

import pytest

from herald.errors import (
    GpuNotDeployed,
    JobNotFailed,
    JobStarted,
)
from herald.jobs.job import JobError, State, id_for
from tests.support.job_services import UNSPEAKABLE, Services, failed


class TestCancel:
    def test_a_queued_job(self, services):
        job = services.submit()
        cancelled = services.job_service.cancel(job.id, tenant="acme")
        assert (cancelled.state, cancelled.script) == (State.CANCELLED, None)
        assert [event.state for event in services.events_of(job)] == [State.CANCELLED]
        assert services.work(job) is None
        assert services.speaker.calls["speak"] == 0

    def test_is_idempotent(self, services):
        job = services.submit()
        assert (
            services.job_service.cancel(job.id, tenant="acme").id
            == services.job_service.cancel(job.id, tenant="acme").id
        )
        assert len(services.events_of(job)) == 1

    @pytest.mark.parametrize("state", ["speaking", "waiting_for_gpu", "done", "failed"])
    def test_a_job_that_has_begun_is_rejected(self, services, state):
        job = (
            services.dialogue()
            if state == "waiting_for_gpu"
            else services.submit(UNSPEAKABLE * (state == "failed") + "x")
        )
        match state:
            case "speaking":
                until = services.time() + timedelta(seconds=9)
                services.table.claim(job.id, State.SPEAKING, worker="w", at=services.time(), until=until)
            case "waiting_for_gpu":
                services.hand_over(job)
            case _:
                services.work(job)
        with pytest.raises(JobStarted, match=state):
            services.job_service.cancel(job.id, tenant="acme")
        assert services.row(job).state == state

    @pytest.mark.parametrize("act", ["cancel", "work"])
    def test_concurrent_actions_have_one_winner(self, services, act):
        """After this call has read the job, another call cancels or begins it."""
        job = services.submit()

        def on_call(method, when):
            if (method, when) == ("get", "after"):
                services.table.faults.on_call = lambda *_: None
                services.work(job) if act == "work" else services.job_service.cancel(job.id, tenant="acme")

        services.table.faults.on_call = on_call
        if act == "work":
            with pytest.raises(JobStarted):
                services.job_service.cancel(job.id, tenant="acme")
        else:
            assert services.job_service.cancel(job.id, tenant="acme").state is State.CANCELLED
        assert len(services.events_of(job)) == 1


class TestRetry:
    def test_a_failed_job_is_retried_as_a_new_job(self, services):
        job = failed(services, metadata={"order": "7"}, use_case="alert")
        services.time.move(100)
        retried = services.job_service.retry(job.id, tenant="acme")
        assert (retried.state, retried.retry_of, retried.attempts) == (State.QUEUED, job.id, 0)
        assert (retried.error, retried.begun_at, retried.ended_at) == (None, None, None)
        assert (retried.created_at, retried.expires_at) == (services.time(), services.time() + timedelta(days=90))
        assert (retried.script, retried.metadata, retried.use_case) == (job.script, job.metadata, job.use_case)
        assert retried.id in services.sent()
        assert services.row(job).state is State.FAILED

    def test_a_repeated_retry_returns_the_same_job(self, services):
        job = failed(services)
        first = services.job_service.retry(job.id, tenant="acme")
        services.time.move(5)
        assert services.job_service.retry(job.id, tenant="acme").id == first.id
        assert services.sent().count(first.id) == 1

    def test_a_failed_retry_can_be_retried(self, services):
        first = failed(services)
        second = services.job_service.retry(first.id, tenant="acme")
        services.work(second)
        third = services.job_service.retry(second.id, tenant="acme")
        assert len({first.id, second.id, third.id}) == 3

    def test_a_file_created_meanwhile_is_a_cache_hit(self, services):
        job = failed(services)
        services.audio.heads[job.audio_key], services.audio.files[job.audio_key] = None, b"RIFF"
        services.work(other := services.submit())
        services.audio.heads[job.audio_key] = services.audio.heads[other.audio_key]
        services.audio.written[job.audio_key] = services.time()
        retried = services.job_service.retry(job.id, tenant="acme")
        assert (retried.state, retried.hit) == (State.DONE, True)
        assert len(services.events_of(retried)) == 1

    @pytest.mark.parametrize("state", ["queued", "done", "cancelled"])
    def test_only_failed_jobs_can_be_retried(self, services, state):
        job = services.submit()
        services.work(job) if state == "done" else None
        services.job_service.cancel(job.id, tenant="acme") if state == "cancelled" else None
        with pytest.raises(JobNotFailed, match=state):
            services.job_service.retry(job.id, tenant="acme")

    def test_no_idempotency_key_maps_to_the_id_of_a_retry(self, services):
        """Idempotency-Keys contain no spaces."""
        job = failed(services)
        assert services.job_service.retry(job.id, tenant="acme").id == id_for("acme", f"retry of {job.id}")

    def test_a_job_of_the_cpu_is_retried_without_a_gpu(self, without_gpu):
        job = failed(without_gpu)
        assert without_gpu.job_service.retry(job.id, tenant="acme").state is State.QUEUED

    def test_a_job_of_kokoro_on_cpu_is_rejected_if_that_is_not_deployed(self, without_gpu):
        job = failed(without_gpu)
        without_gpu.table.rows[job.id] = without_gpu.row(job).model_copy(update={"route": "kokoro"})
        with pytest.raises(GpuNotDeployed, match="KokoroMemorySize"):
            without_gpu.job_service.retry(job.id, tenant="acme")

    def test_gpu_job_without_gpu_is_rejected(self):
        services, without_gpu = Services(), Services(gpu=False)
        job = services.dialogue()
        services.completion.fail(job, JobError(code="gpu_failed", message="The GPU failed."))
        without_gpu.table.rows = services.table.rows
        with pytest.raises(GpuNotDeployed, match="GpuImage"):
            without_gpu.job_service.retry(job.id, tenant="acme")
        assert set(without_gpu.table.rows) == {job.id}
