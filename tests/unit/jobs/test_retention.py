"""Changes of a job's retention: the file follows the row in every order of events."""

from datetime import timedelta

import pytest

from herald.errors import AudioGone, BrokenInstallation, Unavailable, UnknownJob
from herald.jobs.completion import is_settled
from herald.jobs.job import JobError, State
from tests.support.job_fakes import kept
from tests.support.job_services import KilledWorker

RETENTION = timedelta(days=90)
OTHER = {"keep": "expire", "expire": "keep"}


def done(services, **fields):
    job = services.submit(**fields)
    if services.row(job).state is not State.DONE:
        services.work(job)
    return services.row(job)


def where(services, job):
    """Return the retention of the file that a job's row refers to."""
    key = services.row(job).audio.key
    assert services.audio.files[key]
    return {"kept": "keep", "audio": "expire"}[key.partition("/")[0]]


def ask(services, job, retention):
    return services.retaining.change(services.row(job), retention)


def test_finished_job_is_kept(services):
    job = done(services)
    for _ in range(2):
        row = ask(services, job, "keep")
        assert row == services.row(job)
        assert (row.retention, row.expires_at, where(services, job)) == ("keep", None, "keep")


def test_kept_job_expires_after_the_full_period(services):
    job = done(services, retention="keep")
    services.time.move(400 * 86_400)
    for _ in range(2):
        released = ask(services, job, "expire")
        assert (released.retention, where(services, job)) == ("expire", "expire")
        assert released.expires_at == services.audio.written[job.audio_key] + RETENTION
        assert released.expires_at == services.time() + RETENTION


def test_a_job_that_ends_after_its_expiry_exists_for_another_day(services):
    """For example on a GPU without capacity, with RetentionDays=1. Until its end, the row is not deleted."""
    job = services.submit()
    services.time.move(91 * 86_400)
    services.work(job)
    assert services.row(job).expires_at == services.time() + timedelta(days=1)


def test_repeated_expire_does_not_extend_the_period(services):
    job = done(services)
    services.time.move(86_400)
    assert ask(services, job, "expire").expires_at == job.expires_at


@pytest.mark.parametrize("first", ["keep", "expire"])
def test_file_is_kept_until_its_last_keeper_releases_it(services, first):
    keeper, other = done(services, retention="keep"), done(services, retention=first)
    assert keeper.audio_key == other.audio_key
    assert ask(services, other, "expire").expires_at
    assert where(services, keeper) == "keep"
    services.audio.delete_released()
    assert where(services, keeper) == "keep"
    ask(services, keeper, "expire")
    services.audio.delete_released()
    assert where(services, keeper) == "expire"
    # The copy for all keepers but the first is never released.
    left = [key for key in services.audio.files if key.startswith("kept/")]
    assert [".shared." in key for key in left] == [True] * (first == "keep")


@pytest.mark.parametrize("retention", ["keep", "expire"])
def test_only_the_row_changes_before_the_job_is_done(services, retention):
    job = services.submit(retention=OTHER[retention])
    before = dict(services.audio.calls)
    changed = ask(services, job, retention)
    assert (changed.retention, changed.expires_at, changed.state) == (retention, job.expires_at, State.QUEUED)
    assert services.audio.calls == before
    services.work(job)
    assert (services.row(job).expires_at is None) == (retention == "keep")
    assert where(services, job) == retention


