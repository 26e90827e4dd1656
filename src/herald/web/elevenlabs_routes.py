"""ElevenLabs' API for its own clients, with another address and key.

Requests are recognized by the header xi-api-key, because some paths are also Herald's own.
docs/migrate/from-elevenlabs.md describes the differences.
Errors have ElevenLabs' format, `{"detail": {"status", "message"}}`, or are 422 with the invalid fields:
https://elevenlabs.io/docs/eleven-api/resources/errors
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from herald import errors
from herald.auth.api_keys import ELEVENLABS_HEADER
from herald.auth.caller import Caller, Scope
from herald.errors import HeraldError, UnknownVoice
from herald.jobs.custom_voices import is_custom
from herald.runtime.container import Dependencies
from herald.speech.voices.catalog import VoiceInfo
from herald.web.dialect import Dialect, Endpoint, late_endpoints
from herald.web.elevenlabs_requests import voice_name
from herald.web.error_replies import hints_of, status_of
from herald.web.exchange import Exchange, Reply, Request

if TYPE_CHECKING:
    from herald.web.elevenlabs_voices import ElevenLabsVoices

_STATUS_NAMES: dict[type[HeraldError], str] = {
    errors.Unauthorized: "invalid_api_key",
    errors.Forbidden: "missing_permissions",
    errors.TooMany: "too_many_concurrent_requests",
    errors.UnknownVoice: "voice_not_found",
    errors.UnknownSpeaker: "voice_not_found",
    errors.UnknownEnrolment: "voice_not_found",
    errors.UnknownPath: "not_found",
    errors.MethodNotAllowed: "method_not_allowed",
    errors.TextTooLong: "max_character_limit_exceeded",
    errors.AudioTooLarge: "max_character_limit_exceeded",
    errors.TooLargeToSpeak: "max_character_limit_exceeded",
    errors.UnsupportedFormat: "invalid_output_format",
    errors.UnsupportedSampleRate: "invalid_output_format",
    errors.Overloaded: "system_busy",
    errors.Unavailable: "system_busy",
}
"""ElevenLabs' names of errors; other errors keep Herald's code."""
_BY_CODE = {
    "missing_key": "needs_authorization",
    "quota_exceeded": "quota_exceeded",
    "unknown_lexicon": "pronunciation_dictionary_not_found",
}
_STATUSES = {
    "voice_not_found": HTTPStatus.NOT_FOUND,
    "quota_exceeded": HTTPStatus.UNAUTHORIZED,
    "pronunciation_dictionary_not_found": HTTPStatus.NOT_FOUND,
    "max_character_limit_exceeded": HTTPStatus.BAD_REQUEST,
}
"""Statuses that differ from Herald's own."""
_INVALID = frozenset({"missing_field", "invalid_request", "invalid_json"})
"""Codes of requests that are not as the API describes them: 422."""


def reply_to(error: HeraldError, exchange: Exchange) -> Reply:  # noqa: ARG001  as in every dialect
    """Return the reply to an error."""
    hints = hints_of(error)
    if type(error) is errors.InvalidRequest and error.code in _INVALID:
        place = (error.param or "").split(".") if error.param else []
        kind = "missing" if error.code == "missing_field" else error.code
        detail: Any = [{"loc": ["body", *place], "msg": error.message, "type": kind}]
        return Reply(status=HTTPStatus.UNPROCESSABLE_ENTITY, body={"detail": detail}, headers=hints)
    name = status_name(error)
    body = {"detail": {"status": name, "message": error.message}}
    return Reply(status=_STATUSES.get(name, status_of(error)), body=body, headers=hints)


