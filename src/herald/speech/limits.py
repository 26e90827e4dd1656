"""Limits of one synthesis, and the estimates that are checked before it starts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from herald.errors import AudioTooLarge, OutOfTime, TooLargeToSpeak, TooLongToSpeak
from herald.speech.phonemes import Phonemes
from herald.speech.utterances import Step, Styled, phones_of

_SECONDS_PER_PHONEME = 0.05
"""At speed 1. Measured with en_US-joe-medium: 0.053 for English prose, 0.050 for names of emoji."""
_SURE, _SURE_OF_SAMPLE = 0.85, 0.7
"""Fractions of an estimate to compare with a limit. Borderline texts are synthesized, and stopped at the limit."""
_SAMPLES, _SAMPLE = 8, 16
"""Number and length (characters) of samples of a long text; phonemizing all of 4,096 emoji would take a second."""


class Estimate(NamedTuple):
    """Estimated seconds of audio of a text, and how many of them must be computed; repeated utterances count once."""

    audio: float
    computed: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits on the time and the file size of a synthesis."""

    time_left: Callable[[], float] = lambda: float("inf")
    """Seconds left for synthesis and encoding."""
    max_bytes: float = float("inf")
    bytes_per_second: float = 0.0
    """Estimated bytes per second of audio in the file's format."""
    audio_per_second: float = float("inf")
    """Speed of synthesis: seconds of audio per second."""

    def check_estimate(self, estimate: Estimate) -> None:
        """Raise TooLargeToSpeak or TooLongToSpeak if the estimate exceeds a limit."""
        if estimate.audio * self.bytes_per_second > self.max_bytes:
            raise TooLargeToSpeak(_too_large(self.max_bytes), param="response_format")
        if estimate.computed / self.audio_per_second > self.time_left():
            raise TooLongToSpeak(_TOO_LONG, param="input")

    def check(self, size: int) -> None:
        """Raise AudioTooLarge or OutOfTime if a running synthesis has exceeded a limit; `size` is in bytes."""
        if size > self.max_bytes:
            raise AudioTooLarge(_too_large(self.max_bytes), param="response_format")
        if self.time_left() < 0:
            raise OutOfTime(_TOO_LONG, param="input")


_TOO_LONG = "Synthesis of this text exceeds the time limit. Split the text into several requests."


def _too_large(max_bytes: float) -> str:
    return (
        f"The audio exceeds the limit of {max_bytes:.0f} bytes. Use mp3 or opus or a lower sample_rate, or split the "
        "text into several requests."
    )


def estimate_text(text: str, phonemes: Phonemes, *, speed: float) -> Estimate:
    """Estimate a text from samples, in constant time. Short texts return 0; estimate_utterances covers them."""
    if len(text) <= 4 * _SAMPLES * _SAMPLE:
        return Estimate(0, 0)
    step = len(text) // _SAMPLES
    pieces = [text[at * step : at * step + _SAMPLE] for at in range(_SAMPLES)]
    # As written: a piece may contain half a number, which must not be read. The estimate is rough anyway.
    count = sum(len(utterance) for piece in pieces for utterance in phonemes.utterances(piece, as_written=True))
    audio = count * len(text) / (_SAMPLES * _SAMPLE) * _SECONDS_PER_PHONEME / speed
    return Estimate(audio * _SURE_OF_SAMPLE, 0)


def estimate_utterances(utterances: Sequence[Step], *, speed: float) -> Estimate:
    """Estimate from the phonemes of all utterances."""
    return Estimate(_seconds(utterances, speed), _seconds(set(utterances), speed))


def _seconds(utterances: Iterable[Step], speed: float) -> float:
    lengths = (
        sum(1 / rate for rate in step.rates) if isinstance(step, Styled) else len(phones_of(step))
        for step in utterances
    )
    return sum(lengths) * _SECONDS_PER_PHONEME * _SURE / speed
