"""The audio of voices of other rates is joined at one rate, and its pauses stay exact."""

import numpy as np
import pytest

from herald.speech import AudioChunk
from herald.speech.audio_chunk import Audio, join
from herald.speech.speaking import trim_tail

OWN_RATE, RATE = 8_000, 16_000


def chunks(*lengths):
    """Yield sound and, for negative lengths, pauses, in samples."""
    for length in lengths:
        sound = 0.5 * np.sin(np.arange(abs(length)) / 5)
        yield AudioChunk((sound if length > 0 else 0 * sound).astype(np.float32), OWN_RATE, pause=length < 0)


@pytest.mark.parametrize("lengths", [(800, -400, 600), (800, -400), (-400, 800), (800,)])
def test_sentences_and_pauses_keep_their_lengths_at_another_rate(lengths):
    made = [*join([(chunks(*lengths), OWN_RATE)], RATE)]
    assert {chunk.sample_rate for chunk in made} == {RATE}
    assert sum(len(chunk.samples) for chunk in made) == 2 * sum(map(abs, lengths))
    assert [len(chunk.samples) for chunk in made if chunk.pause] == [-2 * one for one in lengths if one < 0]
    assert not any(chunk.samples.any() for chunk in made if chunk.pause)


def test_only_the_silence_at_the_end_is_cut():
    sound, silence = np.ones(3, np.float32), np.zeros(2, np.float32)
    chunks = [silence, np.concatenate([sound, silence]), silence, sound, silence, silence]
    cut = np.concatenate([*trim_tail(chunks)])
    np.testing.assert_array_equal(cut, np.concatenate([silence, sound, silence, silence, sound]))


@pytest.mark.parametrize(
    ("pauses", "parts"),
    [
        ((), [(6, False)]),
        (((2, 4),), [(2, False), (2, True), (2, False)]),
        (((0, 1), (4, 6)), [(1, True), (3, False), (2, True)]),
    ],
    ids=["no pause", "within", "at both ends"],
)
def test_audio_is_divided_at_its_pauses(pauses, parts):
    audio = Audio(np.zeros(6, np.float32), RATE, pauses=pauses)
    assert [(len(part.samples), part.pause) for part in audio.parts()] == parts
