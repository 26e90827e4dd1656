"""What becomes of the sound of Kokoro's network, however short or silent it is."""

import numpy as np
import pytest

from herald.speech.kokoro.kokoro_model import SAMPLE_RATE, STYLES, Kokoro


class Network:
    """Returns the same samples for any text."""

    def __init__(self, samples):
        self.samples = samples.astype(np.float32)

    def run(self, _, __):
        return [self.samples[None, :]]


@pytest.fixture
def speak(tmp_path):
    np.savez(tmp_path / STYLES, af_one=np.zeros((510, 1, 256), np.float32))

    def run(text, samples):
        model = Kokoro(tmp_path, Network(samples), lambda text, _, **__: text)
        return [*model.speak(text, speaker=None, language=None, speed=1.0)]

    return run


@pytest.mark.parametrize("length", [0, 1, 511])
def test_a_sound_shorter_than_a_frame_is_kept(speak, length):
    """Frames are what silence is measured by."""
    (samples,) = speak("a", np.full(length, 0.5))
    assert samples.tolist() == [0.5] * length


def test_silence_alone_is_kept(speak):
    """Like any text that the network does not speak: its time passes."""
    (samples,) = speak("a", np.zeros(4_800))
    assert samples.tolist() == [0.0] * 4_800


def test_samples_beyond_the_range_of_files_are_limited(speak):
    (samples,) = speak("a", np.full(4_800, -1.5))
    assert set(samples.tolist()) == {-1.0}


@pytest.mark.parametrize(("mark", "seconds"), [(".", 0.3), ("?", 0.3), (",", 0.1), (";", 0.1), ("", 0.0)])
def test_a_pause_depends_on_the_mark_where_a_text_is_cut(speak, mark, seconds):
    first, pause, second = speak(f"{'a' * 200}{mark} {'b' * 200}", np.full(2_400, 0.5))
    assert len(first) == len(second)
    assert len(pause) == round(seconds * SAMPLE_RATE)
    assert not pause.any()
