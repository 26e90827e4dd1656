"""What is said, by whom and how: all that decides how a file sounds, once names and defaults are resolved."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_FROZEN = ConfigDict(extra="forbid", frozen=True)


class Line(BaseModel):
    """A text and who says it."""

    model_config = _FROZEN

    text: str = Field(repr=False)
    voice: str
    """A voice of the catalogue."""
    speaker: str | None = None
    """One of its speakers, or a mix of them."""
    language: str | None = None
    """BCP 47, as "en-US" or "ja"; None is the voice's own."""

    def __str__(self) -> str:
        """The voice as a request names it."""
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
    def _a_number_is_a_number(self) -> Self:
        # 1 and 1.0 are the same speed and must make the same key.
        object.__setattr__(self, "speed", float(self.speed))
        return self

    @property
    def characters(self) -> int:
        """Characters of all lines, which is what is paid for elsewhere."""
        return sum(len(line.text) for line in self.lines)

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices that speak, each once, as requests name them."""
        return tuple(dict.fromkeys(str(line) for line in self.lines))
