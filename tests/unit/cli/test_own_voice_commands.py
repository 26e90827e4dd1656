"""herald voices enrol, delete and disable."""

import json

import pytest

from herald.cli import main, own_voice_commands
from tests.unit.cli.test_lexicon_commands import answer

VOICE = "voice_" + 32 * "a"
SENTENCE = {
    "object": "audio.voice_consent.sentence", "language": "en", "sentence": "I consent: river.", "words": ["river"],
    "expires_at": 1,
}  # fmt: skip
CONSENT = {"object": "audio.voice_consent", "id": "cons_" + 32 * "b"}
PENDING = {
    "object": "audio.voice", "id": VOICE, "state": "pending", "refusals": [], "likeness": None, "preview_url": None,
}  # fmt: skip
READY = PENDING | {"state": "ready", "likeness": 0.62, "preview_url": "https://files.example/preview.mp3"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(own_voice_commands, "_PAUSE", 0)
    (tmp_path / "sample.wav").write_bytes(b"RIFFsample")
    (tmp_path / "consent.wav").write_bytes(b"RIFFconsent")
    return ["Ann", "sample.wav", "consent.wav"]


@pytest.fixture
def accepting(service):
    service.misbehave("POST /v1/audio/voice_consents", answer(CONSENT, 201))
    service.misbehave("POST /v1/audio/voices", answer(PENDING, 202))
    return service


def test_without_files_it_prints_a_sentence(service, capsys):
    service.misbehave("GET /v1/audio/voice_consents/sentence", answer(SENTENCE))
    assert main(["voices", "enrol", "--language", "en-GB"]) == 0
    shown = capsys.readouterr().out
    assert "I consent: river." in shown
    assert "herald voices enrol NAME SAMPLE CONSENT --language en-GB" in shown
    assert service.queries == ["language=en-GB"]


def test_it_sends_both_files_and_waits(accepting, files, capsys):
    accepting.misbehave(f"GET /v1/audio/voices/{VOICE}", answer(PENDING | {"state": "checking"}), answer(READY))
    assert main(["voices", "enrol", *files]) == 0
    assert capsys.readouterr().out.startswith(f"{VOICE}: ready\nLikeness to the sample: 0.62.")


def test_a_refusal_is_explained(accepting, files, capsys):
    refused = PENDING | {"state": "refused", "refusals": [{"code": "wrong_words", "message": "Record it again."}]}
    accepting.misbehave(f"GET /v1/audio/voices/{VOICE}", answer(refused))
    assert main(["voices", "enrol", *files]) == 3
    assert capsys.readouterr().out == f"{VOICE}: refused\nwrong_words: Record it again.\n"


def test_a_voice_is_deleted(service, capsys):
    gone = {"object": "audio.voice.deleted", "id": VOICE, "deleted": True}
    service.misbehave(f"DELETE /v1/audio/voices/{VOICE}", answer(gone))
    assert main(["voices", "delete", VOICE]) == 0
    assert VOICE in capsys.readouterr().out


def test_some_files_are_missing(service, files, capsys):
    assert main(["voices", "enrol", *files[:2]]) == 1
    assert "NAME, SAMPLE and CONSENT" in capsys.readouterr().err


def test_disabling_needs_one_voice_or_all(capsys):
    assert main(["voices", "disable", "--tenant", "acme"]) == 1
    assert "--all" in json.dumps(capsys.readouterr().err)
