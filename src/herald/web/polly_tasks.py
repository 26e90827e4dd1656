"""Synthesis tasks in Amazon Polly's API, which are jobs: StartSpeechSynthesisTask and its Get and List.

A task's file stays in Herald's bucket. OutputUri is a signed link to it.
"""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from herald.jobs.job import Job, State
from herald.jobs.ports import JobFilter
from herald.runtime.container import Dependencies
from herald.speech.audio.formats import find_format
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.job_routes import create_job, job_id_of
from herald.web.polly_errors import PollyRefusal, request_id_of
from herald.web.polly_requests import FORMATS, TASK_CHARACTERS, TaskRequest, parse_task_request, validated
from herald.web.polly_routes import polly_voices

USE_CASE = "polly-task"
"""The use case of the jobs that ListSpeechSynthesisTasks returns."""
_STATUS = {
    State.ACCEPTED: "scheduled",
    State.QUEUED: "scheduled",
    State.SPEAKING: "inProgress",
    State.WAITING_FOR_GPU: "inProgress",
    State.DONE: "completed",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
}
_TASK_ID = re.compile(r"[a-zA-Z0-9_-]{1,100}")
_DEFAULT_RESULTS = 50


class _ListQuery(BaseModel):
    """The query of ListSpeechSynthesisTasks."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_pascal, defer_build=True)

    max_results: int = Field(default=_DEFAULT_RESULTS, ge=1, le=100)
    next_token: str | None = Field(default=None, max_length=512)
    status: str | None = None


class PollyTaskRoutes:
    """The endpoints of synthesis tasks in Polly's API."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "POST /v1/synthesisTasks": self.start,
            "GET /v1/synthesisTasks": self.list_tasks,
            "GET /v1/synthesisTasks/{id}": self.get,
        }

    def start(self, exchange: Exchange) -> Reply:
        """Accept a job with the settings of the request."""
        most = min(TASK_CHARACTERS, self._parts.settings.max_job_characters)
        request = parse_task_request(exchange.body, exchange.request.headers, most=most)
        wanted = request.job_request(
            polly_voices(self._parts), use_case=USE_CASE, metadata=_settings(request), priority=None
        )
        job = create_job(wanted, exchange, self._parts)
        exchange.about(job=job.id, voice=job.voice)
        return self._task(job, exchange)

    def get(self, exchange: Exchange) -> Reply:
        """Return the task of a job, whichever API accepted it."""
        if not _TASK_ID.fullmatch(exchange.id):
            raise PollyRefusal("InvalidTaskIdException", "TaskId must have 1 to 100 letters, digits, _ or -.")
        return self._task(self._parts.job_service.find(job_id_of(exchange), tenant=exchange.caller.tenant), exchange)

    def list_tasks(self, exchange: Exchange) -> Reply:
        """Return a page of the tenant's tasks, newest first."""
        query = validated(_ListQuery, exchange.request.parameters)
        states = frozenset(state for state, status in _STATUS.items() if query.status in {None, status})
        if not states:
            known = ", ".join(dict.fromkeys(_STATUS.values()))
            raise PollyRefusal("ValidationException", f"Status must be one of: {known}.", param="Status")
        wanted = JobFilter(
            limit=query.max_results, cursor=query.next_token, use_case=USE_CASE, state=states if query.status else None
        )
        page = self._parts.job_service.list(wanted, tenant=exchange.caller.tenant)
        body = {"SynthesisTasks": [self._described(job) for job in page.jobs]}
        return Reply(body=body | ({"NextToken": page.cursor} if page.cursor else {}), headers=request_id_of(exchange))

    def _task(self, job: Job, exchange: Exchange) -> Reply:
        return Reply(body={"SynthesisTask": self._described(job)}, headers=request_id_of(exchange))

    def _described(self, job: Job) -> dict[str, Any]:
        """Return a job as a task of Polly's model. The settings are those of the request, if it was a task."""
        sent = job.metadata if job.use_case == USE_CASE else {}
        ours = {format_name: name for name, format_name in reversed(FORMATS.items()) if name != "json"}
        task: dict[str, Any] = {
            "TaskId": job.id,
            "TaskStatus": _STATUS[job.state],
            "CreationTime": job.created_at.timestamp(),
            "RequestCharacters": job.characters,
            "OutputFormat": sent.get("OutputFormat") or ours.get(job.response_format, job.response_format),
            "VoiceId": sent.get("VoiceId") or job.voice,
            "TextType": sent.get("TextType") or "text",
        }
        task |= {name: sent[name] for name in ("Engine", "LanguageCode", "SampleRate") if name in sent}
        if names := sent.get("LexiconNames"):
            task["LexiconNames"] = names.split(", ")
        if job.state is State.FAILED and job.error:
            task["TaskStatusReason"] = job.error.message
        elif job.state is State.CANCELLED:
            task["TaskStatusReason"] = "The job was cancelled."
        else:
            task["OutputUri"] = self._link(job)
        return task

    def _link(self, job: Job) -> str:
        """Return a link to the file, which works once the job is done."""
        key = job.audio.key if job.audio else job.audio_key
        name = f"{job.id}.{find_format(job.response_format).extension}"
        return self._parts.links.link(key, file_name=name, seconds=self._parts.settings.link_seconds)


def _settings(request: TaskRequest) -> dict[str, str]:
    """Return the settings of a request as metadata of its job: what is sent back."""
    settings = {
        "VoiceId": request.voice_id,
        "Engine": request.engine,
        "OutputFormat": request.output_format,
        "SampleRate": str(request.rate),
        "TextType": request.text_type,
        "LanguageCode": request.language_code,
        "LexiconNames": ", ".join(request.lexicon_names or ()),
    }
    return {name: value for name, value in settings.items() if value}
