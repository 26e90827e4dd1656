"""Scripts: everything that determines the audio of a file, after names and defaults are resolved."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_FROZEN = ConfigDict(extra="forbid", frozen=True)


class Line(BaseModel):
    """A text and its voice."""

    model_config = _FROZEN

    text: str = Field(repr=False)
    voice: str
    """The id of a voice in the catalogue."""
    speaker: str | None = None
    """A speaker of the voice, or a mix of speakers."""
    language: str | None = None
    """BCP 47, such as "en-US" or "ja". None: the default language of the voice."""

    def __str__(self) -> str:
        """Return the voice as requests name it."""
        return f"{self.voice}:{self.speaker}" if self.speaker else self.voice


class Script(BaseModel):
    """The lines of one file, in order, and its settings."""

    model_config = _FROZEN

    lines: tuple[Line, ...] = Field(min_length=1)
    response_format: str
    sample_rate: int
    """Hz of the file."""
    speed: float = 1.0
    quality: str = "standard"

    @model_validator(mode="after")
    def _speed_as_float(self) -> Self:
        # 1 and 1.0 are the same speed, and must produce the same content key.
        object.__setattr__(self, "speed", float(self.speed))
        return self

    @property
    def characters(self) -> int:
        """Return the characters of all lines, the unit that comparable services charge for."""
        return sum(len(line.text) for line in self.lines)

    @property
    def voices(self) -> tuple[str, ...]:
        """Return the distinct voices in order of appearance, as requests name them."""
        return tuple(dict.fromkeys(str(line) for line in self.lines))
