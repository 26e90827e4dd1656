"""Dead letters: jobs that were tried too often end with the reason."""

from herald.errors import UnreadableRow
from herald.jobs.endings import MOST_ATTEMPTS, Endings
from herald.jobs.job import Job
from herald.jobs.messages import JobMessage
from herald.jobs.ports import Clock, JobTable
from herald.jobs.states import State
from herald.jobs.work import Later, is_held, until_free


class DeadLetters:
    """Ends the jobs whose messages nobody could work on."""

    def __init__(self, *, table: JobTable, endings: Endings, clock: Clock) -> None:
        self._table = table
        self._endings = endings
        self._clock = clock

    def bury(self, message: JobMessage) -> Job | Later | None:
        """Fail a message's job and return it; Later while a worker still holds it; None where it has not failed.

        A message dies of its receipts, including those that only put it off. A job that was not tried as often goes
        on: the sweeper sends another message. The same holds for a job whose row cannot be read now.
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
