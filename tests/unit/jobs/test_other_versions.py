"""Jobs that are spoken by another version of the voice, or of Herald, than the one that accepted them."""

from dataclasses import replace
from functools import partial

import pytest

from herald.errors import Unavailable
from herald.jobs.gpu_script import GpuHeader
from herald.jobs.job import State
from herald.jobs.script import audio_key
from herald.speech.audio.formats import CONTAINERS
from herald.speech.memory import SOUND
from tests.support.job_checks import check_done_once
from tests.support.job_services import KilledWorker
from tests.support.voice_catalog import VOICES

OTHER = {name: replace(info, checksum="0ther") for name, info in VOICES.items()}
OTHERS = dict.fromkeys(VOICES, "0ther")
"""Checksums of a container."""


def accept_as(monkeypatch, **versions):
    """Let jobs be accepted by a function with other versions of the sound or of containers."""
    monkeypatch.setattr("herald.jobs.job_service.audio_key", partial(audio_key, **versions))


def check_stored(services, job, key):
    """Check that a job is done, and that its file is the only one, at `key`."""
    row = services.row(job)
    assert (row.state, row.audio.key, row.audio_key) == (State.DONE, key, key)
    assert [*services.audio.files] == [key]
    assert services.events_of(job)[0].audio.key == key


def test_a_worker_with_another_voice_stores_under_the_key_of_that_voice(services):
    job = services.submit()
    services.speaker.voices = OTHER
    assert services.work(job) is None
    key = audio_key(job.script, "acme", OTHER)
    assert key != job.audio_key
    check_stored(services, job, key)


def test_the_next_job_with_the_same_text_gets_the_accepted_voice(services):
    job = services.submit()
    services.speaker.voices = OTHER
    services.work(job)
    services.speaker.voices = VOICES
    again = services.submit()
    assert not again.hit
    services.work(again)
    row = services.row(again)
    assert (row.audio_key, row.hit, services.audio.puts) == (job.audio_key, False, 2)
    assert services.submit().hit


@pytest.mark.parametrize("version", [{"sound": SOUND + 1}, {"sound": SOUND - 1}, {"containers": CONTAINERS + 1}])
def test_a_worker_with_another_sound_stores_under_its_own_key(services, monkeypatch, version):
    accept_as(monkeypatch, **version)
    job = services.submit()
    services.work(job)
    key = audio_key(job.script, "acme", VOICES)
    assert key != job.audio_key
    check_stored(services, job, key)


def test_a_repeated_request_returns_the_job_with_the_other_key(services):
    job = services.submit(key="K")
    services.speaker.voices = OTHER
    services.work(job)
    assert services.submit(key="K").id == job.id


def test_the_file_of_the_other_key_is_kept_and_released(services):
    job = services.submit(retention="keep")
    services.speaker.voices = OTHER
    services.work(job)
    key = audio_key(job.script, "acme", OTHER)
    kept = services.row(job).audio.key
    assert kept == key.replace("audio/", "kept/", 1)
    services.retaining.change(services.row(job), "expire")
    assert services.row(job).audio.key == key
    services.retaining.change(services.row(job), "keep")  # a released copy is never kept again
    assert services.row(job).audio.key == kept.replace(".mp3", ".shared.mp3")


def test_a_worker_that_dies_after_storing_leaves_one_file(services):
    job = services.submit()
    services.speaker.voices = OTHER
    services.audio.faults.after("put", KilledWorker())
    with pytest.raises(KilledWorker):
        services.work(job)
    services.time.move(100)
    services.speaker.voices = VOICES  # the next worker has the accepted version, but the file exists
    services.work(job)
    check_stored(services, job, audio_key(job.script, "acme", OTHER))
    assert services.audio.puts == 1


def test_a_job_that_is_given_up_after_storing_is_done(services):
    job = services.submit()
    services.speaker.voices = OTHER
    services.table.faults.before("move", Unavailable("Not now."), times=2)
    with pytest.raises(Unavailable):
        services.work(job)
    services.completion.give_up(services.row(job))
    check_stored(services, job, audio_key(job.script, "acme", OTHER))


def test_a_worker_that_has_lost_the_job_stores_nothing_under_another_key(services):
    job = services.submit()
    services.speaker.voices = OTHER

    def take_over(port, method, when):
        if (port, method, when) == ("speaker", "speak", "after"):
            services.on_call = lambda *_: None
            services.time.move(100)
            services.speaker.voices = VOICES
            services.work(job)

    services.on_call = take_over
    services.work(job)
    check_stored(services, job, job.audio_key)


def test_a_container_with_another_voice(services, job):
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish(voice_checksums=OTHERS))
    key = audio_key(job.script, "acme", OTHER)
    assert key != job.audio_key
    check_stored(services, job, key)


@pytest.mark.parametrize("version", [{"sound": SOUND + 1}, {"containers": CONTAINERS + 1}])
def test_a_container_with_another_sound(services, job, version):
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish(**version))
    check_stored(services, job, audio_key(job.script, "acme", VOICES, **version))


def test_a_container_that_states_only_one_engine(services, job):
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish(voice_engines={}))
    check_stored(services, job, job.audio_key)


@pytest.mark.parametrize("header", [{"voice_checksums": {}}, {"voice_engines": {}, "engine": "kokoro+piper"}])
def test_what_a_container_does_not_state_is_never_stored_under_an_accepted_key(services, job, header):
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish(**header))
    assert services.row(job).state is State.DONE
    assert job.audio_key not in services.audio.files


def test_a_response_without_notice(services, job):
    services.hand_over(job)
    services.time.move(1_801)
    services.endpoint.finish(voice_checksums=OTHERS)
    services.sweep()
    check_stored(services, job, audio_key(job.script, "acme", OTHER))


def test_both_reports_of_a_response_give_one_file(services, job):
    services.hand_over(job)
    services.time.move(1_801)
    notice = services.endpoint.finish(voice_checksums=OTHERS)
    services.table.faults.before("move", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        services.gpu.notice(notice)
    services.sweep()
    services.gpu.notice(notice)
    check_done_once(services, job)
    check_stored(services, job, audio_key(job.script, "acme", OTHER))


def test_headers_of_earlier_containers_have_the_versions_of_their_time():
    """The defaults never change: the containers that do not state their versions had these."""
    fields = GpuHeader.model_fields
    assert (fields["sound"].default, fields["containers"].default) == (5, 1)