@pytest.mark.parametrize("retention", ["keep", "expire"])
@pytest.mark.parametrize("moment", ["audio.put", "audio.find", "audio.expire", "table.move", "table.mark_published"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_row_and_file_agree_after_a_race_with_the_worker(services, retention, moment, when):
    """The retention changes at any moment while a worker ends the job."""
    job = services.submit(retention=OTHER[retention])

    def on_call(port, method, at):
        if (f"{port}.{method}", at) == (moment, when):
            services.on_call = lambda *_: None
            ask(services, job, retention)

    services.on_call = on_call
    services.work(job)
    row = services.row(job)
    if row.retention != retention:  # the moment did not occur
        assert moment == "audio.expire"
        return
    assert (row.state, is_settled(row), where(services, job)) == (State.DONE, True, retention)
    assert (row.expires_at is None) == (retention == "keep")


@pytest.mark.parametrize("moment", ["audio.find", "audio.expire", "table.amend", "table.get"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("first", ["keep", "expire"])
def test_row_and_file_agree_after_concurrent_changes(services, first, moment, when):
    job = done(services, retention=OTHER[first])
    times = []

    def on_call(port, method, at):
        if (f"{port}.{method}", at) == (moment, when) and not times:
            times.append(at)
            ask(services, job, OTHER[first])

    services.on_call = on_call
    ask(services, job, first)
    row = services.row(job)
    assert (is_settled(row), where(services, job)) == (True, row.retention)


def stored_by_a_dead_worker(services):
    """Return a job whose worker died after it had stored the file to keep."""
    job = services.submit(retention="keep")
    services.audio.faults.after("put", KilledWorker())
    with pytest.raises(KilledWorker):
        services.work(job)
    assert services.audio.keepers == {kept(job.audio_key): job.id}
    return job


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_a_job_that_is_not_done_keeps_no_file(services, end):
    job = stored_by_a_dead_worker(services)
    if end == "failed":
        services.completion.fail(services.row(job), JobError(code="gpu_failed", message="No."))
    else:
        services.time.move(3_600)
        services.sweep()
        services.job_service.cancel(job.id, tenant="acme")
    assert services.row(job).state == end
    assert list(services.audio.keepers.values()) == ["none"]


def test_a_job_that_is_no_longer_to_be_kept_releases_what_a_dead_worker_stored(services):
    job = stored_by_a_dead_worker(services)
    ask(services, job, "expire")
    services.time.move(3_600)
    services.work(job)
    services.audio.delete_released()
    assert where(services, job) == "expire"
    assert [key for key in services.audio.files if key.startswith("kept/")] == []


def test_sweeper_completes_an_interrupted_change(services):
    job = services.submit()

    def on_call(port, method, at):
        if (f"{port}.{method}", at) == ("table.move", "before"):
            services.on_call = lambda *_: None
            ask(services, job, "keep")
            services.audio.faults.before("find", Unavailable("S3"))

    services.on_call = on_call
    services.work(job)
    assert (services.row(job).published, is_settled(services.row(job)), where(services, job)) == (
        False,
        False,
        "expire",
    )
    services.time.move(3_600)
    services.sweep()
    assert (services.row(job).published, services.row(job).expires_at, where(services, job)) == (True, None, "keep")


def test_failed_change_can_be_repeated(services):
    job = done(services)
    services.audio.faults.before("find", Unavailable("S3"))
    with pytest.raises(Unavailable):
        ask(services, job, "keep")
    assert ask(services, job, "keep").expires_at is None
    assert where(services, job) == "keep"


def test_failed_job_expires_and_its_retry_is_kept(services):
    job = services.submit()
    services.completion.fail(services.row(job), JobError(code="unknown_voice", message="The voice does not exist."))
    assert ask(services, job, "keep").expires_at == job.expires_at
    retried = services.job_service.retry(job.id, tenant="acme")
    services.work(retried)
    assert (services.row(retried).expires_at, where(services, retried)) == (None, "keep")


def test_expired_job_cannot_be_kept(services):
    job = done(services)
    services.time.move(RETENTION.total_seconds())
    with pytest.raises(UnknownJob):
        ask(services, job, "keep")
    assert where(services, job) == "expire"


def test_a_job_keeps_its_file_when_only_the_shared_copy_is_left(services):
    first, second = done(services, retention="keep"), done(services, retention="keep")
    ask(services, first, "expire")
    services.audio.delete_released()
    del services.audio.files[first.audio_key]
    assert ask(services, second, "keep").expires_at is None
    assert where(services, second) == "keep"


def test_concurrently_deleted_job_is_unknown(services):
    job = done(services)
    del services.table.rows[job.id]
    with pytest.raises(UnknownJob):
        services.retaining.change(job, "keep")


@pytest.mark.parametrize("times", [1, 2])
def test_deleted_file_cannot_be_kept(services, times):
    job = done(services)
    services.audio.files.clear()
    for _ in range(times):
        with pytest.raises(AudioGone):
            ask(services, job, "keep")
    assert services.row(job) == job
    assert ask(services, job, "expire").retention == "expire"


def test_expiring_job_keeps_its_file_after_the_keeper_releases_it(services):
    keeper = done(services, retention="keep")
    other = done(services)
    ask(services, keeper, "expire")
    assert (where(services, other), where(services, keeper)) == ("expire", "expire")


def test_a_file_that_disappears_during_the_change_cannot_be_kept(services):
    job = done(services)

    def on_call(port, method, at):
        if (f"{port}.{method}", at) == ("table.amend", "after"):
            services.audio.files.clear()

    services.on_call = on_call
    with pytest.raises(AudioGone, match="Send the text again"):
        ask(services, job, "keep")


def test_a_finished_row_without_a_file_is_reported_as_broken(services):
    job = done(services)
    services.audio.files.clear()
    services.table.rows[job.id] = services.row(job).model_copy(update={"audio": None})
    with pytest.raises(BrokenInstallation, match="Repair the row"):
        ask(services, job, "expire")


def test_a_change_that_always_meets_another_one_fails_for_now(services):
    job = done(services)

    def on_call(port, method, at):
        if (f"{port}.{method}", at) in {("audio.find", "after"), ("audio.expire", "after")}:
            row = services.row(job)
            services.table.rows[job.id] = row.model_copy(update={"retention": OTHER[row.retention]})

    services.on_call = on_call
    with pytest.raises(Unavailable, match="changed concurrently"):
        ask(services, job, "expire")
