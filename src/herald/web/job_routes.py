"""The routes under /v1/jobs."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import UnknownJob, UnreadableRow
from herald.jobs.body import parse_body, validated
from herald.jobs.completion import RetentionRequest
from herald.jobs.job import AudioFile, Job, State, is_id
from herald.jobs.job_request import JobRequest, UseCase, idempotency_key, parse_job_request
from herald.jobs.ports import JobFilter
from herald.jobs.webhook_message import webhook_id
from herald.runtime.container import Dependencies
from herald.speech.audio.formats import find_format
from herald.web import schemas as shapes
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import require_no_fields
from herald.web.schemas import Failure, Webhook

_RETENTION_BYTES = 1_000


class ListQuery(BaseModel):
    """The query of GET /v1/jobs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=512, description="`next_cursor` of the previous page.")
    state: State | None = None
    use_case: UseCase | None = None
    batch: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")


class JobRoutes:
    """The endpoints under /v1/jobs."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "POST /v1/jobs": self.submit,
            "GET /v1/jobs": self.list_jobs,
            "GET /v1/jobs/{id}": self.get,
            "DELETE /v1/jobs/{id}": self.cancel,
            "POST /v1/jobs/{id}/retry": self.retry,
            "PUT /v1/jobs/{id}/retention": self.retain,
        }

    def submit(self, exchange: Exchange) -> Reply:
        """Accept a job."""
        most = self._parts.settings.max_job_characters
        request = parse_job_request(exchange.body, exchange.request.headers, max_characters=most)
        job = create_job(request, exchange, self._parts)
        exchange.about(job=job.id, voice=job.voice)
        return accepted_reply(job, self._parts)

    def list_jobs(self, exchange: Exchange) -> Reply:
        """Return a page of the tenant's jobs."""
        query = exchange.query(ListQuery)
        page = self._parts.job_service.list(JobFilter(**query.model_dump()), tenant=exchange.caller.tenant)
        jobs = []
        for job in page.jobs:
            with suppress(UnreadableRow):  # describe reports it
                jobs.append(describe(job, self._parts))
        shown = {"object": "list", "data": jobs, "has_more": page.cursor is not None, "next_cursor": page.cursor}
        return exchange.conditional(shown, self._parts)

    def get(self, exchange: Exchange) -> Reply:
        """Return a job."""
        return exchange.conditional(describe(self._found(exchange), self._parts), self._parts)

    def cancel(self, exchange: Exchange) -> Reply:
        """Cancel a job."""
        job = self._parts.job_service.cancel(job_id_of(exchange), tenant=exchange.caller.tenant)
        return Reply(body=describe(job, self._parts))

    def retry(self, exchange: Exchange) -> Reply:
        """Create a new job that retries a failed one."""
        require_no_fields(exchange.body, exchange.request.headers)
        return accepted_reply(
            self._parts.job_service.retry(job_id_of(exchange), tenant=exchange.caller.tenant), self._parts
        )

    def retain(self, exchange: Exchange) -> Reply:
        """Change the retention of a job."""
        body = parse_body(exchange.body, exchange.request.headers, max_bytes=_RETENTION_BYTES)
        request = validated(RetentionRequest, body)
        job = self._parts.retention_service.change(self._found(exchange), request.retention)
        return Reply(body=describe(job, self._parts))

    def _found(self, exchange: Exchange) -> Job:
        return self._parts.job_service.find(job_id_of(exchange), tenant=exchange.caller.tenant)


def job_id_of(exchange: Exchange) -> str:
    """Return the id of a job in the path; raise UnknownJob if it is malformed."""
    if not is_id(exchange.id):
        raise UnknownJob("There is no job with that id.")
    exchange.about(job=exchange.id)
    return exchange.id


def create_job(request: JobRequest, exchange: Exchange, parts: Dependencies) -> Job:
    """Create the job of a request and charge it to the caller's quota.

    A repeated request with the same Idempotency-Key returns the existing job and is charged once.
    """
    caller, service = exchange.caller, parts.job_service
    request = request.model_copy(update={"priority": caller.tier_for(request.priority)})
    key = idempotency_key(exchange.request.headers)
    with parts.quotas.spending(caller, request.characters) as charge:
        return service.submit(
            request,
            tenant=caller.tenant,
            key=key,
            repeated=charge.give_back,
            unsure=lambda job: charge.decide_later(lambda: service.is_payable(job, key=key)),
        )


def accepted_reply(job: Job, parts: Dependencies, **headers: str) -> Reply:
    """Return the response to a submitted job: 202 with its Location."""
    headers = {"Location": f"/v1/jobs/{job.id}", "X-Herald-Route": job.route} | headers
    return Reply(status=HTTPStatus.ACCEPTED, body=describe(job, parts), headers=headers)


def describe(job: Job, parts: Dependencies) -> dict[str, Any]:
    """Return a job as the API presents it. All fields are always present; those without a value yet are null.

    Raises UnreadableRow if a value is outside the API's schema, for example written by a newer version of Herald.
    """
    audio = job.audio
    try:
        shown = shapes.Job(
            id=job.id,
            state=job.state,
            route=job.route,
            reason=job.reason,
            priority=job.tier,
            voice=job.voice,
            response_format=job.response_format,
            characters=job.characters,
            use_case=job.use_case,
            retention=job.retention,
            metadata=job.metadata,
            webhook_url=job.webhook_url,
            webhook=Webhook.of(job.webhook_url, job.webhook, webhook_id(job.id)),
            batch=job.batch,
            retry_of=job.retry_of,
            created_at=job.created_at,
            begun_at=job.begun_at,
            ended_at=job.ended_at,
            expires_at=job.expires_at,
            attempts=job.attempts,
            hit=job.hit,
            audio_seconds=audio.seconds if audio else None,
            audio_bytes=audio.bytes if audio else None,
            sample_rate=audio.sample_rate if audio else None,
            audio_url=link_to(job, audio, parts) if audio else None,
            price_expected=float(job.price_expected),
            price=float(job.price) if job.price is not None else None,
            error=Failure.of(job.error),
        )
    except ValidationError as error:
        fields = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False)}))
        unreadable = UnreadableRow("job", job.id, fields, tenant=job.tenant)
        parts.unreadable(unreadable)
        raise unreadable from None
    return shown.model_dump(mode="json")


def link_to(job: Job, audio: AudioFile, parts: Dependencies) -> str:
    """Return a link that downloads the audio under a name such as "alert-2026-11-22-1f0c9a.mp3"."""
    extension = find_format(job.response_format).extension
    name = f"{job.use_case}-{job.created_at:%Y-%m-%d}-{job.id[-6:]}.{extension}"
    return parts.links.link(audio.key, file_name=name, seconds=parts.settings.link_seconds)
