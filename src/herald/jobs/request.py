"""What callers ask for: to speak, in the shape of OpenAI's `POST /v1/audio/speech` with fields of our own, or a job."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from herald.errors import InvalidRequest, TextTooLong
from herald.jobs.body import max_body_bytes, parse_body, validated
from herald.speech.audio.formats import FORMATS

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_MOST_LINES = 500
_MOST_PAIRS, _LONGEST_NAME, _LONGEST_VALUE = 16, 64, 512
_JOB_BYTES_BESIDE_TEXT = 300_000
"""Room for 500 lines' voices and for the longest metadata and instructions, escaped."""
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,255}")
"""Without commas, by which two headers are joined on the way."""


def _sized(pairs: dict[str, str]) -> dict[str, str]:
    fitting = all(1 <= len(name) <= _LONGEST_NAME and len(value) <= _LONGEST_VALUE for name, value in pairs.items())
    if len(pairs) > _MOST_PAIRS or not fitting:
        raise PydanticCustomError(
            "metadata",
            f"At most {_MOST_PAIRS} pairs, names of 1 to {_LONGEST_NAME} characters, values of up to {_LONGEST_VALUE}",
        )
    if not all(name.isprintable() and value.isprintable() for name, value in pairs.items()):
        raise PydanticCustomError("metadata", "Names and values must be printable, without line breaks")
    return pairs


