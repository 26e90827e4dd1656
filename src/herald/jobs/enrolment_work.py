"""Custom voices while jobs are processed: which of them may be used, what the GPU receives, and the verdict it returns.

Every change of a voice is idempotent, because a notice and the sweeper may both process the same verdict.
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
_SENTENCE_USED = "Its sentence was already used by another consent. Get a new one, and record it."


@dataclass(kw_only=True)
class EnrolmentWork:
    """Prepares and completes jobs that make or use custom voices. It does nothing for other jobs."""

    store: CustomVoiceStore
    clock: Clock

    def speech(self, job: Job) -> CustomSpeech:
        """Return the custom voices of a job for the GPU. Raise InvalidInput if one of them cannot be used now."""
        voice_ids = custom_voices_in(job.script) if job.script else []
        if not voice_ids:
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
        speak_as = {}
        for voice_id in voice_ids:
            voice = _voice(tenant, voice_id)
            voice.require_ready()
            speak_as[voice_id] = voice.speak_as or ""
        return CustomSpeech(speak_as)

    def infos(self, job: Job, checksums: Mapping[str, str]) -> dict[str, VoiceInfo]:
        """Return the custom voices of a job, as they were when it was accepted, with `checksums` of models by name."""
        voice_ids = custom_voices_in(job.script) if job.script else []
        if not voice_ids:
            return {}
        tenant = self.store.voices(job.tenant)
        voices = {voice_id: _voice(tenant, voice_id) for voice_id in voice_ids}
        if job.enrols in voices:  # the job is its preview
            voices[job.enrols] = voices[job.enrols].model_copy(update={"speak_as": None})
        return {voice_id: voice.info((), checksums) for voice_id, voice in voices.items()}

    def settle(self, job: Job, result: EnrolmentResult | None) -> JobError | None:
        """Record the verdict on a voice before its job ends. Return the error with which the job fails, or None.

        The job also fails if one of its voices was deleted or disabled meanwhile. Raise MalformedResponse if the
        verdict is missing.
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
            faults = _refusals(result) or self._claim_recordings(tenant, voice, result)
            voice = self._record_verdict(job.tenant, voice, result, faults)
        fault = _preview_fault(voice)
        if fault is None and voice and voice.job != job.id:  # a retry: its file is the preview
            _change_voice(self.store, job.tenant, voice.id, lambda found: found.model_copy(update={"job": job.id}))
        return fault

    def record_end(self, job: Job) -> None:
        """Mark the voice of a job that ended without making it as failed, so that no voice stays pending.

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

    def _claim_recordings(
        self, tenant: TenantVoices, voice: CustomVoice, result: EnrolmentResult
    ) -> tuple[JobError, ...]:
        """Claim both recordings for the voice. Return a fault if one of them, or the sentence, was accepted before."""
        consent = tenant.consents.get(voice.consent)
        if consent is None:
            return (JobError(code="consent_gone", message="The consent was deleted."),)
        if not any(sentence.text == result.verdict.sentence for sentence in consent.sentences):
            return (JobError(code="replayed_recording", message=f"consent: {_SENTENCE_USED}"),)
        for kind, digest, owner in (("consent", consent.sha256, consent.id), ("sample", voice.sha256, voice.id)):
            if not self.store.claim(digest, owner):
                return (JobError(code="replayed_recording", message=f"{kind}: {_REPLAYED}"),)
        return ()

    def _record_verdict(
        self, tenant: str, voice: CustomVoice, result: EnrolmentResult, faults: tuple[JobError, ...]
    ) -> CustomVoice | None:
        """Store the verdict, unless the voice is ready or deleted, and return the voice; None if it does not exist."""
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
            return _with_accepted_consent(after, voice.consent, result.verdict.sentence, now) if accepted else after

        _, after = change_voices(self.store, tenant, change)
        return after.voice(voice.id)


def _with_accepted_consent(tenant: TenantVoices, consent_id: str, text: str, now: datetime) -> TenantVoices:
    """Return the document with a consent accepted for the sentence `text`, which no other recording can use now."""
    consents = {}
    for consent in tenant.consents.values():
        is_accepted = consent.id == consent_id
        sentences = tuple(sentence for sentence in consent.sentences if (sentence.text == text) == is_accepted)
        changes = {"sentences": sentences} | ({"accepted_at": consent.accepted_at or now} if is_accepted else {})
        consents[consent.id] = consent.model_copy(update=changes)
    unused = tuple(sentence for sentence in tenant.sentences if sentence.text != text)
    return tenant.model_copy(update={"consents": consents, "sentences": unused})


def _change_voice(
    store: CustomVoiceStore, tenant: str, voice_id: str, change: Callable[[CustomVoice], CustomVoice]
) -> CustomVoice | None:
    """Apply a change to a voice and return it; None if it was deleted."""

    def change_one(before: TenantVoices) -> TenantVoices:
        if voice_id not in before.voices:
            return before
        return before.model_copy(update={"voices": before.voices | {voice_id: change(before.voices[voice_id])}})

    return change_voices(store, tenant, change_one)[1].voice(voice_id)


def _voice(tenant: TenantVoices, voice_id: str) -> CustomVoice:
    found = tenant.voice(voice_id)
    if found is None or found.state is VoiceState.DELETED:
        raise UnknownVoice("The voice was deleted.", param="voice")
    return found


def _preview_fault(voice: CustomVoice | None) -> JobError | None:
    """Return why the preview of a voice is not delivered after the verdict, or None."""
    if voice is None or voice.state is VoiceState.DELETED:
        return _DELETED
    if voice.state is not VoiceState.READY:
        codes = ", ".join(dict.fromkeys(fault.code for fault in voice.faults))
        message = f"The recordings were refused: {codes}. See the voice {voice.id}."
        return JobError(code="voice_refused", message=message)
    try:
        voice.require_ready()
    except InvalidInput as error:  # it was disabled during the check
        return to_job_error(error)
    return None


def _refusals(result: EnrolmentResult) -> tuple[JobError, ...]:
    if result.speak_as is not None and result.verdict.state == "ready":
        return ()
    return tuple(
        JobError(code=refusal.code, message=f"{refusal.recording}: {refusal.message}")
        for refusal in result.verdict.refusals
    ) or (JobError(code="voice_refused", message="The voice could not be made from these recordings."),)
