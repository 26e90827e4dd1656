"""Cached sentences are not synthesized again, and give the same samples."""

import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from herald.errors import TextTooLong, Unavailable
from herald.speech import LocalMemory, Sentences, Voice
from herald.speech.audio.codings import Encoded
from herald.speech.engine import Engine
from herald.speech.memory import SOUND
from herald.speech.model import Model
from herald.speech.sentence_cache import (
    EncodedSentence,
    Synthesized,
    packed,
    packed_encoded,
    unpacked,
    unpacked_encoded,
)
from herald.speech.voices.catalog import Catalog

GREETING = "Hello Anna."
DAY = "Your appointment is on Monday at nine."
SAME = "Please bring your insurance card, and come ten minutes early. Thank you!"
TEXTS = {
    "one sentence": DAY,
    "a message": f"{GREETING} {DAY} {SAME}",
    "paragraphs": f"{GREETING}\n\n{DAY}\n\n{SAME}",
    "repetition": f"{GREETING} {DAY} {GREETING}",
    "loud": "Stop! No! Never!",
    "long": f"{GREETING} " + ", and ".join(["we have moved your appointment to a later day"] * 8) + ".",
}
HUGE = 10**9


@pytest.fixture
def memory():
    return LocalMemory(HUGE)


@pytest.fixture
def encoded(monkeypatch):
    """The ids of each sentence that the model encodes."""
    encoded, encode = [], Model.encode

    def listed(self, ids, *settings, **others):
        encoded.append(tuple(ids))
        return encode(self, ids, *settings, **others)

    monkeypatch.setattr(Model, "encode", listed)
    return encoded


@pytest.fixture
def engine(voices_folder):
    return Engine(Catalog([voices_folder]), threads=2)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_audio_and_marks_are_the_same_without_a_memory(joe, memory, text):
    plain, first, again = joe.synthesize(text), *(joe.synthesize(text, memory=memory) for _ in range(2))
    for audio in (first, again):
        assert audio.samples.tobytes() == plain.samples.tobytes()
        assert audio.marks == plain.marks
        assert audio.words == plain.words


def test_sentences_of_other_messages_are_reused(joe, memory):
    for text in TEXTS.values():
        joe.synthesize(text, memory=memory)
    mixed = f"{SAME}\n\n{DAY} {GREETING} And this is new."
    audio = joe.synthesize(mixed, memory=memory)
    assert audio.sentences == Sentences(spoken=1, reused=4)
    assert audio.samples.tobytes() == joe.synthesize(mixed).samples.tobytes()


def test_cached_values_do_not_depend_on_the_number_of_threads(voices_folder):
    kept = []
    for threads in (1, 3):
        memory = LocalMemory(HUGE)
        Voice.load(voices_folder / "en_US-joe-medium", threads=threads).synthesize(TEXTS["long"], memory=memory)
        kept.append(dict(memory._entries))
    assert kept[0] == kept[1]
    assert len(kept[0]) > 1


def test_each_sentence_is_synthesized_once(joe, memory, encoded):
    first = joe.synthesize(TEXTS["a message"], memory=memory)
    assert len(encoded) == 4
    assert first.sentences == Sentences(spoken=4)
    encoded.clear()
    assert joe.synthesize(TEXTS["a message"], memory=memory).sentences == Sentences(reused=4)
    assert encoded == []
    assert joe.synthesize(f"Hello Bert. {DAY} {SAME}", memory=memory).sentences == Sentences(spoken=1, reused=3)
    assert len(encoded) == 1


def test_a_repeated_sentence_is_synthesized_once_without_a_memory(joe, encoded):
    audio = joe.synthesize(f"{GREETING} {DAY} {GREETING}\n\n{GREETING}\n\n{DAY}")
    assert audio.sentences == Sentences(spoken=2, reused=3)
    assert len(encoded) == 2


def test_speeds_and_speakers_have_separate_keys(tiny, memory):
    ways = [{"speaker": speaker, "speed": speed} for speaker in ("anna", "bert", 2) for speed in (0.5, 1, 2.0)]
    spoken = [tiny.synthesize("Guten Morgen. Danke.", memory=memory, **way) for way in ways]
    assert [audio.sentences.spoken for audio in spoken] == [2] * 9
    for way in ways:
        audio = tiny.synthesize("Guten Morgen. Danke.", memory=memory, **way)
        assert audio.sentences == Sentences(reused=2)
        assert audio.samples.tobytes() == tiny.synthesize("Guten Morgen. Danke.", **way).samples.tobytes()