def status_name(error: HeraldError) -> str:
    """Return ElevenLabs' name of an error, or Herald's code."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return next((_STATUS_NAMES[kind] for kind in type(error).__mro__ if kind in _STATUS_NAMES), error.code)


SPEECH_PATH = "/v1/text-to-speech/{id}"
ELEVENLABS_ROUTES = {
    SPEECH_PATH: ("POST",),
    f"{SPEECH_PATH}/stream": ("POST",),
    f"{SPEECH_PATH}/with-timestamps": ("POST",),
    f"{SPEECH_PATH}/stream/with-timestamps": ("POST",),
    "/v1/voices": ("GET",),
    "/v1/voices/add": ("POST",),
    "/v1/voices/{id}": ("GET", "DELETE"),
    "/v2/voices": ("GET",),
    "/v1/models": ("GET",),
    "/v1/user": ("GET",),
    "/v1/user/subscription": ("GET",),
}
"""Every path of ElevenLabs' API that Herald serves, with its methods."""
MODEL = "herald"
"""The id of the only model."""
_PREFIX = SPEECH_PATH.partition("{")[0]
_NO_LIMIT = 2**31 - 1
"""The character limit of a key without one."""


def is_for_elevenlabs(request: Request) -> bool:
    """Return whether a request comes from a client of ElevenLabs."""
    return "authorization" not in request.headers and (
        ELEVENLABS_HEADER in request.headers or request.path.startswith(_PREFIX)
    )


def elevenlabs(endpoints: Mapping[str, Endpoint]) -> Dialect:
    """Return ElevenLabs' API with the endpoints that a function serves."""
    return Dialect(
        name="elevenlabs",
        applies=is_for_elevenlabs,
        routes=ELEVENLABS_ROUTES,
        scopes={_PREFIX: Scope.SPEECH},
        endpoints=endpoints,
        reply_to=reply_to,
    )


