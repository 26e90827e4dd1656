"""Recovery of stalled jobs: the scheduled sweeper, and the jobs whose messages exhausted their deliveries."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from herald.clock import Clock
from herald.errors import UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS, NO_GPU, Completion, to_job_error
from herald.jobs.gpu_work import GpuWork
from herald.jobs.job import CANCELLABLE, Job, State
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone, is_held, until_lease_expires
from herald.jobs.ports import JobQueues, JobTable

_AT_ONCE = 100


class Sweeper:
    """Recovers jobs that are due, because their last move is too long ago."""

    def __init__(
        self, *, table: JobTable, queues: JobQueues, endings: Completion, gpu: GpuWork | None, clock: Clock
    ) -> None:
        self._table = table
        self._queues = queues
        self._endings = endings
        self._gpu = gpu
        self._clock = clock

    def sweep(self, time_left: Callable[[], float]) -> Counter[str]:
        """Recover the jobs that are due, until no time is left; return counts by state, or by error code."""
        counts: Counter[str] = Counter()
        seen: set[str] = set()
        # Jobs that stay due, such as unreadable rows, are returned again: increase the limit to get past them.
        while found := [row for row in self._table.due(self._clock(), _AT_ONCE + len(seen)) if _id_of(row) not in seen]:
            for row in found:
                if time_left() <= 0:
                    return counts
                seen.add(_id_of(row))
                counts[row.code if isinstance(row, UnreadableRow) else self._outcome(row)] += 1
        return counts

    def _outcome(self, job: Job) -> str:
        try:
            self._recover(job)
        except Exception as error:  # noqa: BLE001  an error in one job must not block the others
            return to_job_error(error).code
        return job.state.value

    def _recover(self, job: Job) -> None:
        if job.ended:
            self._endings.tell(job)
        elif job.route == "gpu" and self._gpu is None:
            self._endings.failed(job, NO_GPU)
        elif job.state is State.WAITING_FOR_GPU and self._gpu:
            self._gpu.look(job)
        elif job.state is State.SPEAKING:
            self._release_if_dead(job)
        else:
            # Send first: a duplicate message is harmless, but a job without a message would stall until the next sweep.
            self._queues.send(job)
            self._table.move(job.id, State.QUEUED, at=self._clock(), only_from=CANCELLABLE)

    def _release_if_dead(self, job: Job) -> None:
        now = self._clock()
        if job.lease_until and is_held(job, now):
            self._table.postpone_check(job.id, job.lease_until + timedelta(minutes=1))
            return
        self._queues.send(job)
        free = {"lease_until": None, "worker": None}
        self._table.move(job.id, State.QUEUED, at=now, worker=job.worker, changes=free)


def _id_of(row: Job | UnreadableRow) -> str:
    return row.row_id if isinstance(row, UnreadableRow) else row.id


class DeadLetters:
    """Fails the jobs of messages in the dead-letter queues."""

    def __init__(self, *, table: JobTable, endings: Completion, clock: Clock) -> None:
        self._table = table
        self._endings = endings
        self._clock = clock

    def fail_dead_letter(self, message: JobMessage) -> Job | Postpone | None:
        """Fail the job of a dead-lettered message.

        Return the failed job, Later while a worker still holds it, or None if it was not failed. SQS counts every
        delivery, including those that only postponed the message, so the job may have attempts left: it continues, and
        the sweeper sends a new message. The same applies to a job whose row is unreadable.
        """
        try:
            job = self._table.get(message.job)
        except UnreadableRow:
            return None
        if job is None or job.ended or job.tenant != message.tenant or job.gpu:
            return None
        now = self._clock()
        if is_held(job, now):
            return until_lease_expires(job, now)
        if job.attempts < MAX_ATTEMPTS:
            self._table.postpone_check(job.id, now)
            return None
        ended = self._endings.given_up(job)
        return ended if ended and ended.state is State.FAILED else None
