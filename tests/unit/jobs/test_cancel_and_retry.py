"""Second thoughts: a job is cancelled, or tried again."""

from datetime import timedelta

import pytest

from herald.errors import (
    GpuNotDeployed,
    JobBegun,
    JobNotFailed,
)
from herald.jobs.job import JobError, id_for
from herald.jobs.states import State
from tests.unit.jobs.services import UNSPEAKABLE, Services, failed


class TestCancel:
    def test_what_has_not_begun(self, services):
        job = services.submit()
        cancelled = services.desk.cancel(job.id, tenant="acme")
        assert (cancelled.state, cancelled.script) == (State.CANCELLED, None)
        assert [event.state for event in services.told(job)] == [State.CANCELLED]
        assert services.work(job) is None
        assert services.speaker.calls["speak"] == 0

    def test_twice_is_once(self, services):
        job = services.submit()
        assert services.desk.cancel(job.id, tenant="acme").id == services.desk.cancel(job.id, tenant="acme").id
        assert len(services.told(job)) == 1

    @pytest.mark.parametrize("state", ["speaking", "waiting_for_gpu", "done", "failed"])
    def test_it_is_too_late_for_what_has(self, services, state):
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
        with pytest.raises(JobBegun, match=state):
            services.desk.cancel(job.id, tenant="acme")
        assert services.row(job).state == state

    @pytest.mark.parametrize("act", ["cancel", "work"])
    def test_of_two_at_once_one_wins(self, services, act):
        """Between reading the job and cancelling it, another cancels it, or begins it."""
        job = services.submit()

        def on_call(method, when):
            if (method, when) == ("get", "after"):
                services.table.faults.on_call = lambda *_: None
                services.work(job) if act == "work" else services.desk.cancel(job.id, tenant="acme")

        services.table.faults.on_call = on_call
        if act == "work":
            with pytest.raises(JobBegun):
                services.desk.cancel(job.id, tenant="acme")
        else:
            assert services.desk.cancel(job.id, tenant="acme").state is State.CANCELLED
        assert len(services.told(job)) == 1


class TestRetry:
    def test_a_failed_job_is_tried_again_as_a_new_one(self, services):
        job = failed(services, metadata={"order": "7"}, use_case="alert")
        services.time.move(100)
        again = services.desk.retry(job.id, tenant="acme")
        assert (again.state, again.retry_of, again.attempts) == (State.QUEUED, job.id, 0)
        assert (again.error, again.begun_at, again.ended_at) == (None, None, None)
        assert (again.created_at, again.expires_at) == (services.time(), services.time() + timedelta(days=90))
        assert (again.script, again.metadata, again.use_case) == (job.script, job.metadata, job.use_case)
        assert again.id in services.sent()
        assert services.row(job).state is State.FAILED

    def test_asked_twice_it_is_the_same_new_one(self, services):
        job = failed(services)
        first = services.desk.retry(job.id, tenant="acme")
        services.time.move(5)
        assert services.desk.retry(job.id, tenant="acme").id == first.id
        assert services.sent().count(first.id) == 1

    def test_a_retry_that_failed_can_be_tried_again(self, services):
        first = failed(services)
        second = services.desk.retry(first.id, tenant="acme")
        services.work(second)
        third = services.desk.retry(second.id, tenant="acme")
        assert len({first.id, second.id, third.id}) == 3

    def test_a_file_that_came_meanwhile_is_a_hit(self, services):
        job = failed(services)
        services.audio.heads[job.audio_key], services.audio.files[job.audio_key] = None, b"RIFF"
        services.work(other := services.submit())
        services.audio.heads[job.audio_key] = services.audio.heads[other.audio_key]
        services.audio.written[job.audio_key] = services.time()
        again = services.desk.retry(job.id, tenant="acme")
        assert (again.state, again.hit) == (State.DONE, True)
        assert len(services.told(again)) == 1

    @pytest.mark.parametrize("state", ["queued", "done", "cancelled"])
    def test_only_what_failed(self, services, state):
        job = services.submit()
        services.work(job) if state == "done" else None
        services.desk.cancel(job.id, tenant="acme") if state == "cancelled" else None
        with pytest.raises(JobNotFailed, match=state):
            services.desk.retry(job.id, tenant="acme")

    def test_no_key_of_a_caller_can_name_a_retry(self, services):
        """Idempotency-Keys have no spaces."""
        job = failed(services)
        assert services.desk.retry(job.id, tenant="acme").id == id_for("acme", f"retry of {job.id}")

    def test_on_a_gpu_that_is_gone(self):
        services, without = Services(), Services(gpu=False)
        job = services.dialogue()
        services.endings.failed(job, JobError(code="gpu_failed", message="It said no."))
        without.table.rows = services.table.rows
        with pytest.raises(GpuNotDeployed, match="GpuImage"):
            without.desk.retry(job.id, tenant="acme")
        assert set(without.table.rows) == {job.id}
