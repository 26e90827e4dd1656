"""Voices, health and errors, as the API presents them."""

from typing import Annotated, Literal

from pydantic import Field

from herald.web.schemas.common_schemas import List, Shape


class Voice(Shape):
    """A voice that a request may name."""

    id: str
    object: Literal["voice"] = "voice"
    language: Annotated[str, Field(json_schema_extra={"examples": ["en_US"]})]
    language_name: str
    languages: list[str] = Field(description="BCP 47 tags of all languages that the voice speaks.")
    engine: Annotated[str, Field(json_schema_extra={"examples": ["spectral", "piper", "kokoro"]})]
    sample_rate: int = Field(description="Hz.")
    quality: str
    licence: str = Field(description="Licence of the model.")
    data_licence: str = Field(description="Licence of the recordings and voices that the model was made from.")
    commercial_use: bool = Field(description="False if one of these licences forbids commercial use.")
    gender: Annotated[str, Field(json_schema_extra={"examples": ["female", "male", "several", "unknown"]})]
    age: Annotated[str, Field(json_schema_extra={"examples": ["adult", "unknown"]})]
    needs_gpu: bool
    speakers: list[str] = Field(description="Select one with `voice:speaker`.")
    aliases: list[str] = Field(description="Other names that a request may use, including OpenAI's.")


class VoiceList(List):
    """All voices."""

    data: list[Voice]


class Health(Shape):
    """Herald is ready to speak."""

    status: Literal["ok"] = "ok"
    version: str
    default_voice: str


class ErrorBody(Shape):
    """What is wrong, where, and how to fix it."""

    message: str = Field(description="For people; may change.")
    type: Literal["invalid_request_error", "server_error"]
    param: str | None = Field(description="Field of the request; in a dialogue with its line: dialogue.3.voice.")
    code: str = Field(description="Stable, for programs.")


class Error(Shape):
    """An error in OpenAI's format."""

    error: ErrorBody


class GatewayError(Shape):
    """An error from API Gateway itself, before the request reaches Herald."""

    message: str
