"""The desk: what it says it took is written down, once, and nobody sees what is another's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest

from herald.errors import (
    GpuNotDeployed,
    InvalidInput,
    JobBegun,
    JobNotFailed,
    KeyReused,
    NothingToSpeak,
    Unavailable,
    UnknownJob,
    UnknownVoice,
)
from herald.jobs.job import id_for, is_id
from herald.jobs.ports import Wanted
from herald.jobs.request import JobRequest
from herald.jobs.states import State
from tests.unit.jobs.services import NOON, KilledWorker, failed


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
        ("text", "voice", "error"), [(" ", "alloy", NothingToSpeak), ("Hi.", "nobody", UnknownVoice)]
    )
    def test_what_could_never_be_spoken_leaves_no_trace(self, services, text, voice, error):
        with pytest.raises(error):
            services.submit(text, voice=voice)
        assert (services.table.rows, services.sent()) == ({}, [])

    def test_what_needs_a_gpu_where_there_is_none(self, without_gpu):
        with pytest.raises(GpuNotDeployed, match="GpuImage"):
            without_gpu.dialogue()
        assert without_gpu.table.rows == {}

    @pytest.mark.parametrize("call", ["find", "add"])
    def test_what_cannot_be_written_down_is_not_taken(self, services, call):
        (services.audio if call == "find" else services.table).faults.before(call, Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.submit()
        assert (services.table.rows, services.sent()) == ({}, [])

    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize("call", ["send", "move"])
    def test_what_is_written_down_is_taken(self, services, call, when):
        getattr((services.queues if call == "send" else services.table).faults, when)(call, Unavailable("Not now."))
        job = services.submit()
        assert job.state is State.ACCEPTED
        services.time.move(61)
        services.sweep()
        services.work(job)
        assert services.row(job).state is State.DONE

    def test_a_job_whose_answer_was_lost_is_taken(self, services):
        services.table.faults.after("add", Unavailable("Lost."))
        job = services.submit()
        assert services.sent() == [job.id]

    @pytest.mark.parametrize(("key", "state"), [(None, State.CANCELLED), ("k", State.ACCEPTED)])
    def test_a_job_that_may_be_written_is_decided_on_later(self, services, key, state):
        """Without an Idempotency-Key its caller has no way to ask for it again, and must not pay for it."""
        unsure = self.unsure(services, "after", key)
        assert [services.desk.stands(unsure, key=key) for _ in range(2)] == [key is not None] * 2
        assert services.row(unsure).state is state

    def test_a_job_that_has_begun_meanwhile_stands(self, services):
        unsure = self.unsure(services, "after")
        services.work(unsure)
        assert services.desk.stands(unsure, key=None)

    def test_a_job_that_was_never_written_does_not_stand(self, services):
        assert not services.desk.stands(self.unsure(services, "before", "k"), key="k")

    def unsure(self, services, when, key=None):
        found = []
        getattr(services.table.faults, when)("add", Unavailable("Lost."))
        services.table.faults.before("get", Unavailable("Silent."))
        with pytest.raises(Unavailable):
            services.submit(key=key, unsure=found.append)
        (job,) = found
        return job

    def test_a_worker_may_be_faster_than_the_desk(self, services):
        services.queues.faults.on_call = lambda _, when: (
            when == "after" and [services.work(row) for row in services.table.rows.values()]
        )
        services.submit()
        (row,) = services.table.rows.values()
        assert row.state is State.DONE
        assert len(services.told(row)) == 1


class TestFilesThatAreThere:
    def test_a_hit_is_done_at_once_and_told(self, services):
        services.work(services.submit())
        job = services.submit(metadata={"order": "8"})
        assert (job.state, job.hit, job.script, job.price) == (State.DONE, True, None, 0)
        assert (job.attempts, job.ended_at) == (0, job.created_at)
        assert [event.hit for event in services.told(job)] == [True]
        assert services.row(job).told
        assert services.queues.sent["vip"] == []
        assert services.speaker.calls["speak"] == 1

    def test_of_another_tenant_is_no_hit(self, services):
        services.work(services.submit())
        assert services.submit(tenant="globex").state is State.QUEUED

    def test_who_wants_it_kept_keeps_it(self, services):
        services.work(services.submit())
        job = services.submit(retention="keep")
        assert services.audio.keepers == {job.audio.key: job.id}
        assert job.expires_at is None

    @pytest.mark.parametrize("error", [KilledWorker(), Unavailable("Not now.")])
    def test_the_sweeper_tells_of_one_that_the_desk_could_not_tell_of(self, services, error):
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
    def test_the_same_request_is_the_same_job(self, services):
        first = services.submit(key="k")
        services.time.move(5)
        again = services.submit(key="k")
        assert again == services.row(first)
        assert (services.sent(), len(services.table.rows)) == ([first.id], 1)

    def test_also_once_it_has_ended(self, services):
        first = services.submit(key="k")
        services.work(first)
        for seconds in (0, 5):  # also within one tick of the clock
            services.time.move(seconds)
            assert services.submit(key="k") == services.row(first)
        assert len(services.told(first)) == 1

    def test_another_request_is_refused_and_changes_nothing(self, services):
        first = services.submit("One.", key="k")
        before = services.row(first)
        for seconds in (0, 5):
            services.time.move(seconds)
            with pytest.raises(KeyReused) as caught:
                services.submit("Sesame.", key="k")
        assert "Sesame" not in str(caught.value)
        assert (services.row(first), services.sent(), len(services.table.rows)) == (before, [first.id], 1)

    def test_two_tenants_may_have_the_same_one(self, services):
        ours, theirs = services.submit("One.", key="k"), services.submit("Two.", key="k", tenant="globex")
        assert ours.id != theirs.id
        assert services.row(ours).tenant == "acme"

    def test_a_hundred_at_once_are_one_job(self, services):
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
        assert len(services.told(job)) == 1

    def test_of_a_hundred_different_ones_at_once_one_is_taken(self, services):
        ready = Barrier(20)

        def post(number):
            ready.wait()
            try:
                return services.submit(f"Number {number}.", key="k")
            except KeyReused:
                return None

        with ThreadPoolExecutor(20) as pool:
            (job,) = [job for job in pool.map(post, range(100)) if job]
        assert set(services.table.rows) == {job.id}
        assert services.sent() == [job.id]


class TestWhatIsAnothers:
    @pytest.mark.parametrize("act", ["find", "cancel", "retry"])
    @pytest.mark.parametrize("whose", ["nobody's", "another's"])
    def test_it_is_as_if_it_had_never_been(self, services, act, whose):
        job = failed(services, tenant="globex")
        job_id = job.id if whose == "another's" else "job_" + 32 * "0"
        before = services.row(job)
        with pytest.raises(UnknownJob) as caught:
            getattr(services.desk, act)(job_id, tenant="acme")
        assert (caught.value.message, caught.value.code) == ("There is no job of that id.", "not_found")
        assert services.row(job) == before

    def test_a_list_shows_a_tenants_own(self, services):
        services.submit(tenant="globex")
        mine = services.submit()
        assert [job.id for job in services.desk.list(Wanted(), tenant="acme").jobs] == [mine.id]


def test_every_refusal_is_the_callers_to_mend():
    assert all(
        issubclass(error, InvalidInput) for error in (KeyReused, JobBegun, JobNotFailed, UnknownJob, GpuNotDeployed)
    )


class TestFilesThatAreGone:
    def test_a_repeated_request_is_spoken_anew_and_says_for_which_job(self, services):
        services.work(first := services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        again = services.submit(key="k")
        assert (again.state, again.retry_of) == (State.QUEUED, first.id)
        assert again.id != first.id
        services.work(again)
        assert services.row(again).state is State.DONE
        services.time.move(1)
        # The same content is the same file: the first job is alive again.
        assert services.submit(key="k").id == first.id

    def test_it_may_be_gone_again(self, services):
        services.work(services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        services.work(second := services.submit(key="k"))
        services.audio.files.clear()
        services.time.move(1)
        third = services.submit(key="k")
        assert (third.state, third.retry_of) == (State.QUEUED, second.id)

    def test_who_repeats_it_pays_only_for_what_is_spoken_anew(self, services):
        given_back = []
        request = JobRequest(input="Hello.", voice="alloy")
        submit = partial(services.desk.submit, request, tenant="acme", key="k", repeated=lambda: given_back.append(1))
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
