"""The protocol between Herald's functions and the GPU container.

A request is a JSON body. A response is a line of JSON, a newline, and the audio file. It is stored as one S3 object, so
it is either complete or missing.
"""

from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from herald.enrolment.enrolment_messages import EnrolmentRequest, EnrolmentResult
from herald.errors import MalformedResponse
from herald.jobs.body import parse_json_object, validated
from herald.jobs.script import CUSTOM_VOICE

MEDIA_TYPE = "application/vnd.herald.speech"

_MAX_HEADER_BYTES = 1 << 16
"""Bytes of the line of JSON. A hundred voices with their checksums fit."""
_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


class GpuLine(BaseModel):
    """A text, its voice and its language."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: str
    voice: str = Field(min_length=1, max_length=256)
    """"voice", "voice:speaker", or a mix such as "kokoro:jf_alpha(2)+jm_kumo(1)"."""
    language: str | None = Field(default=None, max_length=35, pattern=_LANGUAGE)
    """BCP 47, such as "en-US" or "ja". None: the default language of the voice."""
    own_voice: str | None = Field(default=None, pattern=rf"^{CUSTOM_VOICE}$")
    """The id of the tenant's custom voice that `voice` is, for the file's manifest."""


class GpuRequest(BaseModel):
    """The lines of a file, and its settings."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    version: Literal[1] = 1
    job: str = Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")
    lines: tuple[GpuLine, ...] = Field(strict=False, min_length=1, max_length=10_000)
    response_format: str = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    sample_rate: int | None = None
    enrolment: EnrolmentRequest | None = Field(default=None, strict=False)
    """If set, the voice is made first; lines can use it as ENROLLED."""


class SpokenVoice(NamedTuple):
    """The version of a voice that the container used; a herald.jobs.script.VoiceVersion."""

    id: str
    engine: str
    checksum: str


class GpuHeader(BaseModel):
    """The metadata of a synthesized file."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # a newer container may state more

    version: Literal[1] = 1
    job: str
    seconds: float = Field(ge=0, allow_inf_nan=False)
    """The duration of the audio; 0 only for a voice that was refused."""
    sample_rate: int = Field(gt=0)
    format: str
    engine: str
    """The engines of the voices, joined by "+"."""
    synthesis_seconds: float = Field(ge=0, allow_inf_nan=False)
    voice_checksums: dict[str, str] = Field(default_factory=dict)
    """By voice, as in VoiceInfo.checksum."""
    voice_engines: dict[str, str] = Field(default_factory=dict)
    """By voice. Earlier containers do not state it."""
    sound: int = 5
    containers: int = 1
    """SOUND and CONTAINERS of the container. Earlier containers do not state them, and had these."""
    size: int = Field(ge=0)
    """Bytes of the audio, to detect a truncated response."""
    enrolment: EnrolmentResult | None = None
    """For a request with `enrolment`. A refused voice has no audio."""

    def spoken_by(self, voice: str) -> SpokenVoice:
        """Return the version of a voice. Without a checksum, it equals no version of the catalogue."""
        engine = self.voice_engines.get(voice, self.engine)
        return SpokenVoice(id=voice, engine=engine, checksum=self.voice_checksums.get(voice, ""))

    @model_validator(mode="after")
    def _require_audio(self) -> Self:
        refused = self.enrolment is not None and self.enrolment.speak_as is None
        if not refused and not (self.size and self.seconds):
            raise ValueError("size and seconds of audio must be positive")
        return self


class GpuResponse(GpuHeader):
    """A synthesized file with its metadata."""

    audio: bytes = Field(exclude=True, repr=False)

    def pack(self) -> bytes:
        """Serialize for transport."""
        return b"%b\n%b" % (self.model_dump_json().encode(), self.audio)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Deserialize a response; raise MalformedResponse if it is malformed or truncated."""
        line, newline, _ = data[:_MAX_HEADER_BYTES].partition(b"\n")
        if not newline:
            raise MalformedResponse("The GPU response does not begin with a line of JSON.")
        try:
            header = GpuHeader.model_validate_json(line)
        except ValidationError as error:
            wrong = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
            raise MalformedResponse(
                f"The GPU response has an invalid header. Invalid field: {wrong or 'the whole header'}."
            ) from None
        audio = data[len(line) + 1 :]
        if len(audio) != header.size:
            raise MalformedResponse(
                f"The GPU response is truncated: it has {len(audio)} of {header.size} bytes of audio."
            )
        return cls(**header.model_dump(), audio=audio)


def parse_gpu_request(body: bytes) -> GpuRequest:
    """Parse a request body; raise InvalidRequest, which never repeats what was sent."""
    return validated(GpuRequest, parse_json_object(body))
