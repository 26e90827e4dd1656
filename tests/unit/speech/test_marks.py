"""Written words are aligned to spoken words."""

import pytest

from herald.speech.marks import Marker, SpokenWord

TEXT = "Dr. Smith said: your flight, no. 1984, leaves the U.S.A. at 3:30 p.m. – it's $25.50. Goodbye."
WORDS = [
    "Dr.",
    "Smith",
    "said",
    "your",
    "flight",
    "no.",
    "1984",
    "leaves",
    "the",
    "U.S.A.",
    "at",
    "3:30",
    "p.m.",
    "it's",
    "$25.50",
    "Goodbye",
]


class Sounding:
    """Phonemes of a language that Herald doesn't read, with given sounds of words."""

    def __init__(self, sounds):
        self._sounds = sounds

    def reading(self, _text, _text_format, _lexicons):
        return None

    def respelled(self, text, _lexicons):
        return text

    def phonemize(self, word, _language):
        return [[self._sounds[word]]]


@pytest.fixture(scope="module")
def audio(joe):
    return joe.synthesize(TEXT)


def test_every_audible_word_has_a_mark(audio):
    assert [one.word for one in audio.marks] == WORDS


def test_offsets_locate_the_word(audio):
    assert [TEXT[one.text_start : one.text_end] for one in audio.marks] == WORDS


def test_words_follow_each_other_within_the_audio(audio):
    times = [time for one in audio.marks for time in (one.start, one.end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= audio.seconds


def test_numbers_last_as_long_as_their_spoken_words(audio):
    lasts = {one.word: one.end - one.start for one in audio.marks}
    assert lasts["1984"] > 0.9
    assert lasts["$25.50"] > 1.0
    assert lasts["the"] < 0.3


def test_times_follow_the_speed(joe):
    usual, slow = (joe.synthesize(TEXT, speed=speed).marks[-1].start for speed in (1.0, 0.5))
    assert slow == pytest.approx(2 * usual, rel=0.02)


def test_a_stream_yields_its_words_in_time(joe):
    text = "Hello Anna. Please come early. Goodbye."
    at = 0.0
    words = []
    for chunk in joe.stream(text):
        assert all(word.start >= at - 0.01 for word in chunk.words)
        words += chunk.words
        at += chunk.seconds
    assert [word.start for word in words] == pytest.approx([one.start for one in joe.synthesize(text).marks], abs=0.01)


@pytest.mark.parametrize(
    "text", [TEXT, "Call me. Call me. Please, call me!", "In 1984 of the 2. Of the 2 in 1984.\n\nBye."]
)
def test_streamed_marks_equal_those_of_the_complete_text(joe, text):
    marker = joe.marker(text)
    streamed = [(one, at) for at, chunk in enumerate(joe.stream(text)) for one in marker.add(chunk.words)]
    whole = joe.synthesize(text).marks
    assert [(one.word, one.text_start) for one, _ in streamed] == [(one.word, one.text_start) for one in whole]
    assert [one.start for one, _ in streamed] == pytest.approx([one.start for one in whole], abs=0.01)
    assert len({at for _, at in streamed}) > 1, "marks arrive with each sentence"


def test_a_mark_is_returned_when_its_word_is_complete():
    sounds = {"twenty-one": "a b", "two": "c"}
    marker = Marker("twenty-one two", ["a", "b", "c"], Sounding(sounds))
    assert marker.add([SpokenWord("a", 0.0, 0.1)]) == []
    (first,) = marker.add([SpokenWord("b", 0.2, 0.3)])
    assert (first.word, first.start, first.end) == ("twenty-one", 0.0, 0.3)
    assert [one.word for one in marker.add([SpokenWord("c", 0.4, 0.5)])] == ["two"]
    assert marker.add([]) == []


def test_words_do_not_include_pauses(joe):
    first, second = joe.synthesize("Hello. Anna.").marks
    assert second.start - first.end > 0.15


@pytest.mark.parametrize("pause", ["... ", "… ", "...", "…", ".... "])
def test_an_ellipsis_is_a_pause_between_its_words(joe, pause):
    text = f"I waited{pause}Jack came."
    audio = joe.synthesize(text)
    assert [one.word for one in audio.marks] == ["I", "waited", "Jack", "came"]
    assert [text[one.text_start : one.text_end] for one in audio.marks] == ["I", "waited", "Jack", "came"]
    _, before, after, _ = audio.marks
    assert after.start - before.end > 0.15


def test_merged_and_split_words_divide_their_time():
    sounds = {"of": "ɒv", "the": "ðə", "2": "tuː", "x": "ɛks"}
    spoken = [SpokenWord("ʌvðə", 0.0, 0.4), SpokenWord("tu", 1.0, 1.2)]
    marks = Marker("of the 2", [word.sound for word in spoken], Sounding(sounds)).add(spoken)
    assert [(one.word, one.start, one.end) for one in marks] == [("of", 0.0, 0.2), ("the", 0.2, 0.4), ("2", 1.0, 1.2)]


def test_empty_text_has_no_marks():
    assert Marker("one two", [], Sounding({"one": "a", "two": "b"})).add([]) == []
    assert Marker("", [], Sounding({})).add([]) == []


READ = {
    "You owe $45 now.": ["You", "owe", "$45", "now"],
    "Call +1 (415) 555-2671 today.": ["Call", "+1", "415", "555-2671", "today"],
    "It is due on March 14, 2026 at 3:30pm.": ["It", "is", "due", "on", "March", "14", "2026", "at", "3:30pm"],
    "Save 10% & more \U0001f389 at www.example.com/pay.": ["Save", "10%", "&", "more", "at", "www.example.com/pay"],
    "Hello Nguye\u0302\u0303n, caf\u00e9\u00a0bar": ["Hello", "Nguye\u0302\u0303n", "caf\u00e9", "bar"],
    "1. Milk\n2. Eggs": ["1.", "Milk", "2.", "Eggs"],
}


@pytest.mark.parametrize("text", READ)
def test_marks_keep_the_written_words(joe, text):
    audio = joe.synthesize(text)
    assert [one.word for one in audio.marks] == READ[text]
    assert [text[one.text_start : one.text_end] for one in audio.marks] == READ[text]
    times = [time for one in audio.marks for time in (one.start, one.end)]
    assert times == sorted(times)


def test_an_amount_lasts_as_long_as_its_words(joe):
    (written,) = (one for one in joe.synthesize("You owe $45 now.").marks if one.word == "$45")
    said = joe.synthesize("You owe forty-five dollars now.").marks
    assert written.start == pytest.approx(said[2].start, abs=0.02)
    assert written.end == pytest.approx(said[3].end, abs=0.02)
