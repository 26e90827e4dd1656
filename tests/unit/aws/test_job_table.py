"""The contract of JobTable (herald.jobs.ports), for DynamoDB and the fake."""

from datetime import timedelta
from decimal import Decimal

import pytest

from herald.jobs.job import CANCELLABLE, DUE_AFTER, ENDS, MOVES, AudioFile, GpuCall, JobError, State
from tests.support.job_samples import NOON, a_job

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
HELD = frozenset(State) - ENDS - CANCELLABLE
AUDIO = AudioFile(
    key="audio/acme/0123.mp3", seconds=2.345678901, bytes=9_999, sample_rate=22_050, media_type="audio/mpeg"
)


def job_in_state(table, state, **fields):
    """Add a job and move it to a state; `w1` holds or held its lease until NOON + 10 min."""
    job = table.add(a_job(**fields))
    steps = {State.ACCEPTED: [], State.QUEUED: [State.QUEUED]}.get(state, [State.QUEUED, state])
    for step in steps:
        if step in HELD:
            job = table.claim(job.id, step, worker="w1", at=NOON + SECOND, until=NOON + 10 * MINUTE)
        else:
            job = table.move(job.id, step, at=NOON + SECOND)
    return job


def test_a_stored_job_is_returned_unchanged(table):
    job = a_job(
        metadata={"order": "17"},
        batch="b1",
        retry_of="job_0",
        expires_at=NOON + 90 * DAY,
        fault=JobError(code="unavailable", message="Later."),
        gpu=GpuCall(output="s3://b/o", failure="s3://b/f"),
        audio=AUDIO,
        price=Decimal("0.00001234567890123456789"),
    )
    assert table.add(job) == job
    assert table.get(job.id) == job


def test_adding_an_existing_id_returns_the_stored_job(table):
    first = table.add(a_job())
    second = a_job(id=first.id, text="Something else.", at=NOON + MINUTE)
    assert table.add(second) == first == table.get(first.id)


def test_adding_the_id_of_an_expired_job_replaces_it(table):
    first = table.add(a_job(expires_at=NOON + MINUTE))
    early = a_job(id=first.id, text="Something else.", at=NOON + MINUTE - timedelta(microseconds=1))
    assert table.add(early) == first
    late = a_job(id=first.id, text="Something else.", at=NOON + MINUTE)
    assert table.add(late) == late == table.get(first.id)


@pytest.mark.parametrize("state", sorted(HELD))
def test_an_expired_job_is_not_replaced_during_its_processing(table, state):
    """What is being spoken would end the new job, which may have another text."""
    first = job_in_state(table, state, expires_at=NOON + MINUTE)
    assert table.add(a_job(id=first.id, text="Something else.", at=NOON + DAY)) == first
    table.move(first.id, State.FAILED, at=NOON + DAY)
    late = a_job(id=first.id, text="Something else.", at=NOON + DAY)
    assert table.add(late) == late == table.get(first.id)


def test_adding_the_id_of_a_job_that_never_expires_returns_it(table):
    first = table.add(a_job(expires_at=None))
    assert table.add(a_job(id=first.id, at=NOON + timedelta(days=4_000))) == first


@pytest.mark.parametrize("job_id", ["job_00", "", "../x", "job 1", "jöb", "x" * 3_000, "a\0b", "\ud800"])
def test_a_missing_job_is_none_and_no_error(table, job_id):
    assert table.get(job_id) is None
    assert table.claim(job_id, State.SPEAKING, worker="w1", at=NOON, until=NOON) is None
    assert table.move(job_id, State.QUEUED, at=NOON) is None
    assert table.note(job_id, worker="w1", changes={"fault": None}) is False
    table.mark_published(job_id)
    table.postpone_check(job_id, NOON)
    assert table.get(job_id) is None


@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("start", State)
def test_a_move_follows_the_state_diagram(table, start, to):
    before = job_in_state(table, start)
    after = table.move(before.id, to, at=NOON + MINUTE)
    if to in MOVES[start]:
        assert after == table.get(before.id)
        assert (after.state, after.updated_at) == (to, NOON + MINUTE)
    else:
        assert after is None
        assert table.get(before.id) == before


@pytest.mark.parametrize("to", sorted(HELD))
@pytest.mark.parametrize("start", State)
def test_a_claim_follows_the_state_diagram(table, start, to):
    before = job_in_state(table, start)
    after = table.claim(before.id, to, worker="w2", at=NOON + DAY, until=NOON + 2 * DAY)
    if to in MOVES[start]:
        assert after == table.get(before.id)
        assert (after.state, after.worker, after.lease_until) == (to, "w2", NOON + 2 * DAY)
        assert (after.attempts, after.updated_at) == (before.attempts + 1, NOON + DAY)
        assert after.begun_at == (before.begun_at or NOON + DAY)
    else:
        assert after is None
        assert table.get(before.id) == before


