"""How to see where a job stands, and how to spoil a call."""

from herald.jobs.states import State
from tests.unit.jobs.services import sound_of


def once(services, point, error):
    """Let something go wrong at the next such call."""
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
    assert len(services.told(job)) == 1


def check_waits(services, job, code, *, delay):
    """It waits for its next attempt, and there is a message for it."""
    row = services.row(job)
    assert (row.state, row.worker, row.lease_until, row.gpu) == (State.QUEUED, None, None, None)
    assert row.fault.code == code
    assert services.queues.sent["gpu"][-1][1] == delay
