"""The endpoints of consents and of tenants' custom voices, in the shape of OpenAI's API."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, overload

from pydantic import BaseModel, ConfigDict, Field

from herald.auth.caller import Scope
from herald.enrolment.enrolment_messages import Method
from herald.errors import InvalidRequest, Unauthorized, UnknownEnrolment
from herald.jobs.body import validated
from herald.jobs.custom_voice_records import Consent, CustomVoice
from herald.jobs.custom_voices import is_custom, methods_of
from herald.jobs.job_request import Language
from herald.runtime.container import Dependencies
from herald.web import voice_shapes as shapes
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import require_no_fields
from herald.web.job_routes import link_to
from herald.web.multipart import File, parse_form

_CONSENT_ID = re.compile(r"cons_[0-9a-f]{32}")
_SIGNATURES = re.compile(rb"RIFF....WAVE|fLaC|OggS|ID3|\xff[\xe0-\xff]", re.DOTALL)
"""The first bytes of WAV, FLAC, Ogg and MP3 files."""
Name = Annotated[str, Field(min_length=1, max_length=128)]


class SentenceQuery(BaseModel):
    """The query of GET /v1/audio/voice_consents/sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Language = Field(
        description="BCP 47: de, en, es, fr, it or pt, with or without a region.",
        # In the schema only: the error for another language lists those that have a sentence.
        json_schema_extra={"pattern": r"^(de|en|es|fr|it|pt)(-[A-Z]{2})?$"},
    )


class PageQuery(BaseModel):
    """The query of lists, as in OpenAI's API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str | None = Field(default=None, max_length=64, description="The last id of the previous page.")
    limit: int = Field(default=20, ge=1, le=100)


class NewConsent(BaseModel):
    """The texts of the form of POST /v1/audio/voice_consents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    language: Language = Field(description="The language of the sentence.")


class NewCustomVoice(BaseModel):
    """The texts of the form of POST /v1/audio/voices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    consent: str = Field(max_length=64, description="The id of a consent.")
    method: Method = Field(default="matched", description="matched: a mix of stock speakers. pocket: cloned.")
    type: Literal["audio_sample"] = "audio_sample"


class CustomVoiceEndpoints:
    """The endpoints of consents and custom voices. `names` is the endpoint that lists the names of all other voices."""

    def __init__(self, parts: Dependencies, *, names: Endpoint) -> None:
        self._parts = parts
        self._names = names

    def sentence(self, exchange: Exchange) -> Reply:
        """Issue a sentence to read aloud."""
        query = exchange.query(SentenceQuery)
        issued = self._parts.voice_service.sentence(exchange.caller.tenant, query.language)
        shown = shapes.ConsentSentence(
            language=issued.language,
            sentence=issued.text,
            words=list(issued.words),
            expires_at=_seconds(issued.expires_at),
        )
        return Reply(body=shown.model_dump(mode="json"))

    def list_consents(self, exchange: Exchange) -> Reply:
        """Return a page of the tenant's consents, newest first."""
        return Reply(body=_page(exchange, self._parts.voice_service.consents(exchange.caller.tenant), _consent))

    def add_consent(self, exchange: Exchange) -> Reply:
        """Store the recording of a consent."""
        form = parse_form(
            exchange.body, exchange.request.headers, texts=set(NewConsent.model_fields), files={"recording"}
        )
        new = validated(NewConsent, dict(form.texts))
        recording = _recording(form.files, "recording")
        service = self._parts.voice_service
        consent = service.add_consent(exchange.caller, name=new.name, language=new.language, recording=recording)
        exchange.log("consent stored", consent=consent.id, bytes=consent.bytes)
        location = {"Location": f"/v1/audio/voice_consents/{consent.id}"}
        return Reply(status=HTTPStatus.CREATED, body=_consent(consent), headers=location)

    def consent(self, exchange: Exchange) -> Reply:
        """Return a consent with its record."""
        return Reply(body=_consent(self._parts.voice_service.consent(exchange.caller.tenant, _consent_id(exchange))))

    def delete_consent(self, exchange: Exchange) -> Reply:
        """Delete the recording of a consent."""
        require_no_fields(exchange.body, exchange.request.headers)
        consent = self._parts.voice_service.delete_consent(exchange.caller.tenant, _consent_id(exchange))
        exchange.log("consent deleted", consent=consent.id)
        return Reply(body=shapes.DeletedConsent(id=consent.id).model_dump())

    def list_voices(self, exchange: Exchange) -> Reply:
        """Return the names of all voices and, for a caller with a key, a page of the tenant's custom voices."""
        names: Any = self._names(exchange).body
        try:
            caller = exchange.authenticate()
        except Unauthorized:  # clients such as Open WebUI ask without the key that they are given
            return Reply(body=names)
        if Scope.SPEECH not in caller.scopes:
            return Reply(body=names)
        own = self._parts.voice_service.voices(caller.tenant)
        listed = [{"id": voice.id, "name": voice.name} for voice in own if voice.speak_as and not voice.disabled]
        shown = {"voices": [*listed, *names["voices"]], "methods": self._methods()}
        return Reply(body=shown | _page(exchange, own, self._described))

    def _methods(self) -> list[Method]:
        """Return the methods that this deployment makes voices with; none without a GPU."""
        return methods_of(self._parts.catalog.engines) if self._parts.service_config.policy.gpu else []

    def create(self, exchange: Exchange) -> Reply:
        """Accept a voice: 202, as its recordings are checked by a job."""
        form = parse_form(
            exchange.body, exchange.request.headers, texts=set(NewCustomVoice.model_fields), files={"audio_sample"}
        )
        new = validated(NewCustomVoice, dict(form.texts))
        sample = _recording(form.files, "audio_sample")
        voice = self._parts.voice_service.create(
            exchange.caller, name=new.name, consent=new.consent, method=new.method, sample=sample
        )
        exchange.about(job=voice.job, voice=voice.id)
        exchange.log("voice accepted", method=voice.method, bytes=voice.bytes)
        location = {"Location": f"/v1/audio/voices/{voice.id}"}
        return Reply(status=HTTPStatus.ACCEPTED, body=self._described(voice), headers=location)

    def voice(self, exchange: Exchange) -> Reply:
        """Return a voice with its preview and the record of its check."""
        service = self._parts.voice_service
        voice = service.voice(exchange.caller.tenant, _voice_id(exchange))
        job = service.preview(voice)
        preview = link_to(job, job.audio, self._parts) if job and job.audio else None
        check = voice.verdict and voice.verdict.model_dump(mode="json")
        return Reply(body=self._described(voice) | {"preview_url": preview, "check": check})

    def delete(self, exchange: Exchange) -> Reply:
        """Delete a voice and everything that was made with it."""
        require_no_fields(exchange.body, exchange.request.headers)
        voice = self._parts.voice_service.delete(exchange.caller.tenant, _voice_id(exchange))
        exchange.log("voice deleted")
        return Reply(body=shapes.DeletedVoice(id=voice.id).model_dump())

    def _described(self, voice: CustomVoice) -> dict[str, Any]:
        checking = self._parts.voice_service.is_checking(voice)
        shown = shapes.CustomVoice(
            id=voice.id,
            created_at=_seconds(voice.created_at),
            name=voice.name,
            consent=voice.consent,
            method=voice.method,
            language=voice.language,
            state="checking" if checking else voice.state.value,
            disabled=voice.disabled,
            job=voice.job,
            similarity=voice.verdict and voice.verdict.similarity,
            likeness=voice.likeness,
            refusals=[shapes.Refused(code=fault.code, message=fault.message) for fault in voice.faults],
            preview_url=None,
            created_by=voice.created_by,
            sha256=voice.sha256,
            bytes=voice.bytes,
            check=None,
            checked_at=_seconds(voice.checked_at),
            deleted_at=_seconds(voice.deleted_at),
        )
        return shown.model_dump(mode="json")