def test_equivalent_settings_share_a_key(tiny, memory):
    tiny.synthesize("Guten Morgen.", memory=memory)
    assert tiny.synthesize("Guten  Morgen.", memory=memory, speaker="anna", speed=1).sentences.reused == 1


def test_voices_have_separate_keys(joe, tiny, memory, monkeypatch):
    joe.synthesize("No.", memory=memory)
    assert tiny.synthesize("No.", memory=memory).sentences == Sentences(spoken=1)
    other = replace(joe.info)
    object.__setattr__(other, "checksum", "0" * 64)
    monkeypatch.setattr(joe, "_pack", joe._pack._replace(voice=other))
    assert joe.synthesize("No.", memory=memory).sentences == Sentences(spoken=1)


def test_versions_of_the_sound_have_separate_keys(joe, memory, monkeypatch):
    joe.synthesize("No.", memory=memory)
    monkeypatch.setattr("herald.speech.speaking.SOUND", SOUND + 1)
    assert joe.synthesize("No.", memory=memory).sentences == Sentences(spoken=1)


@pytest.mark.parametrize(
    ("name", "sample_rate"),
    [("mp3", None), ("mp3", 8_000), ("opus", None), ("flac", 16_000), ("wav", 44_100), ("pcm", None), ("ulaw", None)],
)
def test_files_are_the_same_without_a_memory(engine, memory, name, sample_rate):
    asked = {"voice": "de_DE-tiny-low", "speaker": "bert", "format": name, "sample_rate": sample_rate}
    text = "Guten Tag. Der Termin ist morgen.\n\nGuten Tag."
    plain, first, again = (engine.speak(text, **asked, memory=which) for which in (None, memory, memory))
    assert first.file == again.file == plain.file
    assert plain.sentences == first.sentences == Sentences(spoken=2, reused=1)
    assert again.sentences == Sentences(reused=3)


def test_concurrent_synthesis(joe, memory):
    alone = {text: joe.synthesize(text).samples.tobytes() for text in TEXTS.values()}
    begin = threading.Barrier(2)

    def speak(texts):
        begin.wait(10)
        return all(joe.synthesize(text, memory=memory).samples.tobytes() == alone[text] for text in texts)

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(speak, [list(alone), list(reversed(alone))]))


class Fixed:
    """A memory that returns one value for every key, and records stored values."""

    def __init__(self, value):
        self.value = value
        self.stored = []

    def get(self, _):
        return self.value

    def put(self, _, value):
        self.stored.append(value)


def damaged(value):
    """Return damaged forms of a value, by name."""
    numbers = np.frombuffer(value, "<f4").copy()
    numbers[-7] = np.nan
    louder = np.frombuffer(value, "<f4").copy()
    louder[-7] = 1.5
    backwards = np.frombuffer(value, "<i4").copy()
    backwards[3] = -1
    return {
        "empty": b"",
        "short": value[:-4],
        "cut in a number": value[:-1],
        "long": value + bytes(4),
        "not a number": numbers.tobytes(),
        "louder than full": louder.tobytes(),
        "ends before it begins": backwards.tobytes(),
        "text": b"<html>No such key</html>" * 1_000,
        "zeros": bytes(len(value)),
        "samples of silence": value[:300] + bytes(len(value) - 300),
        "samples backwards": value[:300] + value[300:][::-1],
        "another digest": bytes(32) + value[32:],
        "one number": struct.pack("<f", 0.5),
    }


@pytest.fixture(scope="module")
def whole(tiny):
    memory = Fixed(None)
    audio = tiny.synthesize("Guten Morgen.", memory=memory)
    return audio, *memory.stored


@pytest.mark.parametrize("name", damaged(bytes(400)))
def test_damaged_values_are_replaced(tiny, whole, name):
    audio, value = whole
    memory = Fixed(damaged(value)[name])
    again = tiny.synthesize("Guten Morgen.", memory=memory)
    assert again.sentences == Sentences(spoken=1, damaged=1)
    assert again.samples.tobytes() == audio.samples.tobytes()
    assert memory.stored == [value]


