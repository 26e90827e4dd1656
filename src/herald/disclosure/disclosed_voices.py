"""What a manifest states about the voices of a file."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SYNTHETIC_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's term for content that a trained model generated, the value of an action's digitalSourceType."""
VOICES = "herald.voices"
"""The parameter of the action c2pa.created that lists voices."""

type VoiceKind = Literal["stock", "matched", "cloned"]
"""stock: a voice of the catalogue. matched: a mix of stock voices that resembles a person. cloned: a person's voice."""


class DisclosedVoice(BaseModel):
    """A voice of a file. The id of a person's voice is random: only the tenant's records lead to the person."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: VoiceKind
    id: str | None = Field(default=None, max_length=64)
    """The id of an enrolled voice, or None for a stock voice."""

    def __str__(self) -> str:
        """Return the kind and the id in words."""
        return f"{self.kind} voice {self.id}" if self.id else f"{self.kind} voice"


STOCK_VOICE = DisclosedVoice(kind="stock")
