"""The body of POST /v1/audio/reading: a text, and the voice that would speak it."""

from collections.abc import Mapping

from pydantic import Field

from herald.jobs.body import max_body_bytes, parse_body, validated
from herald.jobs.client_fields import NullIsOmitted, VoiceName
from herald.jobs.job_request import LexiconNames, OffsetUnit, TextFormatName, check_length, text_length
from herald.jobs.text_formats import InputTypeName


class ReadingRequest(NullIsOmitted):
    """A text whose reading is asked for."""

    input: str = Field(description="The text: at most 4,096 characters, unless configured otherwise.")
    voice: VoiceName = Field(default="alloy", description="As for speech. Its language decides the reading.")
    input_type: InputTypeName = None
    text_format: TextFormatName = None
    lexicons: LexiconNames = None
    offsets: OffsetUnit = "characters"


def parse_reading_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> ReadingRequest:
    """Parse the body as strictly as that of a speech request. `headers` have lower-case names."""
    request = validated(ReadingRequest, parse_body(body, headers, max_bytes=max_body_bytes(max_characters)))
    check_length(text_length(request.input, request.input_type), max_characters, "input")
    return request
