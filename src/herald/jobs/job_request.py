"""Request bodies: `POST /v1/audio/speech` in OpenAI's schema with extensions, and jobs."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from herald.errors import InvalidRequest, TextTooLong
from herald.jobs.body import max_body_bytes, parse_body, validated
from herald.jobs.lexicon_service import NAME
from herald.jobs.request_fields import (
    USUAL_PAUSES,
    FieldsWithoutEffect,
    InputTypeName,
    NullIsOmitted,
    PauseSettings,
    VoiceName,
    allow_null,
    characters_of,
    is_ssml,
)
from herald.jobs.webhook_address import LONGEST_URL
from herald.speech.audio.formats import FORMATS
from herald.speech.lexicons.lexicon import EMOJI, MOST_LEXICONS
from herald.speech.text import speakable

_MAX_LINES = 500
_MAX_PAIRS, _MAX_NAME, _MAX_VALUE = 16, 64, 512
_JOB_BYTES_BESIDE_TEXT = 300_000
"""Allowance for the voices of 500 lines, and for the longest metadata and instructions, escaped."""
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,255}")
"""Commas are excluded, as proxies join repeated headers with them."""


def _check_metadata(pairs: dict[str, str]) -> dict[str, str]:
    fits = all(1 <= len(name) <= _MAX_NAME and len(value) <= _MAX_VALUE for name, value in pairs.items())
    if len(pairs) > _MAX_PAIRS or not fits:
        raise PydanticCustomError(
            "metadata",
            f"Metadata must have at most {_MAX_PAIRS} pairs, with names of 1 to {_MAX_NAME} characters and values of "
            f"up to {_MAX_VALUE}",
        )
    if not all(name.isprintable() and value.isprintable() for name, value in pairs.items()):
        raise PydanticCustomError("metadata", "Metadata names and values must be printable, without line breaks")
    return pairs


_RATES = sorted({rate for made in FORMATS.values() for rate in made.rates})
_PAIRS = {
    "type": "object",
    "maxProperties": _MAX_PAIRS,
    "propertyNames": {"minLength": 1, "maxLength": _MAX_NAME},
    "additionalProperties": {"type": "string", "maxLength": _MAX_VALUE},
    "default": {},
}
Language = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""BCP 47: language tags of RFC 5646, section 2.1, without private use, up to the length in section 4.4.1."""
UseCase = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Metadata = Annotated[dict[str, str], AfterValidator(_check_metadata), WithJsonSchema(_PAIRS)]
FormatName = Annotated[str, Field(json_schema_extra={"enum": list(FORMATS)})]
"""Documentation only: the format is validated together with the voice."""
Rate = Annotated[int, Field(json_schema_extra={"enum": [*_RATES]})]
WebhookUrl = Annotated[
    str | None,
    Field(
        max_length=LONGEST_URL,
        description="An https URL that receives a signed webhook at the end, if the deployment allows its host.",
        json_schema_extra={"format": "uri"},
    ),
]
TextFormatName = Annotated[
    Literal["plain", "markdown", "html"] | None,
    Field(
        description="Markdown and HTML are read without their signs. Default: recognized by signs that leave no doubt."
    ),
]
LexiconNames = Annotated[
    Annotated[list[Annotated[str, Field(pattern=f"{NAME}|^{EMOJI}$")]], Field(max_length=MOST_LEXICONS)] | None,
    Field(
        description="Names of lexicons that say how words are said; of two with a word, the first applies. "
        f"{EMOJI} names emoji, which are silent otherwise. Default: the tenant's own defaults; [] for none."
    ),
]
OffsetUnit = Annotated[
    Literal["characters", "utf16"],
    Field(description="Unit of `text_start` and `text_end` in the response; utf16 as in JavaScript."),
]


class _Settings(NullIsOmitted):
    """The fields that all requests share, apart from the text."""

    voice: VoiceName = Field(
        default="alloy",
        description="A voice of GET /v1/voices, `voice:speaker` for one of its speakers, or a voice name of OpenAI.",
    )
    response_format: FormatName = Field(
        default="mp3",
        description="ulaw and alaw are G.711, raw or in a wav file. aac is not supported: use mp3 or opus.",
    )
    speed: float = Field(default=1.0, ge=0.25, le=4.0, description="A factor; 1.0 is the normal speed of the voice.")
    sample_rate: Rate | None = Field(
        default=None,
        description="In Hz. Default: the native rate of the voice, 24000 for pcm, 8000 for ulaw and alaw. "
        "opus supports 8, 12, 16, 24 and 48 kHz.",
    )
    input_type: InputTypeName = None
    text_format: TextFormatName = None
    pause: PauseSettings = Field(default=USUAL_PAUSES, description="Silence around sentences, paragraphs and the text.")
    lexicons: LexiconNames = None
    model: str = Field(
        default="herald",
        max_length=64,
        description="Ignored, as the voice determines the model. Accepted for OpenAI clients.",
    )
    instructions: str | None = Field(
        default=None, max_length=4_096, description="Ignored. Accepted for OpenAI clients."
    )


class SpeechRequest(FieldsWithoutEffect, _Settings):
    """A text to speak in real time, with its settings."""

    input: str = Field(description="The text to speak: at most 4,096 characters, unless configured otherwise.")
    stream_format: Literal["audio", "sse"] = Field(
        default="audio", description="`sse`: server-sent events `speech.audio.delta`, then `speech.audio.done`."
    )
    marks: bool = Field(
        default=False, description="Also send the time of each word, as events `herald.speech.marks`. Requires `sse`."
    )
    offsets: OffsetUnit = "characters"

    @property
    def without_effect(self) -> list[str]:
        """Return the names of the request's fields that have no effect, in alphabetical order."""
        names = ("instructions", *FieldsWithoutEffect.model_fields)
        return sorted(name for name in names if getattr(self, name) not in (None, ""))

    @model_validator(mode="after")
    def _marks_need_events(self) -> Self:
        if self.marks and self.stream_format != "sse":
            raise PydanticCustomError("invalid_request", "marks requires stream_format 'sse'.", {"param": "marks"})
        return self


