"""A tenant's custom voices during the work on jobs: who may be spoken, what the GPU gets, and what its verdict changes.

Every change of a voice is safe to repeat: a notice and the sweeper may both bring the same verdict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from herald.clock import Clock
from herald.enrolment.enrolment_messages import ENROLLED, EnrolmentRequest, EnrolmentResult
from herald.errors import InvalidInput, InvalidRequest, MalformedResponse, UnknownVoice
from herald.jobs.completion import to_job_error
from herald.jobs.custom_voice_records import (
    Consent,
    CustomVoice,
    CustomVoiceStore,
    TenantVoices,
    VoiceState,
    change_voices,
)
from herald.jobs.custom_voices import NO_CUSTOM_SPEECH, CustomSpeech, custom_voices_in
from herald.jobs.job import Job, JobError, State
from herald.speech.voices.catalog import VoiceInfo

_DELETED = JobError(code="unknown_voice", message="The voice was deleted.")
_REPLAYED = "It was accepted before, for another voice or consent. Make a new recording."
_USED = "Its sentence was already used by another consent. Get a new one, and record it."


@dataclass(kw_only=True)
class EnrolmentWork:
    """Prepares and settles jobs that make or speak custom voices. For all other jobs, it does nothing."""

    store: CustomVoiceStore
    clock: Clock

    def speech(self, job: Job) -> CustomSpeech:
        """Return what the GPU needs for a job. Raise InvalidInput if one of its voices cannot be spoken now."""
        wanted = custom_voices_in(job.script) if job.script else []
        if not wanted:
            return NO_CUSTOM_SPEECH
        tenant = self.store.voices(job.tenant)
        if job.enrols:
            voice = _voice(tenant, job.enrols)
            if voice.disabled:
                voice.require_ready()
            consent = tenant.consents.get(voice.consent)
            if consent is None or consent.deleted_at or not consent.sentences:
                raise InvalidRequest(
                    "The consent was deleted, or its sentence was used. Record a new consent.", code="consent_gone"
                )
            return CustomSpeech({voice.id: ENROLLED}, self._request(job.tenant, voice, consent))
        return CustomSpeech(_names(tenant, wanted))

    def described(self, job: Job, checksums: Mapping[str, str]) -> dict[str, VoiceInfo]:
        """Return the custom voices of a job, as they were when it was accepted, with `checksums` of models by name."""
        wanted = custom_voices_in(job.script) if job.script else []
        if not wanted:
            return {}
        tenant = self.store.voices(job.tenant)
        voices = {voice_id: _voice(tenant, voice_id) for voice_id in wanted}
        if job.enrols in voices:  # the job is its preview
            voices[job.enrols] = voices[job.enrols].model_copy(update={"speak_as": None})
        return {voice_id: voice.info((), checksums) for voice_id, voice in voices.items()}

    def settle(self, job: Job, result: EnrolmentResult | None) -> JobError | None:
        """Record the verdict on a voice before its job ends. Return why the job fails instead, or None.

        Audio of a voice that was deleted or disabled meanwhile is refused as well. Raise MalformedResponse if a verdict
        is missing.
        """
        if job.enrols is None:
            try:
                self.speech(job)
            except InvalidInput as error:
                return to_job_error(error)
            return None
        if result is None:
            raise MalformedResponse("The GPU's response has no verdict on the voice.")
        tenant = self.store.voices(job.tenant)
        voice = tenant.voice(job.enrols)
        if voice and voice.state not in {VoiceState.READY, VoiceState.DELETED}:
            faults = _faults(result) or self._replayed(tenant, voice, result)
            voice = self._decided(job.tenant, voice, result, faults)
        fault = _fault_of(voice)
        if fault is None and voice and voice.job != job.id:  # a retry: its file is the preview
            _change_voice(self.store, job.tenant, voice.id, lambda found: found.model_copy(update={"job": job.id}))
        return fault

    def ended(self, job: Job) -> None:
        """Record the end of a job that should have made a voice but did not, so that no voice stays pending.

        If the voice was deleted meanwhile, delete its state: the GPU may have written it after the deletion.
        """
        if job.enrols is None or job.state is State.DONE:
            return
        error = job.error or JobError(code=job.state.value, message="The job was cancelled.")
        pending = {"state": VoiceState.FAILED, "faults": (error,), "checked_at": self.clock()}
        voice = _change_voice(
            self.store,
            job.tenant,
            job.enrols,
            lambda voice: voice.model_copy(update=pending) if voice.state is VoiceState.PENDING else voice,
        )
        if voice is None or voice.state is VoiceState.DELETED:
            self.store.erase_state(job.enrols)

    def _request(self, tenant: str, voice: CustomVoice, consent: Consent) -> EnrolmentRequest:
        return EnrolmentRequest(
            voice=voice.id,
            method=voice.method,
            sentences=consent.sentences,
            consent=self.store.recording_address(tenant, consent.id),
            sample=self.store.recording_address(tenant, voice.id),
            state=self.store.state_address(voice.id),
        )

    def _replayed(self, tenant: TenantVoices, voice: CustomVoice, result: EnrolmentResult) -> tuple[JobError, ...]:
        """Return a fault if a recording or its sentence was accepted before. Otherwise, record the recordings."""
        consent = tenant.consents.get(voice.consent)
        if consent is None:
            return (JobError(code="consent_gone", message="The consent was deleted."),)
        if not any(one.text == result.verdict.sentence for one in consent.sentences):
            return (JobError(code="replayed_recording", message=f"consent: {_USED}"),)
        for kind, digest, owner in (("consent", consent.sha256, consent.id), ("sample", voice.sha256, voice.id)):
            if not self.store.claim(digest, owner):
                return (JobError(code="replayed_recording", message=f"{kind}: {_REPLAYED}"),)
        return ()

    def _decided(
        self, tenant: str, voice: CustomVoice, result: EnrolmentResult, faults: tuple[JobError, ...]
    ) -> CustomVoice | None:
        now, accepted = self.clock(), not faults
        decided = {
            "state": VoiceState.READY if accepted else VoiceState.REFUSED,
            "speak_as": result.speak_as if accepted else None,
            "likeness": result.likeness,
            "verdict": result.verdict,
            "faults": faults,
            "checked_at": now,
        }

        def change(before: TenantVoices) -> TenantVoices:
            current = before.voices.get(voice.id)
            if current is None or current.state in {VoiceState.READY, VoiceState.DELETED}:
                return before
            voices = before.voices | {voice.id: current.model_copy(update=decided)}
            after = before.model_copy(update={"voices": voices})
            return _accepted(after, voice.consent, result.verdict.sentence, now) if accepted else after

        _, after = change_voices(self.store, tenant, change)
        return after.voice(voice.id)


def _accepted(tenant: TenantVoices, consent_id: str, sentence: str, now: datetime) -> TenantVoices:
    """Return the voices of a tenant after a consent was accepted: no other recording can use its sentence."""
    consents = {}
    for consent in tenant.consents.values():
        is_it = consent.id == consent_id
        sentences = tuple(one for one in consent.sentences if (one.text == sentence) == is_it)
        changes = {"sentences": sentences} | ({"accepted_at": consent.accepted_at or now} if is_it else {})
        consents[consent.id] = consent.model_copy(update=changes)
    left = tuple(one for one in tenant.sentences if one.text != sentence)
    return tenant.model_copy(update={"consents": consents, "sentences": left})


def _change_voice(
    store: CustomVoiceStore, tenant: str, voice_id: str, change: Callable[[CustomVoice], CustomVoice]
) -> CustomVoice | None:
    """Apply a change to a voice, unless it was deleted; return it."""

    def changed(before: TenantVoices) -> TenantVoices:
        if voice_id not in before.voices:
            return before
        return before.model_copy(update={"voices": before.voices | {voice_id: change(before.voices[voice_id])}})

    return change_voices(store, tenant, changed)[1].voice(voice_id)


def _voice(tenant: TenantVoices, voice_id: str) -> CustomVoice:
    found = tenant.voice(voice_id)
    if found is None or found.state is VoiceState.DELETED:
        raise UnknownVoice("The voice was deleted.", param="voice")
    return found


def _names(tenant: TenantVoices, wanted: list[str]) -> dict[str, str]:
    names = {}
    for voice_id in wanted:
        voice = _voice(tenant, voice_id)
        voice.require_ready()
        names[voice_id] = voice.speak_as or ""
    return names


def _fault_of(voice: CustomVoice | None) -> JobError | None:
    """Return why the preview of a voice is not delivered after the verdict on it, or None."""
    if voice is None or voice.state is VoiceState.DELETED:
        return _DELETED
    if voice.state is not VoiceState.READY:
        codes = ", ".join(dict.fromkeys(one.code for one in voice.faults))
        message = f"The recordings were refused: {codes}. See the voice {voice.id}."
        return JobError(code="voice_refused", message=message)
    try:
        voice.require_ready()
    except InvalidInput as error:  # it was disabled during the check
        return to_job_error(error)
    return None


def _faults(result: EnrolmentResult) -> tuple[JobError, ...]:
    if result.speak_as is not None and result.verdict.state == "ready":
        return ()
    return tuple(
        JobError(code=one.code, message=f"{one.recording}: {one.message}") for one in result.verdict.refusals
    ) or (JobError(code="voice_refused", message="The voice could not be made from these recordings."),)
