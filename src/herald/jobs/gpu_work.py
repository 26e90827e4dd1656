"""Submit jobs to the asynchronous GPU endpoint, and end them when its response is available.

The notice through SNS and the sweeper both detect the response. The first of them ends the job.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.clock import Clock
from herald.errors import EndpointRefused, InvalidInput, MalformedMessage, MalformedResponse, Unavailable, UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS, Completion, to_job_error
from herald.jobs.enrolment_work import EnrolmentWork
from herald.jobs.gpu_script import GpuResponse
from herald.jobs.job import AudioFile, GpuCall, Job, JobError, State
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import LATER_READABLE, Postpone, give_up_unless_held, text_of, until_lease_expires
from herald.jobs.ports import AudioStore, GpuEndpoint, JobQueues, JobTable
from herald.jobs.script import audio_key
from herald.speech.audio.formats import find_format

_ATTEMPT = re.compile(r"/(?P<attempt>\d{1,6})\.json$")
_LEASE = timedelta(minutes=1)
_MAX_ATTEMPTS = 3
_BACKOFF_SECONDS = 30.0
"""The delay of the second attempt. The third is delayed twice as long."""
_RESPONSE_TIMEOUT = timedelta(hours=7, minutes=30)
"""A request is queued for up to 6 hours and runs for up to one. Half an hour allows for clock skew."""
_CHECK_AGAIN_AFTER = timedelta(minutes=30)
_RETRYABLE = frozenset({"gpu_failed", "gpu_silent", "internal_error", "broken_answer"})


class Notice(BaseModel):
    """A notification that a call of the endpoint has ended."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    job: str = Field(alias="inferenceId")
    status: Literal["Completed", "Failed"] = Field(alias="invocationStatus")
    request: dict[str, Any] = Field(default_factory=dict, alias="requestParameters")
    response: dict[str, Any] = Field(default_factory=dict, alias="responseParameters")

    @classmethod
    def parse(cls, text: str) -> "Notice":
        """Parse a notification; raise MalformedMessage if it is malformed."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise MalformedMessage(
                f"The SNS message is not a notification of an endpoint: {error.error_count()} validation errors."
            ) from None

    @property
    def output(self) -> str:
        """Return the S3 address of the response, or "" without one."""
        return str(self.response.get("outputLocation", ""))

    @property
    def attempt(self) -> int | None:
        """Return the number of the attempt, from the name of the input file, or None."""
        found = _ATTEMPT.search(str(self.request.get("inputLocation", "")))
        return int(found["attempt"]) if found else None


@dataclass(kw_only=True)
class GpuWork:
    """Submits jobs to the GPU endpoint and processes its responses."""

    table: JobTable
    audio: AudioStore
    queues: JobQueues
    endpoint: GpuEndpoint
    completion: Completion
    clock: Clock
    enrolments: EnrolmentWork
    is_wanted: Callable[[Job], bool] = bool
    """Returns whether a job is still to be spoken; otherwise, it is cancelled when its message is received."""

    def submit(self, message: JobMessage, *, name: str) -> Postpone | None:
        """Submit a message's job to the endpoint, unless it was submitted before.

        Return None once the message is no longer needed, or Postpone to receive it again.
        """
        try:
            job = self.table.get(message.job)
        except UnreadableRow:
            return LATER_READABLE
        if job is None or job.ended or job.tenant != message.tenant or job.route != "gpu" or job.gpu:
            return None
        if not self.is_wanted(job) and self.completion.cancel(job):
            return None
        now = self.clock()
        if job.attempts >= MAX_ATTEMPTS:
            ended = give_up_unless_held(job, self.completion, now)
            return ended if isinstance(ended, Postpone) else None
        held = self.table.claim(job.id, State.WAITING_FOR_GPU, worker=name, at=now, until=now + _LEASE)
        if held is None:
            job = self.table.get(job.id)
            return None if job is None or job.ended or job.gpu else until_lease_expires(job, self.clock())
        try:
            self._invoke(held, name)
        except Exception as error:
            self._requeue(held, to_job_error(error))
            raise
        return None

    def _invoke(self, job: Job, name: str) -> None:
        try:
            custom = self.enrolments.speech(job)
        except InvalidInput as error:  # a voice was deleted or disabled
            self.completion.fail(job, to_job_error(error))
            return
        if existing := self.audio.find(job.audio_key, keeper=job.keeper):
            self.completion.complete(job, existing, hit=job.attempts == 1)
            return
        try:
            call = self.endpoint.invoke(job, custom)
        except EndpointRefused as error:
            self.completion.fail(job, to_job_error(error))
            return
        # If the notice arrived before this write, the job has ended, and the write has no effect. If the write fails,
        # the call continues: the notice contains the address of its response.
        with suppress(Unavailable):
            self.table.note(job.id, worker=name, changes={"gpu": call, "lease_until": None})

    def notice(self, notice: Notice) -> None:
        """End the job of a notice. Late, repeated and unrelated notices have no effect.

        Neither has a notice for a job with an unreadable row: the sweeper finds the response later.

        Raise Unavailable if the notice arrived before the response file is readable.
        """
        try:
            job = self.table.get(notice.job)
        except UnreadableRow:
            return
        if job is None or job.ended or job.route != "gpu":
            return
        # The failure of an earlier attempt is no longer relevant; its response still is.
        current = notice.attempt == job.attempts
        try:
            if notice.status == "Completed":
                self._store_response(job, notice.output)
            elif current:
                failure = self.endpoint.failure(job.gpu) if job.gpu else None
                self._retry_or_fail(
                    job, failure or JobError(code="gpu_failed", message="The GPU failed to synthesize the text.")
                )
        except MalformedResponse as error:
            if current:
                self._retry_or_fail(job, to_job_error(error))

    def check(self, job: Job) -> None:
        """End or retry a job that is due for the sweeper because its notice has not arrived."""
        now = self.clock()
        # Postpone first, so that a response that crashes this process does not do so on every sweep.
        self.table.postpone_check(job.id, now + _CHECK_AGAIN_AFTER)
        if job.gpu is None:
            self._retry_or_fail(
                job, JobError(code="gpu_silent", message="The request was not submitted to the GPU completely.")
            )
            return
        try:
            if packed := self.endpoint.response(job.gpu):
                complete = self.table.get(job.id)  # the sweeper's rows lack the text, which the key of the file needs
                if complete and not complete.ended:
                    self._store(complete, packed)
            elif failure := self.endpoint.failure(job.gpu):
                self._retry_or_fail(job, failure)
            elif job.gpu.endpoint != self.endpoint.name:
                # It was replaced, as by a change of GpuInstanceType. SageMaker drops what waits at a deleted endpoint.
                self._retry_or_fail(job, JobError(code="gpu_silent", message="The GPU endpoint was replaced."))
            elif now - job.updated_at > _RESPONSE_TIMEOUT:
                self._retry_or_fail(
                    job, JobError(code="gpu_silent", message=f"The GPU did not respond within {_RESPONSE_TIMEOUT}.")
                )
        except MalformedResponse as error:
            self._retry_or_fail(job, to_job_error(error))

    def _store_response(self, job: Job, output: str) -> None:
        # Once the endpoint has returned an address, only a notice with that address is trusted.
        if job.gpu and job.gpu.output != output:
            return
        packed = self.endpoint.response(GpuCall(output=output, failure=""))
        if packed is None:
            raise Unavailable("The notice arrived before the response file became readable.")
        self._store(job, packed)

    def _store(self, job: Job, packed: bytes) -> None:
        response = GpuResponse.unpack(packed)
        if (response.job, response.format) != (job.id, job.response_format):
            raise MalformedResponse("The response belongs to a different job, or has a different format.")
        if fault := self.enrolments.settle(job, response.enrolment):
            self.completion.fail(job, fault)
            return
        # Requests wait for up to six hours, so the container may have another version than the function that accepted
        # the job.
        key = self._spoken_key(job, response)
        audio = AudioFile(
            key=key,
            seconds=response.seconds,
            bytes=len(response.audio),
            sample_rate=response.sample_rate,
            media_type=find_format(job.response_format).media_type,
        )
        stored = self.audio.put(response.audio, audio, keeper=job.keeper).file
        keyed = job.model_copy(update={"audio_key": key})
        self.completion.complete(keyed, stored, processing_seconds=response.synthesis_seconds)

    def _spoken_key(self, job: Job, response: GpuResponse) -> str:
        """Return the key of the file for the versions of voices that the container used."""
        script = text_of(job)
        custom = self.enrolments.infos(job, response.voice_checksums)
        voices = {name: custom.get(name) or response.spoken_by(name) for name in script.voice_ids}
        return audio_key(script, job.tenant, voices, sound=response.sound, containers=response.containers)

    def _retry_or_fail(self, job: Job, error: JobError) -> None:
        if error.code not in _RETRYABLE or job.attempts >= _MAX_ATTEMPTS:
            self.completion.fail(job, error)
            return
        # Send first: a duplicate message is harmless, but a job without a message would stall for hours.
        self.queues.send(job, delay=_BACKOFF_SECONDS * job.attempts)
        self._requeue(job, error)

    def _requeue(self, job: Job, fault: JobError) -> None:
        """Release the job for its next attempt, if this attempt still holds it."""
        if job.worker:
            changes = {"gpu": None, "fault": fault, "lease_until": None, "worker": None}
            self.table.move(job.id, State.QUEUED, at=self.clock(), worker=job.worker, changes=changes)