def test_a_job_can_be_claimed_once_its_lease_expires(table):
    job = job_in_state(table, State.SPEAKING)
    end = job.lease_until
    assert table.claim(job.id, State.SPEAKING, worker="w2", at=end - SECOND / 1_000, until=end + DAY) is None
    claimed = table.claim(job.id, State.SPEAKING, worker="w2", at=end, until=end + DAY)
    assert (claimed.worker, claimed.attempts) == ("w2", 2)


def test_a_job_can_be_moved_only_if_no_worker_has_touched_it_since_it_was_read(table):
    read = job_in_state(table, State.SPEAKING)
    table.renew(read.id, worker="w1", at=NOON + MINUTE, until=NOON + 11 * MINUTE)
    assert table.move(read.id, State.FAILED, at=NOON + DAY, unchanged=read) is None
    read = table.get(read.id)
    released = table.move(read.id, State.QUEUED, at=NOON, changes={"lease_until": None, "worker": None})
    assert table.move(read.id, State.FAILED, at=NOON + DAY, unchanged=read) is None
    table.claim(read.id, State.SPEAKING, worker="w2", at=NOON, until=NOON + MINUTE)
    table.move(read.id, State.QUEUED, at=NOON, changes={"lease_until": None, "worker": None})
    assert table.move(read.id, State.FAILED, at=NOON + DAY, unchanged=released) is None  # one more attempt
    assert table.move(read.id, State.FAILED, at=NOON + DAY, unchanged=table.get(read.id)).state is State.FAILED


def test_the_holder_can_claim_a_job_again(table):
    job = job_in_state(table, State.SPEAKING)
    claimed = table.claim(job.id, State.SPEAKING, worker="w1", at=NOON + MINUTE, until=NOON + 20 * MINUTE)
    assert (claimed.attempts, claimed.lease_until) == (2, NOON + 20 * MINUTE)


def test_only_the_holder_renews_a_lease_and_postpones_the_sweeper(table):
    job = job_in_state(table, State.SPEAKING)
    later, until = NOON + 9 * MINUTE, NOON + 11 * MINUTE
    assert not table.renew(job.id, worker="w2", at=later, until=until + DAY)
    assert table.renew(job.id, worker="w1", at=later, until=until)
    renewed = table.get(job.id)
    assert (renewed.lease_until, renewed.updated_at, renewed.attempts) == (until, job.updated_at, 1)
    due = later + DUE_AFTER[State.SPEAKING]
    assert list(table.due(due - SECOND, 9)) == []
    assert [one.id for one in table.due(due, 9)] == [job.id]
    assert table.claim(job.id, State.SPEAKING, worker="w2", at=until - SECOND, until=until + MINUTE) is None
    assert table.claim(job.id, State.SPEAKING, worker="w2", at=until, until=until + MINUTE).worker == "w2"


@pytest.mark.parametrize("state", sorted(set(State) - {State.SPEAKING}))
def test_a_lease_can_be_renewed_only_while_speaking(table, state):
    job = job_in_state(table, state)
    assert not table.renew(job.id, worker="w1", at=NOON + MINUTE, until=NOON + DAY)
    assert table.get(job.id) == job


def test_a_job_without_a_lease_can_be_claimed(table):
    job = job_in_state(table, State.SPEAKING)
    assert table.note(job.id, worker="w1", changes={"lease_until": None})
    assert table.claim(job.id, State.SPEAKING, worker="w2", at=NOON + MINUTE, until=NOON + DAY).worker == "w2"


def test_a_requeued_job_can_be_claimed_despite_its_lease(table):
    job = job_in_state(table, State.SPEAKING)
    assert table.move(job.id, State.QUEUED, at=NOON + SECOND).lease_until == job.lease_until
    assert table.claim(job.id, State.SPEAKING, worker="w2", at=NOON + MINUTE, until=NOON + DAY).worker == "w2"


def test_a_job_with_a_pending_gpu_call_cannot_be_claimed(table):
    job = job_in_state(table, State.WAITING_FOR_GPU)
    call = GpuCall(output="s3://b/gpu/output/1", failure="s3://b/gpu/failure/1")
    assert table.note(job.id, worker="w1", changes={"gpu": call, "lease_until": None})
    assert table.get(job.id).gpu == call
    assert table.claim(job.id, State.WAITING_FOR_GPU, worker="w1", at=NOON + DAY, until=NOON + 2 * DAY) is None
    assert table.move(job.id, State.QUEUED, at=NOON + DAY, changes={"gpu": None}).gpu is None
    assert table.claim(job.id, State.WAITING_FOR_GPU, worker="w1", at=NOON + DAY, until=NOON + 2 * DAY)


def test_a_move_can_be_restricted_to_some_states(table):
    job = job_in_state(table, State.QUEUED)
    assert table.move(job.id, State.FAILED, at=NOON, only_from={State.SPEAKING, State.ACCEPTED}) is None
    assert table.move(job.id, State.FAILED, at=NOON, only_from={State.SPEAKING, State.QUEUED}).state == State.FAILED
    assert table.move(job.id, State.QUEUED, at=NOON, only_from={State.DONE}) is None


