"""Marks agree with Whisper's word times, and with transitions between silence and sound."""

import sys
from difflib import SequenceMatcher
from itertools import chain

import numpy as np
import pytest
import soxr

from herald.speech import default_voice
from tests.quality.words import words

TEXTS = (
    "Your appointment with Doctor Miller is confirmed. It is on Monday, at half past eleven. Please come early.",
    "The train to the airport is late. It leaves from the last platform, in a few minutes. We are sorry.",
    "Thank you for calling. If you would like to speak with a person, please press the star key, or stay on the line.",
    "Your order has been shipped. It should arrive on Thursday, before noon. You can follow it on our website.",
    "The office will be closed tomorrow, because of the storm. We open again on Wednesday. Please stay at home.",
    "Hello Anna. This is your library. The book that you asked for is here, and we will keep it until the weekend.",
    "Good evening. We have received your payment last Friday. There is nothing more to do. Have a wonderful summer.",
    "Remember to water the plants before you leave the house. Close the windows, and turn off the lights.",
    "The school bus will be late today. Snow has covered the roads, so please wait inside. Thank you.",
    "Your table in the garden is ready. Please come to the front desk. Dinner is served until midnight.",
)
MOST_OFF = 0.080
"""Median in seconds. Whisper's times are rough: after a pause, its words begin 110 ms after their sound."""
FEWEST_FOUND = 0.9
LISTENING_RATE = 16_000
MOST_OFF_SOUND = 0.020
"""Median seconds between a mark and the sound."""
SILENCE, STEP = 0.15, 0.005
"""Seconds: minimum duration of a pause, and the resolution of the search."""
QUIET = 0.01
"""Fraction of the loudest level."""


@pytest.fixture(scope="module")
def spoken():
    voice = default_voice()
    return [voice.synthesize(text) for text in TEXTS]


@pytest.fixture
def show(capsys):
    def write(lines):
        with capsys.disabled():
            sys.stdout.write("\n" + "\n".join(lines) + "\n")

    return write


def transcribe(whisper, audio):
    samples = soxr.resample(audio.samples, audio.sample_rate, LISTENING_RATE)
    segments, _ = whisper.transcribe(
        samples, language="en", beam_size=5, temperature=0, vad_filter=False, word_timestamps=True
    )
    return [word for segment in segments for word in segment.words]


def differences(marks, recognized):
    """Return the delays of each recognized word's start and end relative to its mark, as an array of pairs."""
    marked, found = ([" ".join(words(one.word)) for one in row] for row in (marks, recognized))
    blocks = SequenceMatcher(None, marked, found, autojunk=False).get_matching_blocks()
    pairs = [(marks[a + at], recognized[b + at]) for a, b, size in blocks for at in range(size)]
    return np.array([(other.start - mark.start, other.end - mark.end) for mark, other in pairs])


def row(name, off, count):
    """Return a row of the report: medians and 90th percentiles of absolute differences, and signed medians, in ms."""
    figures = [
        figure
        for column in (off * 1000).T
        for figure in (np.median(abs(column)), np.quantile(abs(column), 0.9), np.median(column))
    ]
    return f"{name:>5} {len(off):4}/{count:3}" + "".join(f"{figure:8.0f}" for figure in figures)


HEAD = "ms     words    start     p90   later     end     p90   later"


def test_marks_agree_with_recognized_words(whisper, spoken, show):
    counts = [len(audio.marks) for audio in spoken]
    off = [differences(audio.marks, transcribe(whisper, audio)) for audio in spoken]
    together = np.concatenate(off)
    rows = [row(number, *one) for number, one in enumerate(zip(off, counts, strict=True), start=1)]
    show([HEAD, *rows, row("all", together, sum(counts))])
    assert len(together) >= FEWEST_FOUND * sum(counts)
    assert np.median(abs(together[:, 0])) < MOST_OFF


def sounds(audio):
    """Return the times at which sound begins and ends, at the edges of the audio and of its pauses."""
    step = round(audio.sample_rate * STEP)
    loudness = np.sqrt((audio.samples[: len(audio.samples) // step * step].reshape(-1, step) ** 2).mean(axis=1))
    loud = np.flatnonzero(loudness > QUIET * loudness.max())
    pauses = np.flatnonzero(np.diff(loud) * STEP > SILENCE)
    return loud[[0, *(pauses + 1)]] * STEP, (loud[[*pauses, -1]] + 1) * STEP


def nearest(times, sound):
    return min((time - sound for time in times), key=abs)


def test_marks_begin_and_end_with_sound(spoken, show):
    edges = [(audio, *sounds(audio)) for audio in spoken]
    starts = [[nearest([one.start for one in audio.marks], at) for at in begins] for audio, begins, _ in edges]
    ends = [[nearest([one.end for one in audio.marks], at) for at in stops] for audio, _, stops in edges]
    off = np.array([list(chain(*starts)), list(chain(*ends))]).T
    show([HEAD, row("sound", off, len(off))])
    assert len(off) > 2 * len(TEXTS)
    assert np.median(abs(off), axis=0).max() < MOST_OFF_SOUND
