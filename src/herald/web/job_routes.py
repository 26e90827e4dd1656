"""The routes under /v1/jobs."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.auth.caller import Caller
from herald.errors import UnknownJob, UnreadableRow
from herald.jobs.body import parse_body, validated
from herald.jobs.job import AudioFile, Job, is_id
from herald.jobs.job_request import JobRequest, UseCase, idempotency_key, parse_job_request
from herald.jobs.job_states import State
from herald.jobs.ports import JobFilter
from herald.jobs.retention import RetentionRequest
from herald.runtime.container import Dependencies
from herald.speech.audio.formats import find_format
from herald.web import schemas as shapes
from herald.web.etags import conditional
from herald.web.http import HttpFunction, body_of, headers_of
from herald.web.request_limits import expect_nothing
from herald.web.schemas import Failure

_RETENTION_BYTES = 1_000


class ListQuery(BaseModel):
    """The query of GET /v1/jobs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=512, description="`next_cursor` of the previous page.")
    state: State | None = None
    use_case: UseCase | None = None
    batch: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")


class JobPaths:
    """Adds the routes under /v1/jobs to a function."""

    def __init__(self, function: HttpFunction, parts: Dependencies) -> None:
        self._app = function.app
        self._function = function
        self._parts = parts
        self._app.post("/v1/jobs")(self._submit)
        self._app.get("/v1/jobs")(self._list)
        self._app.get("/v1/jobs/<job_id>")(self._get)
        self._app.delete("/v1/jobs/<job_id>")(self._cancel)
        self._app.post("/v1/jobs/<job_id>/retry")(self._retry)
        self._app.put("/v1/jobs/<job_id>/retention")(self._retain)

    @property
    def _tenant(self) -> str:
        return self._function.caller.tenant

    def _submit(self) -> Response[Any]:
        event = self._app.current_event
        headers = headers_of(event)
        most = self._parts.settings.max_job_characters
        request = parse_job_request(body_of(event), headers, max_characters=most)
        job = take(request, self._function.caller, headers, self._parts)
        self._function.about(job=job.id, voice=job.voice)
        return accepted(job, self._parts)

    def _list(self) -> Response[Any]:
        event = self._app.current_event
        query = validated(ListQuery, dict(event.query_string_parameters))
        page = self._parts.desk.list(JobFilter(**query.model_dump()), tenant=self._tenant)
        jobs = [shown for job in page.jobs if (shown := self._described(job))]
        shown = {"object": "list", "data": jobs, "has_more": page.cursor is not None, "next_cursor": page.cursor}
        return self._read(shown)

    def _described(self, job: Job) -> dict[str, Any] | None:
        """Return a job as an entry of a list, or None if it cannot be presented, which `describe` reports."""
        try:
            return describe(job, self._parts)
        except UnreadableRow:
            return None

    def _get(self, job_id: str) -> Response[Any]:
        job = self._parts.desk.find(self._checked(job_id), tenant=self._tenant)
        return self._read(describe(job, self._parts))

    def _read(self, shown: dict[str, Any]) -> Response[Any]:
        headers, parts = headers_of(self._app.current_event), self._parts
        return conditional(shown, headers, now=parts.clock(), link_seconds=parts.settings.link_seconds)

    def _cancel(self, job_id: str) -> dict[str, Any]:
        return describe(self._parts.desk.cancel(self._checked(job_id), tenant=self._tenant), self._parts)

    def _retry(self, job_id: str) -> Response[Any]:
        expect_nothing(body_of(self._app.current_event), headers_of(self._app.current_event))
        return accepted(self._parts.desk.retry(self._checked(job_id), tenant=self._tenant), self._parts)

    def _retain(self, job_id: str) -> dict[str, Any]:
        event = self._app.current_event
        body = parse_body(body_of(event), headers_of(event), max_bytes=_RETENTION_BYTES)
        request = validated(RetentionRequest, body)
        job = self._parts.desk.find(self._checked(job_id), tenant=self._tenant)
        return describe(self._parts.retaining.ask(job, request.retention), self._parts)

    def _checked(self, job_id: str) -> str:
        if not is_id(job_id):
            raise UnknownJob("There is no job with that id.")
        self._function.about(job=job_id)
        return job_id


def take(request: JobRequest, caller: Caller, headers: dict[str, str], parts: Dependencies) -> Job:
    """Create the job of a request and charge it to the caller's quota.

    A repeated request with the same Idempotency-Key returns the existing job and is charged once.
    """
    request = request.model_copy(update={"priority": caller.tier_for(request.priority)})
    key, desk = idempotency_key(headers), parts.desk
    with parts.quotas.spending(caller, request.characters) as charge:
        return desk.submit(
            request,
            tenant=caller.tenant,
            key=key,
            repeated=charge.give_back,
            unsure=lambda job: charge.decide_later(lambda: desk.stands(job, key=key)),
        )


def accepted(job: Job, parts: Dependencies, **headers: str) -> Response[Any]:
    """Return the response to a submitted job: 202 with its Location."""
    return Response(
        status_code=202,
        content_type="application/json",
        body=describe(job, parts),
        headers={"Location": f"/v1/jobs/{job.id}", "X-Herald-Route": job.route} | headers,
    )


def describe(job: Job, parts: Dependencies) -> dict[str, Any]:
    """Return a job as the API presents it. All fields are always present; those without a value yet are null.

    Raises UnreadableRow if a value is outside the API's schema, for example written by a newer version of Herald.
    """
    try:
        return _shown(job, parts).model_dump(mode="json")
    except ValidationError as error:
        fields = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False)}))
        unreadable = UnreadableRow("job", job.id, fields, tenant=job.tenant)
        parts.unreadable(unreadable)
        raise unreadable from None


def _shown(job: Job, parts: Dependencies) -> shapes.Job:
    audio = job.audio
    return shapes.Job(
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
        audio_url=_link(job, audio, parts) if audio else None,
        price_expected=float(job.price_expected),
        price=float(job.price) if job.price is not None else None,
        error=Failure.of(job.error),
    )


def _link(job: Job, audio: AudioFile, parts: Dependencies) -> str:
    """Return a link that downloads the audio under a name such as "alert-2026-11-22-1f0c9a.mp3"."""
    extension = find_format(job.response_format).extension
    name = f"{job.use_case}-{job.created_at:%Y-%m-%d}-{job.id[-6:]}.{extension}"
    return parts.links.link(audio.key, file_name=name, seconds=parts.settings.link_seconds)


def prefers_a_job(headers: dict[str, str]) -> bool:
    """Return whether a request asks for a job instead of audio: Prefer: respond-async (RFC 7240, section 4.1)."""
    return "respond-async" in {part.partition(";")[0].strip().lower() for part in headers.get("prefer", "").split(",")}
