"""Dead-letter handling: fail jobs whose messages exhausted their deliveries."""

from herald.clock import Clock
from herald.errors import UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS, Completion
from herald.jobs.job import Job
from herald.jobs.job_states import State
from herald.jobs.job_worker import Postpone, is_held, until_lease_expires
from herald.jobs.ports import JobTable
from herald.jobs.queue_messages import JobMessage


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
