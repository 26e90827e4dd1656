"""POST /v1/audio/reading: how a text will be said, and what it will cost. The request itself is free."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from herald.errors import InvalidRequest
from herald.jobs.body import max_body_bytes, parse_body, validated
from herald.jobs.job_price import audio_seconds
from herald.jobs.job_request import JobRequest, LexiconNames, OffsetUnit, TextFormatName, check_length, text_length
from herald.jobs.lexicon_service import Chosen
from herald.jobs.request_fields import InputTypeName, NullIsOmitted, VoiceName, format_of
from herald.runtime.container import Dependencies
from herald.speech.reading.reader import preview
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply


class ReadingRequest(NullIsOmitted):
    """A text whose reading is asked for."""

    input: str = Field(description="The text: at most 4,096 characters, unless configured otherwise.")
    voice: VoiceName = Field(default="alloy", description="As for speech. Its language determines the reading.")
    input_type: InputTypeName = None
    text_format: TextFormatName = None
    lexicons: LexiconNames = None
    offsets: OffsetUnit = "characters"


def parse_reading_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> ReadingRequest:
    """Parse the body as strictly as that of a speech request. `headers` have lower-case names."""
    request = validated(ReadingRequest, parse_body(body, headers, max_bytes=max_body_bytes(max_characters)))
    check_length(text_length(request.input, request.input_type), max_characters, "input")
    return request


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
            raise InvalidRequest(
                f"The voice {info.id} runs on the GPU, which reads texts by its own rules, so there is no reading to "
                "show. Use a voice that runs on CPU.",
                param="voice",
            )
        exchange.annotate(voice=info.id)
        chosen = self._parts.lexicons.chosen(exchange.caller.tenant, request.lexicons)
        shown = preview(
            request.input,
            info.language.replace("_", "-"),
            text_format=format_of(request.input, request.text_format, request.input_type),
            offsets=request.offsets,
            lexicons=[choice.lexicon for choice in chosen],
        )
        exchange.log("read", characters=len(request.input))
        return Reply(body=shown | {"voice": info.id} | self._expected(request, info.engine, chosen))

    def _expected(self, request: ReadingRequest, engine: str, chosen: Sequence[Chosen]) -> dict[str, Any]:
        """Return the expected price and length of the text, spoken in real time at normal speed."""
        job = JobRequest(
            input=request.input, voice=request.voice, input_type=request.input_type, text_format=request.text_format
        )
        script, decision = self._parts.service_config.resolve(job, waiting=True, lexicons=chosen)
        price = self._parts.prices.expected(script, decision)
        return {"price_expected": float(price), "seconds_expected": round(audio_seconds(script, engine), 1)}
