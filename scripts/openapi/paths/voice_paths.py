"""The operations of web/custom_voice_endpoints.py."""

from http import HTTPStatus
from typing import Any

from herald.web.custom_voice_endpoints import PageQuery, SentenceQuery
from herald.web.voice_shapes import ConsentSentence, CustomVoice, DeletedConsent, DeletedVoice, VoiceConsent
from scripts.openapi.models import ConsentForm, ConsentList, VoiceForm, VoiceNames
from scripts.openapi.operation import NO_BODY, QUERY, Answer, Body, Operation

_CONSENT_ID, _VOICE_ID = "cons_7e2d7bb8f1a04c0b9c2c1f0a5d3e6b91", "voice_0b6c6a9e5c1f4f0e8f7d2a1b3c4d5e6f"
_SENTENCE = (
    "I am the owner of this voice, and I agree that this service makes a synthetic voice from it. "
    "My words are river, window, garden, yellow."
)
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CONSENT: dict[str, Any] = {
    "id": _CONSENT_ID,
    "object": "audio.voice_consent",
    "created_at": 1795824000,
    "name": "Ann",
    "language": "en-US",
    "state": "unchecked",
    "created_by": "k3y1d2example",
    "sha256": _SHA256,
    "bytes": 288044,
    "sentences": [_SENTENCE],
    "accepted_at": None,
    "deleted_at": None,
}
_PENDING: dict[str, Any] = {
    "id": _VOICE_ID,
    "object": "audio.voice",
    "type": "audio_sample",
    "created_at": 1795824060,
    "name": "Ann",
    "consent": _CONSENT_ID,
    "method": "matched",
    "language": "en-US",
    "state": "pending",
    "disabled": False,
    "job": "job_01a20320a2005c2f8e91d07a4b36aa10",
    "similarity": None,
    "likeness": None,
    "refusals": [],
    "preview_url": None,
    "created_by": "k3y1d2example",
    "sha256": _SHA256,
    "bytes": 640044,
    "check": None,
    "checked_at": None,
    "deleted_at": None,
}
_READY = _PENDING | {"state": "ready", "similarity": 0.81, "likeness": 0.62, "checked_at": 1795824180}
_FORM = (
    "invalid_form",
    "missing_field",
    "unknown_field",
    "invalid_request",
    "body_too_large",
    "unsupported_media_type",
)
_RECORDING = (*_FORM, "unsupported_recording", "replayed_recording")
_STORED = ("unavailable", "unreadable_row")

