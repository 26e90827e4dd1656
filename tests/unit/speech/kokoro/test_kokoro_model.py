"""Kokoro's model: its pieces of text, its styles and its pauses, with a fake of the network."""

import numpy as np
import pytest

from herald.errors import InvalidRequest, NothingToSpeak, OutOfTime, TooLongToSpeak, UnknownSpeaker, VoiceNotPrepared
from herald.speech.kokoro import kokoro_engine
from herald.speech.kokoro.kokoro_model import SAMPLE_RATE, STYLES, Kokoro, check_packed, phonemize, split
from tests.support.kokoro_session import KokoroSession


@pytest.fixture
def session():
    return KokoroSession()


def as_it_is(text, _, **__):
    """Return a text of phonemes."""
    return text


@pytest.fixture
def model(session, tmp_path):
    lengths = np.arange(510, dtype=np.float32)[:, None, None]
    styles = {"af_one": np.broadcast_to(lengths, (510, 1, 256)), "am_two": np.broadcast_to(-lengths, (510, 1, 256))}
    np.savez(tmp_path / STYLES, **styles)
    return Kokoro(tmp_path, session, as_it_is)


def speak(model, text, **options):
    options = {"speaker": "af_one", "language": None, "speed": 1.0} | options
    return [*model.speak(text, **options)]


@pytest.mark.parametrize("length", [1, 250, 251, 499, 501, 1_000, 5_000])
@pytest.mark.parametrize("text", ["a", "a ", "aaaa. ", "aaa, aaaa ", "aa aa aaaa? "])
def test_pieces_are_short_and_lose_nothing(text, length):
    whole = (text * length)[:length].strip()
    pieces = split(whole, 250)
    assert all(0 < len(piece) <= 250 for piece in pieces)
    assert "".join(pieces).replace(" ", "") == whole.replace(" ", "")


def test_text_is_cut_at_the_ends_of_sentences_first():
    sentence = f"{'a' * 90}, {'b' * 50}."
    assert split(f"{sentence} {sentence} {sentence}", 250) == [sentence] * 3
    assert split(f"{'a' * 150}, {'b' * 150}", 250) == [f"{'a' * 150},", "b" * 150]


def test_pieces_have_about_equal_lengths():
    lengths = [len(piece) for piece in split("aaaa. " * 100, 250)]
    assert max(lengths) - min(lengths) < 60


def test_phonemes_become_numbers_with_the_style_of_their_length(model, session):
    speak(model, "ab.", speed=1.5)
    (inputs,) = session.inputs
    assert inputs["tokens"].tolist() == [[0, 43, 44, 4, 0]]
    assert inputs["style"].shape == (1, 256)
    assert (inputs["style"][0, 0], inputs["speed"].tolist()) == (2.0, [1.5])


def test_a_mix_adds_up_styles(model, session):
    speak(model, "ab.", speaker="af_one(3)+am_two(1)")
    assert session.inputs[0]["style"][0, 0] == pytest.approx(0.75 * 2 - 0.25 * 2)


@pytest.mark.parametrize("pitch", [0.8, 0.93, 1.25])
def test_a_pitch_shortens_what_was_spoken_more_slowly(model, session, pitch):
    (plain,) = speak(model, "a" * 40, speed=1.5)
    (higher,) = speak(model, "a" * 40, speed=1.5, speaker=f"af_one@{pitch}")
    assert session.inputs[1]["speed"] == pytest.approx(1.5 / pitch)
    assert len(higher) == pytest.approx(len(plain) / pitch, abs=1), "the network of this test ignores the speed"
    assert np.abs(higher).max() <= 1


def test_a_tone_changes_the_sound_and_nothing_else(model, session):
    plain = speak(model, "aaa. bbb.\n\nccc.", speaker="af_one")
    toned = speak(model, "aaa. bbb.\n\nccc.", speaker=f"af_one~{'v' * 9}{'m' * 18}{'d' * 9}")
    assert [len(one) for one in plain] == [len(one) for one in toned]
    assert not np.allclose(np.concatenate(plain), np.concatenate(toned), atol=0.01)
    assert [one["speed"] for one in session.inputs] == [1.0] * len(session.inputs)


def test_silence_around_a_run_is_replaced_by_pauses(model):
    chunks = speak(model, f"{'a' * 249}. {'b' * 240}.\n\n{'c' * 9}")
    seconds = [len(chunk) / SAMPLE_RATE for chunk in chunks]
    assert seconds[1::2] == pytest.approx([0.3, 0.6])
    assert all(0.1 <= spoken <= 0.2 for spoken in seconds[::2])


def test_signs_without_a_number_are_dropped(model, session):
    speak(model, "a☃b")
    assert session.inputs[0]["tokens"].tolist() == [[0, 43, 44, 0]]


@pytest.mark.parametrize("text", ["...", "☃", " \n\n "])
def test_a_text_without_a_sound_is_refused(model, text):
    with pytest.raises(NothingToSpeak):
        speak(model, text)


@pytest.mark.parametrize("speed", [0.4, 2.1])
def test_a_speed_beyond_the_limits_is_refused(model, speed):
    with pytest.raises(InvalidRequest) as refused:
        speak(model, "a", speed=speed)
    assert refused.value.param == "speed"


def test_a_malformed_mix_is_refused(model):
    with pytest.raises(UnknownSpeaker):
        speak(model, "a", speaker="af_one(0)")


def test_an_incomplete_folder_names_what_is_missing(tmp_path):
    (tmp_path / STYLES).touch()
    with pytest.raises(VoiceNotPrepared, match=r"lacks model\.onnx, lexicon\.txt"):
        check_packed(tmp_path)


def test_japanese_needs_the_gpu():
    for text, language in (("Hello", "ja"), ("こんにちは", None)):
        with pytest.raises(InvalidRequest, match="Japanese on the GPU") as refused:
            phonemize(text, language)
        assert refused.value.code == "unsupported_language"


def test_a_file_is_the_same_each_time(model):
    first, second = (kokoro_engine.speak(model, "ab. " * 200, speaker="af_one", format="wav") for _ in range(2))
    assert first.file == second.file
    assert first.file.startswith(b"RIFF")
    assert (first.sample_rate, first.seconds) == (
        SAMPLE_RATE,
        pytest.approx(len(first.file) / 2 / SAMPLE_RATE, abs=0.01),
    )


def test_a_text_that_takes_too_long_is_refused_before_its_synthesis(model, session):
    with pytest.raises(TooLongToSpeak):
        kokoro_engine.speak(model, "ab. " * 500, time_left=lambda: 5.0, audio_per_second=1.0)
    assert not session.inputs


def test_synthesis_ends_when_no_time_is_left(model, session):
    with pytest.raises(OutOfTime):
        kokoro_engine.speak(model, "ab. " * 500, time_left=lambda: 0.5 - len(session.inputs))
    assert len(session.inputs) == 1
