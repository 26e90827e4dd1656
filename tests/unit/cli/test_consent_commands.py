"""herald voices consent and check."""

import json

import pytest

from herald.cli import main
from herald.enrolment.consent_sentence import parse_words
from tests.support.enrolment_fakes import CONSENT, OLD, SAMPLE, SENTENCE, SILENCE, Models

WORDS = " ".join(SENTENCE.words)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "sample.wav").write_bytes(SAMPLE)
    (tmp_path / "consent.wav").write_bytes(CONSENT)
    return [str(tmp_path / "sample.wav"), str(tmp_path / "consent.wav")]


@pytest.fixture
def models(monkeypatch):
    found = Models()
    monkeypatch.setattr("herald.speech.recordings.recognizers.WhisperListener", lambda _folder: found)
    monkeypatch.setattr("herald.speech.recordings.recognizers.SpeakerVectors.load", lambda _file: found)
    return found


def test_consent_prints_the_sentence_and_how_to_check_it(capsys):
    assert main(["voices", "consent"]) == 0
    printed = capsys.readouterr().out
    words = printed.partition("--words '")[2].partition("'")[0]
    assert parse_words("en", words).text in printed


def test_consent_prints_json(capsys):
    assert main(["voices", "consent", "-l", "fr", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert parse_words("fr", " ".join(printed["words"])).text == printed["text"]
    assert printed["language"] == "fr"


def test_a_consent_of_the_same_speaker_is_ready(files, models, capsys):
    assert main(["voices", "check", *files, "--words", WORDS]) == 0
    printed = capsys.readouterr().out
    assert "Ready: the consent is stated" in printed
    assert "Similarity of the speakers: 0.90; at least 0.66 is required." in printed
    assert "9.0 s" in printed
    assert "12.0 s" in printed


def test_a_refusal_is_status_3_with_every_reason(files, models, capsys):
    models.transcript, models.found = OLD.text, 0.31
    assert main(["voices", "check", *files, "--words", WORDS]) == 3
    printed = capsys.readouterr().out
    assert "Refused, consent, wrong_words: " in printed
    assert "Refused, sample, different_speaker: " in printed
    assert "Ready" not in printed


def test_an_unreadable_file_is_a_refusal(files, models, capsys, tmp_path):
    (tmp_path / "sample.wav").write_bytes(b"no recording")
    (tmp_path / "consent.wav").write_bytes(SILENCE)
    assert main(["voices", "check", *files, "--words", WORDS]) == 3
    printed = capsys.readouterr().out
    assert "Refused, sample, unreadable_recording: " in printed
    assert "Refused, consent, recording_silent: " in printed


def test_the_record_is_printed_as_json(files, models, capsys):
    assert main(["voices", "check", *files, "--words", WORDS, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["state"], record["sentence"], record["refusals"]) == ("ready", SENTENCE.text, [])
    assert len(record["consent"]["sha256"]) == 64


def test_wrong_words_are_an_error(files, models, capsys):
    assert main(["voices", "check", *files, "--words", "river window"]) == 1
    assert "4 different words are required, not 2" in capsys.readouterr().err


def test_a_folder_without_a_model_is_an_error(files, capsys, tmp_path):
    assert main(["voices", "check", *files, "--words", WORDS, "--listener", str(tmp_path)]) == 1
    assert "it is not a Whisper model in the format of CTranslate2" in capsys.readouterr().err
