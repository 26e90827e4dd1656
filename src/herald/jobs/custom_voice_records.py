"""The stored records of tenants' custom voices and consents, and the interface of their store."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from herald.enrolment.enrolment_messages import IssuedSentence, Method, Verdict
from herald.errors import InvalidRequest, Unavailable, UnknownEnrolment, UnknownVoice, VoiceDisabled
from herald.jobs.job import JobError
from herald.speech.voices.catalog import VoiceInfo

# A newer version may have added fields.
_FROZEN = ConfigDict(extra="ignore", frozen=True, defer_build=True)
RATE = 24_000
"""The sample rate of custom voices in Hz, for all methods."""
_ATTEMPTS = 5


class VoiceState(StrEnum):
    """The state of a voice. `failed`: the recordings were not checked, and can be sent again."""

    PENDING = "pending"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"
    DELETED = "deleted"


class Sentence(IssuedSentence):
    """A sentence of consent that was issued to a tenant."""

    model_config = _FROZEN

    issued_at: datetime
    expires_at: datetime


class Consent(BaseModel):
    """The recording of a consent. `created_by` is the id of a key, or the tenant of a caller without one."""

    model_config = _FROZEN

    id: str
    name: str
    language: str
    """BCP 47, as the caller sent it."""
    created_at: datetime
    created_by: str
    sha256: str
    bytes: int
    sentences: tuple[IssuedSentence, ...]
    """The sentences that were valid when it was uploaded; once it is accepted, the one that it states."""
    accepted_at: datetime | None = None
    deleted_at: datetime | None = None


class CustomVoice(BaseModel):
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
    """The digest of the sample."""
    bytes: int
    job: str
    """The id of the job that enrols it, whose file is the preview."""
    state: VoiceState = VoiceState.PENDING
    disabled: bool = False
    """Set by the operator."""
    speak_as: str | None = None
    likeness: float | None = None
    verdict: Verdict | None = None
    faults: tuple[JobError, ...] = ()
    """Why the voice is not ready."""
    checked_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be used now."""
        return self.speak_as is not None and not self.disabled

    def require_ready(self) -> None:
        """Raise VoiceDisabled, UnknownVoice, or InvalidRequest with the code voice_not_ready, unless it is ready."""
        if self.disabled:
            raise VoiceDisabled(
                "The operator has disabled this voice. Ask the operator, or use another voice.", param="voice"
            )
        if self.state is VoiceState.DELETED:
            raise UnknownVoice("The voice was deleted.", param="voice")
        if self.speak_as is None:
            raise InvalidRequest(
                f"The voice is {self.state.value}, not ready. See GET /v1/audio/voices/{self.id}.",
                param="voice",
                code="voice_not_ready",
            )

    def info(self, languages: tuple[str, ...], checksums: Mapping[str, str]) -> VoiceInfo:
        """Return the description of the voice for the catalogue.

        `languages` are those that its method supports, `checksums` those of models by name. The sound of a matched
        voice depends on the version of Kokoro. The model of a cloned voice is not in the catalogue, so the checksum
        does not cover it.
        """
        model = checksums.get("kokoro", "") if self.method == "matched" else ""
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
            known_checksum=sha256(f"{self.speak_as or ''} {model}".encode()).hexdigest(),
        )


class TenantVoices(BaseModel):
    """The voices, consents and valid sentences of a tenant. `revision` grows with each change; 0 before the first."""

    model_config = _FROZEN

    revision: int = 0
    disabled: bool = False
    """Set by the operator, for all voices."""
    sentences: tuple[Sentence, ...] = ()
    consents: dict[str, Consent] = {}
    voices: dict[str, CustomVoice] = {}
    day: date | None = None
    """The latest day on which voices were enrolled, in UTC, and their number."""
    enrolled: int = 0
    issued_on: date | None = None
    """The latest day on which sentences were issued, in UTC, and their number."""
    issued: int = 0

    def voice(self, voice_id: str) -> CustomVoice | None:
        """Return a voice, or None. It is disabled if the tenant is."""
        found = self.voices.get(voice_id)
        return found.model_copy(update={"disabled": True}) if found and self.disabled else found

    def all_voices(self) -> list[CustomVoice]:
        """Return all voices, the newest first."""
        newest = sorted(self.voices.values(), key=lambda voice: (voice.created_at, voice.id), reverse=True)
        return [voice for stored in newest if (voice := self.voice(stored.id))]


class CustomVoiceStore(Protocol):
    """Stores a document for each tenant, records of deleted voices and consents, digests, and recordings."""

    def voices(self, tenant: str) -> TenantVoices:
        """Return the current document of a tenant; an empty one if it has none."""
        ...

    def replace(self, tenant: str, voices: TenantVoices, *, before: int) -> bool:
        """Store the document if the current revision is `before`; return whether it was stored."""
        ...

    def put_record(self, tenant: str, deleted: Consent | CustomVoice) -> None:
        """Store the record of a deleted voice or consent, unless there is one. Records never change."""
        ...

    def voice_record(self, tenant: str, voice_id: str) -> CustomVoice | None:
        """Return the record of a deleted voice."""
        ...

    def consent_record(self, tenant: str, consent_id: str) -> Consent | None:
        """Return the record of a deleted consent."""
        ...

    def claim(self, digest: str, owner: str) -> bool:
        """Record the digest of an accepted recording for good; return False if it belongs to another owner."""
        ...

    def is_claimed(self, digest: str) -> bool:
        """Return whether a recording was accepted before."""
        ...

    def put_recording(self, tenant: str, owner: str, data: bytes) -> None:
        """Store the recording of a consent or voice."""
        ...

    def erase(self, tenant: str, owner: str) -> None:
        """Delete the recording of a consent or voice, and the state and all files of a voice."""
        ...

    def erase_state(self, voice_id: str) -> None:
        """Delete the state of a voice."""
        ...

    def recording_address(self, tenant: str, owner: str) -> str:
        """Return the address of a recording, s3://bucket/key."""
        ...

    def state_address(self, voice_id: str) -> str:
        """Return the address for the data of a voice, s3://bucket/key."""
        ...


def change_voices(
    store: CustomVoiceStore, tenant: str, change: Callable[[TenantVoices], TenantVoices]
) -> tuple[TenantVoices, TenantVoices]:
    """Change the document of a tenant; return it before and after. `change` is called again after a conflict."""
    for _ in range(_ATTEMPTS):
        before = store.voices(tenant)
        changed = change(before)
        if changed == before:
            return before, before
        after = changed.model_copy(update={"revision": before.revision + 1})
        if store.replace(tenant, after, before=before.revision):
            return before, after
    raise Unavailable("Several requests are changing the voices of this tenant. Try again.")


def disable(store: CustomVoiceStore, tenant: str, voice_id: str | None, *, disabled: bool) -> None:
    """Disable or enable a voice, or all voices of a tenant; raise UnknownEnrolment if it has no voice with that id."""

    def change(before: TenantVoices) -> TenantVoices:
        if voice_id is None:
            return before.model_copy(update={"disabled": disabled})
        if voice_id not in before.voices:
            raise UnknownEnrolment(f"The tenant {tenant} has no voice with that id.")
        voice = before.voices[voice_id].model_copy(update={"disabled": disabled})
        return before.model_copy(update={"voices": before.voices | {voice_id: voice}})

    change_voices(store, tenant, change)
