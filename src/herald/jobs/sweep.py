"""The sweeper: finds jobs that did not go on, and sets them going."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from herald.errors import UnreadableRow
from herald.jobs.endings import NO_GPU, Endings, fault_of
from herald.jobs.gpu_work import GpuWork
from herald.jobs.job import Job
from herald.jobs.ports import Clock, JobQueues, JobTable
from herald.jobs.states import NOT_BEGUN, State
from herald.jobs.work import is_held

_AT_ONCE = 100


class Sweeper:
    """Looks at jobs whose time to be looked at has come."""

    def __init__(
        self, *, table: JobTable, queues: JobQueues, endings: Endings, gpu: GpuWork | None, clock: Clock
    ) -> None:
        self._table = table
        self._queues = queues
        self._endings = endings
        self._gpu = gpu
        self._clock = clock

    def sweep(self, time_left: Callable[[], float]) -> Counter[str]:
        """Set going what is due while there is time; count it by state, or by why it waits for the next sweep."""
        counts: Counter[str] = Counter()
        seen: set[str] = set()
        # Jobs that stay due, unreadable rows among them, are returned again: ask for more, to get past them.
        while found := [row for row in self._table.due(self._clock(), _AT_ONCE + len(seen)) if _id_of(row) not in seen]:
            for row in found:
                if time_left() <= 0:
                    return counts
                seen.add(_id_of(row))
                counts[row.code if isinstance(row, UnreadableRow) else self._mended(row)] += 1
        return counts

    def _mended(self, job: Job) -> str:
        try:
            self._mend(job)
        except Exception as error:  # noqa: BLE001  whatever is wrong with one job must not keep the others waiting
            return fault_of(error).code
        return job.state.value

    def _mend(self, job: Job) -> None:
        if job.ended:
            self._endings.tell(job)
        elif job.route == "gpu" and self._gpu is None:
            self._endings.failed(job, NO_GPU)
        elif job.state is State.WAITING_FOR_GPU and self._gpu:
            self._gpu.look(job)
        elif job.state is State.SPEAKING:
            self._wake(job)
        else:
            # Sent first: a message too many does no harm, a job without one would wait until the next look.
            self._queues.send(job)
            self._table.move(job.id, State.QUEUED, at=self._clock(), only_from=NOT_BEGUN)

    def _wake(self, job: Job) -> None:
        now = self._clock()
        if job.lease_until and is_held(job, now):
            self._table.look_again(job.id, job.lease_until + timedelta(minutes=1))
            return
        self._queues.send(job)
        free = {"lease_until": None, "worker": None}
        self._table.move(job.id, State.QUEUED, at=now, worker=job.worker, changes=free)


def _id_of(row: Job | UnreadableRow) -> str:
    return row.row_id if isinstance(row, UnreadableRow) else row.id
