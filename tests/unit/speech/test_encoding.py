"""Audio files have the right audio and sample rate in every format, and are reproducible."""

import io
import time

import numpy as np
import pytest
import soundfile

from herald.errors import UnsupportedFormat, UnsupportedSampleRate
from herald.speech import Audio, encode
from herald.speech.audio.formats import FORMATS, find_format

RATE = 22_050
SECONDS = 1.5
RAW = {"pcm": "PCM_16", "ulaw": "ULAW", "alaw": "ALAW"}


@pytest.fixture(scope="module")
def tone() -> Audio:
    time_axis = np.arange(int(RATE * SECONDS)) / RATE
    return Audio((0.5 * np.sin(2 * np.pi * 440 * time_axis)).astype(np.float32), RATE)


def decoded(data, name, rate):
    if name not in RAW:
        return soundfile.read(io.BytesIO(data))
    how = {"format": "RAW", "subtype": RAW[name], "channels": 1, "samplerate": rate, "endian": "LITTLE"}
    return soundfile.read(io.BytesIO(data), **how)


def pitch(samples, rate):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * rate / len(samples)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("asked", [None, 8_000])
def test_every_format_contains_the_audio(tone, name, asked):
    rate = FORMATS[name].rate_for(asked, RATE)
    samples, found = decoded(encode(tone, name, sample_rate=asked), name, rate)
    assert found == rate
    assert len(samples) == round(len(tone.samples) * rate / RATE)
    assert pitch(samples, rate) == pytest.approx(440, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.07)


def test_default_rates():
    rates = {name: made.rate_for(None, RATE) for name, made in FORMATS.items()}
    assert rates == {"mp3": 22_050, "opus": 24_000, "flac": 22_050, "wav": 22_050, "pcm": 24_000} | dict.fromkeys(
        ("ulaw", "alaw", "wav_ulaw", "wav_alaw"), 8_000
    )


def test_the_same_audio_gives_the_same_bytes_a_second_later(tone):
    first = {name: encode(tone, name) for name in FORMATS}
    time.sleep(1.1)  # libsndfile seeds Ogg's serial number with the time in seconds
    assert {name: encode(tone, name) for name in FORMATS} == first


def test_g711_has_one_byte_per_sample(tone):
    assert len(encode(tone, "ulaw")) == len(encode(tone, "alaw")) == int(8_000 * SECONDS)


def test_pcm_is_little_endian():
    quarter = Audio(np.full(2_400, 0.25, np.float32), 24_000)
    assert set(np.frombuffer(encode(quarter, "pcm"), "<i2")) == {8_192}


def test_no_sample_wraps_around():
    loud = Audio(np.tile(np.array([1.0, -1.0], np.float32), 12_000), 24_000)
    assert np.abs(np.frombuffer(encode(loud, "pcm"), "<i2").astype(int)).min() >= 32_767


@pytest.mark.parametrize(
    ("name", "rate"), [("opus", 44_100), ("ulaw", 16_000), ("wav_alaw", 22_050), ("mp3", 0), ("wav", -8_000)]
)
def test_unsupported_rates_are_rejected(tone, name, rate):
    with pytest.raises(UnsupportedSampleRate) as refused:
        encode(tone, name, sample_rate=rate)
    assert refused.value.param == "sample_rate"


@pytest.mark.parametrize("name", ["aac", "MP3", "", "exe"])
def test_unknown_formats_are_rejected(tone, name):
    with pytest.raises(UnsupportedFormat, match="mp3"):
        encode(tone, name)


def test_aac_is_rejected_with_alternatives():
    with pytest.raises(UnsupportedFormat, match="Use mp3 or opus"):
        find_format("aac")
