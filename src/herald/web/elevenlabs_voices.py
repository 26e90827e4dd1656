"""Tenants' custom voices in ElevenLabs' API: voices/add, and their descriptions.

ElevenLabs' request has no consent. Here, one of its files is the recording of the consent, or a label names one.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from herald.auth.caller import Scope
from herald.enrolment.enrolment_messages import Method
from herald.errors import HeraldError, InvalidRequest, Unavailable, UnknownEnrolment, UnknownVoice
from herald.jobs.body import validated
from herald.jobs.custom_voice_records import Consent, CustomVoice, VoiceState
from herald.jobs.custom_voices import is_custom, with_custom
from herald.jobs.job_request import Language
from herald.jobs.voice_service import MOST_VOICES
from herald.runtime.container import Dependencies
from herald.web.custom_voice_endpoints import Name, checked_recording
from herald.web.elevenlabs_routes import MODEL, voice_shape
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import require_no_fields, warning
from herald.web.job_routes import link_to
from herald.web.multipart import File, parse_form

_FILES = ("files", "files[]")
"""The field of the recordings, as SDKs and as the API reference name it."""
_CONSENT = "consent"
"""The name of the file with the consent, before its extension, in any case."""
_LABELS = frozenset({"accent", "age", "gender"})
"""Labels of ElevenLabs that have no effect."""
_UNSET = frozenset({None, "", "false"})
_TUNED = {VoiceState.PENDING: "fine_tuning", VoiceState.READY: "fine_tuned"}
"""ElevenLabs' states of a voice; others have failed."""
_CATEGORIES: dict[Method, str] = {"matched": "generated", "pocket": "cloned"}
"""A matched voice is a mix of stock speakers, not a clone."""
_HOW = (
    "Get a sentence (GET /v1/audio/voice_consents/sentence?language=en, with the header Authorization: Bearer KEY) and "
    "have the person read it aloud within the hour. Send the recording as one of the files, with the file name "
    'consent.wav (or .flac, .mp3, .ogg), or the id of a stored consent as labels {"consent_id": "cons_…"}.'
)


class Labels(BaseModel):
    """The labels that have an effect. Others are ignored, as all are at ElevenLabs."""

    model_config = ConfigDict(extra="allow", frozen=True)

    consent_id: str | None = Field(default=None, max_length=64)
    language: Language = "en"
    method: Method = "matched"


class _Fields(BaseModel):
    """The texts of the form of POST /v1/voices/add."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Name


class NewVoice(NamedTuple):
    """A request for a voice: its sample, and its consent, either stored or sent."""

    name: str
    labels: Labels
    sample: bytes
    consent: bytes | None
    without_effect: list[str]


class ElevenLabsVoices:
    """The endpoints that make, return and delete a tenant's custom voice."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts

    def add(self, exchange: Exchange) -> Reply:
        """Accept a voice. Its consent and its sample are checked by a job, as with POST /v1/audio/voices."""
        exchange.caller.require(Scope.SPEECH)
        new = parse_new_voice(exchange)
        voice = self._create(exchange, new)
        exchange.about(job=voice.job, voice=voice.id)
        exchange.log("voice accepted", method=voice.method, bytes=voice.bytes)
        body = {"voice_id": voice.id, "requires_verification": True}
        return Reply(body=body, headers=warning(new.without_effect))

    def voice(self, exchange: Exchange) -> Reply:
        """Return a voice of the tenant, with its preview."""
        exchange.caller.require(Scope.SPEECH)
        voice = custom_voice(self._parts, exchange)
        job = self._parts.voice_service.preview(voice)
        preview = link_to(job, job.audio, self._parts) if job and job.audio else None
        return Reply(body=described(self._parts, [voice])[0] | {"preview_url": preview})

    def delete(self, exchange: Exchange) -> Reply:
        """Delete a voice and everything that was made with it."""
        exchange.caller.require(Scope.SPEECH)
        require_no_fields(exchange.body, exchange.request.headers)
        if not is_custom(exchange.id):
            raise UnknownEnrolment(
                "Your tenant has no voice with that id. Only voices that your tenant made can be deleted."
            )
        exchange.about(voice=exchange.id)
        self._parts.voice_service.delete(exchange.caller.tenant, exchange.id)
        exchange.log("voice deleted")
        return Reply(body={"status": "ok"})

    def _create(self, exchange: Exchange, new: NewVoice) -> CustomVoice:
        """Create a voice. A consent that was sent with it is deleted again if the voice is refused."""
        service, caller = self._parts.voice_service, exchange.caller
        before = {consent.id for consent in service.consents(caller.tenant)}
        consent = self._consent(exchange, new)
        try:
            return service.create(caller, name=new.name, consent=consent, method=new.labels.method, sample=new.sample)
        except Unavailable:  # the voice may have been stored
            raise
        except HeraldError:
            if consent not in before and new.consent is not None:
                with suppress(HeraldError):
                    service.delete_consent(caller.tenant, consent)
            raise

    def _consent(self, exchange: Exchange, new: NewVoice) -> str:
        """Return the id of the consent, which is stored if the request contains it."""
        if new.consent is None:
            return new.labels.consent_id or ""
        consent: Consent = self._parts.voice_service.add_consent(
            exchange.caller, name=new.name, language=new.labels.language, recording=new.consent
        )
        exchange.log("consent stored", consent=consent.id, bytes=consent.bytes)
        return consent.id


