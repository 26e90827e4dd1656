"""Assertions about jobs, and fault injection."""

from herald.jobs.job import State
from tests.support.job_services import sound_of


def once(services, point, error):
    """Raise `error` at the next call of `point`, a tuple such as ("table.move", "before")."""
    (port, method), when = point[0].split("."), point[1]
    getattr(getattr(services, port).faults, when)(method, error)


def check_done(services, job, **expected):
    row = services.row(job)
    assert row.state is State.DONE
    assert services.audio.files[row.audio.key] == sound_of(job.script)
    assert row.audio.bytes == len(sound_of(job.script))
    assert (row.script, row.worker, row.lease_until, row.fault) == (None,) * 4
    assert {name: getattr(row, name) for name in expected} == expected


def check_done_once(services, job, **expected):
    check_done(services, job, gpu=None, **expected)
    assert len(services.events_of(job)) == 1


def check_waits(services, job, code, *, delay):
    """Check that a job is queued for its next attempt, with a message on the GPU queue."""
    row = services.row(job)
    assert (row.state, row.worker, row.lease_until, row.gpu) == (State.QUEUED, None, None, None)
    assert row.fault.code == code
    assert services.queues.sent["gpu"][-1][1] == delay