class ElevenLabsAccountRoutes:
    """The endpoints of voices, models and the user, which need no engine."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/voices": self.voices,
            "GET /v1/voices/{id}": self.voice,
            "GET /v2/voices": self.search,
            "GET /v1/models": self.models,
            "GET /v1/user": self.user,
            "GET /v1/user/subscription": self.subscription,
        }

    def voices(self, exchange: Exchange) -> Reply:
        """Return the tenant's custom voices, and all voices that speak in real time."""
        return Reply(body={"voices": self._voices(exchange.caller)})

    def search(self, exchange: Exchange) -> Reply:
        """Return the same voices on a single page. Filters have no effect."""
        voices = self._voices(exchange.caller)
        return Reply(body={"voices": voices, "has_more": False, "total_count": len(voices), "next_page_token": None})

    def voice(self, exchange: Exchange) -> Reply:
        """Return a voice; one of ElevenLabs' own ids gives the voice that it selects."""
        if is_custom(exchange.id):
            from herald.web.elevenlabs_voices import custom_voice, described  # noqa: PLC0415  the models of custom voices

            exchange.caller.require(Scope.SPEECH)
            return Reply(body=described(self._parts, [custom_voice(self._parts, exchange)])[0])
        name = voice_name(exchange.id, self._parts.settings.voice_names)
        info, _ = self._parts.service_config.find_voice(name)
        if info.needs_gpu:
            raise UnknownVoice(f"The voice {info.id} does not speak in real time.", param="voice_id")
        return Reply(body=voice_shape(info) | {"voice_id": exchange.id})

    def models(self, _: Exchange) -> Reply:
        """Return the only model. Requests may name any: the voice determines it."""
        languages = sorted({info.language for info in self._realtime()})
        most = self._parts.settings.max_characters
        model = {
            "model_id": MODEL,
            "name": "Herald",
            "description": "Every model_id is accepted: the voice determines the model.",
            "can_be_finetuned": False,
            "can_do_text_to_speech": True,
            "can_do_voice_conversion": False,
            "can_use_style": False,
            "can_use_speaker_boost": False,
            "serves_pro_voices": False,
            "token_cost_factor": 1.0,
            "requires_alpha_access": False,
            "max_characters_request_free_user": most,
            "max_characters_request_subscribed_user": most,
            "maximum_text_length_per_request": most,
            "languages": [{"language_id": language.partition("_")[0], "name": language} for language in languages],
            "model_rates": {"character_cost_multiplier": 1.0},
            "concurrency_group": "standard",
        }
        return Reply(body=json.dumps([model]))

    def user(self, exchange: Exchange) -> Reply:
        """Return the tenant of the key."""
        return Reply(
            body={
                "user_id": exchange.caller.tenant,
                "workspace_id": exchange.caller.tenant,
                "subscription": self._subscription(exchange.caller),
                "is_new_user": False,
                "can_use_delayed_payment_methods": False,
                "is_onboarding_completed": True,
                "is_onboarding_checklist_completed": True,
                "created_at": 0,
                "seat_type": "workspace_member",
            }
        )

    def subscription(self, exchange: Exchange) -> Reply:
        """Return the limits of the key, and what it has used today."""
        return Reply(body=self._subscription(exchange.caller))

    def _subscription(self, caller: Caller) -> dict[str, Any]:
        from herald.web.elevenlabs_voices import voice_slots  # noqa: PLC0415  the models of custom voices

        used = next(iter(self._parts.quotas.used(caller.tenant, 1).values())).by_account.get(caller.account, 0)
        tomorrow = (self._parts.clock() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        limit = caller.characters_a_day
        return {
            "tier": caller.tier,
            "character_count": used,
            "character_limit": _NO_LIMIT if limit is None else limit,
            "max_credit_limit_extension": 0,
            "can_extend_character_limit": False,
            "allowed_to_extend_character_limit": False,
            "next_character_count_reset_unix": int(tomorrow.timestamp()),
            "professional_voice_slots_used": 0,
            "professional_voice_slots_used_in_workspace": 0,
            "voice_add_edit_counter": 0,
            "professional_voice_limit": 0,
            "can_extend_voice_limit": False,
            "can_use_professional_voice_cloning": False,
            "current_overage": {"amount": "0", "currency": "usd"},
            "status": "active",
            "open_invoices": [],
            "has_open_invoices": False,
            **voice_slots(self._parts, caller.tenant),
        }

    def _realtime(self) -> list[VoiceInfo]:
        return [info for info in self._parts.catalog.voices.values() if not info.needs_gpu]

    def _voices(self, caller: Caller) -> list[dict[str, Any]]:
        from herald.web.elevenlabs_voices import described  # noqa: PLC0415  the models of custom voices

        own = self._parts.custom_voices(caller.tenant) if Scope.SPEECH in caller.scopes else []
        return [*described(self._parts, own), *(voice_shape(info) for info in self._realtime())]


_VOICE = "GET /v1/voices/{id}"
_CUSTOM_VOICES = {"POST /v1/voices/add": "add", _VOICE: "voice", "DELETE /v1/voices/{id}": "delete"}
"""Methods of ElevenLabsVoices by route."""


class ElevenLabsVoiceRoutes:
    """The endpoints that make, preview and delete a tenant's custom voice, for the function that has jobs."""

    def __init__(self, parts: Dependencies, account: ElevenLabsAccountRoutes) -> None:
        def load() -> "ElevenLabsVoices":
            from herald.web.elevenlabs_voices import ElevenLabsVoices  # noqa: PLC0415  the models of custom voices

            return ElevenLabsVoices(parts)

        own = late_endpoints(load, _CUSTOM_VOICES)
        preview, stock = own[_VOICE], account.endpoints[_VOICE]
        self.endpoints = own | {_VOICE: lambda exchange: (preview if is_custom(exchange.id) else stock)(exchange)}


def voice_shape(info: VoiceInfo) -> dict[str, Any]:
    """Return a voice as ElevenLabs presents one."""
    language = info.language.replace("_", "-")
    labels = {"language": language.partition("-")[0], "accent": language, "gender": info.gender, "age": info.age}
    return {
        "voice_id": info.id,
        "name": info.id,
        "category": "premade",
        "description": f"{info.language_name}, {info.licence}",
        "labels": {name: value for name, value in labels.items() if value},
        "available_for_tiers": [],
        "high_quality_base_model_ids": [MODEL],
        "verified_languages": [
            {"language": language.partition("-")[0], "model_id": MODEL, "locale": language, "accent": language}
        ],
        "settings": {"speed": 1.0},
        "is_owner": False,
        "is_legacy": False,
    }
