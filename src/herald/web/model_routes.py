"""What clients of OpenAI's API list before they speak: models, as in OpenAI's API, and voices, as similar servers do.

The names of models have no effect, since the voice determines the model. None of these paths needs a key: clients such
as wyoming-openai ask without it. Consents and custom voices, under the same paths, do.
"""

from typing import TYPE_CHECKING, Any

from herald.errors import NotFound
from herald.jobs.voice_names import OPENAI_VOICES
from herald.runtime.container import Dependencies
from herald.speech.voices.catalog import VoiceInfo
from herald.web.dialect import Endpoint, late_endpoints
from herald.web.exchange import Exchange, Reply

if TYPE_CHECKING:
    from herald.web.custom_voice_endpoints import CustomVoiceEndpoints

MODELS = ("herald", "tts-1", "tts-1-hd", "gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15")
"""Herald's own name, and those of OpenAI's speech models: https://platform.openai.com/docs/models."""


class ModelRoutes:
    """The endpoints of models and of the voices that requests can name."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/models": self.models,
            "GET /v1/models/{id}": self.model,
            "GET /v1/audio/models": self.audio_models,
            "GET /v1/audio/voices": self.audio_voices,
        }

    def models(self, _: Exchange) -> Reply:
        """Return the models as OpenAI's API does."""
        return Reply(body={"object": "list", "data": [_described(name) for name in MODELS]})

    def model(self, exchange: Exchange) -> Reply:
        """Return a model, with its voices as Speaches does."""
        if exchange.id not in MODELS:
            raise NotFound(f"There is no such model. Use one of {', '.join(MODELS)}: they differ only in name.")
        voices = [
            {"name": name, "language": info.language.replace("_", "-"), "gender": info.gender}
            for name, info in self._voices()
        ]
        return Reply(body=_described(exchange.id) | {"task": "text-to-speech", "voices": voices})

    def audio_models(self, _: Exchange) -> Reply:
        """Return the models as Open WebUI reads them."""
        return Reply(body={"models": [{"id": name, "name": name} for name in MODELS]})

    def audio_voices(self, _: Exchange) -> Reply:
        """Return the voices as Kokoro-FastAPI does."""
        return Reply(body={"voices": [{"id": name, "name": name} for name, _ in self._voices()]})

    def _voices(self) -> list[tuple[str, VoiceInfo]]:
        """Return the names of voices that speak in real time, OpenAI's first, with their voices."""
        voices = {name: info for name, info in self._parts.catalog.voices.items() if not info.needs_gpu}
        names = self._parts.settings.voice_names
        aliases = {name: names.choose(name).voice for name in (*OPENAI_VOICES, *names.aliases)}
        known = {name: voices[voice] for name, voice in aliases.items() if voice in voices}
        return list((known | voices).items())


def _described(name: str) -> dict[str, Any]:
    # The time is required by OpenAI's schema; Herald's models have none.
    return {"id": name, "object": "model", "created": 0, "owned_by": "herald"}


_CUSTOM_VOICE_METHODS = {
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
"""Methods of CustomVoiceEndpoints by route."""


def voice_routes(parts: Dependencies, *, names: Endpoint) -> dict[str, Endpoint]:
    """Return the endpoints of consents and custom voices. `names` lists the names of all other voices."""

    def load() -> "CustomVoiceEndpoints":
        from herald.web.custom_voice_endpoints import CustomVoiceEndpoints  # noqa: PLC0415  the models of voices

        return CustomVoiceEndpoints(parts, names=names)

    return late_endpoints(load, _CUSTOM_VOICE_METHODS)
