"""Jobs on the GPU: handed to the asynchronous endpoint, ended when its answer is there, whoever notices first."""

from contextlib import suppress
from datetime import timedelta

from herald.errors import BrokenAnswer, EndpointRefused, Unavailable, UnreadableRow
from herald.jobs.endings import Endings, fault_of
from herald.jobs.gpu import GpuAnswer
from herald.jobs.job import AudioFile, GpuCall, Job, JobError
from herald.jobs.messages import JobMessage
from herald.jobs.notices import Notice
from herald.jobs.ports import AudioStore, Clock, GpuEndpoint, JobQueues, JobTable
from herald.jobs.states import State
from herald.jobs.work import LATER_READABLE, Later, is_worn_out, until_free
from herald.speech.audio.formats import find_format

_LEASE = timedelta(minutes=1)
_ATTEMPTS = 3
_BACKOFF = 30.0
"""Seconds before the second attempt; the third waits twice as long."""
_PATIENCE = timedelta(hours=7, minutes=30)
"""A request waits 6 hours at most for an instance and runs for one; half an hour is for clocks that disagree."""
_LOOK_AGAIN = timedelta(minutes=30)
_MAY_GO_BETTER = frozenset({"gpu_failed", "gpu_silent", "internal_error", "broken_answer"})


class GpuWork:
    """Follows jobs to the endpoint and back."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self,
        *,
        table: JobTable,
        audio: AudioStore,
        queues: JobQueues,
        endpoint: GpuEndpoint,
        endings: Endings,
        clock: Clock,
    ) -> None:
        self._table = table
        self._audio = audio
        self._queues = queues
        self._endpoint = endpoint
        self._endings = endings
        self._clock = clock

    def submit(self, message: JobMessage, *, name: str) -> Later | None:
        """Hand a message's job to the endpoint, unless it is there; None once the message is no longer needed."""
        try:
            job = self._table.get(message.job)
        except UnreadableRow:
            return LATER_READABLE
        if job is None or job.ended or job.tenant != message.tenant or job.route != "gpu" or job.gpu:
            return None
        now = self._clock()
        if is_worn_out(job, now):
            self._endings.given_up(job)
            return None
        held = self._table.claim(job.id, State.WAITING_FOR_GPU, worker=name, at=now, until=now + _LEASE)
        if held is None:
            return self._busy(job.id)
        try:
            self._hand_over(held, name)
        except Exception as error:
            self._back(held, fault_of(error))
            raise
        return None

    def _busy(self, job_id: str) -> Later | None:
        job = self._table.get(job_id)
        return None if job is None or job.ended or job.gpu else until_free(job, self._clock())

    def _hand_over(self, job: Job, name: str) -> None:
        if there := self._audio.find(job.audio_key, keeper=job.keeper):
            self._endings.done(job, there, hit=job.attempts == 1)
            return
        try:
            call = self._endpoint.invoke(job)
        except EndpointRefused as error:
            self._endings.failed(job, fault_of(error))
            return
        # Where the notice was faster than this line, the job has ended and stays so. Where the line cannot be written,
        # the call is under way all the same: the notice tells where its answer is.
        with suppress(Unavailable):
            self._table.note(job.id, worker=name, changes={"gpu": call, "lease_until": None})

    def notice(self, notice: Notice) -> None:
        """End the job that a notice is about. Late, repeated and foreign notices change nothing.

        A notice of a job whose row cannot be read changes nothing either: recovery finds the answer later.
        """
        try:
            job = self._table.get(notice.job)
        except UnreadableRow:
            return
        if job is None or job.ended or job.route != "gpu":
            return
        # What an earlier attempt came to says nothing about this one.
        current = notice.attempt == job.attempts
        try:
            if notice.status == "Completed":
                self._completed(job, notice.output)
            elif current:
                failure = self._endpoint.failure(job.gpu) if job.gpu else None
                self._failed(job, failure or JobError(code="gpu_failed", message="The GPU could not speak it."))
        except BrokenAnswer as error:
            if current:
                self._failed(job, fault_of(error))

    def look(self, job: Job) -> None:
        """See what became of a job whose notice has not come."""
        now = self._clock()
        # First: an answer that is too much for whoever looks must not stop him at every look.
        self._table.look_again(job.id, now + _LOOK_AGAIN)
        if job.gpu is None:
            self._failed(job, JobError(code="gpu_silent", message="The call of the GPU was never finished."))
            return
        try:
            if packed := self._endpoint.answer(job.gpu):
                self._store(job, packed)
            elif failure := self._endpoint.failure(job.gpu):
                self._failed(job, failure)
            elif now - job.updated_at > _PATIENCE:
                self._failed(job, JobError(code="gpu_silent", message=f"The GPU did not answer within {_PATIENCE}."))
        except BrokenAnswer as error:
            self._failed(job, fault_of(error))

    def _completed(self, job: Job, output: str) -> None:
        # Only the address that the endpoint gave us is believed, if it has given one yet.
        if job.gpu and job.gpu.output != output:
            return
        packed = self._endpoint.answer(GpuCall(output=output, failure=""))
        if packed is None:
            raise Unavailable("The notice came before the file that it is about.")
        self._store(job, packed)

    def _store(self, job: Job, packed: bytes) -> None:
        answer = GpuAnswer.unpack(packed)
        if (answer.job, answer.format) != (job.id, job.response_format):
            raise BrokenAnswer("The answer is another job's, or of another format.")
        audio = AudioFile(
            key=job.audio_key,
            seconds=answer.seconds,
            bytes=len(answer.audio),
            sample_rate=answer.sample_rate,
            media_type=find_format(job.response_format).media_type,
        )
        stored = self._audio.put(answer.audio, audio, keeper=job.keeper)
        self._endings.done(job, stored, processing_seconds=answer.synthesis_seconds)

    def _failed(self, job: Job, error: JobError) -> None:
        if error.code not in _MAY_GO_BETTER or job.attempts >= _ATTEMPTS:
            self._endings.failed(job, error)
            return
        # Sent first: a message too many does no harm, a job without one would wait for hours.
        self._queues.send(job, delay=_BACKOFF * job.attempts)
        self._back(job, error)

    def _back(self, job: Job, fault: JobError) -> None:
        """Let the job wait for its next attempt, if this one is still its last."""
        if job.worker:
            changes = {"gpu": None, "fault": fault, "lease_until": None, "worker": None}
            self._table.move(job.id, State.QUEUED, at=self._clock(), worker=job.worker, changes=changes)
