"""The result of checking two recordings, which is also the record of a consent."""

from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Refusal(NamedTuple):
    """Why a voice is refused, and how to record it instead."""

    recording: str
    """consent or sample"""
    code: str
    message: str


class RecordingFacts(BaseModel):
    """What was measured of a recording."""

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
    """What was checked, with which result. It contains digests, and nothing of the recordings' sound."""

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
    """The similarity from which the speakers are the same."""
    consent: RecordingFacts | None = None
    sample: RecordingFacts | None = None
    refusals: tuple[Refusal, ...] = ()
