"""Texts that exceed a limit are rejected before synthesis, or stopped when they reach it."""

from time import perf_counter

import pytest

from herald.errors import AudioTooLarge, OutOfTime, TooLargeToSpeak, TooLongToSpeak, UnreadableText
from herald.pricing.pace import audio_per_second
from herald.speech.audio.encoding import encode
from herald.speech.audio.formats import FORMATS
from herald.speech.engine import Engine
from herald.speech.limits import Limits, estimate_text, estimate_utterances
from herald.speech.model import Model
from herald.speech.text import speakable
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog
from tests.hostile.cases import HERE, build, read_lines

ANSWER = 4_400_000
EXPANDING = read_lines(HERE / "expanding.jsonl")
PROSE = "Your appointment with Dr. Miller is on Tuesday, the 4th of March, at half past nine. " * 40


@pytest.fixture(scope="module")
def engine():
    made = Engine(Catalog(), threads=1, audio_per_second=lambda engine: audio_per_second(engine, 1_769))
    made.speak("Ready.", voice=DEFAULT_VOICE)
    return made


@pytest.fixture
def computed(monkeypatch):
    """The utterances that the model encodes."""
    asked = []
    encode = Model.encode

    def counted(self, ids, *settings, **others):
        asked.append(ids)
        return encode(self, ids, *settings, **others)

    monkeypatch.setattr(Model, "encode", counted)
    return asked


@pytest.mark.parametrize("case", EXPANDING, ids=lambda case: case["name"])
def test_an_expanding_text_is_rejected_before_synthesis(engine, computed, case):
    spent = []
    for _ in range(3):
        started = perf_counter()
        with pytest.raises((TooLargeToSpeak, TooLongToSpeak, UnreadableText)):
            engine.speak(build(case["input"]), voice=DEFAULT_VOICE, max_bytes=ANSWER, time_left=lambda: 26.0)
        spent.append(perf_counter() - started)
    assert computed == []
    assert min(spent) < 0.1


def test_prose_of_the_same_length_is_accepted(engine):
    phonemes = engine._loaded(engine.catalog.ready(DEFAULT_VOICE))._pack.phonemes
    text = speakable(PROSE[:4_096])
    utterances = [tuple(one) for one in phonemes.utterances(text)]
    limits = Limits(max_bytes=ANSWER, bytes_per_second=7_313, time_left=lambda: 26, audio_per_second=19.92)
    limits.check_estimate(estimate_text(text, phonemes, speed=1.0))
    limits.check_estimate(estimate_utterances(utterances, speed=1.0))


def test_a_text_that_takes_too_long_is_rejected_before_synthesis(engine, computed):
    text = " ".join(f"Number {at} is due." for at in range(200))
    with pytest.raises(TooLongToSpeak):
        engine.speak(text, voice=DEFAULT_VOICE, speed=0.25, time_left=lambda: 10.0)
    assert computed == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_stopped_if_the_estimate_was_too_low(engine, monkeypatch, name):
    monkeypatch.setattr(Limits, "check_estimate", lambda *_: None)
    with pytest.raises(AudioTooLarge):
        engine.speak("One. Two. Three.", voice=DEFAULT_VOICE, format=name, max_bytes=1_000)


def test_the_time_limit_includes_encoding(engine, monkeypatch):
    now = [0.0]

    def slow(_, samples):
        now[0] += 5.0

    monkeypatch.setattr("herald.speech.engine.FileEncoder.add", slow)
    with pytest.raises(OutOfTime):
        engine.speak("One. Two. Three. Four.", voice=DEFAULT_VOICE, time_left=lambda: 9.0 - now[0])


def test_a_stream_stops_at_the_time_limit(engine):
    left = iter([9.0, 9.0, 1.0, -1.0, -1.0])
    stream = engine.stream("One. Two. Three. Four. Five.", voice=DEFAULT_VOICE, time_left=lambda: next(left, -1.0))
    with pytest.raises(OutOfTime):
        list(stream.pieces())


@pytest.mark.parametrize("name", FORMATS)
def test_encoding_in_chunks_gives_the_same_bytes(engine, name):
    text = "One. Two, three. Four!"
    audio = engine._loaded(engine.catalog.ready(DEFAULT_VOICE)).synthesize(text)
    for rate in (None, 8_000):
        spoken = engine.speak(text, voice=DEFAULT_VOICE, format=name, sample_rate=rate)
        assert spoken.file == encode(audio, name, sample_rate=rate)
