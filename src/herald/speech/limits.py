"""Limits on one synthesis, and an estimate of the synthesis to check before it begins."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from herald.errors import AudioTooLarge, OutOfTime, TooLargeToSpeak, TooLongToSpeak
from herald.speech.phonemes import Phonemes

_SECONDS_PER_PHONEME = 0.05
"""At speed 1: 0.053 for English prose, 0.050 for the names of emoji (en_US-joe-medium)."""
_SURE, _SURE_OF_SAMPLE = 0.85, 0.7
"""Parts of an estimate that are compared with a limit: what is close to it is spoken, and stopped if it passes it."""
_SAMPLES, _SAMPLE = 8, 16
"""Pieces of a long text that are phonemised first, and their characters. Phonemising 4,096 emoji takes a second."""


class Estimate(NamedTuple):
    """Seconds of audio that a text makes, and those of them that must be computed: repetitions are spoken once."""

    audio: float
    computed: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a synthesis may take and how many bytes its file may have."""

    time_left: Callable[[], float] = lambda: float("inf")
    """Seconds; encoding counts too."""
    max_bytes: float = float("inf")
    bytes_per_second: float = 0.0
    """Of the file's format."""
    audio_per_second: float = float("inf")
    """Seconds of audio that are computed in a second here."""

    def check_estimate(self, estimate: Estimate) -> None:
        """Raise TooLargeToSpeak or TooLongToSpeak for what would pass a limit."""
        if estimate.audio * self.bytes_per_second > self.max_bytes:
            raise TooLargeToSpeak(_too_large(self.max_bytes), param="response_format")
        if estimate.computed / self.audio_per_second > self.time_left():
            raise TooLongToSpeak(_TOO_LONG, param="input")

    def check(self, size: int) -> None:
        """Raise AudioTooLarge or OutOfTime once a running synthesis has passed a limit."""
        if size > self.max_bytes:
            raise AudioTooLarge(_too_large(self.max_bytes), param="response_format")
        if self.time_left() < 0:
            raise OutOfTime(_TOO_LONG, param="input")


_TOO_LONG = "Speaking this text takes longer than there is time for. Send it in parts."


def _too_large(most: float) -> str:
    return (
        f"The audio would have more than the {most:.0f} bytes that fit. Ask for mp3 or opus, for a lower sample_rate, "
        "or send the text in parts."
    )


def estimate_text(text: str, phonemes: Phonemes, *, speed: float) -> Estimate:
    """Estimate a text from samples, in constant time. A short one counts as 0."""
    if len(text) <= 4 * _SAMPLES * _SAMPLE:
        return Estimate(0, 0)
    step = len(text) // _SAMPLES
    pieces = [text[at * step : at * step + _SAMPLE] for at in range(_SAMPLES)]
    count = sum(len(utterance) for piece in pieces for utterance in phonemes.utterances(piece))
    audio = count * len(text) / (_SAMPLES * _SAMPLE) * _SECONDS_PER_PHONEME / speed
    return Estimate(audio * _SURE_OF_SAMPLE, 0)


def estimate_utterances(utterances: Sequence[tuple[str, ...]], *, speed: float) -> Estimate:
    """Estimate from the phonemes that will be spoken."""
    return Estimate(_seconds(utterances, speed), _seconds(set(utterances), speed))


def _seconds(utterances: Iterable[tuple[str, ...]], speed: float) -> float:
    return sum(map(len, utterances)) * _SECONDS_PER_PHONEME * _SURE / speed
