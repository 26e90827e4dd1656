"""What handlers/jobs.py answers."""

from http import HTTPStatus

from herald.handlers.jobs import ListQuery
from herald.handlers.openapi.examples import CANCELLED_JOB, DONE_JOB, KEPT_JOB, QUEUED_JOB, page
from herald.handlers.openapi.operation import BODY, NO_BODY, QUERY, TEXT, UNCHANGED, VOICE, Answer, Body, Operation
from herald.handlers.shapes.jobs import Job, JobList
from herald.jobs.request import JobRequest
from herald.jobs.retention import RetentionRequest

ACCEPTED = Answer(
    status=HTTPStatus.ACCEPTED,
    description="The job; it is written down, and ended already if its file was there",
    model=Job,
    headers=("Location", "X-Herald-Route"),
    example=QUEUED_JOB,
)
TAKEN = (
    *BODY, *TEXT, *VOICE, "unsupported_language", "invalid_idempotency_key", "idempotency_key_reused", "unreadable_row",
)  # fmt: skip
"""What may be wrong with a request for a job."""
PAID = ("priority_not_allowed", "quota_exceeded")
_TEXT = {
    "input": "Your appointment is confirmed.",
    "voice": "alloy",
    "use_case": "welcome-message",
    "metadata": {"customer": "4711"},
}
_DIALOGUE = {
    "dialogue": [
        {"input": "Did you call?", "voice": "kokoro:jf_alpha"},
        {"input": "Yes, about the appointment.", "voice": "kokoro:jm_kumo"},
    ],
    "fallback_voice": "en_US-joe-medium",
}

JOBS = (
    Operation(
        method="POST",
        path="/v1/jobs",
        id="createJob",
        tag="Jobs",
        scope="jobs",
        summary="Have a text or a dialogue spoken into a file",
        description=(
            "Answered once the job is written down, before it is spoken. A file that is there already ends it at once."
        ),
        parameters=("IdempotencyKey",),
        body=Body(model=JobRequest, examples={"text": _TEXT, "dialogue": _DIALOGUE}),
        answers=(ACCEPTED,),
        codes=(*TAKEN, *PAID, "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/jobs",
        id="listJobs",
        tag="Jobs",
        scope="jobs",
        summary="List jobs, newest first",
        description=(
            "A job of a moment ago may not be in it yet. "
            "A filter that few jobs pass can give a short page with a cursor."
        ),
        parameters=("IfNoneMatch",),
        query=ListQuery,
        answers=(
            Answer(description="One page", model=JobList, headers=("ETag",), example=page(DONE_JOB)),
            UNCHANGED,
        ),
        codes=(*QUERY, "invalid_cursor", "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/jobs/{id}",
        id="getJob",
        tag="Jobs",
        scope="jobs",
        summary="Tell about a job",
        parameters=("JobId", "IfNoneMatch"),
        answers=(
            Answer(description="The job as it is now", model=Job, headers=("ETag",), example=DONE_JOB),
            UNCHANGED,
        ),
        codes=("not_found", "unreadable_row", "unavailable"),
    ),
    Operation(
        method="DELETE",
        path="/v1/jobs/{id}",
        id="cancelJob",
        tag="Jobs",
        scope="jobs",
        summary="Cancel a job that has not begun",
        description="Cancelling twice is the same as once. One that has begun, or ended otherwise, answers job_begun.",
        parameters=("JobId",),
        answers=(Answer(description="The job as it is now", model=Job, example=CANCELLED_JOB),),
        codes=("not_found", "unreadable_row", "job_begun", "unavailable"),
    ),
    Operation(
        method="POST",
        path="/v1/jobs/{id}/retry",
        id="retryJob",
        tag="Jobs",
        scope="jobs",
        summary="Try a failed job again, as a new job",
        description="Asked twice, it is the same new job. A job that did not fail answers job_not_failed.",
        parameters=("JobId",),
        answers=(ACCEPTED,),
        codes=(*NO_BODY, *VOICE, *TEXT, *PAID, "not_found", "unreadable_row", "job_not_failed", "unavailable"),
    ),
    Operation(
        method="PUT",
        path="/v1/jobs/{id}/retention",
        id="setRetention",
        tag="Jobs",
        scope="jobs",
        summary="Keep a job and its file, or let them expire",
        description=(
            "Of a job that has not ended it is written down, and done at its end. Asked twice, it is the same as once."
        ),
        parameters=("JobId",),
        body=Body(model=RetentionRequest, examples={"keep": {"retention": "keep"}, "expire": {"retention": "expire"}}),
        answers=(Answer(description="The job as it is now", model=Job, example=KEPT_JOB),),
        codes=(*BODY, "not_found", "audio_gone", "unreadable_row", "unavailable"),
    ),
)
