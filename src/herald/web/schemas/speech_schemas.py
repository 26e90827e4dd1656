"""Events of a response with `stream_format: sse`, as the JSON in their `data`."""

from typing import Annotated, Literal

from pydantic import Field

from herald.web.schemas.common_schemas import Shape
from herald.web.schemas.service_schemas import ErrorBody


class Mark(Shape):
    """A word of the text, with its time in the audio (seconds) and its position in the text (character offsets)."""

    word: str
    start: float
    end: float
    text_start: int
    text_end: int = Field(description="Exclusive.")


class MarksEvent(Shape):
    """Precedes the audio that contains these words; only with `marks`."""

    type: Literal["herald.speech.marks"]
    marks: list[Mark]


class AudioEvent(Shape):
    """A part of the audio."""

    type: Literal["speech.audio.delta"]
    audio: Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"})]


class Used(Shape):
    """One token is one character of the text; audio counts no tokens."""

    input_tokens: int
    output_tokens: int
    total_tokens: int


class DoneEvent(Shape):
    """The final event."""

    type: Literal["speech.audio.done"]
    usage: Used


class ErrorEvent(Shape):
    """The final event if synthesis fails after the stream has started."""

    type: Literal["error"]
    error: ErrorBody
