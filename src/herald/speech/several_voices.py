"""Join the audio of texts that several voices speak after one another."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np

from herald.speech.audio.resampling import Resampler
from herald.speech.audio_chunk import AudioChunk
from herald.speech.spoken_words import shifted


def joined(parts: Sequence[tuple[Generator[AudioChunk], int]], rate: int) -> Generator[AudioChunk]:
    """Yield the chunks of parts, each with its sample rate in Hz, in order and at one rate."""
    begun = 0
    for chunks, own_rate in parts:
        resampled = chunks if own_rate == rate else _resampled(chunks, own_rate, rate)
        start = begun / rate
        with closing(chunks), closing(resampled):
            for chunk in resampled:
                begun += chunk.encoded.voiced if chunk.encoded else len(chunk.samples)
                yield replace(chunk, words=tuple(shifted(chunk.words, start)))


def _resampled(chunks: Iterable[AudioChunk], own_rate: int, rate: int) -> Generator[AudioChunk]:
    """Yield chunks at another rate. Pauses, between which the sentences are encoded by themselves, stay pauses."""
    resampler = Resampler(own_rate, rate)
    for chunk in chunks:
        if not chunk.pause:
            yield replace(chunk, samples=resampler.more(chunk.samples), sample_rate=rate)
            continue
        if len(rest := resampler.rest()):
            yield AudioChunk(rest, rate)
        resampler = Resampler(own_rate, rate)
        silence = np.zeros(round(len(chunk.samples) * rate / own_rate), np.float32)
        yield replace(chunk, samples=silence, sample_rate=rate)
    if len(rest := resampler.rest()):
        yield AudioChunk(rest, rate)
