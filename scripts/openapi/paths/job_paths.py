"""The operations of web/job_routes.py."""

from http import HTTPStatus

from herald.jobs.completion import RetentionRequest
from herald.jobs.job_request import JobRequest
from herald.web.job_routes import ListQuery
from herald.web.schemas import Job
from scripts.openapi.examples import CANCELLED_JOB, DONE_JOB, KEPT_JOB, QUEUED_JOB, page
from scripts.openapi.models import JobList
from scripts.openapi.operation import BODY, NO_BODY, QUERY, TEXT, UNCHANGED, VOICE, Answer, Body, Operation

ACCEPTED = Answer(
    status=HTTPStatus.ACCEPTED,
    description="The job, stored durably; it is done already if its file existed",
    model=Job,
    headers=("Location", "X-Herald-Route"),
    example=QUEUED_JOB,
)
TAKEN = (
    *BODY, *TEXT, *VOICE, "unsupported_language", "invalid_idempotency_key", "idempotency_key_reused", "unreadable_row",
)  # fmt: skip
"""Errors of a request that creates a job."""
WEBHOOK = ("invalid_webhook_url", "webhook_host_not_allowed")
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
    "fallback_voice": "en_US-heart",
}

JOBS = (
    Operation(
        method="POST",
        path="/v1/jobs",
        id="createJob",
        tag="Jobs",
        scope="jobs",
        summary="Synthesize a text or a dialogue into a file",
        description=(
            "Responds when the job is stored, before it is processed. If the same file exists, the job is done at once."
        ),
        parameters=("IdempotencyKey",),
        body=Body(model=JobRequest, examples={"text": _TEXT, "dialogue": _DIALOGUE}),
        answers=(ACCEPTED,),
        codes=(*TAKEN, *PAID, *WEBHOOK, "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/jobs",
        id="listJobs",
        tag="Jobs",
        scope="jobs",
        summary="List jobs, newest first",
        description=(
            "A job created a moment ago may not be listed yet. "
            "With a filter that few jobs match, a page may be short and still have a cursor."
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
        summary="Get a job",
        parameters=("JobId", "IfNoneMatch"),
        answers=(
            Answer(description="The current job", model=Job, headers=("ETag",), example=DONE_JOB),
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
        summary="Cancel a job that has not started",
        description="Idempotent. Responds with job_begun if the job has started, or has ended in another state.",
        parameters=("JobId",),
        answers=(Answer(description="The current job", model=Job, example=CANCELLED_JOB),),
        codes=("not_found", "unreadable_row", "job_begun", "unavailable"),
    ),
    Operation(
        method="POST",
        path="/v1/jobs/{id}/retry",
        id="retryJob",
        tag="Jobs",
        scope="jobs",
        summary="Retry a failed job as a new job",
        description="Idempotent: returns the same new job. Responds with job_not_failed if the job did not fail.",
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
        description=("Idempotent. For a job that has not ended, the setting is stored and applied when it ends."),
        parameters=("JobId",),
        body=Body(model=RetentionRequest, examples={"keep": {"retention": "keep"}, "expire": {"retention": "expire"}}),
        answers=(Answer(description="The current job", model=Job, example=KEPT_JOB),),
        codes=(*BODY, "not_found", "audio_gone", "unreadable_row", "unavailable"),
    ),
)