_ONE_TEXT: list[JsonValue] = [
    {"required": ["input"], "properties": {"input": {"type": "string"}, "dialogue": {"type": "null"}}},
    {"required": ["dialogue"], "properties": {"dialogue": {"type": "array"}, "input": {"type": "null"}}},
]


class DialogueLine(NullIsOmitted):
    """One line of a dialogue. Omitted settings are those of the job."""

    input: str = Field(description="The text of the line.")
    voice: VoiceName | None = Field(default=None, description="The voice of the line. Default: that of the job.")
    language: Language | None = Field(default=None, description="The language of the line. Default: that of the job.")


def _describe_job(schema: dict[str, Any]) -> None:
    allow_null(schema)
    schema["oneOf"] = _ONE_TEXT


class JobRequest(_Settings):
    """A text or dialogue to speak into a file, with its settings."""

    model_config = ConfigDict(json_schema_extra=_describe_job)

    input: str | None = Field(default=None, description="The text to speak. Send either this or `dialogue`.")
    dialogue: Annotated[list[DialogueLine], Field(min_length=1, max_length=_MAX_LINES)] | None = Field(
        default=None,
        description="Lines to speak in order, each with a voice. At most 100,000 characters in total, unless "
        "configured otherwise.",
    )
    language: Language | None = Field(
        default=None,
        description="A BCP 47 tag such as `en-US` or `ja`, for multilingual voices. Default: that of the voice.",
    )
    quality: Literal["standard", "high"] = Field(default="standard", description="`high` requires the GPU.")
    fallback_voice: VoiceName | None = Field(
        default=None, description="The voice for the whole request if it needs the GPU and none is deployed."
    )
    priority: Literal["standard", "vip"] | None = Field(
        default=None,
        description="`vip` jobs do not queue behind `standard` ones, and require a key of that tier. "
        "Default: the tier of the key.",
    )
    use_case: UseCase = Field(default="other", description="A tag of the file, such as `welcome-message`, for reports.")
    retention: Literal["expire", "keep"] = Field(
        default="expire", description="`keep` exempts the job and its file from expiry."
    )
    metadata: Metadata = Field(
        default_factory=dict,
        description="Up to 16 custom pairs, printable and without line breaks. Returned with the job.",
    )
    webhook_url: WebhookUrl = None
    stream_format: Literal["audio"] = Field(default="audio", description="Jobs support only `audio`.")

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if self.input is None and self.dialogue is None:
            raise PydanticCustomError(
                "missing_field", "The field 'input' or 'dialogue' is required.", {"param": "input"}
            )
        if self.input is not None and self.dialogue is not None:
            raise PydanticCustomError(
                "invalid_request", "Send either 'input' or 'dialogue', not both.", {"param": "dialogue"}
            )
        return self

    @classmethod
    def of(cls, request: SpeechRequest) -> Self:
        """Return the job that is equivalent to a realtime request."""
        return cls.model_validate(request.model_dump(include=set(_Settings.model_fields) | {"input"}))

    @property
    def lines(self) -> tuple[DialogueLine, ...]:
        """Return the lines of the dialogue, or the text as a single line."""
        return tuple(self.dialogue or [DialogueLine(input=self.input or "")])

    @property
    def characters(self) -> int:
        """Return the number of characters of all lines, as sent; of SSML those of its text."""
        if self.dialogue:
            return sum(len(line.input) for line in self.dialogue)
        return text_length(self.input or "", self.input_type)


def parse_speech_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> SpeechRequest:
    """Parse the body of a realtime request. `headers` have lower-case names.

    Raise a subclass of InvalidInput for the first error. No message repeats what was sent.
    """
    sent = parse_body(body, headers, max_bytes=max_body_bytes(max_characters))
    request = validated(SpeechRequest, sent)
    check_length(text_length(request.input, request.input_type), max_characters, "input")
    return request


def parse_job_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> JobRequest:
    """Parse the body of a job request in the same way; `max_characters` applies to all lines together."""
    sent = parse_body(body, headers, max_bytes=max_body_bytes(max_characters, _JOB_BYTES_BESIDE_TEXT))
    request = validated(JobRequest, sent)
    check_length(request.characters, max_characters, "input" if request.dialogue is None else "dialogue")
    return request


def text_length(text: str, input_type: str | None) -> int:
    """Return the number of characters that limits and quotas count; raise InvalidSsml for a faulty SSML document."""
    if not is_ssml(text, input_type):
        return len(text)
    speakable(text)  # before the markup is parsed: the parser would report invalid characters as malformed
    return characters_of(text, "ssml")


def check_length(characters: int, most: int, param: str) -> None:
    """Raise TextTooLong for more than `most` characters."""
    if characters > most:
        raise TextTooLong(
            f"The text has {characters} characters, which exceeds the limit of {most}. "
            "Send it in parts, split between sentences.",
            param=param,
        )


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """Return the header Idempotency-Key, or None; raise InvalidRequest if it is malformed.

    `headers` have lower-case names.
    """
    key = headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidRequest(
            "The Idempotency-Key must be 1 to 255 visible ASCII characters without a comma, such as a UUID.",
            code="invalid_idempotency_key",
        )
    return key
