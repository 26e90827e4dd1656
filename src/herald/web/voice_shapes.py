"""The models of consents and custom voices in responses: OpenAI's fields, and Herald's own. Times are Unix seconds."""

from typing import Annotated, Literal

from pydantic import Field

from herald.enrolment.enrolment_messages import Method, Verdict
from herald.jobs.script import CUSTOM_VOICE
from herald.web.schemas import Link, Shape

type ConsentState = Literal["unchecked", "accepted", "deleted"]
type CustomVoiceState = Literal["pending", "checking", "ready", "refused", "failed", "deleted"]
Seconds = Annotated[int, Field(ge=0)]


class ConsentSentence(Shape):
    """A sentence for a person to read aloud."""

    object: Literal["audio.voice_consent.sentence"] = "audio.voice_consent.sentence"
    language: str
    sentence: str
    words: list[str] = Field(description="The random words at its end.")
    expires_at: Seconds = Field(description="Send the recording before this time.")


class VoiceConsent(Shape):
    """A consent, and its record. The record stays after the recording is deleted."""

    id: Annotated[str, Field(pattern="^cons_[0-9a-f]{32}$")]
    object: Literal["audio.voice_consent"] = "audio.voice_consent"
    created_at: Seconds
    name: str
    language: str
    state: ConsentState = Field(description="accepted: a voice was made with it.")
    created_by: str = Field(description="Id of the key that sent it, or the tenant of a caller without a key.")
    sha256: str = Field(description="SHA-256 of the recording.")
    bytes: int
    sentences: list[str] = Field(description="The sentences that it may state; once accepted, the one that it states.")
    accepted_at: Seconds | None
    deleted_at: Seconds | None


class Refused(Shape):
    """Why a voice was refused, and how to record it instead."""

    code: str
    message: str


class VoiceCheck(Verdict):
    """The record of a check: what was measured of both recordings, and the transcript of the consent."""


class CustomVoice(Shape):
    """A voice of the tenant, and the record of its check."""

    id: Annotated[str, Field(pattern=f"^{CUSTOM_VOICE}$")]
    object: Literal["audio.voice"] = "audio.voice"
    type: Literal["audio_sample"] = "audio_sample"
    created_at: Seconds
    name: str
    consent: str
    method: Method = Field(description="matched: a mix of stock speakers that is similar. pocket: cloned.")
    language: str
    state: CustomVoiceState = Field(description="failed: the check did not take place; send the same recordings again.")
    disabled: bool = Field(description="Whether the operator has stopped the voice.")
    job: str = Field(description="The job that checks the recordings and makes the voice.")
    similarity: float | None = Field(description="Similarity of the speakers in the consent and the sample, at most 1.")
    likeness: float | None = Field(description="Similarity of the voice and the sample, at most 1.")
    refusals: list[Refused]
    preview_url: Link | None = Field(description="Audio of the voice, once it is ready. Null in lists.")
    created_by: str
    sha256: str = Field(description="SHA-256 of the sample.")
    bytes: int
    check: VoiceCheck | None = Field(description="All measurements, without audio. Null in lists.")
    checked_at: Seconds | None
    deleted_at: Seconds | None


class DeletedConsent(Shape):
    """The recording of a consent was deleted."""

    id: str
    object: Literal["audio.voice_consent"] = "audio.voice_consent"
    deleted: Literal[True] = True


class DeletedVoice(Shape):
    """A voice was deleted, with its recording and all files spoken in it."""

    id: str
    object: Literal["audio.voice.deleted"] = "audio.voice.deleted"
    deleted: Literal[True] = True
