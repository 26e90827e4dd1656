"""Manage tenants' custom voices: sentences of consent, consents, and voices, which a job checks and makes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from herald.auth.caller import Caller
from herald.auth.quotas import Quotas
from herald.clock import Clock, seconds_left_today
from herald.enrolment.consent_sentence import new_sentence
from herald.enrolment.enrolment_messages import IssuedSentence, Method
from herald.errors import ConsentInUse, GpuNotDeployed, InvalidRequest, TooMany, Unavailable, UnknownEnrolment
from herald.jobs.custom_voice_records import (
    Consent,
    CustomVoice,
    CustomVoiceStore,
    Sentence,
    TenantVoices,
    VoiceState,
    change_voices,
)
from herald.jobs.enrolment_job import enrolment_job, primary
from herald.jobs.job import Job, State, new_id
from herald.jobs.job_service import JobService

MOST_VOICES, MOST_CONSENTS, MOST_A_DAY, MOST_SENTENCES = 20, 40, 20, 8
"""Limits of a tenant: voices and consents that are not deleted, voices enrolled in a day, and valid sentences."""
MOST_ISSUED = 40
"""Sentences that are issued to a tenant in a day. Without a limit, callers could request sentences until one matches an
older recording."""
SENTENCE_LIFE = timedelta(hours=1)
RECORDING_LIFE = timedelta(days=7)
"""infra/storage.yaml deletes recordings after this time."""
_LIVE = frozenset({VoiceState.PENDING, VoiceState.READY})


@dataclass(kw_only=True)
class VoiceService:
    """The custom voices of tenants."""

    store: CustomVoiceStore
    jobs: JobService
    quotas: Quotas
    clock: Clock

    def sentence(self, tenant: str, language: str) -> Sentence:
        """Issue a sentence of consent. Only the latest MOST_SENTENCES are valid.

        Raise InvalidRequest for a language that has no sentence, and TooMany for more than MOST_ISSUED in a day.
        """
        issued = new_sentence(primary(language))
        now = self.clock()
        sentence = Sentence(**issued._asdict(), issued_at=now, expires_at=now + SENTENCE_LIFE)

        def change(before: TenantVoices) -> TenantVoices:
            count = before.issued if before.issued_on == now.date() else 0
            if count >= MOST_ISSUED:
                raise _at_limit(f"requested {MOST_ISSUED} sentences of consent", now, code="too_many_sentences")
            valid = [other for other in before.sentences if other.expires_at > now]
            sentences = (*valid, sentence)[-MOST_SENTENCES:]
            return before.model_copy(update={"sentences": sentences, "issued_on": now.date(), "issued": count + 1})

        change_voices(self.store, tenant, change)
        return sentence

    def add_consent(self, caller: Caller, *, name: str, language: str, recording: bytes) -> Consent:
        """Store a recording of any sentence that is valid now. It is checked together with the sample of a voice.

        Until the consent is accepted, the same recording returns the same consent.

        Raise InvalidRequest with the code no_sentence if no sentence is valid, replayed_recording if the recording was
        accepted before, or too_many_consents.
        """
        now, base = self.clock(), primary(language)
        digest = sha256(recording).hexdigest()
        consent_id = f"cons_{secrets.token_hex(16)}"
        current = self.store.voices(caller.tenant)
        same = [consent for consent in current.consents.values() if consent.sha256 == digest and not consent.deleted_at]
        if same and not same[0].accepted_at:
            return same[0]

        def change(before: TenantVoices) -> TenantVoices:
            valid = [issued for issued in before.sentences if issued.expires_at > now and issued.language == base]
            if not valid:
                raise InvalidRequest(
                    "No sentence of consent in this language is valid. Get one, have it read aloud within the hour, "
                    f"and send the recording: GET /v1/audio/voice_consents/sentence?language={base}.",
                    param="language",
                    code="no_sentence",
                )
            if len(before.consents) >= MOST_CONSENTS:
                raise InvalidRequest(
                    f"Your tenant has {MOST_CONSENTS} consents, the limit. Delete one.", code="too_many_consents"
                )
            consent = Consent(
                id=consent_id,
                name=name,
                language=language,
                created_at=now,
                created_by=caller.account,
                sha256=digest,
                bytes=len(recording),
                sentences=tuple(IssuedSentence(language=sentence.language, words=sentence.words) for sentence in valid),
            )
            return before.model_copy(update={"consents": before.consents | {consent_id: consent}})

        change(current)  # raises before anything is stored
        self._refuse_replay(digest, "recording")
        self.store.put_recording(caller.tenant, consent_id, recording)
        return change_voices(self.store, caller.tenant, change)[1].consents[consent_id]

    def consents(self, tenant: str) -> list[Consent]:
        """Return the consents of a tenant, the newest first."""
        found = [consent for consent in self.store.voices(tenant).consents.values() if not consent.deleted_at]
        return sorted(found, key=lambda consent: (consent.created_at, consent.id), reverse=True)

    def consent(self, tenant: str, consent_id: str) -> Consent:
        """Return a consent, or the record of a deleted one. Raise UnknownEnrolment if the tenant never had it."""
        found = self.store.voices(tenant).consents.get(consent_id) or self.store.consent_record(tenant, consent_id)
        if found is None:
            raise UnknownEnrolment("There is no consent with that id.")
        return found

    def delete_consent(self, tenant: str, consent_id: str) -> Consent:
        """Delete the recording of a consent; its record stays. Idempotent.

        Raise ConsentInUse if a voice was made with it.
        """
        now = self.clock()

        def mark(before: TenantVoices) -> TenantVoices:
            consent = before.consents.get(consent_id)
            if consent is None or consent.deleted_at:
                return before
            if using := [
                voice.id for voice in before.voices.values() if voice.consent == consent_id and voice.state in _LIVE
            ]:
                raise ConsentInUse(f"Voices were made with this consent: {', '.join(using)}. Delete them first.")
            gone = consent.model_copy(update={"deleted_at": now})
            return before.model_copy(update={"consents": before.consents | {consent_id: gone}})

        _, marked = change_voices(self.store, tenant, mark)
        consent = marked.consents.get(consent_id)
        if consent is None:
            return self.consent(tenant, consent_id)
        self.store.erase(tenant, consent_id)
        self.store.put_record(tenant, consent)

        def remove(before: TenantVoices) -> TenantVoices:
            others = {key: consent for key, consent in before.consents.items() if key != consent_id}
            return before.model_copy(update={"consents": others})

        change_voices(self.store, tenant, remove)
        return consent

    def create(self, caller: Caller, *, name: str, consent: str, method: Method, sample: bytes) -> CustomVoice:
        """Accept a voice. Its job checks both recordings, and makes or refuses the voice.

        The characters of its preview count like those of any job.

        Raise GpuNotDeployed, InvalidRequest with the code unknown_consent, consent_gone, replayed_recording,
        unsupported_language or too_many_voices, and TooMany for more than MOST_A_DAY in a day, or if the caller has too
        few characters left.
        """
        if not self.jobs.config.policy.gpu:
            raise GpuNotDeployed("Voices are made on the GPU, which is not deployed (template parameter GpuImage).")
        now, tenant, digest = self.clock(), caller.tenant, sha256(sample).hexdigest()
        voice_id, job_id = f"voice_{secrets.token_hex(16)}", new_id(now)

        def change(before: TenantVoices) -> TenantVoices:
            usable = _usable(before, consent, now)
            if digest == usable.sha256:
                raise InvalidRequest(
                    "The sample is the recording of the consent. Record other sentences for it.",
                    param="audio_sample",
                    code="same_recording",
                )
            voice = CustomVoice(
                id=voice_id,
                name=name,
                consent=usable.id,
                method=method,
                language=usable.language,
                created_at=now,
                created_by=caller.account,
                sha256=digest,
                bytes=len(sample),
                job=job_id,
            )
            enrolled = before.enrolled if before.day == now.date() else 0
            _check_counts(before, enrolled, now)
            voices = before.voices | {voice_id: voice}
            return before.model_copy(update={"voices": voices, "day": now.date(), "enrolled": enrolled + 1})

        voice = change(self.store.voices(tenant)).voices[voice_id]  # raises before anything is stored
        self._refuse_replay(digest, "audio_sample")
        job = enrolment_job(caller, voice, now, self.jobs.config)
        with self.quotas.spending(caller, job.characters) as charge:
            try:
                self.store.put_recording(tenant, voice_id, sample)
                # Store the job before the voice, so that no voice waits for a job that does not exist.
                stored = self.jobs.table.add(job)
                voice = change_voices(self.store, tenant, change)[1].voices[voice_id]
            except Unavailable:  # the voice may have been stored
                charge.decide_later(lambda: voice_id in self.store.voices(tenant).voices)
                raise
            self.jobs.dispatch(stored)
        return voice

    def voices(self, tenant: str) -> list[CustomVoice]:
        """Return the voices of a tenant, the newest first."""
        return [voice for voice in self.store.voices(tenant).all_voices() if voice.state is not VoiceState.DELETED]

    def voice(self, tenant: str, voice_id: str) -> CustomVoice:
        """Return a voice, or the record of a deleted one. Raise UnknownEnrolment if the tenant never had it."""
        found = self.store.voices(tenant).voice(voice_id) or self.store.voice_record(tenant, voice_id)
        if found is None:
            raise UnknownEnrolment("There is no voice with that id.")
        return found

    def is_checking(self, voice: CustomVoice) -> bool:
        """Return whether the GPU is checking the recordings of a pending voice."""
        job = self.jobs.table.get(voice.job) if voice.state is VoiceState.PENDING else None
        return job is not None and job.state is State.WAITING_FOR_GPU

    def preview(self, voice: CustomVoice) -> Job | None:
        """Return the job whose file is the preview of a voice, or None if it has none."""
        job = self.jobs.table.get(voice.job) if voice.state is VoiceState.READY else None
        return job if job and job.audio else None

    def delete(self, tenant: str, voice_id: str) -> CustomVoice:
        """Delete a voice, its recording, its data and all files that use it; its record stays. Idempotent."""
        now = self.clock()

        def mark(before: TenantVoices) -> TenantVoices:
            voice = before.voices.get(voice_id)
            if voice is None or voice.state is VoiceState.DELETED:
                return before
            gone = voice.model_copy(update={"state": VoiceState.DELETED, "speak_as": None, "deleted_at": now})
            return before.model_copy(update={"voices": before.voices | {voice_id: gone}})

        _, marked = change_voices(self.store, tenant, mark)  # from now on, no job can use it
        voice = marked.voices.get(voice_id)
        if voice is None:
            return self.voice(tenant, voice_id)
        job = self.jobs.table.get(voice.job)
        if job and not job.ended:
            self.jobs.completion.cancel(job)
        self.store.erase(tenant, voice_id)
        self.store.put_record(tenant, voice)

        def remove(before: TenantVoices) -> TenantVoices:
            others = {key: voice for key, voice in before.voices.items() if key != voice_id}
            return before.model_copy(update={"voices": others})

        change_voices(self.store, tenant, remove)
        return voice

    def _refuse_replay(self, digest: str, param: str) -> None:
        if self.store.is_claimed(digest):
            raise InvalidRequest(
                "This recording was used before. Make a new recording.", param=param, code="replayed_recording"
            )


def _usable(current: TenantVoices, consent_id: str, now: datetime) -> Consent:
    """Return a consent; raise InvalidRequest if no voice can be made with it."""
    consent = current.consents.get(consent_id)
    if consent is None or consent.deleted_at:
        raise InvalidRequest(
            "There is no consent with that id. List yours: GET /v1/audio/voice_consents.",
            param="consent",
            code="unknown_consent",
        )
    if now - consent.created_at > RECORDING_LIFE - timedelta(days=1) or not consent.sentences:
        raise InvalidRequest(
            "The recording of this consent has expired, or its sentence was used. Record a new consent.",
            param="consent",
            code="consent_gone",
        )
    return consent


def _check_counts(current: TenantVoices, enrolled: int, now: datetime) -> None:
    if len(current.voices) >= MOST_VOICES:
        raise InvalidRequest(
            f"Your tenant has {MOST_VOICES} voices, the limit, including refused ones. Delete one.",
            code="too_many_voices",
        )
    if enrolled >= MOST_A_DAY:
        raise _at_limit(f"enrolled {MOST_A_DAY} voices", now, code="too_many_enrolments")


def _at_limit(done: str, now: datetime, *, code: str) -> TooMany:
    message = f"Your tenant has {done} today, the limit. Try again tomorrow (UTC)."
    return TooMany(message, retry_after=seconds_left_today(now), code=code)
