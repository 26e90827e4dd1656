"""A voice while its recordings are checked: what becomes of it and of its job, whatever happens meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from herald.auth.caller import Caller
from herald.enrolment.enrolment_messages import EnrolmentResult, IssuedSentence, Verdict
from herald.errors import Unavailable
from herald.jobs.custom_voice_records import (
    Consent,
    CustomVoice,
    Sentence,
    TenantVoices,
    VoiceState,
    change_voices,
    disable,
)
from herald.jobs.enrolment_job import enrolment_job
from herald.jobs.job import State
from herald.jobs.job_request import JobRequest
from tests.support.job_checks import check_waits
from tests.support.job_services import NOON
from tests.support.voice_catalog import VOICES

VOICE, CONSENT = f"voice_{'a' * 32}", f"cons_{'b' * 32}"
SENTENCE = IssuedSentence(language="en", words=("river", "window", "garden", "yellow"))
UNREAD = IssuedSentence(language="en", words=("tiger", "castle", "coffee", "piano"))
VERDICT = Verdict(state="ready", checked_at=NOON, language="en", sentence=SENTENCE.text, least_similarity=0.6)
ACCEPTED = EnrolmentResult(verdict=VERDICT, speak_as="kokoro:jf_alpha(3)+jm_kumo(1)", likeness=0.7)
DELETED = {"state": VoiceState.DELETED, "speak_as": None, "deleted_at": NOON}


@pytest.fixture
def job(services):
    """Store a voice and the consent to it; return the job that checks and makes it."""
    common = {"name": "Ann", "language": "en-US", "created_at": NOON, "created_by": "key", "bytes": 1}
    consent = Consent(id=CONSENT, sha256="consent", sentences=(SENTENCE,), **common)
    voice = CustomVoice(id=VOICE, consent=CONSENT, method="matched", sha256="sample", job="job_enrols", **common)
    services.custom_voices.tenants["acme"] = TenantVoices(consents={CONSENT: consent}, voices={VOICE: voice})
    return services.table.add(enrolment_job(Caller(tenant="acme"), voice, NOON, services.job_service.config))


@pytest.fixture
def checked(services, job):
    """Start the check, and return its job."""
    services.hand_over(job)
    assert services.endpoint.own[-1].enrolment.sentences == (SENTENCE,)
    return job


def edit(services, **changes):
    """Change the voice, or remove it if nothing is given."""

    def change(before):
        voices = {VOICE: before.voices[VOICE].model_copy(update=changes)} if changes else {}
        return before.model_copy(update={"voices": voices})

    change_voices(services.custom_voices, "acme", change)


def test_the_preview_has_the_key_that_it_was_accepted_with(services, checked):
    answer(services)
    assert services.row(checked).audio.key == checked.audio_key


def speak_with(services, checksum):
    """Speak a text with the voice once it is ready, on a container with that checksum of Kokoro; return key and row."""
    edit(services, state=VoiceState.READY, speak_as=ACCEPTED.speak_as)
    service = services.job_service
    service.config = replace(
        service.config, custom_voices=lambda tenant: services.custom_voices.voices(tenant).all_voices()
    )
    job = service.submit(JobRequest(input="Hello.", voice=VOICE), tenant="acme")
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish(voice_checksums={"kokoro": checksum}))
    return job.audio_key, services.row(job)


@pytest.mark.usefixtures("job")
def test_a_text_has_the_key_that_it_was_accepted_with(services):
    key, row = speak_with(services, VOICES["kokoro"].checksum)
    assert (row.state, row.audio.key) == (State.DONE, key)


@pytest.mark.usefixtures("job")
def test_a_text_that_another_version_of_the_model_spoke_has_another_key(services):
    key, row = speak_with(services, "0ther")
    assert row.state is State.DONE
    assert row.audio.key != key
    assert row.audio.key.startswith(f"audio/acme/{VOICE}/")


def edit_consent(services, **changes):
    """Change the consent, or remove it if nothing is given."""

    def change(before):
        consents = {CONSENT: before.consents[CONSENT].model_copy(update=changes)} if changes else {}
        return before.model_copy(update={"consents": consents})

    change_voices(services.custom_voices, "acme", change)


def answer(services, result=ACCEPTED):
    services.gpu.notice(services.endpoint.finish(enrolment=result))


def voice_of(services):
    return services.custom_voices.voices("acme").voice(VOICE)


def check_failed(services, job, code):
    row = services.row(job)
    assert (row.state, row.error.code) == (State.FAILED, code)
    assert services.audio.files == {}


def test_an_accepted_voice_is_ready_before_its_job_is_done(services, checked):
    answer(services)
    assert (voice_of(services).state, voice_of(services).speak_as) == (VoiceState.READY, ACCEPTED.speak_as)
    assert services.row(checked).state is State.DONE
    assert services.custom_voices.owners == {"consent": CONSENT, "sample": VOICE}


@pytest.mark.parametrize("change", [{}, {"deleted_at": NOON}, {"sentences": ()}])
def test_a_voice_whose_consent_has_gone_is_not_checked(services, job, change):
    edit_consent(services, **change)
    services.hand_over(job)
    check_failed(services, job, "consent_gone")
    assert [one.code for one in voice_of(services).faults] == ["consent_gone"]
    assert (voice_of(services).state, services.endpoint.invoked) == (VoiceState.FAILED, [])


def test_a_disabled_voice_is_not_checked(services, job):
    disable(services.custom_voices, "acme", VOICE, disabled=True)
    services.hand_over(job)
    check_failed(services, job, "voice_disabled")
    assert (voice_of(services).state, services.endpoint.invoked) == (VoiceState.FAILED, [])


@pytest.mark.parametrize("change", [{}, DELETED])
def test_a_voice_that_was_deleted_before_its_check_is_not_checked(services, job, change):
    edit(services, **change)
    services.hand_over(job)
    check_failed(services, job, "unknown_voice")
    assert services.endpoint.invoked == []


@pytest.mark.parametrize("moment", ["before the verdict", "while the verdict is stored"])
@pytest.mark.parametrize("change", [{}, DELETED])
def test_a_voice_that_is_deleted_during_its_check_stays_deleted(services, checked, change, moment):
    if moment == "before the verdict":
        edit(services, **change)
    else:
        services.custom_voices.meanwhile.append(lambda: edit(services, **change))
    services.custom_voices.states.add(VOICE)  # the GPU has written it after the deletion
    answer(services)
    check_failed(services, checked, "unknown_voice")
    assert services.custom_voices.states == set()
    found = voice_of(services)
    assert found is None or (found.state, found.speak_as) == (VoiceState.DELETED, None)


@pytest.mark.parametrize("all_of_them", [False, True])
@pytest.mark.parametrize("moment", ["before the verdict", "while the verdict is stored"])
def test_the_preview_of_a_voice_that_is_disabled_during_its_check_is_not_delivered(
    services, checked, all_of_them, moment
):
    def stop():
        disable(services.custom_voices, "acme", None if all_of_them else VOICE, disabled=True)

    if moment == "before the verdict":
        stop()
    else:
        services.custom_voices.meanwhile.append(stop)
    answer(services)
    check_failed(services, checked, "voice_disabled")
    assert (voice_of(services).state, voice_of(services).disabled) == (VoiceState.READY, True)


def test_a_voice_that_is_enabled_again_gets_its_preview_by_a_retry(services, checked):
    disable(services.custom_voices, "acme", VOICE, disabled=True)
    answer(services)
    disable(services.custom_voices, "acme", VOICE, disabled=False)
    before = voice_of(services)
    retried = services.job_service.retry(checked.id, tenant="acme")
    services.hand_over(retried)
    answer(services)
    assert services.row(retried).state is State.DONE
    assert voice_of(services) == before.model_copy(update={"job": retried.id})


def test_a_verdict_that_comes_again_changes_nothing(services, checked):
    """The voice was stored, but not the preview; the sweeper finds the same response later."""
    services.audio.faults.before("put", Unavailable("S3 did not respond."))
    with pytest.raises(Unavailable):
        answer(services)
    before = services.custom_voices.voices("acme")
    assert before.voice(VOICE).state is VoiceState.READY
    services.time.move(3_600)
    services.sweep()
    assert services.row(checked).state is State.DONE
    assert services.custom_voices.voices("acme") == before


def test_of_two_verdicts_at_once_the_first_one_counts(services, checked):
    ready = {"state": VoiceState.READY, "speak_as": "kokoro:jf_alpha", "checked_at": NOON}
    services.custom_voices.meanwhile.append(lambda: edit(services, **ready))
    services.time.move(60)
    answer(services)
    assert (voice_of(services).speak_as, voice_of(services).checked_at) == ("kokoro:jf_alpha", NOON)
    assert services.row(checked).state is State.DONE


def test_a_response_without_a_verdict_is_attempted_again(services, checked):
    answer(services, None)
    check_waits(services, checked, "broken_answer", delay=30)
    assert voice_of(services).state is VoiceState.PENDING


def test_a_consent_that_is_deleted_during_the_check_refuses_the_voice(services, checked):
    edit_consent(services)
    answer(services)
    check_failed(services, checked, "voice_refused")
    assert (voice_of(services).state, [one.code for one in voice_of(services).faults]) == (
        VoiceState.REFUSED,
        ["consent_gone"],
    )
    assert services.custom_voices.owners == {}


@pytest.mark.parametrize("recording", ["consent", "sample"])
def test_a_recording_that_was_accepted_meanwhile_for_another_voice_is_refused(services, checked, recording):
    services.custom_voices.claim(recording, "another")
    answer(services)
    check_failed(services, checked, "voice_refused")
    (fault,) = voice_of(services).faults
    assert fault.code == "replayed_recording"
    assert fault.message.startswith(f"{recording}: It was accepted before")
    assert services.custom_voices.owners[recording] == "another"
    assert voice_of(services).speak_as is None
    assert services.custom_voices.voices("acme").consents[CONSENT].accepted_at is None


@pytest.mark.parametrize("change", [{"speak_as": None}, {"verdict": VERDICT.model_copy(update={"state": "refused"})}])
def test_an_incomplete_verdict_refuses_the_voice(services, checked, change):
    answer(services, ACCEPTED.model_copy(update=change))
    check_failed(services, checked, "voice_refused")
    assert (voice_of(services).state, voice_of(services).speak_as) == (VoiceState.REFUSED, None)


def test_the_sentence_of_an_accepted_consent_is_used_up(services, checked):
    """Also for other consents and for later ones; sentences that it did not state stay valid."""
    issued = [Sentence(**dict(one), issued_at=NOON, expires_at=NOON + timedelta(hours=1)) for one in (SENTENCE, UNREAD)]

    def issue(before):
        consent = before.consents[CONSENT].model_copy(update={"sentences": (UNREAD, SENTENCE)})
        consents = {CONSENT: consent, "other": consent.model_copy(update={"id": "other"})}
        return before.model_copy(update={"consents": consents, "sentences": tuple(issued)})

    change_voices(services.custom_voices, "acme", issue)
    answer(services)
    tenant = services.custom_voices.voices("acme")
    assert tenant.voice(VOICE).state is VoiceState.READY
    assert {key: (one.sentences, one.accepted_at) for key, one in tenant.consents.items()} == {
        CONSENT: ((SENTENCE,), services.time()),
        "other": ((UNREAD,), None),
    }
    assert tenant.sentences == (issued[1],)


def test_a_cancelled_check_leaves_no_voice_pending(services, job):
    services.job_service.cancel(job.id, tenant="acme")
    assert services.row(job).state is State.CANCELLED
    assert (voice_of(services).state, [one.code for one in voice_of(services).faults]) == (
        VoiceState.FAILED,
        ["cancelled"],
    )
    assert voice_of(services).checked_at - NOON == timedelta(0)
