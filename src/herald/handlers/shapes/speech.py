"""The events of an answer with `stream_format: sse`: the JSON in their `data`."""

from typing import Annotated, Literal

from pydantic import Field

from herald.handlers.shapes.house import ErrorBody
from herald.handlers.shapes.parts import Shape


class Mark(Shape):
    """A word of the text, when it is spoken (seconds), and where it stands (offsets of characters)."""

    word: str
    start: float
    end: float
    text_start: int
    text_end: int = Field(description="Exclusive.")


class MarksEvent(Shape):
    """Before the audio in which these words are said; only with `marks`."""

    type: Literal["herald.speech.marks"]
    marks: list[Mark]


class AudioEvent(Shape):
    """A part of the audio."""

    type: Literal["speech.audio.delta"]
    audio: Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"})]


class Used(Shape):
    """A token is a character of the text; audio has none."""

    input_tokens: int
    output_tokens: int
    total_tokens: int


class DoneEvent(Shape):
    """The last one."""

    type: Literal["speech.audio.done"]
    usage: Used


class ErrorEvent(Shape):
    """The last one, where the rest cannot be spoken."""

    type: Literal["error"]
    error: ErrorBody
