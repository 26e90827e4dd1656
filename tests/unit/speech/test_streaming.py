"""Streamed files have the audio of `encode`, arrive early, and do not depend on how the samples are split."""

import io
import threading
import time
import tracemalloc
from dataclasses import replace
from itertools import cycle, pairwise

import numpy as np
import pytest
import soundfile

from herald.errors import UnsupportedFormat, UnsupportedSampleRate
from herald.speech import Audio, AudioChunk, StreamEncoder, encode, encode_stream
from herald.speech.audio.formats import FORMATS
from herald.speech.prepare.finishing import signal_to_noise
from tests.support.programs import need_decoder, seconds_heard

RATE = 22_050
SAMPLES = 33_073  # an odd number at 8 kHz, for which RIFF requires padding
TEXT = "Guten Tag! Der Termin ist morgen um neun. Bitte bringen Sie Ihre Karte mit."
RAW = {"pcm": "PCM_16", "ulaw": "ULAW", "alaw": "ALAW"}
FIRST_CHUNK = 0.28  # seconds, about the first chunk of a voice
MP3_DELAY = 576 + 529  # delay of LAME and of decoders that do not skip it
CUTS = {"whole": [SAMPLES], "steps": [220], "odd": [7, 1, 333, 64, 1_001, 0]}
MADE = [(name, rate) for name, made in FORMATS.items() for rate in (None, 8_000, 48_000) if rate in (None, *made.rates)]

each_file = pytest.mark.parametrize(("name", "asked"), MADE)


@pytest.fixture(scope="module")
def sound() -> Audio:
    """Two tones with varying amplitude and some noise, up to the last sample."""
    at = np.arange(SAMPLES) / RATE
    tones = np.sin(2 * np.pi * 440 * at) + 0.5 * np.sin(2 * np.pi * 1_760 * at)
    noise = np.random.default_rng(0).standard_normal(SAMPLES)
    return Audio((0.3 * tones * np.sin(2 * np.pi * 1.3 * at) + 0.01 * noise).astype(np.float32), RATE)


def cut(audio, sizes):
    start = 0
    for size in cycle(sizes):
        yield AudioChunk(audio.samples[start : start + size], audio.sample_rate)
        start += size
        if start >= len(audio.samples):
            return


def streamed(audio, name, asked, sizes=CUTS["odd"]):
    return b"".join(encode_stream(cut(audio, sizes), name, sample_rate=asked))


def decoded(data, name, *, rate, frames):
    how = {}
    if name in RAW:
        how = {"format": "RAW", "subtype": RAW[name], "channels": 1, "samplerate": rate, "endian": "LITTLE"}
    if name == "flac":  # libsndfile cannot read FLAC of unknown length: set it (RFC 9639, section 8.2)
        data = data[:22] + frames.to_bytes(4) + data[26:]
    samples, found = soundfile.read(io.BytesIO(data), **how)
    assert found == rate
    return samples


def assert_sounds_alike(data, audio, name, asked):
    rate = FORMATS[name].rate_for(asked, audio.sample_rate)
    file = encode(audio, name, sample_rate=rate)
    whole, _ = soundfile.read(io.BytesIO(file)) if name not in RAW else (decoded(file, name, rate=rate, frames=0), rate)
    samples = decoded(data, name, rate=rate, frames=len(whole))
    samples = (
        samples[MP3_DELAY:] if name == "mp3" else samples
    )  # the tag of a stream has no length, so libmpg123 skips nothing
    assert 0 <= len(samples) - len(whole) <= (0.1 * rate if name == "mp3" else 0)
    assert signal_to_noise(whole, samples[: len(whole)]) > 100


@each_file
def test_a_stream_sounds_like_the_file(sound, name, asked):
    assert_sounds_alike(streamed(sound, name, asked), sound, name, asked)


@pytest.mark.parametrize("name", FORMATS)
def test_the_chunks_of_a_voice_sound_like_the_whole(tiny, name):
    chunks = list(tiny.stream(TEXT))
    assert len(chunks) > 2
    whole = tiny.synthesize(TEXT)
    np.testing.assert_allclose(np.concatenate([chunk.samples for chunk in chunks]), whole.samples, atol=2**-15)
    # Encode the samples of the whole: for others, however similar, Opus can choose other modes.
    parts = np.split(whole.samples, np.cumsum([len(chunk.samples) for chunk in chunks])[:-1])
    same = [replace(chunk, samples=part) for chunk, part in zip(chunks, parts, strict=True)]
    assert_sounds_alike(b"".join(encode_stream(same, name)), whole, name, None)


@each_file
def test_the_bytes_do_not_depend_on_the_chunks(sound, name, asked):
    files = [streamed(sound, name, asked, sizes) for sizes in CUTS.values()]
    assert len(set(files)) == 1