def test_a_valid_value_is_reused(tiny, whole):
    memory = Fixed(whole[1])
    assert tiny.synthesize("Guten Morgen.", memory=memory).sentences == Sentences(reused=1)
    assert memory.stored == []


def test_the_value_of_another_sentence_is_rejected(tiny, whole):
    assert tiny.synthesize("Guten Morgen, Frau Weber.", memory=Fixed(whole[1])).sentences == Sentences(
        spoken=1, damaged=1
    )


def test_a_sentence_is_packed_little_endian():
    sentence = Synthesized(np.array([0.5, -1.0, 0.25, 0.0], np.float32), np.array([1, 2], np.int64))
    value = packed(sentence)
    body = struct.pack("<2i4f", 1, 2, 0.5, -1.0, 0.25, 0.0)
    assert value == sha256(body).digest() + body
    back = unpacked(value, ids=2, hop=2)
    np.testing.assert_array_equal(back.samples, sentence.samples)
    np.testing.assert_array_equal(back.ends, sentence.ends)
    assert unpacked(value, ids=2, hop=3) is None


class Failing(Fixed):
    """A memory whose `get` or `put` is unavailable."""

    def __init__(self, call):
        super().__init__(None)
        self.call = call
        self.calls = []

    def get(self, _):
        return self._call("get")

    def put(self, *_):
        self._call("put")

    def _call(self, call):
        self.calls.append(call)
        if call == self.call:
            raise Unavailable("Unavailable.")


@pytest.mark.parametrize(("call", "calls"), [("get", ["get"] * 2), ("put", ["get", "get", "put", "put"])])
def test_an_unavailable_memory_is_ignored_and_counted(engine, call, calls):
    memory = Failing(call)
    spoken = engine.speak("Guten Tag. Danke.", voice="de_DE-tiny-low", memory=memory)
    assert spoken.file == engine.speak("Guten Tag. Danke.", voice="de_DE-tiny-low").file
    assert spoken.sentences == Sentences(spoken=2, unanswered=2)
    assert sorted(memory.calls) == calls


def test_other_errors_of_a_memory_are_not_hidden(tiny):
    with pytest.raises(AttributeError):
        tiny.synthesize("Guten Tag.", memory=object())


def test_the_time_limit_is_checked_between_cached_sentences(engine, memory):
    text = "One. Two. Three. Four. Five."
    engine.speak(text, voice="de_DE-tiny-low", memory=memory)
    left = iter([1.0, 0.5, -0.1])
    with pytest.raises(TextTooLong, match="several requests"):
        engine.speak(text, voice="de_DE-tiny-low", memory=memory, time_left=lambda: next(left))


def test_sentences_before_the_time_limit_are_cached(engine, memory):
    text = "One. Two. Three. Four. Five."
    left = iter([1.0, 1.0, 0.9, 0.8, 0.7, -0.1])  # after the lead-in, and each sentence and pause
    with pytest.raises(TextTooLong):
        engine.speak(text, voice="de_DE-tiny-low", memory=memory, time_left=lambda: next(left))
    assert engine.speak(text, voice="de_DE-tiny-low", memory=memory).sentences.reused >= 3


@pytest.mark.parametrize(
    ("ends", "length"),
    [((1, 2), 0), ((1, 2), -5), ((2, 1), 100), ((-1, 2), 100)],
    ids=["empty", "negative length", "backwards", "before its beginning"],
)
def test_an_encoded_sentence_that_cannot_be_is_damaged(ends, length):
    """The digest is right: the entry was stored by something that wrote other numbers."""
    sentence = EncodedSentence(Encoded(b"frames", length, 4), np.array(ends, np.int64))
    assert unpacked_encoded(packed_encoded(sentence), ids=2, hop=2) is None


def test_an_encoded_sentence_comes_back():
    sentence = EncodedSentence(Encoded(b"frames", 100, 4), np.array([1, 2], np.int64))
    back = unpacked_encoded(packed_encoded(sentence), ids=2, hop=2)
    assert back.encoded == sentence.encoded
    assert back.ends.tolist() == [1, 2]