def parse_new_voice(exchange: Exchange) -> NewVoice:
    """Return the request for a voice.

    Raise InvalidRequest with the code consent_required if it has no consent, missing_field without a sample,
    several_samples for more than one, and unsupported_recording.
    """
    texts = {"name", "description", "labels", "remove_background_noise"}
    form = parse_form(exchange.body, exchange.request.headers, texts=texts, files={*_FILES}, several=_FILES)
    name = validated(_Fields, dict(form.texts)).name
    labels = _labels(form.texts.get("labels", ""))
    files = [file for field in _FILES for file in form.files.get(field, [])]
    consents = [file for file in files if _is_consent(file)]
    samples = [file for file in files if not _is_consent(file)]
    if len(consents) + bool(labels.consent_id) != 1:
        problem = "The request has more than one consent" if consents else "A voice needs the consent of the person"
        raise InvalidRequest(f"{problem}. {_HOW}", param="files", code="consent_required")
    if not samples:
        raise InvalidRequest(
            "The form has no sample. Send a recording of 5 to 60 seconds beside the consent.",
            param="files",
            code="missing_field",
        )
    if len(samples) > 1:
        raise InvalidRequest(
            f"The form has {len(samples)} samples. Send one recording of 5 to 60 seconds: join them, or choose one.",
            param="files",
            code="several_samples",
        )
    unused = [field for field in ("description", "remove_background_noise") if form.texts.get(field) not in _UNSET]
    # Only names that are known: a header may not repeat what was sent.
    unused += {f"labels.{label}" if label in _LABELS else "labels" for label in labels.model_extra or ()}
    consent = checked_recording(consents[0], "files") if consents else None
    return NewVoice(name, labels, checked_recording(samples[0], "files"), consent, sorted(unused))


def _labels(text: str) -> Labels:
    """Return labels, which are a JSON object in a field of the form; SDKs send "null" for none."""
    try:
        sent = json.loads(text) if text else None
    except (ValueError, RecursionError):
        sent = text
    if not isinstance(sent, dict | None):
        raise InvalidRequest('labels: send a JSON object, such as {"language": "en"}.', param="labels")
    return validated(Labels, {name: value for name, value in (sent or {}).items() if value is not None})


def _is_consent(file: File) -> bool:
    return PurePosixPath(file.name.lower()).stem == _CONSENT


def custom_voice(parts: Dependencies, exchange: Exchange) -> CustomVoice:
    """Return the voice that a path names; raise UnknownVoice if the tenant has none with that id, or deleted it."""
    voices = {voice.id: voice for voice in parts.custom_voices(exchange.caller.tenant)}
    voice = voices.get(exchange.id)
    if voice is None or voice.state is VoiceState.DELETED:
        raise UnknownVoice("There is no voice with that id.", param="voice_id")
    exchange.about(voice=voice.id)
    return voice


def described(parts: Dependencies, own: Iterable[CustomVoice]) -> list[dict[str, Any]]:
    """Return a tenant's voices as ElevenLabs presents voices, in every state but deleted."""
    shown = [voice for voice in own if voice.state is not VoiceState.DELETED]
    infos = with_custom(parts.service_config.voices, shown)
    return [voice_shape(infos[voice.id]) | _own_fields(voice) | {"labels": _shown_labels(voice)} for voice in shown]


def voice_slots(parts: Dependencies, tenant: str) -> dict[str, int | bool]:
    """Return the fields of a subscription about custom voices."""
    used = len(list(parts.custom_voices(tenant)))
    return {
        "voice_slots_used": used,
        "voice_limit": MOST_VOICES,
        "can_use_instant_voice_cloning": parts.service_config.policy.gpu,
    }


def _own_fields(voice: CustomVoice) -> dict[str, Any]:
    codes = [fault.code for fault in voice.faults]
    is_ready = voice.state is VoiceState.READY
    message = " ".join(fault.message for fault in voice.faults)
    return {
        "name": voice.name,
        "category": _CATEGORIES[voice.method],
        "description": f"Custom voice, {voice.method}. Speaks in jobs: POST /v1/jobs.",
        "preview_url": None,
        "created_at_unix": int(voice.created_at.timestamp()),
        "is_owner": True,
        "voice_verification": {
            "requires_verification": not is_ready,
            "is_verified": is_ready,
            "verification_failures": codes,
            "verification_attempts_count": int(voice.checked_at is not None),
            "language": voice.language,
        },
        "fine_tuning": {
            "is_allowed_to_fine_tune": False,
            "state": {MODEL: _TUNED.get(voice.state, "failed")},
            "verification_failures": codes,
            "verification_attempts_count": int(voice.checked_at is not None),
            "manual_verification_requested": False,
            "language": voice.language,
            "message": {MODEL: message},
        },
    }


def _shown_labels(voice: CustomVoice) -> dict[str, str]:
    """Return the labels of a voice: those of its request, and its state in the words of Herald."""
    return {
        "language": voice.language.partition("-")[0],
        "accent": voice.language,
        "state": "disabled" if voice.disabled else voice.state.value,
        "method": voice.method,
        "consent_id": voice.consent,
    }
