"""speech: synthesizes a short text in real time and returns it in one response."""

import os
import random
from collections.abc import Mapping, Sequence
from typing import Any

from herald.runtime.function import Event, Handler, register_snapshot_hooks
from herald.runtime.settings import HTTP, JOBS, LINKS, PRICES, ROUTING, Settings
from herald.web.dialect import Dialect, Endpoint
from herald.web.elevenlabs_routes import elevenlabs
from herald.web.elevenlabs_speech import ElevenLabsSpeechRoutes
from herald.web.lambda_events import HttpFunction
from herald.web.polly_routes import polly
from herald.web.polly_speech import PollySpeechRoutes
from herald.web.speech_routes import SpeechRoutes

PING: Event = {"ping": True}
"""Event of the KeepWarm schedule in template.yaml."""


class SpeechFunction(HttpFunction):
    """The function with its engine, created once per process."""

    def endpoints(self) -> Mapping[str, Endpoint]:
        """Return the endpoint of POST /v1/audio/speech."""
        self.routes = SpeechRoutes(self.parts)
        return {"POST /v1/audio/speech": self.routes.whole}

    def dialects(self) -> Sequence[Dialect]:
        """Return the speech endpoints of the APIs of Polly and ElevenLabs."""
        return (
            elevenlabs(ElevenLabsSpeechRoutes(self.parts, self.routes).buffered),
            polly({"POST /v1/speech": PollySpeechRoutes(self.parts, self.routes).whole}),
        )

    def warm(self) -> None:
        """Load the default voice and all code that synthesis and quotas need."""
        self.routes.warm()
        _ = self.parts.clients.dynamodb

    def __call__(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        """Handle a request, or a ping, which warms up a new process for the next request. Pings are not counted."""
        if event != PING:
            return super().__call__(event, context)
        if self.cold:
            self.warm()
            self.cold = False
        return {}


handler = Handler(
    lambda: SpeechFunction(Settings.read(os.environ, HTTP, ROUTING, JOBS, PRICES, LINKS, {"kokoro_queue"}))
)


# The snapshot includes the loaded voice. It also includes the random state, so each restored environment reseeds.
register_snapshot_hooks(
    before_snapshot=lambda: handler.function.warm(),  # noqa: PLW0108  created at the snapshot, not at import
    after_restore=random.seed,
)
