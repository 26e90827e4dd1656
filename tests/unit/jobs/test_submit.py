"""Submission of jobs: an accepted job is stored exactly once, and tenants are isolated."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest

from herald.errors import (
    AudioTooLarge,
    GpuNotDeployed,
    IdempotencyKeyReused,
    InvalidInput,
    JobNotFailed,
    JobStarted,
    NothingToSpeak,
    Unavailable,
    UnknownJob,
    UnknownVoice,
)
from herald.jobs.job import JobError, State, id_for, is_id
from herald.jobs.job_request import JobRequest
from herald.jobs.ports import JobFilter
from tests.support.job_services import NOON, KilledWorker, failed


class TestSubmit:
    def test_a_job(self, services):
        job = services.submit("Hello.", use_case="alert", metadata={"order": "7"})
        assert is_id(job.id)
        assert job == services.row(job)
        assert (job.state, job.route, job.tier, job.tenant) == (State.QUEUED, "queue", "standard", "acme")
        assert (job.characters, job.voice, job.use_case) == (6, "en_US-joe-medium", "alert")
        assert (job.created_at, job.expires_at, job.begun_at) == (NOON, NOON + timedelta(days=90), None)
        assert services.sent() == [job.id]
        assert services.events.published == []

    def test_vip_and_gpu_have_queues_of_their_own(self, services):
        vip, standard, gpu = services.submit(priority="vip"), services.submit(), services.dialogue()
        assert (services.sent("vip"), services.sent(), services.sent("gpu")) == ([vip.id], [standard.id], [gpu.id])

    @pytest.mark.parametrize(
        ("text", "voice", "error"), [(" ", "alloy", NothingToSpeak), ("Hi.", "nosuchvoice", UnknownVoice)]
    )
    def test_invalid_request_stores_nothing(self, services, text, voice, error):
        with pytest.raises(error):
            services.submit(text, voice=voice)
        assert (services.table.rows, services.sent()) == ({}, [])

    def test_a_text_with_too_large_a_file_is_refused_unless_another_format_is_smaller(self, services):
        text = "Hello there. " * 4_000
        with pytest.raises(AudioTooLarge, match=r"exceed 200 MB\. Use mp3 or opus") as refused:
            services.submit(text, response_format="wav", sample_rate=48_000)
        assert refused.value.param == "response_format"
        assert (services.table.rows, services.sent("gpu")) == ({}, [])
        assert services.submit(text, response_format="mp3").state is State.QUEUED

    def test_gpu_request_without_gpu_is_rejected(self, without_gpu):
        with pytest.raises(GpuNotDeployed, match="GpuImage"):
            without_gpu.dialogue()
        assert without_gpu.table.rows == {}

    @pytest.mark.parametrize("call", ["find", "add"])
    def test_job_that_cannot_be_stored_is_not_accepted(self, services, call):
        (services.audio if call == "find" else services.table).faults.before(call, Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.submit()
        assert (services.table.rows, services.sent()) == ({}, [])

    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize("call", ["send", "move"])
    def test_stored_job_is_accepted(self, services, call, when):
        getattr((services.queues if call == "send" else services.table).faults, when)(call, Unavailable("Not now."))
        job = services.submit()
        assert job.state is State.ACCEPTED
        services.time.move(61)
        services.sweep()
        services.work(job)
        assert services.row(job).state is State.DONE

    def test_job_with_a_lost_response_is_accepted(self, services):
        services.table.faults.after("add", Unavailable("Lost."))
        job = services.submit()
        assert services.sent() == [job.id]

    @pytest.mark.parametrize(("key", "state"), [(None, State.CANCELLED), ("k", State.ACCEPTED)])
    def test_unknown_outcome_is_decided_later(self, services, key, state):
        """Without an Idempotency-Key, the caller cannot retrieve the job, and must not pay for it."""
        unsure = self.unsure(services, "after", key)
        assert [services.job_service.is_payable(unsure, key=key) for _ in range(2)] == [key is not None] * 2
        assert services.row(unsure).state is state

    def test_unknown_outcome_of_a_job_that_has_begun(self, services):
        unsure = self.unsure(services, "after")
        services.work(unsure)
        assert services.job_service.is_payable(unsure, key=None)

    def test_unknown_outcome_of_a_job_that_was_not_stored(self, services):
        assert not services.job_service.is_payable(self.unsure(services, "before", "k"), key="k")

    def test_a_repeated_request_does_not_pay_for_the_job_of_an_earlier_one(self, services):
        services.submit(key="k")
        services.time.move(1)
        assert not services.job_service.is_payable(self.unsure(services, "before", "k"), key="k")

    def unsure(self, services, when, key=None):
        found = []
        getattr(services.table.faults, when)("add", Unavailable("Lost."))
        services.table.faults.before("get", Unavailable("Silent."))
        with pytest.raises(Unavailable):
            services.submit(key=key, unsure=found.append)
        (job,) = found
        return job

    def test_worker_may_end_the_job_before_submit_returns(self, services):
        services.queues.faults.on_call = lambda _, when: (
            when == "after" and [services.work(row) for row in services.table.rows.values()]
        )
        job = services.submit()
        (row,) = services.table.rows.values()
        assert (row.state, job) == (State.DONE, row)
        assert len(services.events_of(row)) == 1


class TestCacheHits:
    def test_cache_hit_is_done_and_announced_immediately(self, services):
        services.work(services.submit())
        job = services.submit(metadata={"order": "8"})
        assert (job.state, job.hit, job.script, job.price) == (State.DONE, True, None, 0)
        assert (job.attempts, job.ended_at) == (0, job.created_at)
        assert [event.hit for event in services.events_of(job)] == [True]
        assert services.row(job).published
        assert services.queues.sent["vip"] == []
        assert services.speaker.calls["speak"] == 1

    def test_file_of_another_tenant_is_not_a_hit(self, services):
        services.work(services.submit())
        assert services.submit(tenant="globex").state is State.QUEUED

    def test_cache_hit_with_retention_keep_keeps_the_file(self, services):
        services.work(services.submit())
        job = services.submit(retention="keep")
        assert services.audio.keepers == {job.audio.key: job.id}
        assert job.expires_at is None

    @pytest.mark.parametrize("error", [KilledWorker(), Unavailable("Not now.")])
    def test_sweeper_announces_a_hit_after_a_failed_announcement(self, services, error):
        services.work(services.submit())
        services.events.faults.before("publish", error)
        if isinstance(error, KilledWorker):
            with pytest.raises(KilledWorker):
                services.submit(key="k")
        else:
            services.submit(key="k")
        services.time.move(61)
        services.sweep()
        assert [event.id for event in services.events.published[1:]] == [id_for("acme", "k")]


class TestIdempotencyKeys:
    def test_same_request_returns_the_same_job(self, services):
        first = services.submit(key="k")
        services.time.move(5)
        repeated = services.submit(key="k")
        assert repeated == services.row(first)
        assert (services.sent(), len(services.table.rows)) == ([first.id], 1)

    def test_same_request_returns_an_ended_job(self, services):
        first = services.submit(key="k")
        services.work(first)
        for seconds in (0, 5):  # even within one tick of the clock
            services.time.move(seconds)
            assert services.submit(key="k") == services.row(first)
        assert len(services.events_of(first)) == 1

    def test_different_request_is_rejected_without_changes(self, services):
        first = services.submit("One.", key="k")
        before = services.row(first)
        for seconds in (0, 5):
            services.time.move(seconds)
            with pytest.raises(IdempotencyKeyReused) as caught:
                services.submit("Sesame.", key="k")
        assert "Sesame" not in str(caught.value)
        assert (services.row(first), services.sent(), len(services.table.rows)) == (before, [first.id], 1)

    def test_two_tenants_may_use_the_same_key(self, services):
        first, second = services.submit("One.", key="k"), services.submit("Two.", key="k", tenant="globex")
        assert first.id != second.id
        assert services.row(first).tenant == "acme"

    def test_a_hundred_concurrent_requests_create_one_job(self, services):
        ready = Barrier(20)

        def post(_):
            ready.wait()
            return services.submit(key="k").id

        with ThreadPoolExecutor(20) as pool:
            ids = set(pool.map(post, range(100)))
        assert ids == set(services.table.rows) == {id_for("acme", "k")}
        (job,) = services.table.rows.values()
        assert set(services.sent()) == {job.id}
        while message := services.queues.take("standard"):
            services.worker.work(message, name="w", time_left=lambda: 300.0, fresh=True)
        assert services.speaker.calls["speak"] == 1
        assert len(services.events_of(job)) == 1

    def test_one_of_a_hundred_concurrent_different_requests_is_accepted(self, services):
        ready = Barrier(20)

        def post(number):
            ready.wait()
            try:
                return services.submit(f"Number {number}.", key="k")
            except IdempotencyKeyReused:
                return None

        with ThreadPoolExecutor(20) as pool:
            (job,) = [job for job in pool.map(post, range(100)) if job]
        assert set(services.table.rows) == {job.id}
        assert services.sent() == [job.id]


class TestExpiredKeys:
    """DynamoDB deletes expired rows up to days late."""

    def expired(self, services, **fields):
        job = services.submit("Hello.", key="k", **fields)
        services.time.now = job.expires_at
        return services.row(job)

    @pytest.mark.parametrize("text", ["Hello.", "Another text."])
    def test_a_key_is_free_again_when_its_job_has_expired(self, services, text):
        old = self.expired(services)
        new = services.submit(text, key="k")
        assert (new.id, new.created_at, new.state) == (old.id, old.expires_at, State.QUEUED)
        assert new == services.row(old) == services.submit(text, key="k")
        services.work(new)
        assert services.row(new).state is State.DONE

    def test_a_job_that_is_about_to_expire_is_returned(self, services):
        old = self.expired(services)
        services.time.move(-1)
        assert services.submit("Hello.", key="k") == old

    def test_an_expired_job_that_is_done_is_replaced(self, services):
        services.work(services.submit("Hello.", key="k"))
        services.time.move(90 * 86_400)
        new = services.submit("Hello.", key="k")
        assert (new.state, new.hit, new.expires_at) == (State.DONE, True, services.time() + timedelta(days=90))

    def test_a_kept_job_never_expires(self, services):
        services.work(kept := services.submit("Hello.", key="k", retention="keep"))
        services.time.move(400 * 86_400)
        assert services.submit("Hello.", key="k", retention="keep") == services.row(kept)

    def test_an_expired_job_whose_file_was_to_be_kept_is_replaced(self, services):
        old = services.submit("Hello.", key="k", retention="keep")
        services.job_service.cancel(old.id, tenant="acme")
        services.time.now = old.expires_at
        assert services.submit("Hello.", key="k", retention="keep").state is State.QUEUED

    def test_an_expired_job_is_not_the_outcome_of_a_failed_write(self, services):
        self.expired(services)
        unsure = []
        services.table.faults.before("add", Unavailable("Lost."))
        with pytest.raises(Unavailable):
            services.submit("Hello.", key="k", unsure=unsure.append)
        assert len(unsure) == 1

    def test_a_retry_that_has_expired_is_repeated(self, services):
        retried = services.job_service.retry((job := failed(services)).id, tenant="acme")
        services.time.now = retried.expires_at
        again = services.job_service.retry(job.id, tenant="acme")
        assert (again.id, again.created_at) == (retried.id, retried.expires_at)


class TestKeepers:
    """A repeated or refused request does not change who keeps a file."""

    def test_a_repeated_request_does_not_keep_a_released_file_again(self, services):
        services.work(job := services.submit(key="k", retention="keep"))
        services.retaining.change(services.row(job), "expire")
        before = dict(services.audio.keepers), set(services.audio.files)
        for seconds in (0, 5):
            services.time.move(seconds)
            assert services.submit(key="k", retention="keep").expires_at
        assert (services.audio.keepers, set(services.audio.files)) == before

    def test_a_refused_request_keeps_no_file(self, services):
        services.work(services.submit("Other."))
        services.submit(key="k", retention="keep")
        with pytest.raises(IdempotencyKeyReused):
            services.submit("Other.", key="k", retention="keep")
        assert services.audio.keepers == {}

    def test_a_repeated_retry_does_not_keep_a_released_file_again(self, services):
        job = services.submit(retention="keep")
        services.completion.fail(services.row(job), JobError(code="unknown_voice", message="There is no such voice."))
        services.work(retried := services.job_service.retry(job.id, tenant="acme"))
        services.retaining.change(services.row(retried), "expire")
        before = dict(services.audio.keepers), set(services.audio.files)
        services.time.move(5)
        assert services.job_service.retry(job.id, tenant="acme").expires_at
        assert (services.audio.keepers, set(services.audio.files)) == before

    @pytest.mark.parametrize("other", [{"text": "Other."}, {"retention": "expire"}])
    def test_of_two_requests_at_once_the_refused_one_keeps_no_file(self, services, other):
        services.work(services.submit())

        def on_call(port, method, at):
            if (port, method, at) == ("table", "add", "before"):
                services.on_call = lambda *_: None
                services.time.move(1)
                services.submit(key="k", **{"retention": "keep"} | other)

        services.on_call = on_call
        with pytest.raises(IdempotencyKeyReused):
            services.submit(key="k", retention="keep")
        assert services.audio.keepers == {}

    def test_of_two_equal_requests_at_once_one_keeps_the_file(self, services):
        services.work(services.submit())

        def on_call(port, method, at):
            if (port, method, at) == ("table", "add", "before"):
                services.on_call = lambda *_: None
                services.time.move(1)
                services.submit(key="k", retention="keep")

        services.on_call = on_call
        job = services.submit(key="k", retention="keep")
        assert list(services.audio.keepers.values()) == [job.id]

    def test_a_job_that_may_not_be_stored_keeps_no_file(self, services):
        services.work(services.submit())
        services.table.faults.before("add", Unavailable("DynamoDB"))
        unsure = []
        with pytest.raises(Unavailable):
            services.submit(retention="keep", unsure=unsure.append)
        assert not services.job_service.is_payable(*unsure, key=None)
        assert services.audio.keepers == {}

    @pytest.mark.parametrize("kept", [False, True])
    def test_a_request_that_dies_keeps_a_file_only_with_its_row(self, services, kept):
        services.work(services.submit())
        getattr(services.table.faults, "after" if kept else "before")("add", KilledWorker())
        with pytest.raises(KilledWorker):
            services.submit(retention="keep")
        services.time.move(600)
        services.sweep()
        assert len(services.audio.keepers) == kept
        assert [row.expires_at for row in services.table.rows.values() if row.retention == "keep"] == [None] * kept

    def test_a_kept_job_whose_file_exists_shows_its_kept_copy(self, services):
        services.work(services.submit())
        job = services.submit(retention="keep")
        assert (job.state, job.expires_at, services.audio.keepers) == (State.DONE, None, {job.audio.key: job.id})
        (event,) = [one for one in services.events.published if one.id == job.id]
        assert event.audio.key == job.audio.key

    def test_a_request_without_a_key_costs_no_lookup_of_its_row(self, services):
        services.submit(retention="keep")
        assert services.table.calls["get"] == 0


class TestIsolation:
    @pytest.mark.parametrize("act", ["find", "cancel", "retry"])
    @pytest.mark.parametrize("owner", ["none", "another tenant"])
    def test_job_of_another_tenant_is_unknown(self, services, act, owner):
        job = failed(services, tenant="globex")
        job_id = job.id if owner == "another tenant" else "job_" + 32 * "0"
        before = services.row(job)
        with pytest.raises(UnknownJob) as caught:
            getattr(services.job_service, act)(job_id, tenant="acme")
        assert (caught.value.message, caught.value.code) == ("There is no job with that id.", "not_found")
        assert services.row(job) == before

    def test_list_contains_only_own_jobs(self, services):
        services.submit(tenant="globex")
        own = services.submit()
        assert [job.id for job in services.job_service.list(JobFilter(), tenant="acme").jobs] == [own.id]


def test_every_rejection_is_an_invalid_input():
    assert all(
        issubclass(error, InvalidInput)
        for error in (IdempotencyKeyReused, JobStarted, JobNotFailed, UnknownJob, GpuNotDeployed)
    )


class TestLostFiles:
    def test_repeated_request_creates_a_replacement(self, services):
        services.work(first := services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        repeated = services.submit(key="k")
        assert (repeated.state, repeated.retry_of) == (State.QUEUED, first.id)
        assert repeated.id != first.id
        services.work(repeated)
        assert services.row(repeated).state is State.DONE
        services.time.move(1)
        # The same content has the same file, so the first job is valid again.
        assert services.submit(key="k").id == first.id

    def test_replacement_can_be_replaced(self, services):
        services.work(services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        services.work(second := services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        third = services.submit(key="k")
        assert (third.state, third.retry_of) == (State.QUEUED, second.id)

    def test_a_replacement_whose_write_had_no_response_is_accepted(self, services):
        services.work(services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        adds = []

        def on_call(port, method, at):
            if (port, method, at) == ("table", "add", "after"):
                adds.append(at)
                if len(adds) == 2:
                    raise Unavailable("Lost.")

        services.on_call = on_call
        assert services.submit(key="k").state is State.QUEUED

    def test_only_a_replacement_is_charged(self, services):
        given_back = []
        request = JobRequest(input="Hello.", voice="alloy")
        submit = partial(
            services.job_service.submit, request, tenant="acme", key="k", repeated=lambda: given_back.append(1)
        )
        services.work(submit())
        services.time.move(1)
        submit()
        assert given_back == [1]
        services.audio.files.clear()
        services.time.move(1)
        submit()
        assert given_back == [1]
        services.time.move(1)
        submit()
        assert given_back == [1, 1]
