"""Speaks the lines of a request into one file, each in its own voice."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from time import perf_counter

import numpy as np
import soxr

from gpu.device import Device
from gpu.engines import SpeakingModel, load
from gpu.shelf import Shelf
from gpu.store import Store, size_of
from herald.errors import InvalidInput, InvalidRequest, OutOfTime, UnknownSpeaker
from herald.jobs.gpu import GpuAnswer, GpuLine, GpuRequest
from herald.jobs.intake import MIXERS
from herald.jobs.speakers import parse_mix
from herald.speech.audio.encoding import open_sound
from herald.speech.audio.formats import AudioFormat, find_format
from herald.speech.audio.ogg import with_fixed_serial
from herald.speech.model import Floats
from herald.speech.text import speakable
from herald.speech.voices.catalog import VoiceInfo

PAUSE = 0.4
"""Seconds of silence between two lines."""
_PARAMS = {"input": "text", "voice": "voice", "language": "language"}
"""What the fields of a line are called in herald.speech, and here."""
_SPEAKERS_TOLD = 20

type TimeLeft = Callable[[], float]
"""Seconds that a request may still take; none for one that nobody waits for any more."""


@dataclass(frozen=True)
class _Part:
    """A line that has been looked at: its text, who says it."""

    line: GpuLine
    text: str
    info: VoiceInfo
    speaker: str | None


class Dialogues:
    """Speaks with the models of a store, keeping some of them loaded. Several threads may use it at once."""

    def __init__(self, store: Store, *, device: Device, memory: int) -> None:
        self._store = store
        self._device = device
        self._shelf: Shelf[SpeakingModel] = Shelf(memory)

    @property
    def loaded(self) -> list[str]:
        """Voices whose models are in memory."""
        return self._shelf.names

    def speak(self, request: GpuRequest, *, time_left: TimeLeft) -> GpuAnswer:
        """Speak a request; InvalidInput names the line at fault, and is raised before anything is spoken."""
        started = perf_counter()
        made = find_format(request.response_format)
        parts = [self._look(number, line) for number, line in enumerate(request.lines)]
        voices = {part.info.id: part.info for part in parts}
        rate = made.rate_for(request.sample_rate, max(info.sample_rate for info in voices.values()))
        file, samples = _write(made, rate, self._spoken(parts, request.speed, rate, time_left))
        return GpuAnswer(
            job=request.job,
            seconds=round(samples / rate, 3),
            sample_rate=rate,
            format=made.name,
            engine="+".join(sorted({info.engine for info in voices.values()})),
            synthesis_seconds=round(perf_counter() - started, 3),
            voice_checksums={name: info.checksum for name, info in voices.items()},
            size=len(file),
            audio=file,
        )

    def _look(self, number: int, line: GpuLine) -> _Part:
        voice, _, speaker = line.voice.partition(":")
        with _blaming(number):
            info = self._store.find(voice)
            _check_language(line.language, info)
            if speaker:
                _check_speakers([*parse_mix(speaker)] if info.engine in MIXERS else [speaker], info)
            return _Part(line, speakable(line.text), info, speaker or None)

    def _spoken(self, parts: list[_Part], speed: float, rate: int, time_left: TimeLeft) -> Iterator[Floats]:
        for number, part in enumerate(parts):
            if number:
                yield np.zeros(round(PAUSE * rate), np.float32)
            with _blaming(number), self._borrow(part.info, time_left) as model:
                said = model.speak(part.text, speaker=part.speaker, language=part.line.language, speed=speed)
                yield from _resampled(_in_time(said, time_left), model.sample_rate, rate)

    def _borrow(self, info: VoiceInfo, time_left: TimeLeft) -> AbstractContextManager[SpeakingModel]:
        loading = partial(load, info.engine, info.path, self._device)
        return self._shelf.borrow(info.id, size=size_of(info), load=loading, time_left=time_left)


def _check_language(language: str | None, info: VoiceInfo) -> None:
    if language and not info.speaks(language):
        raise InvalidRequest(
            f"The voice {info.id} does not speak that language. Languages: {', '.join(info.languages)}.",
            param="language",
            code="unsupported_language",
        )


def _check_speakers(speakers: list[str], info: VoiceInfo) -> None:
    if not info.speakers.keys() >= set(speakers):
        there = ", ".join(list(info.speakers)[:_SPEAKERS_TOLD]) or "none: it has one speaker only"
        raise UnknownSpeaker(f"The voice {info.id} has no such speaker. Speakers: {there}.", param="voice")


def _write(made: AudioFormat, rate: int, spoken: Iterator[Floats]) -> tuple[bytes, int]:
    """The audio file, and how many samples are in it. They are written as they come: an hour of them is 350 MB."""
    file, count = BytesIO(), 0
    with open_sound(file, rate, made.container, made.coding) as sound:
        for samples in spoken:
            sound.write(samples)
            count += len(samples)
    return (with_fixed_serial(file.getvalue()) if made.container == "OGG" else file.getvalue()), count


def _resampled(pieces: Iterator[Floats], rate: int, wanted: int) -> Iterator[Floats]:
    if rate == wanted:
        yield from pieces
        return
    resampler = soxr.ResampleStream(rate, wanted, 1, dtype="float32")
    for samples in pieces:
        yield np.clip(resampler.resample_chunk(samples), -1, 1)
    yield np.clip(resampler.resample_chunk(np.zeros(0, np.float32), last=True), -1, 1)


def _in_time(pieces: Iterator[Floats], time_left: TimeLeft) -> Iterator[Floats]:
    for samples in pieces:
        if time_left() <= 0:
            raise OutOfTime("Speaking this took too long. Send it in parts.", param="lines")
        yield samples


@contextmanager
def _blaming(number: int) -> Iterator[None]:
    """Let an error about a text, a voice or a language tell which line it is about."""
    try:
        yield
    except InvalidInput as error:
        if error.param in _PARAMS:
            error.param = f"lines.{number}.{_PARAMS[error.param]}"
        raise
