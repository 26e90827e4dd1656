"""Synthesize the lines of a request into one file, each with its own voice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import soxr

from gpu.engines import CLONING_ENGINES
from gpu.enrolling import Enrolled, Enroller
from gpu.model_cache import TimeLeft
from gpu.models import Models
from herald.enrolment.enrolment_messages import ENROLLED, EnrolmentRequest
from herald.errors import InvalidInput, InvalidRequest, OutOfTime, UnknownSpeaker
from herald.jobs.custom_voices import MODELS
from herald.jobs.gpu_script import GpuLine, GpuRequest, GpuResponse
from herald.jobs.resolve import MIXERS
from herald.speech.audio.encoding import FileEncoder
from herald.speech.audio.formats import CONTAINERS, AudioFormat, find_format
from herald.speech.audio_chunk import AudioChunk
from herald.speech.kokoro.kokoro_speakers import parse_mix
from herald.speech.memory import SOUND
from herald.speech.model import Floats
from herald.speech.text import refuse_stray_ssml, speakable
from herald.speech.voices.catalog import VoiceInfo

PAUSE = 0.4
"""Seconds of silence between lines."""
_PARAMS = {"input": "text", "voice": "voice", "language": "language"}
"""Parameter names of herald.speech, and the corresponding fields of a line."""
_SPEAKERS_LISTED = 20


@dataclass(frozen=True)
class _Part:
    """A validated line with its voice and speaker."""

    line: GpuLine
    text: str
    info: VoiceInfo
    speaker: str | None


class Dialogues:
    """Synthesizes requests with the models of a store, and enrols voices. Thread-safe."""

    def __init__(self, models: Models, enroller: Enroller) -> None:
        self._models = models
        self._enroller = enroller

    @property
    def loaded(self) -> list[str]:
        """The voices whose models are loaded."""
        return self._models.loaded

    def speak(self, request: GpuRequest, *, time_left: TimeLeft) -> GpuResponse:
        """Synthesize a request. First create the voice that it enrols, if any; if that is refused, return no audio.

        Raise InvalidInput, with the number of the line, before the synthesis starts.
        """
        started = perf_counter()
        audio_format = find_format(request.response_format)
        parts = [self._validate(number, line, request.enrolment) for number, line in enumerate(request.lines)]
        voices = {part.info.id: part.info for part in parts}
        rate = audio_format.rate_for(request.sample_rate, max(info.sample_rate for info in voices.values()))
        enrolled = self._enroller.enrol(request.job, request.enrolment, time_left) if request.enrolment else None
        file, samples = b"", 0
        if enrolled is None or enrolled.speak_as:
            file, samples = _encode(
                audio_format, rate, self._synthesize(parts, enrolled, request.speed, rate, time_left)
            )
        return GpuResponse(
            job=request.job,
            seconds=round(samples / rate, 3),
            sample_rate=rate,
            format=audio_format.name,
            engine="+".join(sorted({info.engine for info in voices.values()})),
            synthesis_seconds=round(perf_counter() - started, 3),
            voice_checksums={name: info.checksum for name, info in voices.items()},
            voice_engines={name: info.engine for name, info in voices.items()},
            sound=SOUND,
            containers=CONTAINERS,
            size=len(file),
            enrolment=enrolled and enrolled.result(),
            audio=file,
        )

    def _validate(self, number: int, line: GpuLine, enrolment: EnrolmentRequest | None) -> _Part:
        voice, _, speaker = line.voice.partition(":")
        if enrolment and line.voice == ENROLLED:
            voice = MODELS[enrolment.method]
        with _number_errors(number):
            info = self._models.find(voice)
            _check_language(line.language, info)
            if speaker and info.engine not in CLONING_ENGINES:
                _check_speakers([*parse_mix(speaker).shares] if info.engine in MIXERS else [speaker], info)
            refuse_stray_ssml(line.text)
            return _Part(line, speakable(line.text), info, speaker or None)

    def _synthesize(
        self, parts: list[_Part], enrolled: Enrolled | None, speed: float, rate: int, time_left: TimeLeft
    ) -> Iterator[Floats]:
        for number, part in enumerate(parts):
            if number:
                yield np.zeros(round(PAUSE * rate), np.float32)
            voice = enrolled if part.line.voice == ENROLLED else None
            speaker = voice.speaker if voice else part.speaker
            with _number_errors(number), self._models.borrow(part.info, time_left) as model:
                pieces = model.speak(part.text, speaker=speaker, language=part.line.language, speed=speed)
                pieces = voice.record(pieces, model.sample_rate) if voice else pieces
                yield from _resample(_check_time(pieces, time_left), model.sample_rate, rate)


def _check_language(language: str | None, info: VoiceInfo) -> None:
    if language and not info.speaks(language):
        raise InvalidRequest(
            f"The voice {info.id} does not speak that language. Languages: {', '.join(info.languages)}.",
            param="language",
            code="unsupported_language",
        )


def _check_speakers(speakers: list[str], info: VoiceInfo) -> None:
    if not info.speakers.keys() >= set(speakers):
        known = ", ".join(list(info.speakers)[:_SPEAKERS_LISTED]) or "none, it is a single-speaker voice"
        raise UnknownSpeaker(f"Unknown speaker of the voice {info.id}. Speakers: {known}.", param="voice")


def _encode(audio_format: AudioFormat, rate: int, pieces: Iterator[Floats]) -> tuple[bytes, int]:
    """Return the file and its number of samples. Encode incrementally: an hour of samples has 350 MB."""
    encoder = FileEncoder(audio_format, voice_rate=rate, rate=rate)
    for samples in pieces:
        encoder.add(AudioChunk(samples, rate))
    return encoder.close(), encoder.samples


def _resample(pieces: Iterator[Floats], rate: int, wanted: int) -> Iterator[Floats]:
    if rate == wanted:
        yield from pieces
        return
    resampler = soxr.ResampleStream(rate, wanted, 1, dtype="float32")
    for samples in pieces:
        yield np.clip(resampler.resample_chunk(samples), -1, 1)
    yield np.clip(resampler.resample_chunk(np.zeros(0, np.float32), last=True), -1, 1)


def _check_time(pieces: Iterator[Floats], time_left: TimeLeft) -> Iterator[Floats]:
    for samples in pieces:
        if time_left() <= 0:
            raise OutOfTime("Synthesis exceeded the time limit. Split the text into several requests.", param="lines")
        yield samples


@contextmanager
def _number_errors(number: int) -> Iterator[None]:
    """Add the number of the line to errors about a text, voice or language."""
    try:
        yield
    except InvalidInput as error:
        if error.param in _PARAMS:
            error.param = f"lines.{number}.{_PARAMS[error.param]}"
        raise
