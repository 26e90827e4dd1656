"""Requests to the GPU container to enrol a voice, their results, and the verdict on the recordings."""

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from herald.enrolment.consent_sentence import ConsentSentence


class Refusal(NamedTuple):
    """A reason to refuse a voice, and how to fix the recording."""

    recording: str
    """consent or sample"""
    code: str
    message: str


class RecordingFacts(BaseModel):
    """Measurements of a recording."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    seconds: float
    speech_seconds: float
    speech_db: float
    noise_below_db: float
    clipped: float
    consistency: float | None = None
    """Similarity of the two most different parts, if they were compared: a second speaker lowers it."""


class Verdict(BaseModel):
    """The checks and their results. It contains digests of the recordings, but no audio."""

    model_config = ConfigDict(frozen=True)

    state: str
    """ready or refused"""
    checked_at: datetime
    language: str
    sentence: str
    transcript: str | None = None
    fixed_share: float | None = None
    words_heard: tuple[bool, ...] | None = None
    similarity: float | None = None
    """Cosine of the speakers' vectors, if they were compared."""
    least_similarity: float
    """Similarity from which two speakers count as the same."""
    consent: RecordingFacts | None = None
    sample: RecordingFacts | None = None
    refusals: tuple[Refusal, ...] = ()


ENROLLED = "enrolled"
"""Voice of a line of an enrolment request: the voice that the request creates."""
Method = Literal["matched", "pocket"]
"""matched: a mix of Kokoro's speakers. pocket: a voice of pocket-tts, cloned from the sample."""


class IssuedSentence(BaseModel):
    """A sentence of consent that was issued and is still valid."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text to read aloud."""
        return ConsentSentence(self.language, self.words).text


class EnrolmentRequest(BaseModel):
    """Two recordings, and the voice to create. Addresses are s3://bucket/key, or paths on a developer's machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voice: str = Field(pattern=r"^voice_[0-9a-f]{32}$")
    method: Method
    sentences: tuple[IssuedSentence, ...] = Field(min_length=1, max_length=8)
    """The consent must state one of them."""
    consent: str
    sample: str
    state: str
    """Address at which to store the data of the voice. Only the method pocket has data."""


class EnrolmentResult(BaseModel):
    """The verdict, and the name of the voice for later requests to the container."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Verdict
    speak_as: str | None = None
    """As in GpuLine.voice: a mix such as "kokoro:af_heart(3)+am_adam(1)", or "pocket:" with the address of the voice's
    data. None if refused."""
    likeness: float | None = None
    """Cosine between the speaker vectors of the sample and of the audio in this response."""
