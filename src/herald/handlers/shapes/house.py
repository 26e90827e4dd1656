"""What the API tells of itself: its voices, its health, and what is wrong."""

from typing import Annotated, Literal

from pydantic import Field

from herald.handlers.shapes.parts import List, Shape


class Voice(Shape):
    """A voice that a request may name."""

    id: str
    object: Literal["voice"] = "voice"
    language: Annotated[str, Field(json_schema_extra={"examples": ["en_US"]})]
    language_name: str
    engine: Annotated[str, Field(json_schema_extra={"examples": ["piper", "kokoro"]})]
    sample_rate: int = Field(description="Hz.")
    quality: str
    licence: str
    needs_gpu: bool
    speakers: list[str] = Field(description="`voice:speaker` chooses one.")
    aliases: list[str] = Field(description="Other names by which a request may call it, OpenAI's among them.")


class VoiceList(List):
    """All voices."""

    data: list[Voice]


class Health(Shape):
    """It can speak."""

    status: Literal["ok"] = "ok"
    version: str
    default_voice: str


class ErrorBody(Shape):
    """What is wrong, where, and how to mend it."""

    message: str = Field(description="For a person; may change.")
    type: Literal["invalid_request_error", "server_error"]
    param: str | None = Field(description="The field of the request; in a dialogue with its line: dialogue.3.voice.")
    code: str = Field(description="Stable, for programs.")


class Error(Shape):
    """Every error of Herald's, in OpenAI's shape."""

    error: ErrorBody


class GatewayError(Shape):
    """What API Gateway itself answers, before Herald is asked."""

    message: str
