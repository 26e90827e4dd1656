"""Chromium decodes files that are joined from sentences, with their exact duration and without a click."""

from base64 import b64encode

import numpy as np
import pytest

from herald.speech import encode
from herald.speech.voice import Audio

RATE = 24_000
DECODE = """async ([data, rate]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const audio = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.buffer);
  return [audio.duration, Array.from(audio.getChannelData(0))];
}"""


def three_sentences():
    """Return tones of three lengths with faded ends, and the pauses between them."""
    samples, pauses = [], []
    for number, seconds in enumerate((0.51, 0.333, 0.77)):
        at = np.arange(round(seconds * RATE)) / RATE
        fade = np.minimum(1, np.minimum(at, at[::-1]) / 0.05)
        samples.append(0.5 * fade * np.sin(2 * np.pi * (220 + 110 * number) * at))
        begin = sum(map(len, samples))
        samples.append(np.zeros(round(0.21 * RATE)))
        pauses.append((begin, begin + len(samples[-1])))
    return Audio(np.concatenate(samples).astype(np.float32), RATE, pauses=tuple(pauses))


@pytest.mark.parametrize("name", ["mp3", "opus", "flac", "wav"])
def test_chromium_decodes_a_joined_file(browser, name):
    audio = three_sentences()
    page = browser.new_page()
    duration, samples = page.evaluate(DECODE, [b64encode(encode(audio, name)).decode(), RATE])
    page.close()
    assert duration == pytest.approx(len(audio.samples) / RATE, abs=0.03)  # sentences begin at frames
    jumps = np.abs(np.diff(samples, n=2))
    in_pauses = np.zeros(len(jumps), bool)
    for start, end in audio.pauses:
        in_pauses[start + RATE // 25 : end - RATE // 25] = True
    assert jumps[in_pauses].max() <= jumps[~in_pauses].max()
    assert np.abs(np.array(samples[: len(jumps)])[in_pauses]).max() < 0.05
