"""The engine synthesizes files, and stops at its time limit."""

import io
import threading
import time

import pytest
import soundfile

from herald.errors import NothingToSpeak, TextTooLong, UnknownSpeaker, UnknownVoice, UnsupportedFormat
from herald.speech.audio.formats import FORMATS
from herald.speech.engine import Engine
from herald.speech.voice import Voice
from herald.speech.voices.catalog import Catalog


@pytest.fixture
def engine(voices_folder) -> Engine:
    return Engine(Catalog([voices_folder]), threads=2)


def test_a_file_is_synthesized(engine):
    spoken = engine.speak("Guten Tag.", voice="de_DE-tiny-low", speaker="bert", format="flac", sample_rate=8_000)
    samples, rate = soundfile.read(io.BytesIO(spoken.file))
    assert rate == spoken.sample_rate == 8_000
    assert len(samples) / rate == pytest.approx(spoken.seconds, abs=0.01)
    assert spoken.voices == {"de_DE-tiny-low": engine.catalog.find("de_DE-tiny-low")}


def test_synthesis_stops_when_no_time_is_left(engine):
    left = iter([1.0, 0.5, -0.1])
    with pytest.raises(TextTooLong, match="several requests"):
        engine.speak("One. Two. Three. Four. Five.", voice="de_DE-tiny-low", time_left=lambda: next(left))


def test_an_unsupported_format_is_rejected_before_synthesis(engine):
    with pytest.raises(UnsupportedFormat):
        engine.speak("Guten Tag.", voice="unknown", format="aac")
    with pytest.raises(UnknownVoice):
        engine.speak("Guten Tag.", voice="unknown")


def test_a_voice_is_loaded_once(engine):
    info = engine.catalog.ready("de_DE-tiny-low")
    assert engine._loaded(info) is engine._loaded(info)


TEXT = "Guten Tag. Wie geht es Ihnen?"


@pytest.mark.parametrize("name", FORMATS)
def test_a_stream_has_the_same_audio(engine, name):
    stream = engine.stream(TEXT, voice="de_DE-tiny-low", format=name)
    pieces = [piece.data for piece in stream.pieces()]
    spoken = engine.speak(TEXT, voice="de_DE-tiny-low", format=name)
    assert len(pieces) > 1
    assert stream.sample_rate == spoken.sample_rate
    assert stream.format is spoken.format
    assert stream.seconds == pytest.approx(spoken.seconds, abs=1e-6)
    if name in {"pcm", "ulaw", "alaw"}:
        assert sum(map(len, pieces)) == len(spoken.file)


def test_a_stream_yields_its_first_piece_before_the_rest_is_synthesized(engine):
    stream = engine.stream(TEXT, voice="de_DE-tiny-low", format="pcm")
    pieces = stream.pieces()
    next(pieces)
    begun = stream.seconds
    assert sum(1 for _ in pieces) > 0
    assert 0 < begun < stream.seconds / 2


def test_marks_come_with_the_piece_in_which_they_begin(engine):
    stream = engine.stream(TEXT, voice="de_DE-tiny-low", marks=True)
    begun = [([mark.word for mark in piece.marks], stream.seconds) for piece in stream.pieces() if piece.marks]
    assert [words for words, _ in begun] == [["Guten", "Tag"], ["Wie", "geht", "es", "Ihnen"]]
    assert begun[0][1] < stream.seconds / 2, "the second sentence was not spoken then"


@pytest.mark.parametrize(("name", "rate"), [("mp3", 8_000), ("mp3", 22_050), ("opus", 48_000), ("pcm", 16_000)])
def test_words_and_marks_have_the_same_times(engine, name, rate):
    """In MP3 and Opus, sentences begin at multiples of a frame, which is up to 72 ms long."""
    stream = engine.stream(TEXT, voice="de_DE-tiny-low", format=name, sample_rate=rate, marks=True)
    pieces = list(stream.pieces())
    marked = [mark.start for piece in pieces for mark in piece.marks]
    assert marked == pytest.approx([word.start for piece in pieces for word in piece.words], abs=0.001)


def test_without_marks_no_piece_is_empty(engine):
    stream = engine.stream(TEXT, voice="de_DE-tiny-low")
    assert all(piece.data and not piece.marks for piece in stream.pieces())


@pytest.mark.parametrize(
    ("text", "how", "error"),
    [
        ("...", {}, NothingToSpeak),
        (TEXT, {"speaker": "unknown"}, UnknownSpeaker),
        (TEXT, {"format": "aac"}, UnsupportedFormat),
    ],
)
def test_an_invalid_stream_is_rejected_before_its_first_piece(engine, text, how, error):
    with pytest.raises(error):
        engine.stream(text, **{"voice": "de_DE-tiny-low"} | how)


def test_closing_a_stream_stops_synthesis(engine):
    stream = engine.stream("Eins zwei drei vier fünf. " * 40, voice="de_DE-tiny-low", format="pcm")
    pieces = stream.pieces()
    for _ in range(5):
        next(pieces)
    pieces.close()
    assert not [one.name for one in threading.enumerate() if "ThreadPoolExecutor" in one.name]
    used, before = time.process_time(), stream.seconds
    time.sleep(0.1)
    assert time.process_time() - used < 0.05
    assert stream.seconds == before


def test_the_voice_that_was_used_longest_ago_is_unloaded(engine, monkeypatch):
    loads = []
    load = Voice.load
    monkeypatch.setattr(Voice, "load", lambda path, threads: loads.append(path.name) or load(path, threads=threads))
    monkeypatch.setattr("herald.speech.engine._MAX_LOADED_VOICES", 2)
    engine = Engine(engine.catalog, threads=1)
    tiny, joe, heart = "de_DE-tiny-low", "en_US-joe-medium", "en_US-heart"
    for voice in (tiny, joe, tiny, heart, tiny, joe):
        engine.speak("Yes.", voice=voice)
    assert loads == [tiny, joe, heart, joe]


def test_concurrent_calls_load_a_voice_once(engine, monkeypatch):
    loads = []
    load = Voice.load
    monkeypatch.setattr(Voice, "load", lambda path, threads: loads.append(path.name) or load(path, threads=threads))
    engine = Engine(engine.catalog, threads=1)
    info = engine.catalog.ready("de_DE-tiny-low")
    threads = [threading.Thread(target=engine._loaded, args=[info]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == ["de_DE-tiny-low"]