CUSTOM_VOICES = (
    Operation(
        method="GET",
        path="/v1/audio/voice_consents/sentence",
        id="getConsentSentence",
        tag="Custom voices",
        scope="speech",
        summary="Get a sentence of consent to read aloud",
        description="It ends with random words and is valid for an hour. The eight newest sentences are valid.",
        query=SentenceQuery,
        answers=(
            Answer(
                description="The sentence",
                model=ConsentSentence,
                example={
                    "object": "audio.voice_consent.sentence",
                    "language": "en",
                    "sentence": _SENTENCE,
                    "words": ["river", "window", "garden", "yellow"],
                    "expires_at": 1795827600,
                },
            ),
        ),
        codes=(*QUERY, "missing_field", "too_many_sentences", *_STORED),
    ),
    Operation(
        method="GET",
        path="/v1/audio/voice_consents",
        id="listConsents",
        tag="Custom voices",
        scope="speech",
        summary="List the consents of the tenant",
        query=PageQuery,
        answers=(
            Answer(
                description="A page, the newest first",
                model=ConsentList,
                example={
                    "object": "list",
                    "data": [_CONSENT],
                    "first_id": _CONSENT_ID,
                    "last_id": _CONSENT_ID,
                    "has_more": False,
                },
            ),
        ),
        codes=(*QUERY, *_STORED),
    ),
    Operation(
        method="POST",
        path="/v1/audio/voice_consents",
        id="createConsent",
        tag="Custom voices",
        scope="speech",
        summary="Send the recording of a consent",
        description=(
            "The recording states a sentence of the last hour. It is checked together with the sample of a voice, "
            "and deleted after seven days; the record of the check stays."
        ),
        body=Body(
            model=ConsentForm,
            examples={"consent": {"name": "Ann", "language": "en-US", "recording": "(the file)"}},
            media_type="multipart/form-data",
        ),
        answers=(
            Answer(
                status=HTTPStatus.CREATED,
                description="The consent",
                model=VoiceConsent,
                headers=("Location",),
                example=_CONSENT,
            ),
        ),
        codes=(*_RECORDING, "no_sentence", "too_many_consents", *_STORED),
    ),
    Operation(
        method="GET",
        path="/v1/audio/voice_consents/{id}",
        id="getConsent",
        tag="Custom voices",
        scope="speech",
        summary="Get a consent and its record",
        description="This works after its deletion, too.",
        parameters=("ConsentId",),
        answers=(Answer(description="The consent", model=VoiceConsent, example=_CONSENT),),
        codes=("not_found", *_STORED),
    ),
    Operation(
        method="DELETE",
        path="/v1/audio/voice_consents/{id}",
        id="deleteConsent",
        tag="Custom voices",
        scope="speech",
        summary="Delete the recording of a consent",
        description="Delete the voices that were made with it first. The record stays.",
        parameters=("ConsentId",),
        answers=(
            Answer(
                description="Its id",
                model=DeletedConsent,
                example={"id": _CONSENT_ID, "object": "audio.voice_consent", "deleted": True},
            ),
        ),
        codes=("not_found", "consent_in_use", *NO_BODY, *_STORED),
    ),
    Operation(
        method="GET",
        path="/v1/audio/voices",
        id="listAudioVoices",
        tag="Custom voices",
        scope="public",
        summary="List the names of voices, as Kokoro-FastAPI does, and the tenant's custom voices",
        description=(
            "Without a key, the response has only the names of voices that speak in real time. With a key, `voices` "
            "begins with the tenant's custom voices, `data` describes them, and `methods` lists the methods for new "
            "ones. `GET /v1/voices` describes the other voices."
        ),
        query=PageQuery,
        answers=(
            Answer(
                description="The names",
                model=VoiceNames,
                example={
                    "voices": [{"id": _VOICE_ID, "name": "Ann"}, {"id": "alloy", "name": "alloy"}],
                    "methods": ["matched"],
                    "object": "list",
                    "data": [_READY],
                    "first_id": _VOICE_ID,
                    "last_id": _VOICE_ID,
                    "has_more": False,
                },
            ),
        ),
        codes=(*QUERY, *_STORED),
    ),
    Operation(
        method="POST",
        path="/v1/audio/voices",
        id="createVoice",
        tag="Custom voices",
        scope="speech",
        summary="Make a voice from a sample and a consent",
        description=(
            "A job checks both recordings on the GPU, makes the voice, and synthesizes a preview. Then the voice is "
            "`ready`, or `refused` with the reasons. Use its id as `voice` in jobs and batches."
        ),
        body=Body(
            model=VoiceForm,
            examples={"sample": {"name": "Ann", "consent": _CONSENT_ID, "audio_sample": "(the file)"}},
            media_type="multipart/form-data",
        ),
        answers=(
            Answer(
                status=HTTPStatus.ACCEPTED,
                description="The voice, to be checked",
                model=CustomVoice,
                headers=("Location",),
                example=_PENDING,
            ),
        ),
        codes=(
            *_RECORDING,
            "same_recording",
            "unknown_consent",
            "consent_gone",
            "unsupported_language",
            "too_many_voices",
            "too_many_enrolments",
            "quota_exceeded",
            "gpu_not_deployed",
            *_STORED,
        ),
    ),
    Operation(
        method="GET",
        path="/v1/audio/voices/{id}",
        id="getCustomVoice",
        tag="Custom voices",
        scope="speech",
        summary="Get a custom voice and the record of its check",
        description="This works after its deletion, too.",
        parameters=("CustomVoiceId",),
        answers=(Answer(description="The voice", model=CustomVoice, example=_READY),),
        codes=("not_found", *_STORED),
    ),
    Operation(
        method="DELETE",
        path="/v1/audio/voices/{id}",
        id="deleteCustomVoice",
        tag="Custom voices",
        scope="speech",
        summary="Delete a custom voice and everything that was made with it",
        description="This deletes its recording, its data and all files spoken in it. The record stays, without audio.",
        parameters=("CustomVoiceId",),
        answers=(
            Answer(
                description="Its id",
                model=DeletedVoice,
                example={"id": _VOICE_ID, "object": "audio.voice.deleted", "deleted": True},
            ),
        ),
        codes=("not_found", *NO_BODY, *_STORED),
    ),
)
