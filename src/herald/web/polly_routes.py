"""Amazon Polly's API for its own clients: boto3, AWS's other SDKs and `aws polly`, with another address and key.

Paths, fields and exceptions are those of Polly's service model. Requests are recognized by their signature, because
some paths are also Herald's own. docs/migrate/from-polly.md describes the differences.
"""

from collections.abc import Mapping

from herald.auth.api_keys import is_for_polly
from herald.auth.caller import Caller, Scope
from herald.jobs.custom_voices import with_custom
from herald.runtime.container import Dependencies
from herald.speech.voices.catalog import VoiceInfo
from herald.web.dialect import Dialect, Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.polly_errors import PollyRefusal, reply_to, request_id_of
from herald.web.polly_voices import ENGINES, PollyVoices

POLLY_ROUTES = {
    "/v1/speech": ("POST",),
    "/v1/voices": ("GET", "POST"),
    "/v1/lexicons": ("GET",),
    "/v1/lexicons/{id}": ("GET", "PUT", "DELETE"),
    "/v1/synthesisTasks": ("GET", "POST"),
    "/v1/synthesisTasks/{id}": ("GET",),
}
"""Every path of Polly's API that Herald serves, with its methods."""
_SCOPES = {"/v1/speech": Scope.SPEECH, "/v1/lexicons": Scope.SPEECH, "/v1/synthesisTasks": Scope.JOBS}


def polly(endpoints: Mapping[str, Endpoint]) -> Dialect:
    """Return Polly's API with the endpoints that a function serves."""
    return Dialect(
        name="polly",
        applies=lambda request: is_for_polly(request.headers),
        routes=POLLY_ROUTES,
        scopes=_SCOPES,
        endpoints=endpoints,
        reply_to=reply_to,
    )


class PollyVoiceRoutes:
    """The endpoint of DescribeVoices, and the refusal of CreateVoice."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/voices": self.describe,
            "POST /v1/voices": self.create,
        }

    def describe(self, exchange: Exchange) -> Reply:
        """Return the voices, optionally of one language, on a single page."""
        query = exchange.request.parameters
        if query.get("NextToken"):
            raise PollyRefusal("InvalidNextTokenException", "All voices are on the first page. Omit NextToken.")
        if query.get("Engine", ENGINES[0]) not in ENGINES:
            raise PollyRefusal("ValidationException", f"Engine must be one of: {', '.join(ENGINES)}.", param="Engine")
        own = self._custom_voices(exchange.caller)
        voices = polly_voices(self._parts).described(language=query.get("LanguageCode"), tenants=own)
        return Reply(body={"Voices": voices}, headers=request_id_of(exchange))

    def create(self, _: Exchange) -> Reply:
        """Refuse CreateVoice. Its `TermsAccepted` is a click of the customer, not the consent of the speaker."""
        raise PollyRefusal(
            "UnknownOperationException",
            "CreateVoice is not available, because it has no recording of the speaker's consent. Make the voice with "
            "POST /v1/audio/voice_consents and POST /v1/audio/voices (docs/your-voice.md), and use its id as VoiceId.",
        )

    def _custom_voices(self, caller: Caller) -> list[tuple[VoiceInfo, str]]:
        """Return the tenant's custom voices that can be spoken now, with their names."""
        if not caller.scopes & {Scope.SPEECH, Scope.JOBS}:
            return []
        ready = [voice for voice in self._parts.custom_voices(caller.tenant) if voice.is_ready]
        infos = with_custom(self._parts.service_config.voices, ready)
        return [(infos[voice.id], voice.name) for voice in ready]


def polly_voices(parts: Dependencies) -> PollyVoices:
    """Return the voices of a deployment under Polly's names."""
    return PollyVoices(names=parts.settings.voice_names, voices=parts.service_config.voices)
