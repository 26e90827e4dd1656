"""The check of a consent and a sample, with models whose findings are set."""

from datetime import UTC, datetime

import pytest

from herald.enrolment.checking import ONE_SPEAKER, SAME_SPEAKER, Checks
from herald.enrolment.enrolment_messages import Verdict
from tests.support.enrolment_fakes import CONSENT, OLD, SAMPLE, SENTENCE, SILENCE, Models

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def verdict(models, consent=CONSENT, sample=SAMPLE, sentences=(SENTENCE,)):
    return Checks(models, models).verdict(sentences, consent, sample, at=NOON)


def test_one_speaker_who_states_the_consent_is_ready():
    found = verdict(Models())
    assert (found.state, found.refusals, found.similarity) == ("ready", (), 0.9)
    assert (found.sentence, found.transcript, found.words_heard) == (SENTENCE.text, SENTENCE.text, (True,) * 4)
    assert found.consent.sha256 != found.sample.sha256
    assert found.checked_at == NOON


@pytest.mark.parametrize(
    ("models", "codes"),
    [
        (Models(similarity=SAME_SPEAKER), []),
        (Models(similarity=SAME_SPEAKER - 0.01), [("sample", "different_speaker")]),
        (Models(similarity=0.0), [("sample", "different_speaker")]),
        (Models(similarity=-0.2), [("sample", "different_speaker")]),
        (Models(consistency=ONE_SPEAKER), []),
        (
            Models(consistency=ONE_SPEAKER - 0.01),
            [("consent", "several_speakers"), ("sample", "several_speakers")],
        ),
        (Models(transcript=SENTENCE.text.replace("river", "banana")), []),
        (Models(transcript=OLD.text), [("consent", "wrong_words")]),
        (Models(transcript="I like this voice. river, window, garden, yellow"), [("consent", "wrong_sentence")]),
        (Models(transcript=""), [("consent", "wrong_sentence")]),
        (
            Models(transcript=OLD.text, similarity=0.1),
            [("consent", "wrong_words"), ("sample", "different_speaker")],
        ),
    ],
)
def test_a_finding_has_its_code(models, codes):
    found = verdict(models)
    assert [(refusal.recording, refusal.code) for refusal in found.refusals] == codes
    assert found.state == ("refused" if codes else "ready")


@pytest.mark.parametrize("sentences", [(SENTENCE, OLD), (OLD, SENTENCE)])
def test_any_of_the_issued_sentences_can_be_stated(sentences):
    models = Models(transcript=OLD.text)
    found = verdict(models, sentences=sentences)
    assert (found.state, found.sentence) == ("ready", OLD.text)
    assert models.calls.count("transcribe en") == 1


def test_the_consent_itself_is_no_sample():
    assert [refusal.code for refusal in verdict(Models(), CONSENT, CONSENT).refusals] == ["same_recording"]


def test_a_bad_sample_does_not_hide_a_wrong_consent():
    found = verdict(Models(transcript=OLD.text), sample=SILENCE)
    assert [refusal.code for refusal in found.refusals] == ["recording_silent", "wrong_words"]
    assert found.similarity is None


def test_an_unusable_recording_is_given_to_no_model():
    models = Models()
    found = verdict(models, consent=b"no recording", sample=SILENCE)
    assert models.calls == []
    assert (found.consent, found.transcript, found.similarity) == (None, None, None)
    assert [refusal.code for refusal in found.refusals] == ["unreadable_recording", "recording_silent"]


def test_a_record_can_be_stored_and_read_again():
    found = verdict(Models(transcript=OLD.text, similarity=0.1))
    assert Verdict.model_validate_json(found.model_dump_json()) == found


def test_a_record_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        verdict(Models()).state = "ready"