@pytest.mark.parametrize("name", ["wav_ulaw", "wav_alaw"])
def test_a_streamed_header_has_no_number_of_samples(sound, name):
    file = streamed(sound, name, None)
    at = file.index(b"fact") + 8
    assert int.from_bytes(file[at : at + 4], "little") == 0


@pytest.mark.parametrize("name", RAW)
def test_a_stream_without_a_header_equals_the_file(sound, name):
    loud = Audio(np.sign(sound.samples), RATE)
    assert streamed(loud, name, None) == encode(loud, name)


def test_the_same_audio_gives_the_same_bytes_a_second_later(sound):
    first = {name: streamed(sound, name, None) for name in FORMATS}
    time.sleep(1.1)  # libsndfile seeds Ogg's serial number with the time in seconds
    assert {name: streamed(sound, name, None) for name in FORMATS} == first


@each_file
def test_bytes_arrive_early_and_steadily(sound, name, asked):
    first = StreamEncoder(name, voice_rate=RATE, sample_rate=asked).add(
        AudioChunk(sound.samples[: int(FIRST_CHUNK * RATE)], RATE)
    )
    assert len(first) > 550  # headers and some sound
    encoder = StreamEncoder(name, voice_rate=RATE, sample_rate=asked)
    sent = [at * 220 / RATE for at, chunk in enumerate(cut(sound, [220]), 1) if encoder.add(chunk)]
    assert sent[1] <= FIRST_CHUNK  # the first may be a header
    assert (
        max(later - sooner for sooner, later in pairwise(sent)) < 0.22
    )  # a FLAC frame at 8 kHz, and the resampler's buffer


@pytest.mark.parametrize("name", ["wav", "flac"])
def test_sent_bytes_are_not_retained(sound, name):
    encoder = StreamEncoder(name, voice_rate=RATE)
    tracemalloc.start()
    sent = sum(len(encoder.add(chunk)) for _ in range(20) for chunk in cut(sound, [6_000]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000
    assert sent > 800_000


@pytest.mark.parametrize("name", FORMATS)
def test_a_stream_without_samples_is_a_file_without_samples(name):
    assert list(encode_stream([], name)) == []
    encoder = StreamEncoder(name, voice_rate=RATE)
    data = encoder.add(AudioChunk(np.empty(0, np.float32), RATE)) + encoder.close()
    if FORMATS[name].container == "WAV":
        assert soundfile.info(io.BytesIO(data)).frames == 0
    else:
        assert data == encode(Audio(np.empty(0, np.float32), RATE), name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_closed_file_rejects_samples(sound, name):
    encoder = StreamEncoder(name, voice_rate=RATE)
    assert encoder.add(sound) + encoder.close()
    assert encoder.close() == b""
    with pytest.raises(RuntimeError):
        encoder.add(sound)


def test_closing_the_generator_stops_synthesis(tiny):
    before = threading.active_count()
    pieces = encode_stream(tiny.stream("Guten Tag! " * 20), "opus")
    next(pieces)
    pieces.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("name", ["aac", "MP3", "", "exe"])
def test_unknown_formats_are_rejected_by_the_call(name):
    with pytest.raises(UnsupportedFormat, match="mp3"):
        encode_stream([], name)
    with pytest.raises(UnsupportedFormat, match="mp3"):
        StreamEncoder(name, voice_rate=RATE)


@pytest.mark.parametrize(("name", "rate"), [("opus", 44_100), ("ulaw", 16_000), ("wav_alaw", 22_050), ("mp3", 0)])
def test_unsupported_rates_are_rejected_by_the_call(name, rate):
    with pytest.raises(UnsupportedSampleRate):
        encode_stream([], name, sample_rate=rate)
    with pytest.raises(UnsupportedSampleRate):
        StreamEncoder(name, voice_rate=RATE, sample_rate=rate)


@each_file
def test_ffmpeg_reads_all_of_it(sound, name, asked):
    need_decoder("ffmpeg", name)
    rate = FORMATS[name].rate_for(asked, RATE)
    more = seconds_heard("ffmpeg", streamed(sound, name, asked), name, rate) - sound.seconds
    assert abs(more) < (0.1 if name == "mp3" else 1 / rate)


@each_file
def test_sox_reads_all_of_it(sound, name, asked):
    need_decoder("sox", name)
    rate = FORMATS[name].rate_for(asked, RATE)
    more = seconds_heard("sox", streamed(sound, name, asked), name, rate) - sound.seconds
    # libmad does not skip the delay: 0.14 s at 8 kHz, in complete files too
    assert abs(more) < (1 / rate if name != "mp3" else 0.16 if rate == 8_000 else 0.1)