@pytest.mark.parametrize("start", sorted(HELD))
def test_a_move_with_a_worker_requires_its_lease(table, start):
    job = job_in_state(table, start)
    assert table.move(job.id, State.DONE, at=NOON, worker="w2") is None
    assert table.note(job.id, worker="w2", changes={"fault": JobError(code="c", message="m")}) is False
    assert table.get(job.id) == job
    assert table.move(job.id, State.QUEUED, at=NOON, worker="w1").worker == "w1"
    # w1 was the last worker but no longer holds the lease.
    assert table.move(job.id, State.QUEUED, at=NOON, worker="w1") is None
    assert table.note(job.id, worker="w1", changes={"fault": JobError(code="c", message="m")}) is False


def test_changes_are_set_and_removed(table):
    job = job_in_state(table, State.SPEAKING, metadata={"a": "b"}, expires_at=NOON + 90 * DAY)
    changes = {
        "audio": AUDIO,
        "price": Decimal("0.01"),
        "hit": True,
        "worker": None,
        "script": None,
        "expires_at": None,
    }
    done = table.move(job.id, State.DONE, at=NOON + MINUTE, changes=changes | {"metadata": None})
    assert done == table.get(job.id)
    assert (done.audio, done.price, done.hit, done.metadata) == (AUDIO, Decimal("0.01"), True, {})
    assert (done.worker, done.script, done.expires_at) == (None, None, None)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_the_first_end_wins_and_is_unpublished(table, end):
    job = job_in_state(table, State.QUEUED)
    ended = table.move(job.id, end, at=NOON + MINUTE)
    assert (ended.ended_at, ended.published) == (NOON + MINUTE, False)
    for other in ENDS:
        assert table.move(job.id, other, at=NOON + DAY) is None
    table.mark_published(job.id)
    assert table.get(job.id) == ended.model_copy(update={"published": True})


def test_a_job_never_ends_before_it_began(table):
    job = job_in_state(table, State.SPEAKING)
    done = table.move(job.id, State.DONE, at=NOON - 10 * MINUTE)
    assert done.ended_at == job.begun_at == NOON + SECOND
    cancelled = table.move(table.add(a_job()).id, State.CANCELLED, at=NOON - 10 * MINUTE)
    assert cancelled.ended_at == NOON


def test_only_an_end_can_be_marked_as_published(table):
    job = job_in_state(table, State.QUEUED)
    table.mark_published(job.id)
    assert table.get(job.id) == job
    assert job in [one.model_copy(update={"script": job.script}) for one in table.due(NOON + DAY, 9)]


@pytest.mark.parametrize("state", State)
def test_a_stalled_job_becomes_due(table, state):
    job = job_in_state(table, state)
    due = job.updated_at + DUE_AFTER[state]
    assert [*table.due(due - SECOND / 1_000, 9)] == []
    assert [one.id for one in table.due(due, 9)] == [job.id]


def test_a_published_end_is_not_due(table):
    job = job_in_state(table, State.DONE)
    table.mark_published(job.id)
    assert [*table.due(NOON + 9 * DAY, 9)] == []
    unpublished = table.add(a_job(state=State.DONE, published=False))
    assert [one.id for one in table.due(NOON + 9 * DAY, 9)] == [unpublished.id]
    table.add(a_job(state=State.DONE, published=True))
    assert len([*table.due(NOON + 9 * DAY, 9)]) == 1


def test_a_due_time_can_be_postponed_until_the_job_ends(table):
    job = job_in_state(table, State.SPEAKING)
    table.postpone_check(job.id, NOON + DAY)
    assert [*table.due(NOON + DAY - SECOND, 9)] == []
    assert [one.id for one in table.due(NOON + DAY, 9)] == [job.id]
    done = table.move(job.id, State.DONE, at=NOON + MINUTE)
    table.postpone_check(job.id, NOON + 9 * DAY)
    assert [one.id for one in table.due(done.updated_at + DUE_AFTER[State.DONE], 9)] == [job.id]


def test_due_jobs_are_sorted_and_have_no_text(table):
    jobs = [table.add(a_job(at=NOON + number * SECOND)) for number in (3, 1, 4, 0, 5, 9, 2, 6)]
    due = [*table.due(NOON + DAY, 5)]
    assert [one.id for one in due] == [job.id for job in sorted(jobs, key=lambda job: job.created_at)[:5]]
    assert all(one.script is None for one in due)


@pytest.mark.parametrize("state", list(State))
def test_amend_works_in_any_state_and_keeps_it(table, state):
    job = job_in_state(table, state, expires_at=NOON + 90 * DAY)
    kept = table.amend(job.id, {"retention": "keep", "expires_at": None})
    assert kept == table.get(job.id) == job.model_copy(update={"retention": "keep", "expires_at": None})
    assert table.amend(job.id, {"expires_at": NOON}, retention="expire") is None
    assert table.amend(job.id, {"expires_at": NOON}, retention="keep").expires_at == NOON


def test_amending_a_missing_job_returns_none(table):
    assert table.amend(a_job().id, {"retention": "keep"}) is None
    assert table.amend("job_00", {"retention": "keep"}) is None
    assert table.get(a_job().id) is None
