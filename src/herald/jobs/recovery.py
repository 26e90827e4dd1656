"""The sweeper: scheduled recovery of stalled jobs."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from herald.clock import Clock
from herald.errors import UnreadableRow
from herald.jobs.completion import NO_GPU, Completion, to_job_error
from herald.jobs.gpu_work import GpuWork
from herald.jobs.job import Job
from herald.jobs.job_states import CANCELLABLE, State
from herald.jobs.job_worker import is_held
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