_RATES = sorted({rate for made in FORMATS.values() for rate in made.rates})
_PAIRS = {
    "type": "object",
    "maxProperties": _MOST_PAIRS,
    "propertyNames": {"minLength": 1, "maxLength": _LONGEST_NAME},
    "additionalProperties": {"type": "string", "maxLength": _LONGEST_VALUE},
    "default": {},
}
VoiceName = Annotated[str, Field(max_length=128)]
Language = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""BCP 47: tags as RFC 5646 shapes them (section 2.1, without private use), in the room that 4.4.1 asks for."""
UseCase = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Metadata = Annotated[dict[str, str], AfterValidator(_sized), WithJsonSchema(_PAIRS)]
FormatName = Annotated[str, Field(json_schema_extra={"enum": list(FORMATS)})]
"""Checked when the voice is known, as other errors tell of it: only documented here."""
Rate = Annotated[int, Field(json_schema_extra={"enum": [*_RATES]})]


class _Settings(BaseModel):
    """What every request to speak may say beside its text."""

    model_config = _STRICT

    voice: VoiceName = Field(
        default="alloy",
        description="A voice of GET /v1/voices, `voice:speaker` for one of its speakers, or one of OpenAI's names.",
    )
    response_format: FormatName = Field(
        default="mp3", description="ulaw and alaw are G.711, bare or in a wav file. aac is not made: take mp3 or opus."
    )
    speed: float = Field(default=1.0, ge=0.25, le=4.0, description="1.0 is the voice's own speed.")
    sample_rate: Rate | None = Field(
        default=None,
        description="Hz. Left out: the voice's own, 24000 for pcm, 8000 for ulaw and alaw. "
        "opus knows 8, 12, 16, 24 and 48 kHz.",
    )
    model: str = Field(
        default="herald", max_length=64, description="Any; the voice decides. Taken for OpenAI's clients."
    )
    instructions: str | None = Field(
        default=None, max_length=4_096, description="Taken for OpenAI's clients; these voices follow none."
    )


class SpeechRequest(_Settings):
    """A text to speak, and how."""

    input: str = Field(description="The text to speak; at most 4,096 characters, unless the deployment says otherwise.")
    stream_format: Literal["audio", "sse"] = Field(
        default="audio", description="`sse`: server-sent events, `speech.audio.delta` and, last, `speech.audio.done`."
    )
    marks: bool = Field(
        default=False, description="Beside the audio, when each word is spoken: `herald.speech.marks`. Needs `sse`."
    )

    @model_validator(mode="after")
    def _marks_need_events(self) -> Self:
        if self.marks and self.stream_format != "sse":
            raise PydanticCustomError("invalid_request", "marks need stream_format 'sse'.", {"param": "marks"})
        return self


_ONE_TEXT: list[JsonValue] = [
    {"required": ["input"], "properties": {"input": {"type": "string"}, "dialogue": {"type": "null"}}},
    {"required": ["dialogue"], "properties": {"dialogue": {"type": "array"}, "input": {"type": "null"}}},
]


class DialogueLine(BaseModel):
    """One line of a dialogue; what it leaves out is as the job says."""

    model_config = _STRICT

    input: str = Field(description="What is said.")
    voice: VoiceName | None = Field(default=None, description="Who says it. Left out: the job's voice.")
    language: Language | None = Field(default=None, description="In which language. Left out: the job's.")


class JobRequest(_Settings):
    """A text, or a dialogue, to speak into a file, and what to do with that."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _ONE_TEXT})

    input: str | None = Field(default=None, description="The text to speak. Either this or `dialogue`.")
    dialogue: Annotated[list[DialogueLine], Field(min_length=1, max_length=_MOST_LINES)] | None = Field(
        default=None,
        description="Lines to speak one after the other, each with a voice. All texts together: at most 100,000 "
        "characters, unless the deployment says otherwise.",
    )
    language: Language | None = Field(
        default=None,
        description="As `en-US` or `ja` (BCP 47), for voices that speak several. Left out: the voice's own.",
    )
    quality: Literal["standard", "high"] = Field(default="standard", description="`high` is made on the GPU.")
    fallback_voice: VoiceName | None = Field(
        default=None, description="Speaks all of it where the GPU is needed and not deployed."
    )
    priority: Literal["standard", "vip"] | None = Field(
        default=None,
        description="`vip` does not wait behind `standard`, and takes a key of that tier. Left out: the key's tier.",
    )
    use_case: UseCase = Field(default="other", description="A tag on the file, as `welcome-message`, for reports.")
    retention: Literal["expire", "keep"] = Field(
        default="expire", description="`keep` exempts job and file from expiry."
    )
    metadata: Metadata = Field(
        default_factory=dict,
        description="Up to 16 pairs of the caller's own, printable and without line breaks; given back.",
    )
    stream_format: Literal["audio"] = Field(default="audio", description="Only audio here.")

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if self.input is None and self.dialogue is None:
            raise PydanticCustomError("missing_field", "Send 'input', or 'dialogue'.", {"param": "input"})
        if self.input is not None and self.dialogue is not None:
            raise PydanticCustomError(
                "invalid_request", "Send either 'input' or 'dialogue', not both.", {"param": "dialogue"}
            )
        return self

    @classmethod
    def of(cls, request: SpeechRequest) -> Self:
        """The job that speaks what a request to speak asks for."""
        return cls.model_validate(request.model_dump(exclude={"stream_format", "marks"}))

    @property
    def lines(self) -> tuple[DialogueLine, ...]:
        """The lines of the dialogue; a text is one line."""
        return tuple(self.dialogue or [DialogueLine(input=self.input or "")])

    @property
    def characters(self) -> int:
        """Of all lines together, as they were sent."""
        return sum(len(line.input) for line in self.lines)


def parse_speech_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> SpeechRequest:
    """Read a request from an HTTP body; `headers` have lower-case names.

    InvalidInput of an exact kind for whatever is wrong with it. No message repeats what was sent.
    """
    sent = parse_body(body, headers, max_bytes=max_body_bytes(max_characters))
    request = validated(SpeechRequest, sent)
    _check_length(len(request.input), max_characters, "input")
    return request


def parse_job_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> JobRequest:
    """Read a request for a job from an HTTP body, as strictly; `max_characters` counts all lines together."""
    sent = parse_body(body, headers, max_bytes=max_body_bytes(max_characters, _JOB_BYTES_BESIDE_TEXT))
    request = validated(JobRequest, sent, DialogueLine)
    _check_length(request.characters, max_characters, "input" if request.dialogue is None else "dialogue")
    return request


def _check_length(characters: int, most: int, param: str) -> None:
    if characters > most:
        raise TextTooLong(
            f"The text has {characters} characters; at most {most} are spoken at once. "
            "Send it in parts, cut between sentences.",
            param=param,
        )


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """The header Idempotency-Key, where there is one; `headers` have lower-case names."""
    key = headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidRequest(
            "An Idempotency-Key is 1 to 255 visible ASCII characters without a comma, as a UUID is.",
            code="invalid_idempotency_key",
        )
    return key
