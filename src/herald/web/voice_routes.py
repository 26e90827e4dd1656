"""The routes of consents and custom voices. Their endpoints are loaded with the first request to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from herald.web.dialect import late_endpoints

if TYPE_CHECKING:
    from herald.runtime.container import Dependencies
    from herald.web.dialect import Endpoint
    from herald.web.own_voice_endpoints import OwnVoiceEndpoints

_METHODS = {
    "GET /v1/audio/voice_consents/sentence": "sentence",
    "GET /v1/audio/voice_consents": "list_consents",
    "POST /v1/audio/voice_consents": "add_consent",
    "GET /v1/audio/voice_consents/{id}": "consent",
    "DELETE /v1/audio/voice_consents/{id}": "delete_consent",
    "GET /v1/audio/voices": "list_voices",
    "POST /v1/audio/voices": "create",
    "GET /v1/audio/voices/{id}": "voice",
    "DELETE /v1/audio/voices/{id}": "delete",
}
"""Methods of OwnVoiceEndpoints by route."""


def voice_routes(parts: Dependencies, *, names: Endpoint) -> dict[str, Endpoint]:
    """Return the endpoints of consents and custom voices. `names` lists the names of all other voices."""

    def load() -> OwnVoiceEndpoints:
        from herald.web.own_voice_endpoints import OwnVoiceEndpoints  # noqa: PLC0415  the models of voices

        return OwnVoiceEndpoints(parts, names=names)

    return late_endpoints(load, _METHODS)
