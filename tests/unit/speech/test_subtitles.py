"""Marks are written as JSON, SRT and WebVTT."""

import json
import re

import pytest

from herald.speech.marks import Mark
from herald.speech.subtitles import as_json, as_srt, as_vtt, cues


def marks_of(text, *, begin=0.0, lasts=0.4, pauses=()):
    """Return consecutive marks for the words of a text; `pauses` are seconds of silence before words."""
    marks = []
    for word in re.finditer(r"[\w'.]*\w", text):
        start = (marks[-1].end if marks else begin) + dict(pauses).get(word[0], 0.0)
        marks.append(Mark(word[0], start, start + lasts, word.start(), word.end()))
    return marks


def texts(text, **spoken):
    return [cue.text for cue in cues(text, marks_of(text, **spoken))]


def test_json_has_every_word():
    marks = [Mark("Grüß", 0.1, 0.35, 0, 4), Mark("Gott", 0.4, 0.8, 5, 9)]
    assert json.loads(as_json(marks)) == [
        {"word": "Grüß", "start": 0.1, "end": 0.35, "text_start": 0, "text_end": 4},
        {"word": "Gott", "start": 0.4, "end": 0.8, "text_start": 5, "text_end": 9},
    ]
    assert "Grüß" in as_json(marks)


def test_srt_is_numbered_and_has_commas():
    text = "Hello Anna. Come early!"
    assert as_srt(text, marks_of(text, lasts=1)) == (
        "1\n00:00:00,000 --> 00:00:02,000\nHello Anna.\n\n2\n00:00:02,000 --> 00:00:04,000\nCome early!\n"
    )


def test_vtt_has_a_header_and_decimal_points():
    text = "Hello Anna. Come early!"
    assert as_vtt(text, marks_of(text, lasts=1)) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello Anna.\n\n00:00:02.000 --> 00:00:04.000\nCome early!\n"
    )


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.0004, "00:00:00.000"),
        (0.0006, "00:00:00.001"),
        (59.9996, "00:01:00.000"),
        (3599.9999, "01:00:00.000"),
        (3723.004, "01:02:03.004"),
        (360_000, "100:00:00.000"),
    ],
)
def test_times_are_rounded(seconds, written):
    assert f"\n{written} --> " in as_vtt("a", [Mark("a", seconds, seconds + 2, 0, 1)])


def test_no_marks_give_no_cues():
    assert json.loads(as_json([])) == []
    assert as_srt("–", []) == ""
    assert as_vtt("–", []) == "WEBVTT\n"


def test_vtt_is_escaped_and_srt_is_not():
    text = "Tom & <b>Jerry --> home"
    assert "\nTom &amp; &lt;b&gt;Jerry --&gt; home\n" in as_vtt(text, marks_of(text))
    assert f"\n{text}\n" in as_srt(text, marks_of(text))


def test_punctuation_stays_with_its_word():
    text = ' "One (two)," he said: «Three.»\n(Four – five…) "Six" *** '
    assert texts(text) == ['"One (two)," he said: «Three.»', "(Four – five…)", '"Six" ***']


def test_dots_inside_words_do_not_end_a_sentence():
    text = "The U.S.A won 3.5 to 2."
    assert texts(text) == [text]


def test_headings_are_separate_cues():
    assert texts("Chapter one\r\n\r\nIt was\nnight") == ["Chapter one", "It was night"]


def test_pauses_end_a_cue():
    assert texts("One two three", pauses=[("two", 0.3), ("three", 0.6)]) == ["One two", "three"]


def test_a_short_cue_is_extended():
    text = "One. Two. Three."
    times = [(cue.start, cue.end) for cue in cues(text, marks_of(text, pauses=[("Two", 0.3), ("Three", 2.0)]))]
    assert times == [pytest.approx(pair) for pair in ((0.0, 0.7), (0.7, 1.7), (3.1, 4.1))]


def test_long_sentences_are_cut_at_pauses():
    text = "This one goes on for quite a while, and nobody would care to read all of it at once so it is cut."
    assert texts(text, lasts=0.3, pauses=[("and", 0.4)])[0] == "This one goes on for quite a while,"


@pytest.mark.parametrize("lasts", [0.05, 0.4, 2.0])
def test_cues_respect_the_limits(lasts):
    text = " ".join(f"word{number}" for number in range(300))
    marks = marks_of(text, lasts=lasts)
    made = cues(text, marks)
    assert " ".join(cue.text for cue in made) == text
    assert max(cue.end - cue.start for cue in made) <= 6.001
    assert max(len(line) for line in as_srt(text, marks).splitlines()) <= 42
    assert max(len(block.splitlines()) for block in as_srt(text, marks).split("\n\n")) == (4 if lasts < 0.5 else 3)


def test_a_word_longer_than_a_line_is_broken():
    text = "https" + "x" * 100
    blocks = as_vtt(text, marks_of(text)).split("\n\n")
    assert [len(line) for line in blocks[1].splitlines()[1:]] == [42, 42, 21]


def test_subtitles_of_a_voice(joe):
    text = 'Dr. Smith said: "Your flight leaves at 3:30 p.m. – be early." (Really?)\n\nGoodbye!'
    made = cues(text, joe.synthesize(text).marks)
    assert [cue.text for cue in made] == [
        'Dr. Smith said: "Your flight leaves at 3:30 p.m. – be early."',
        "(Really?)",
        "Goodbye!",
    ]
    assert all(cue.start < cue.end for cue in made)


def test_the_last_cue_ends_with_the_audio(joe):
    for text in ("Yes.", "Stop!", "\ufeffHello"):
        audio = joe.synthesize(text)
        (cue,) = cues(text, audio.marks, seconds=audio.seconds)
        assert cue.end <= audio.seconds
    assert audio.marks[0].word == "Hello"
    assert audio.marks[0].text_start == 1


def test_each_item_of_a_list_has_its_own_cue(joe):
    text = "1. Turn off the water\n2. Open the valve\n- Call the plumber"
    made = [cue.text for cue in cues(text, joe.synthesize(text).marks)]
    assert made == ["1. Turn off the water", "2. Open the valve", "- Call the plumber"]
