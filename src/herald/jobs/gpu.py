"""The wire between Herald's functions and the container that speaks on a GPU: what is asked, what is answered.

An answer is one line of JSON, a newline, and the audio file: one object in the bucket, which is whole or is none.
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import BrokenAnswer
from herald.jobs.body import parse_json_object, validated

MEDIA_TYPE = "application/vnd.herald.speech"

_LONGEST_HEADER = 1 << 16
"""Bytes of the line of JSON: a hundred voices with their checksums fit in easily."""
_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


class GpuLine(BaseModel):
    """A text, who says it, and in which language."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: str
    voice: str = Field(min_length=1, max_length=256)
    """As in "voice", "voice:speaker", or a mix as in "kokoro:jf_alpha(2)+jm_kumo(1)"."""
    language: str | None = Field(default=None, max_length=35, pattern=_LANGUAGE)
    """BCP 47, as in "en-US" or "ja"; None is the voice's own."""


class GpuRequest(BaseModel):
    """The lines of one file, and how they are spoken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    version: Literal[1] = 1
    job: str = Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")
    lines: tuple[GpuLine, ...] = Field(strict=False, min_length=1, max_length=10_000)
    response_format: str = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    sample_rate: int | None = None


class GpuHeader(BaseModel):
    """What is known of a file that was spoken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    job: str
    seconds: float = Field(gt=0, allow_inf_nan=False)
    """How long the audio lasts."""
    sample_rate: int = Field(gt=0)
    format: str
    engine: str
    """Of the voices that spoke; several are joined by "+"."""
    synthesis_seconds: float = Field(ge=0, allow_inf_nan=False)
    voice_checksums: dict[str, str] = Field(default_factory=dict)
    """Of each voice that spoke, as VoiceInfo.checksum tells it."""
    size: int = Field(gt=0)
    """Bytes of the audio, by which a torn answer is known."""


class GpuAnswer(GpuHeader):
    """A file that was spoken, and what is known of it."""

    audio: bytes = Field(exclude=True, repr=False)

    def pack(self) -> bytes:
        """As it travels."""
        return b"%b\n%b" % (self.model_dump_json().encode(), self.audio)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Read what travelled; BrokenAnswer where it is torn, foreign or without audio."""
        line, newline, _ = data[:_LONGEST_HEADER].partition(b"\n")
        if not newline:
            raise BrokenAnswer("The GPU's answer does not begin with a line of JSON.")
        try:
            header = GpuHeader.model_validate_json(line)
        except ValidationError as error:
            wrong = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
            raise BrokenAnswer(
                f"The GPU's answer has a header of another kind. Wrong there: {wrong or 'all'}."
            ) from None
        audio = data[len(line) + 1 :]
        if len(audio) != header.size:
            raise BrokenAnswer(f"The GPU's answer is torn: it has {len(audio)} of {header.size} bytes of audio.")
        return cls(**header.model_dump(), audio=audio)


def parse_gpu_request(body: bytes) -> GpuRequest:
    """Read a request from an HTTP body; InvalidRequest of an exact kind, which never repeats what was sent."""
    return validated(GpuRequest, parse_json_object(body), GpuLine)
