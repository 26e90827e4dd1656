"""A tenant's own voices and the consents to them, as they are stored."""

from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from herald.enrolment.consent_sentence import ConsentSentence
from herald.enrolment.enrolment_messages import IssuedSentence, Method
from herald.enrolment.verdict import Verdict
from herald.errors import InvalidRequest, UnknownVoice, VoiceDisabled
from herald.speech.voices.catalog import VoiceInfo

# A newer version may have added fields.
_FROZEN = ConfigDict(extra="ignore", frozen=True, defer_build=True)
RATE = 24_000
"""Hz of all methods."""


class VoiceState(StrEnum):
    """The state of a voice. `failed`: the check did not take place, and the same recordings can be sent again."""

    PENDING = "pending"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"
    DELETED = "deleted"


class Sentence(BaseModel):
    """A sentence of consent that was issued."""

    model_config = _FROZEN

    language: str
    words: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime

    @property
    def text(self) -> str:
        """The whole text to read aloud."""
        return sentence_text(self.language, self.words)


class Fault(BaseModel):
    """Why a voice is not ready."""

    model_config = _FROZEN

    code: str
    message: str


class Consent(BaseModel):
    """The recording of a consent. `created_by` is the id of a key, or the tenant of a caller without one."""

    model_config = _FROZEN

    id: str
    name: str
    language: str
    """BCP 47, as sent."""
    created_at: datetime
    created_by: str
    sha256: str
    bytes: int
    sentences: tuple[IssuedSentence, ...]
    """Those that were valid when it was uploaded; once it is accepted, the one that it states."""
    accepted_at: datetime | None = None
    deleted_at: datetime | None = None


class OwnVoice(BaseModel):
    """A voice, and the check of its recordings."""

    model_config = _FROZEN

    id: str
    name: str
    consent: str
    method: Method
    language: str
    created_at: datetime
    created_by: str
    sha256: str
    """Of the sample."""
    bytes: int
    job: str
    """The id of the job that enrols it, whose file is the preview."""
    state: VoiceState = VoiceState.PENDING
    disabled: bool = False
    """Set by the operator."""
    speak_as: str | None = None
    likeness: float | None = None
    verdict: Verdict | None = None
    faults: tuple[Fault, ...] = ()
    checked_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be spoken now."""
        return self.speak_as is not None and not self.disabled

    def require_ready(self) -> None:
        """Raise VoiceDisabled, or InvalidRequest with the code voice_not_ready, unless it can be spoken."""
        if self.disabled:
            raise VoiceDisabled("The operator has disabled this voice.", param="voice")
        if self.state is VoiceState.DELETED:
            raise UnknownVoice("The voice was deleted.", param="voice")
        if self.speak_as is None:
            raise InvalidRequest(
                f"The voice is {self.state.value}, not ready. See GET /v1/audio/voices/{self.id}.",
                param="voice",
                code="voice_not_ready",
            )

    def info(self, languages: tuple[str, ...]) -> VoiceInfo:
        """Return its description. `languages` are those that the method speaks."""
        return VoiceInfo(
            id=self.id,
            language=self.language.replace("-", "_"),
            language_name=self.language,
            languages=languages or (self.language,),
            sample_rate=RATE,
            quality="own",
            licence="own",
            engine=self.method,
            needs_gpu=True,
            path=Path(),
            known_checksum=sha256((self.speak_as or "").encode()).hexdigest(),
        )


class TenantVoices(BaseModel):
    """Everything current of a tenant. `revision` grows with each change; 0 before the first."""

    model_config = _FROZEN

    revision: int = 0
    disabled: bool = False
    """Set by the operator, for all voices."""
    sentences: tuple[Sentence, ...] = ()
    consents: dict[str, Consent] = {}
    voices: dict[str, OwnVoice] = {}
    day: date | None = None
    """The latest day on which voices were enrolled, in UTC, and their number."""
    enrolled: int = 0

    def voice(self, voice_id: str) -> OwnVoice | None:
        """Return a voice, disabled if the tenant is, or None."""
        found = self.voices.get(voice_id)
        return found.model_copy(update={"disabled": True}) if found and self.disabled else found

    def all_voices(self) -> list[OwnVoice]:
        """Return all voices, the newest first."""
        newest = sorted(self.voices.values(), key=lambda one: (one.created_at, one.id), reverse=True)
        return [one for voice in newest if (one := self.voice(voice.id))]


class NewVoice(NamedTuple):
    """The request for a voice."""

    name: str
    consent: str
    method: Method
    sample: bytes


def sentence_text(language: str, words: tuple[str, ...]) -> str:
    """Return the whole text of a sentence of consent."""
    return ConsentSentence(language, words).text
