"""api: responds to all requests that need no speech engine, such as those for jobs, batches, voices and the studio."""

import os
from collections.abc import Mapping, Sequence

from herald.runtime.function import Handler
from herald.runtime.settings import HTTP, JOBS, LINKS, MANIFESTS, PRICES, ROUTING, Settings
from herald.web.batch_routes import BatchRoutes
from herald.web.description_routes import DescriptionRoutes
from herald.web.dialect import Dialect, Endpoint
from herald.web.elevenlabs_routes import ElevenLabsAccountRoutes, ElevenLabsVoiceRoutes, elevenlabs
from herald.web.job_routes import JobRoutes
from herald.web.lambda_events import HttpFunction
from herald.web.lexicon_routes import LexiconRoutes
from herald.web.model_routes import ModelRoutes, voice_routes
from herald.web.polly_lexicons import PollyLexiconRoutes
from herald.web.polly_routes import PollyVoiceRoutes, polly
from herald.web.polly_tasks import PollyTaskRoutes
from herald.web.reading_routes import ReadingRoutes
from herald.web.service_routes import ServiceRoutes
from herald.web.studio_routes import StudioRoutes

EXTRAS = frozenset({"batch_machine", "batch_concurrency", "kokoro_queue", "stream_url", "webhook_hosts"})


class ApiFunction(HttpFunction):
    """The function, created once per process."""

    def endpoints(self) -> Mapping[str, Endpoint]:
        """Return all endpoints except that of POST /v1/audio/speech."""
        models = ModelRoutes(self.parts)
        routes = (
            ReadingRoutes(self.parts),
            LexiconRoutes(self.parts),
            JobRoutes(self.parts),
            BatchRoutes(self.parts),
            models,
            ServiceRoutes(self.parts),
            DescriptionRoutes(),
            StudioRoutes(self.parts),
        )
        endpoints = {name: endpoint for group in routes for name, endpoint in group.endpoints.items()}
        return endpoints | voice_routes(self.parts, names=models.audio_voices)

    def dialects(self) -> Sequence[Dialect]:
        """Return the APIs of Polly and ElevenLabs without their speech endpoints."""
        routes = (PollyVoiceRoutes(self.parts), PollyLexiconRoutes(self.parts), PollyTaskRoutes(self.parts))
        account = ElevenLabsAccountRoutes(self.parts)
        return (
            elevenlabs(account.endpoints | ElevenLabsVoiceRoutes(self.parts, account).endpoints),
            polly({name: endpoint for group in routes for name, endpoint in group.endpoints.items()}),
        )


handler = Handler(lambda: ApiFunction(Settings.read(os.environ, HTTP, ROUTING, JOBS, MANIFESTS, PRICES, LINKS, EXTRAS)))
