"""Recovery of stalled jobs: the scheduled sweeper, and the jobs whose messages exhausted their deliveries."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from herald.clock import Clock
from herald.errors import UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS, NO_GPU, NO_KOKORO, Completion, to_job_error
from herald.jobs.job import CANCELLABLE, Job, State
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone, give_up_unless_held, held_until, is_held, until_lease_expires
from herald.jobs.ports import JobQueues, JobTable

if TYPE_CHECKING:
    from herald.jobs.gpu_work import GpuWork

_AT_ONCE = 100


@dataclass(kw_only=True)
class Sweeper:
    """Recovers jobs that are due because their last move was too long ago."""

    table: JobTable
    queues: JobQueues
    completion: Completion
    gpu: "GpuWork | None"
    clock: Clock
    kokoro: bool = True
    """Whether Kokoro on CPU is deployed."""

    def sweep(self, time_left: Callable[[], float]) -> Counter[str]:
        """Recover the jobs that are due, until no time is left; return counts by state, or by error code."""
        counts: Counter[str] = Counter()
        seen: set[str] = set()
        # Jobs that stay due, such as unreadable rows, are returned again: increase the limit to get past them.
        while found := [row for row in self.table.due(self.clock(), _AT_ONCE + len(seen)) if _id_of(row) not in seen]:
            for row in found:
                if time_left() <= 0:
                    return counts
                seen.add(_id_of(row))
                if isinstance(row, UnreadableRow):
                    counts[row.code] += 1
                    continue
                try:
                    self._recover(row)
                except Exception as error:  # noqa: BLE001  an error in one job must not block the others
                    counts[to_job_error(error).code] += 1
                else:
                    counts[row.state.value] += 1
        return counts

    def _recover(self, job: Job) -> None:
        if job.ended:
            self.completion.publish(job)
        elif job.route == "gpu" and self.gpu is None:
            self.completion.fail(job, NO_GPU)
        elif job.route == "kokoro" and not self.kokoro:
            self.completion.fail(job, NO_KOKORO)
        elif job.state is State.WAITING_FOR_GPU and self.gpu:
            self.gpu.check(job)
        elif job.state is State.SPEAKING and (end := held_until(job)) and end > self.clock():
            self.table.postpone_check(job.id, end + timedelta(minutes=1))
        else:
            # Send first: a duplicate message is harmless, but a job without a message would stall until the next sweep.
            self.queues.send(job)
            if job.state is State.SPEAKING:  # its worker died
                free = {"lease_until": None, "worker": None}
                self.table.move(job.id, State.QUEUED, at=self.clock(), worker=job.worker, changes=free)
            else:
                self.table.move(job.id, State.QUEUED, at=self.clock(), only_from=CANCELLABLE)


def _id_of(row: Job | UnreadableRow) -> str:
    return row.row_id if isinstance(row, UnreadableRow) else row.id


@dataclass(kw_only=True)
class DeadLetters:
    """Fails the jobs of messages in the dead-letter queues."""

    table: JobTable
    completion: Completion
    clock: Clock

    def fail_dead_letter(self, message: JobMessage) -> Job | Postpone | None:
        """Fail the job of a dead-lettered message.

        Return the failed job, Postpone while a worker still holds it, or None if it did not fail. SQS counts every
        delivery, including those that only postponed the message, so the job may have attempts left. It then continues,
        and the sweeper sends a new message. The same applies to a job whose row is unreadable.
        """
        try:
            job = self.table.get(message.job)
        except UnreadableRow:
            return None
        if job is None or job.ended or job.tenant != message.tenant or job.gpu:
            return None
        now = self.clock()
        if is_held(job, now):
            return until_lease_expires(job, now)
        if job.attempts < MAX_ATTEMPTS:
            self.table.postpone_check(job.id, now)
            return None
        ended = give_up_unless_held(job, self.completion, now)
        return ended if isinstance(ended, Postpone) or ended.state is State.FAILED else None
