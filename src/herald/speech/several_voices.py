"""Join the audio of texts that several voices speak after one another."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing

from herald.speech.audio.resampling import Resampler
from herald.speech.phonemes import SpokenWord
from herald.speech.voice import AudioChunk


def joined(parts: Sequence[tuple[Generator[AudioChunk], int]], rate: int) -> Generator[AudioChunk]:
    """Yield the chunks of parts, each with its sample rate in Hz, in order and at one rate."""
    begun = 0
    for chunks, own_rate in parts:
        resampler = Resampler(own_rate, rate)
        start = begun / rate
        with closing(chunks):
            for chunk in chunks:
                samples = resampler.more(chunk.samples)
                begun += len(samples)
                yield AudioChunk(samples, rate, tuple(_later(chunk.words, start)), chunk.sentences)
        if len(rest := resampler.rest()):
            begun += len(rest)
            yield AudioChunk(rest, rate)


def _later(words: Iterable[SpokenWord], seconds: float) -> Iterator[SpokenWord]:
    """Yield words with their times in the whole audio."""
    for word in words:
        phones = tuple((phone, start + seconds) for phone, start in word.phones)
        yield word._replace(start=word.start + seconds, end=word.end + seconds, phones=phones)