def _consent(consent: Consent) -> dict[str, Any]:
    shown = shapes.VoiceConsent(
        id=consent.id,
        created_at=_seconds(consent.created_at),
        name=consent.name,
        language=consent.language,
        state="deleted" if consent.deleted_at else "accepted" if consent.accepted_at else "unchecked",
        created_by=consent.created_by,
        sha256=consent.sha256,
        bytes=consent.bytes,
        sentences=[sentence.text for sentence in consent.sentences],
        accepted_at=_seconds(consent.accepted_at),
        deleted_at=_seconds(consent.deleted_at),
    )
    return shown.model_dump(mode="json")


def _page[Record: (Consent, CustomVoice)](
    exchange: Exchange, found: Sequence[Record], describe: Callable[[Record], dict[str, Any]]
) -> dict[str, Any]:
    """Return a page of a list in OpenAI's form. An unknown `after` begins at the start."""
    query = exchange.query(PageQuery)
    ids = [record.id for record in found]
    start = ids.index(query.after) + 1 if query.after in ids else 0
    shown = found[start : start + query.limit]
    return {
        "object": "list",
        "data": [describe(record) for record in shown],
        "first_id": shown[0].id if shown else None,
        "last_id": shown[-1].id if shown else None,
        "has_more": start + len(shown) < len(found),
    }


def _recording(files: Mapping[str, Sequence[File]], name: str) -> bytes:
    """Return the recording of a field; raise InvalidRequest if it is missing or cannot be read."""
    if name not in files:
        raise InvalidRequest(f"The field '{name}' is required.", param=name, code="missing_field")
    return checked_recording(files[name][0], name)


def checked_recording(file: File, field: str) -> bytes:
    """Return a recording; raise InvalidRequest if the check cannot read its format."""
    if not _SIGNATURES.match(file.content):
        raise InvalidRequest(
            "The file is not WAV, FLAC, MP3 or Ogg (Opus, Vorbis). Save the recording in one of these formats.",
            param=field,
            code="unsupported_recording",
        )
    return file.content


def _consent_id(exchange: Exchange) -> str:
    if not _CONSENT_ID.fullmatch(exchange.id):
        raise UnknownEnrolment("There is no consent with that id.")
    exchange.about(consent=exchange.id)
    return exchange.id


def _voice_id(exchange: Exchange) -> str:
    if not is_custom(exchange.id):
        raise UnknownEnrolment("There is no voice with that id.")
    exchange.about(voice=exchange.id)
    return exchange.id


@overload
def _seconds(at: datetime) -> int: ...
@overload
def _seconds(at: None) -> None: ...
def _seconds(at: datetime | None) -> int | None:
    """Return a time in Unix seconds."""
    return None if at is None else int(at.timestamp())
