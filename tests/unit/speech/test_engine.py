"""The engine speaks into files, and stops when the caller can wait no longer."""

import io

import pytest
import soundfile

from herald.errors import TextTooLong, UnknownVoice, UnsupportedFormat
from herald.speech.engine import Engine, threads_for
from herald.speech.voices.catalog import Catalog


@pytest.fixture
def engine(voices_folder) -> Engine:
    return Engine(Catalog([voices_folder]), threads=2)


def test_it_speaks_into_a_file(engine):
    spoken = engine.speak("Guten Tag.", voice="de_DE-tiny-low", speaker="bert", format="flac", sample_rate=8_000)
    samples, rate = soundfile.read(io.BytesIO(spoken.file))
    assert rate == spoken.sample_rate == 8_000
    assert len(samples) / rate == pytest.approx(spoken.seconds, abs=0.01)


def test_it_stops_when_no_time_is_left(engine):
    left = iter([1.0, 0.5, -0.1])
    with pytest.raises(TextTooLong, match="in parts"):
        engine.speak("One. Two. Three. Four. Five.", voice="de_DE-tiny-low", time_left=lambda: next(left))


def test_a_wrong_format_is_refused_before_the_work(engine):
    with pytest.raises(UnsupportedFormat):
        engine.speak("Guten Tag.", voice="nobody", format="aac")
    with pytest.raises(UnknownVoice):
        engine.speak("Guten Tag.", voice="nobody")


def test_a_voice_is_loaded_once(engine):
    assert engine._voice("de_DE-tiny-low") is engine._voice("de_DE-tiny-low")


@pytest.mark.parametrize(("memory", "threads"), [(128, 1), (1_769, 1), (2_600, 1), (3_008, 2), (7_076, 4), (10_240, 6)])
def test_threads_follow_the_memory(memory, threads):
    assert threads_for(memory) == threads
