"""A spectral voice keeps the promises of every voice."""

import json
import shutil

import numpy as np
import pytest

from herald.errors import VoiceNotPrepared
from herald.speech import LocalMemory, Voice
from herald.speech.prepare import build
from herald.speech.speaking import Pauses
from herald.speech.spectral.spectral_model import chunks_of
from herald.speech.voices.catalog import RECIPES

SENTENCE = "Your appointment is confirmed."
TEXT = (
    "If you would like to change the day or the hour, please call our office during the morning, because "
    f"we are closed in the afternoon. {SENTENCE} Thank you!"
)


def test_the_voice_is_described(heart):
    info = heart.info
    assert (info.gender, info.age, info.commercial, info.licence) == ("female", "adult", True, "Apache-2.0")
    assert heart.sample_rate == info.sample_rate == 24_000


def test_audio_begins_soon_and_has_the_common_level(heart):
    audio = heart.synthesize(SENTENCE)
    loud = np.flatnonzero(np.abs(audio.samples) > 0.01)
    assert loud[0] / audio.sample_rate < Pauses().lead_in + 0.1
    speech = audio.samples[np.abs(audio.samples) > 0.02 * np.abs(audio.samples).max()]
    assert np.sqrt(np.mean(speech**2)) == pytest.approx(0.125, rel=0.25)


def test_streams_and_threads_give_the_same_samples(heart, voices_folder):
    whole = heart.synthesize(TEXT)
    chunks = list(heart.stream(TEXT))
    assert len(chunks) > 3
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), whole.samples)
    for threads in (1, 3):
        other = Voice.load(voices_folder / "en_US-heart", threads=threads).synthesize(TEXT)
        np.testing.assert_array_equal(other.samples, whole.samples)
    assert [word for chunk in chunks for word in chunk.words] == list(whole.words)


def test_cached_sentences_sound_the_same(heart):
    memory = LocalMemory(limit=1 << 24)
    first, again = (heart.synthesize(TEXT, memory=memory) for _ in range(2))
    assert (first.sentences.spoken, again.sentences.reused) == (3, 3)
    np.testing.assert_array_equal(first.samples, again.samples)
    np.testing.assert_array_equal(first.samples, heart.synthesize(TEXT).samples)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 1.5, 2.0])
def test_speed_divides_the_length(heart, speed):
    for text in (SENTENCE, TEXT):
        normal, changed = (heart.synthesize(text, speed=each).seconds for each in (1.0, speed))
        assert changed == pytest.approx(normal / speed, rel=0.05)


def test_every_word_has_a_mark_within_the_audio(heart):
    audio = heart.synthesize(TEXT)
    assert [mark.word for mark in audio.marks[-6:]] == ["Your", "appointment", "is", "confirmed", "Thank", "you"]
    assert len(audio.marks) == len(TEXT.split())
    assert all(0 <= one.start < one.end <= audio.seconds for one in audio.marks)
    assert audio.marks[-3].end < audio.marks[-2].start - 0.2  # the pause between the sentences


@pytest.mark.parametrize("text", ["7", "x", "@", "NASA", "9:30!", "a" * 300, "Wait... what?! (Yes.)", "🎉"])
def test_anything_with_a_sound_is_spoken(heart, text):
    audio = heart.synthesize(f"{text} a")
    assert np.abs(audio.samples).max() > 0.05
    assert np.isfinite(audio.samples).all()


@pytest.mark.parametrize("frames", [1, 255, 256, 464, 465, 2000])
def test_chunks_cover_each_frame_once(frames):
    spans = chunks_of(frames)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == frames
    assert max(end - start for start, end in spans) <= 400


def median_pitch(audio):
    """Return the median pitch of the loud parts in Hz, by autocorrelation."""
    found = []
    for start in range(0, len(audio.samples) - 1440, 1440):
        piece = audio.samples[start : start + 1440]
        if np.abs(piece).max() > 0.1:
            match = np.correlate(piece, piece, "full")[1440:]
            lag = np.argmax(match[60:400]) + 61
            found.append(audio.sample_rate / lag)
    return np.median(found)


def test_the_low_voice_is_a_mans(heart, tmp_path):
    low = Voice(build(RECIPES / "en_US-heart-low.json", tmp_path / "en_US-heart-low"), threads=1)
    assert low.info.gender == "male"
    assert median_pitch(low.synthesize(TEXT)) < 0.8 * median_pitch(heart.synthesize(TEXT))


def test_a_recipe_of_another_version_is_refused(tmp_path):
    recipe = json.loads((RECIPES / "en_US-heart.json").read_text()) | {"sha256": "0" * 64}
    (tmp_path / "other.json").write_text(json.dumps(recipe))
    with pytest.raises(VoiceNotPrepared, match="version"):
        build(tmp_path / "other.json", tmp_path / "other")


def test_a_recipe_without_its_package_is_refused(tmp_path):
    recipe = json.loads((RECIPES / "en_US-heart.json").read_text()) | {"package": "no_such_package"}
    (tmp_path / "other.json").write_text(json.dumps(recipe))
    with pytest.raises(VoiceNotPrepared, match="no_such_package"):
        build(tmp_path / "other.json", tmp_path / "other")


def test_a_voice_without_its_lexicon_is_refused(voices_folder, tmp_path):
    shutil.copytree(voices_folder / "en_US-heart", tmp_path / "en_US-heart")
    (tmp_path / "en_US-heart" / "lexicon.txt").unlink()
    with pytest.raises(VoiceNotPrepared, match="lexicon"):
        Voice.load(tmp_path / "en_US-heart")
