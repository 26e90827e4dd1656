"""The paths of the API that take jobs and tell about them."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field

from herald.errors import UnknownJob
from herald.handlers.http import HttpFunction, body_of, headers_of, tenant_of
from herald.handlers.parts import Parts
from herald.jobs.body import validated
from herald.jobs.job import Job, is_id
from herald.jobs.ports import Wanted
from herald.jobs.request import UseCase, idempotency_key, parse_job_request
from herald.jobs.states import State
from herald.speech.audio.formats import find_format

LINK_SECONDS = 900
"""How long a link to a file works."""


class ListQuery(BaseModel):
    """The query of GET /v1/jobs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=512)
    state: State | None = None
    use_case: UseCase | None = None
    batch: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")


class JobPaths:
    """The paths under /v1/jobs, for a function that has an HTTP API."""

    def __init__(self, function: HttpFunction, parts: Parts) -> None:
        self._app = function.app
        self._metrics = function.metrics
        self._parts = parts
        self._app.post("/v1/jobs")(self._submit)
        self._app.get("/v1/jobs")(self._list)
        self._app.get("/v1/jobs/<job_id>")(self._get)
        self._app.delete("/v1/jobs/<job_id>")(self._cancel)
        self._app.post("/v1/jobs/<job_id>/retry")(self._retry)

    def _submit(self) -> Response[Any]:
        event = self._app.current_event
        headers = headers_of(event)
        most = self._parts.settings.max_job_characters
        request = parse_job_request(body_of(event), headers, max_characters=most)
        job = self._parts.desk.submit(request, tenant=tenant_of(event), key=idempotency_key(headers))
        return accepted(job, self._parts)

    def _list(self) -> dict[str, Any]:
        event = self._app.current_event
        query = validated(ListQuery, dict(event.query_string_parameters))
        page = self._parts.desk.list(Wanted(**query.model_dump()), tenant=tenant_of(event))
        jobs = [describe(job, self._parts) for job in page.jobs]
        return {"object": "list", "data": jobs, "has_more": page.cursor is not None, "next_cursor": page.cursor}

    def _get(self, job_id: str) -> dict[str, Any]:
        tenant = tenant_of(self._app.current_event)
        return describe(self._parts.desk.find(_checked(job_id), tenant=tenant), self._parts)

    def _cancel(self, job_id: str) -> dict[str, Any]:
        tenant = tenant_of(self._app.current_event)
        return describe(self._parts.desk.cancel(_checked(job_id), tenant=tenant), self._parts)

    def _retry(self, job_id: str) -> Response[Any]:
        tenant = tenant_of(self._app.current_event)
        return accepted(self._parts.desk.retry(_checked(job_id), tenant=tenant), self._parts)


def _checked(job_id: str) -> str:
    if not is_id(job_id):
        raise UnknownJob("There is no job of that id.")
    return job_id


def accepted(job: Job, parts: Parts, **headers: str) -> Response[Any]:
    """The answer to whoever asked for a job: 202, and where to ask for it."""
    return Response(
        status_code=202,
        content_type="application/json",
        body=describe(job, parts),
        headers={"Location": f"/v1/jobs/{job.id}", "X-Herald-Route": job.route} | headers,
    )


def describe(job: Job, parts: Parts) -> dict[str, Any]:
    """A job as the API shows it: always the same fields, null where there is nothing yet."""
    audio = job.audio
    return {
        "id": job.id,
        "object": "job",
        "state": job.state.value,
        "route": job.route,
        "reason": job.reason,
        "priority": job.tier,
        "voice": job.voice,
        "response_format": job.response_format,
        "characters": job.characters,
        "use_case": job.use_case,
        "retention": job.retention,
        "metadata": job.metadata,
        "batch": job.batch,
        "retry_of": job.retry_of,
        "created_at": time_of(job.created_at),
        "begun_at": time_of(job.begun_at),
        "ended_at": time_of(job.ended_at),
        "expires_at": time_of(job.expires_at),
        "attempts": job.attempts,
        "hit": job.hit,
        "audio_seconds": audio.seconds if audio else None,
        "audio_bytes": audio.bytes if audio else None,
        "sample_rate": audio.sample_rate if audio else None,
        "audio_url": parts.audio.link(audio.key, file_name=_file_name(job), seconds=LINK_SECONDS) if audio else None,
        "price_expected": float(job.price_expected),
        "price": float(job.price) if job.price is not None else None,
        "error": job.error.model_dump() if job.error else None,
    }


def time_of(at: datetime | None) -> str | None:
    """A time as the API shows it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def _file_name(job: Job) -> str:
    """As "alert-2026-11-22-1f0c9a.mp3"."""
    return f"{job.use_case}-{job.created_at:%Y-%m-%d}-{job.id[-6:]}.{find_format(job.response_format).extension}"


def prefers_a_job(headers: dict[str, str]) -> bool:
    """Whether a caller wants a job instead of an answer: Prefer: respond-async (RFC 7240, section 4.1)."""
    return "respond-async" in {part.partition(";")[0].strip().lower() for part in headers.get("prefer", "").split(",")}
