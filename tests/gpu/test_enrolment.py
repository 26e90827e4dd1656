"""The server enrols a voice from recordings, with the real models of the checks."""

import io
import json

import pytest
import soundfile

from gpu.matching import speakers_of
from herald.enrolment.consent_sentence import ConsentSentence
from herald.jobs.gpu_script import GpuResponse
from herald.speech.kokoro.kokoro_speakers import parse_mix
from herald.speech.voices.catalog import Catalog
from tests.gpu.conftest import SENTENCE, enrolment

OLD = ConsentSentence("en", ("tiger", "castle", "coffee", "piano"))


def enrol(server, folder, *sentences):
    return server.post(enrolment(folder, *sentences))


def test_a_consent_and_a_sample_become_a_voice(enrolling, recordings):
    response = enrol(enrolling, recordings, OLD, SENTENCE)
    assert response.status_code == 200, response.text
    answer = GpuResponse.unpack(response.content)
    verdict = answer.enrolment.verdict
    assert (verdict.state, verdict.sentence, verdict.words_heard) == ("ready", SENTENCE.text, (True,) * 4)
    samples, rate = soundfile.read(io.BytesIO(answer.audio))
    assert len(samples) / rate == pytest.approx(answer.seconds, abs=0.01)
    model, _, mix = answer.enrolment.speak_as.partition(":")
    info = Catalog().find(model)
    shares = parse_mix(mix).shares
    assert set(shares) <= set(speakers_of("en", info))
    assert sum(share for name, share in shares.items() if name[1] == "m") > 0.5, "the speaker is a man"
    assert answer.enrolment.likeness > 0.4
    again = enrolling.speak(("Your table is ready.", answer.enrolment.speak_as, "en-US"))
    assert again.audio == answer.audio, "the voice can be used like any other"


def test_an_older_sentence_is_refused(enrolling, recordings):
    answer = GpuResponse.unpack(enrol(enrolling, recordings, OLD).content)
    assert [refusal.code for refusal in answer.enrolment.verdict.refusals] == ["wrong_words"]
    assert (answer.audio, answer.enrolment.speak_as) == (b"", None)


def test_a_language_that_cannot_be_transcribed_is_an_error(enrolling, recordings):
    response = enrol(enrolling, recordings, ConsentSentence("de", ("Fenster", "Garten", "Tiger", "Kaffee")))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "checks_missing")


def test_a_recording_that_does_not_exist_is_an_error(enrolling, tmp_path):
    response = enrol(enrolling, tmp_path, SENTENCE)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "object_missing")


def test_the_log_has_the_progress_and_nothing_of_the_recordings(enrolling, recordings):
    events = [json.loads(row) for row in enrolling.log.read_text().splitlines() if row.startswith("{")]
    (matching,) = (event for event in events if event["event"] == "matching")
    assert 0.4 < matching["likeness"] < 1, "the vectors of the speakers are packaged, and none is spoken"
    assert "river" not in enrolling.log.read_text()


def test_paths_are_refused_without_the_option(server, recordings):
    response = enrol(server, recordings, SENTENCE)
    assert (response.status_code, response.json()["error"]["param"]) == (400, "enrolment")
