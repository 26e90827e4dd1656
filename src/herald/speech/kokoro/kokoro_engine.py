"""Synthesize texts into files with Kokoro on CPU."""

from collections.abc import Callable, Sequence
from pathlib import Path

import onnxruntime

from herald.speech.audio.encoding import FileEncoder
from herald.speech.audio.formats import bytes_per_second, find_format
from herald.speech.audio_chunk import AudioChunk
from herald.speech.engine import Spoken
from herald.speech.kokoro.kokoro_model import MODEL, SAMPLE_RATE, Kokoro, check_packed, phonemize
from herald.speech.lexicons import Lexicon
from herald.speech.limits import Estimate, Limits
from herald.speech.memory import Sentences
from herald.speech.model import session_options
from herald.speech.reading.lexicon_words import with_aliases
from herald.speech.reading.markup import TextFormat, readable
from herald.speech.text import speakable

_SECONDS_PER_PHONEME = 0.05
"""At speed 1. Slightly below the measured value, so that only texts that certainly exceed a limit are refused."""


def load(folder: Path, threads: int) -> Kokoro:
    """Load a packed model; raise VoiceNotPrepared if it is incomplete."""
    check_packed(folder)
    options = session_options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.use_deterministic_compute = True
    session = onnxruntime.InferenceSession(str(folder / MODEL), options, ["CPUExecutionProvider"])
    return Kokoro(folder, session, phonemize)


def speak(  # noqa: PLR0913  each parameter changes the file
    model: Kokoro,
    text: str,
    *,
    speaker: str | None = None,
    language: str | None = None,
    speed: float = 1.0,
    format: str = "mp3",  # noqa: A002  named as in OpenAI's API
    sample_rate: int | None = None,
    text_format: TextFormat = "plain",
    lexicons: Sequence[Lexicon] = (),
    time_left: Callable[[], float] = lambda: float("inf"),
    max_bytes: float = float("inf"),
    audio_per_second: float = float("inf"),
) -> Spoken:
    """Synthesize a text into a file. The same arguments give the same bytes.

    Raise InvalidInput for invalid text or options, TooLongToSpeak or TooLargeToSpeak before the synthesis if it is
    estimated to exceed a limit, and OutOfTime or AudioTooLarge when it does.
    """
    audio_format = find_format(format)
    rate = audio_format.rate_for(sample_rate, SAMPLE_RATE)
    limits = Limits(
        time_left=time_left,
        max_bytes=max_bytes,
        bytes_per_second=bytes_per_second(audio_format, rate),
        audio_per_second=audio_per_second,
    )
    plain = with_aliases(readable(speakable(text, lexicons, language), text_format).text, language, lexicons)
    paragraphs = model.paragraphs(plain, speaker=speaker, language=language, speed=speed)
    seconds = sum(len(piece) for pieces in paragraphs for piece in pieces) * _SECONDS_PER_PHONEME / speed
    limits.check_estimate(Estimate(audio=seconds, computed=seconds))
    encoder = FileEncoder(audio_format, voice_rate=SAMPLE_RATE, rate=rate)
    for samples in model.synthesize(paragraphs, speaker, speed):
        encoder.add(AudioChunk(samples, SAMPLE_RATE))
        limits.check(encoder.size)
    file = encoder.close()
    limits.check(len(file))
    return Spoken(file=file, format=audio_format, sample_rate=rate, seconds=encoder.seconds, sentences=Sentences())
