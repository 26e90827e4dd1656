"""How a job ends: once, with its price or its error, and told to everybody who listens."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

from herald.errors import AudioGone, HeraldError, Unavailable
from herald.jobs.job import AudioFile, Job, JobError
from herald.jobs.ports import AudioStore, Clock, Events, JobTable
from herald.jobs.retention import Retaining, is_settled
from herald.jobs.states import State
from herald.jobs.tasks import JobEnd, Tasks

type Pricing = Callable[[Job, AudioFile | None, float], Decimal]
"""Price of a job in US dollars, from its file and the seconds that speaking it took (0: the file was there)."""

type JobWatch = Callable[[Job, float], None]
"""Hears of a job that has ended here, once, and how many seconds speaking it took."""

MOST_ATTEMPTS = 5
"""How often work on a job is begun on one route: as often as its queue delivers a message."""
NO_GPU = JobError(
    code="gpu_not_deployed",
    message="The GPU that this job needs is no longer deployed. Deploy with GpuImage and retry the job.",
)
_AT_REST = {"lease_until": None, "worker": None, "gpu": None}


def fault_of(error: BaseException) -> JobError:
    """An error as a job's row tells it: of a foreign one only the kind, as its message may hold the text."""
    if isinstance(error, HeraldError):
        return JobError(code=error.code, message=error.message)
    return JobError(code="internal_error", message=f"Something went wrong here: {type(error).__name__}.")


class Endings:
    """Ends jobs. The first end wins: all others change nothing and tell nothing."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self,
        *,
        table: JobTable,
        audio: AudioStore,
        events: Events,
        pricing: Pricing,
        clock: Clock,
        retaining: Retaining,
        tasks: Tasks | None = None,
        watch: JobWatch | None = None,
    ) -> None:
        self._watch = watch
        self._retaining = retaining
        self._tasks = tasks
        self._table = table
        self._audio = audio
        self._events = events
        self._pricing = pricing
        self._clock = clock

    def born_done(self, job: Job, audio: AudioFile) -> Job:
        """A new job, not yet written, as it is where its file is there already. It still has to be told."""
        price = self._pricing(job, audio, 0.0)
        said = {"state": State.DONE, "ended_at": job.created_at, "script": None, "told": False} | _kept(job)
        return job.model_copy(update=said | {"audio": audio, "hit": True, "price": price, "price_expected": price})

    def done(self, job: Job, audio: AudioFile, *, processing_seconds: float = 0.0, hit: bool = False) -> Job | None:
        """End a job whose file is stored; return it, or None where it had ended already."""
        price = self._pricing(job, audio, processing_seconds)
        # The text has been said: nothing needs it any more.
        said = {"audio": audio, "hit": hit, "price": price, "script": None, "fault": None}
        return self._end(job, State.DONE, said | _kept(job), processing_seconds)

    def failed(self, job: Job, error: JobError) -> Job | None:
        """End a job that cannot be done; return it, or None where it had ended already."""
        return self._end(job, State.FAILED, {"error": error, "price": self._pricing(job, None, 0.0)})

    def given_up(self, job: Job) -> Job | None:
        """End a job that was tried too often: done, if its file is stored and only saying so failed; else failed."""
        if there := self._audio.find(job.audio_key, keeper=job.keeper):
            return self.done(job, there)
        return self.failed(job, JobError(code="too_many_attempts", message=_why(job)))

    def cancelled(self, job: Job) -> Job | None:
        """End a job that has not begun; return it, or None where it is too late."""
        return self._end(job, State.CANCELLED, {"script": None})

    def announce(self, job: Job, seconds: float = 0.0) -> None:
        """Tell of a job that has just ended: also whoever watches here, which is not told again."""
        if self._watch:
            self._watch(job, seconds)
        self.tell(job)

    def tell(self, job: Job) -> None:
        """Publish the end of a job. Where that fails, the sweeper does it: the end itself stands."""
        with suppress(Unavailable):
            if not is_settled(job):  # its retention was changed while it was being ended
                with suppress(AudioGone):
                    self._retaining.settle(job)
            if job.task_token and self._tasks:
                self._tasks.tell(job.task_token, JobEnd.of(job))
            self._events.publish(job)
            self._table.told(job.id)

    def _end(self, job: Job, state: State, changes: dict[str, object], seconds: float = 0.0) -> Job | None:
        ended = self._table.move(job.id, state, at=self._clock(), changes=_AT_REST | changes | {"told": False})
        if ended:
            self.announce(ended, seconds)
        return ended


def _why(job: Job) -> str:
    tried = f"It was tried {job.attempts} times and will not be tried again."
    return f"{tried} The last time: {job.fault.message} ({job.fault.code})" if job.fault else tried


def _kept(job: Job) -> dict[str, object]:
    """Only what has been spoken is kept: until then, and where it fails, a job expires like any other."""
    return {"expires_at": None} if job.retention == "keep" else {}
