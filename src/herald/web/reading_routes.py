"""POST /v1/audio/reading: how a text will be said. It is free: neither priced nor counted as characters."""

from herald.errors import InvalidRequest
from herald.jobs.reading_request import parse_reading_request
from herald.runtime.container import Dependencies
from herald.speech.reading.preview import preview
from herald.web.application import Endpoint
from herald.web.exchange import Exchange, Reply


class ReadingRoutes:
    """The endpoint of POST /v1/audio/reading. It needs no engine."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {"POST /v1/audio/reading": self.read}

    def read(self, exchange: Exchange) -> Reply:
        """Return the sentences and tokens of a text, each with its words."""
        most = self._parts.settings.max_characters
        request = parse_reading_request(exchange.body, exchange.request.headers, max_characters=most)
        info, _ = self._parts.service_config.find_voice(request.voice)
        if info.needs_gpu:
            raise InvalidRequest(f"The voice {info.id} reads for itself, on the GPU.", param="voice")
        exchange.annotate(voice=info.id)
        shown = preview(
            request.input,
            info.language.replace("_", "-"),
            text_format=request.text_format,
            offsets=request.offsets,
        )
        exchange.log("read", characters=len(request.input))
        return Reply(body=shown | {"voice": info.id})
