"""herald voices enrol, delete and disable."""

import json

import pytest

from herald.aws.custom_voice_storage import AwsCustomVoiceStore
from herald.cli import custom_voice_commands, main
from herald.clock import utc_now
from herald.jobs.custom_voice_records import CustomVoice, TenantVoices
from tests.unit.cli.test_keys import aws  # noqa: F401  the fixture
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
    monkeypatch.setattr(custom_voice_commands, "_PAUSE", 0)
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


def test_the_sentence_is_printed_as_json(service, capsys):
    service.misbehave("GET /v1/audio/voice_consents/sentence", answer(SENTENCE))
    assert main(["voices", "enrol", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == SENTENCE


def test_the_voice_is_printed_as_json(accepting, files, capsys):
    accepting.misbehave(f"GET /v1/audio/voices/{VOICE}", answer(PENDING | {"state": "failed"}))
    assert main(["voices", "enrol", *files, "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == PENDING | {"state": "failed"}


def test_it_stops_waiting_after_the_given_time(accepting, files, capsys):
    assert main(["voices", "enrol", *files, "--timeout", "0"]) == 0
    assert capsys.readouterr().out == f"{VOICE}: pending\n"
    assert f"GET /v1/audio/voices/{VOICE}" not in accepting.asked


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
    assert main(["voices", "enrol", *files[:2]]) == 2
    assert "NAME, SAMPLE and CONSENT" in capsys.readouterr().err


def test_disabling_needs_one_voice_or_all(capsys):
    assert main(["voices", "disable", "--tenant", "acme"]) == 2
    assert "--all" in json.dumps(capsys.readouterr().err)


def test_all_voices_of_an_impossible_tenant_are_not_disabled(capsys):
    assert main(["voices", "disable", "--all", "--tenant", "Acme"]) == 2
    assert "'Acme' is not a tenant" in capsys.readouterr().err


@pytest.fixture
def store(aws, tmp_path, monkeypatch):  # noqa: F811
    """The voices of a local stack, where acme has one."""
    record = {"aws_endpoint_url": None, "region": "us-east-1", "stack_name": "herald", "credentials": {}}
    record |= {"resources": {"KeyTable": "keys", "AudioBucket": "audio"}}
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(record))
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: aws)
    store = AwsCustomVoiceStore(aws, table="keys", bucket="audio")
    voice = CustomVoice(
        id=VOICE, name="Ann", consent=CONSENT["id"], method="matched", language="en", created_at=utc_now(),
        created_by="key", sha256="0" * 64, bytes=1, job="job_1", speak_as="kokoro:af_heart",
    )  # fmt: skip
    assert store.replace("acme", TenantVoices(revision=1, voices={VOICE: voice}), before=0)
    return store


@pytest.mark.parametrize(
    ("words", "said", "future_ones"),
    [([VOICE], f"{VOICE}: disabled", False), (["--all"], "All voices of acme: disabled", True)],
)
def test_voices_are_disabled_and_enabled(store, capsys, words, said, future_ones):
    options = ["voices", "disable", *words, "--tenant", "acme"]
    assert main(options) == 0
    assert capsys.readouterr().out == f"{said}, in the stack of .local/stack.json\n"
    found = store.voices("acme")
    assert (found.voice(VOICE).is_ready, found.disabled) == (False, future_ones)
    assert main([*options, "--undo"]) == 0
    assert capsys.readouterr().out == f"{said.replace('disabled', 'enabled')}, in the stack of .local/stack.json\n"
    found = store.voices("acme")
    assert (found.voice(VOICE).is_ready, found.disabled) == (True, False)


def test_a_voice_of_another_tenant_is_not_disabled(store, capsys):
    assert main(["voices", "disable", VOICE, "--tenant", "globex"]) == 1
    assert capsys.readouterr().err == "herald: The tenant globex has no voice with that id.\n"
    assert store.voices("acme").voice(VOICE).is_ready
