"""Dead-letter handling: fail jobs whose messages exhausted their deliveries."""

from herald.errors import UnreadableRow
from herald.jobs.endings import MOST_ATTEMPTS, Endings
from herald.jobs.job import Job
from herald.jobs.messages import JobMessage
from herald.jobs.ports import Clock, JobTable
from herald.jobs.states import State
from herald.jobs.work import Later, is_held, until_free


class DeadLetters:
    """Fails the jobs of messages in the dead-letter queues."""

    def __init__(self, *, table: JobTable, endings: Endings, clock: Clock) -> None:
        self._table = table
        self._endings = endings
        self._clock = clock

    def bury(self, message: JobMessage) -> Job | Later | None:
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
            return until_free(job, now)
        if job.attempts < MOST_ATTEMPTS:
            self._table.look_again(job.id, now)
            return None
        ended = self._endings.given_up(job)
        return ended if ended and ended.state is State.FAILED else None
