"""A job's retention, changed afterwards: the row is what was asked for, and the file follows it, whoever is faster."""

from datetime import timedelta

import pytest

from herald.errors import AudioGone, Unavailable, UnknownJob
from herald.jobs.job import JobError
from herald.jobs.retention import is_settled
from herald.jobs.states import State

RETENTION = timedelta(days=90)
OTHER = {"keep": "expire", "expire": "keep"}


def done(services, **fields):
    job = services.submit(**fields)
    if services.row(job).state is not State.DONE:
        services.work(job)
    return services.row(job)


def where(services, job):
    """Whether the file to which a job's row leads is kept or expires."""
    key = services.row(job).audio.key
    assert services.audio.files[key]
    return {"kept": "keep", "audio": "expire"}[key.partition("/")[0]]


def ask(services, job, retention):
    return services.retaining.ask(services.row(job), retention)


def test_a_job_that_is_done_is_kept(services):
    job = done(services)
    for _ in range(2):
        kept = ask(services, job, "keep")
        assert kept == services.row(job)
        assert (kept.retention, kept.expires_at, where(services, job)) == ("keep", None, "keep")


def test_a_kept_job_expires_again_after_its_whole_time(services):
    job = done(services, retention="keep")
    services.time.move(400 * 86_400)
    for _ in range(2):
        gone = ask(services, job, "expire")
        assert (gone.retention, where(services, job)) == ("expire", "expire")
        assert gone.expires_at == services.audio.written[job.audio_key] + RETENTION
        assert gone.expires_at == services.time() + RETENTION


def test_what_expires_anyway_gets_no_more_time(services):
    job = done(services)
    services.time.move(86_400)
    assert ask(services, job, "expire").expires_at == job.expires_at


@pytest.mark.parametrize("first", ["keep", "expire"])
def test_a_file_is_kept_as_long_as_one_of_its_jobs_asks_so(services, first):
    keeper, other = done(services, retention="keep"), done(services, retention=first)
    assert keeper.audio_key == other.audio_key
    assert ask(services, other, "expire").expires_at
    assert where(services, keeper) == "keep"
    if first == "expire":
        ask(services, keeper, "expire")
        assert where(services, keeper) == "expire"
        assert not [key for key in services.audio.files if key.startswith("kept/")]


@pytest.mark.parametrize("retention", ["keep", "expire"])
def test_before_a_job_is_done_only_the_row_changes(services, retention):
    job = services.submit(retention=OTHER[retention])
    before = dict(services.audio.calls)
    asked = ask(services, job, retention)
    assert (asked.retention, asked.expires_at, asked.state) == (retention, job.expires_at, State.QUEUED)
    assert services.audio.calls == before
    services.work(job)
    assert (services.row(job).expires_at is None) == (retention == "keep")
    assert where(services, job) == retention


@pytest.mark.parametrize("retention", ["keep", "expire"])
@pytest.mark.parametrize("moment", ["audio.put", "audio.find", "audio.expire", "table.move", "table.told"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_is_faster_the_row_and_the_file_agree(services, retention, moment, when):
    """While a worker ends the job, at whatever moment, somebody else changes its retention."""
    job = services.submit(retention=OTHER[retention])

    def on_call(port, method, at):
        if (f"{port}.{method}", at) == (moment, when):
            services.on_call = lambda *_: None
            ask(services, job, retention)

    services.on_call = on_call
    services.work(job)
    row = services.row(job)
    if row.retention != retention:  # that moment never came
        assert moment == "audio.expire"
        return
    assert (row.state, is_settled(row), where(services, job)) == (State.DONE, True, retention)
    assert (row.expires_at is None) == (retention == "keep")


@pytest.mark.parametrize("moment", ["audio.find", "audio.expire", "table.amend", "table.get"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("first", ["keep", "expire"])
def test_of_two_who_ask_for_different_things_the_file_follows_the_row(services, first, moment, when):
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


def test_who_dies_between_the_end_and_the_file_leaves_it_to_the_sweeper(services):
    job = services.submit()

    def on_call(port, method, at):
        if (f"{port}.{method}", at) == ("table.move", "before"):
            services.on_call = lambda *_: None
            ask(services, job, "keep")
            services.audio.faults.before("find", Unavailable("S3"))

    services.on_call = on_call
    services.work(job)
    assert (services.row(job).told, is_settled(services.row(job)), where(services, job)) == (False, False, "expire")
    services.time.move(3_600)
    services.sweep()
    assert (services.row(job).told, services.row(job).expires_at, where(services, job)) == (True, None, "keep")


def test_a_file_that_cannot_be_kept_now_is_kept_when_asked_again(services):
    job = done(services)
    services.audio.faults.before("find", Unavailable("S3"))
    with pytest.raises(Unavailable):
        ask(services, job, "keep")
    assert ask(services, job, "keep").expires_at is None
    assert where(services, job) == "keep"


def test_a_failed_job_expires_whatever_was_asked_and_its_retry_is_kept(services):
    job = services.submit()
    services.endings.failed(services.row(job), JobError(code="unknown_voice", message="It is gone."))
    assert ask(services, job, "keep").expires_at == job.expires_at
    again = services.desk.retry(job.id, tenant="acme")
    services.work(again)
    assert (services.row(again).expires_at, where(services, again)) == (None, "keep")


def test_a_job_whose_time_is_over_cannot_be_kept(services):
    job = done(services)
    services.time.move(RETENTION.total_seconds())
    with pytest.raises(UnknownJob):
        ask(services, job, "keep")
    assert where(services, job) == "expire"


def test_a_job_that_is_deleted_this_moment_is_unknown(services):
    job = done(services)
    del services.table.rows[job.id]
    with pytest.raises(UnknownJob):
        services.retaining.ask(job, "keep")


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_was_deleted_cannot_be_kept_and_stays_so(services, times):
    job = done(services)
    services.audio.files.clear()
    for _ in range(times):
        with pytest.raises(AudioGone):
            ask(services, job, "keep")
    assert services.row(job) == job
    assert ask(services, job, "expire").retention == "expire"


def test_a_job_that_did_not_ask_to_keep_its_file_has_it_whatever_its_keeper_does(services):
    keeper = done(services, retention="keep")
    other = done(services)
    ask(services, keeper, "expire")
    assert (where(services, other), where(services, keeper)) == ("expire", "expire")
