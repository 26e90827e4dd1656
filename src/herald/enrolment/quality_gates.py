"""Gates of quality: a recording that is too short, silent, noisy or clipped makes neither a check nor a voice."""

from typing import NamedTuple

from herald.enrolment.verdict import Refusal
from herald.errors import UnreadableRecording
from herald.speech.recordings.recording import Recording, read_recording

LARGEST = 10 * 1024 * 1024
"""Bytes of a file, as at OpenAI."""
_QUIETEST = -45.0
"""dB: lowest level of speech."""
_LEAST_ABOVE_NOISE = 20.0
"""dB: lowest difference between speech and noise."""
_MOST_CLIPPED = 0.002
"""Largest share of clipped samples."""


class Kind(NamedTuple):
    """A kind of recording, with its limits in seconds."""

    name: str
    shortest: float
    longest: float
    speech: float
    """Least seconds of speech in it."""


CONSENT = Kind("consent", shortest=4, longest=30, speech=2.5)
SAMPLE = Kind("sample", shortest=5, longest=60, speech=3)


def inspect(kind: Kind, data: bytes) -> tuple[Recording | None, list[Refusal]]:
    """Return the recording in a file, or None if it cannot be read, and why it is refused."""
    if len(data) > LARGEST:
        message = f"The file has {len(data):,} bytes; at most {LARGEST:,} are allowed. Save it as MP3 or FLAC."
        return None, [Refusal(kind.name, code="recording_too_large", message=message)]
    try:
        recording = read_recording(data, longest=kind.longest + 1)
    except UnreadableRecording as error:
        return None, [Refusal(kind.name, error.code, error.message)]
    return recording, [refusal for gate in _GATES if (refusal := gate(kind, recording))]


def _length(kind: Kind, recording: Recording) -> Refusal | None:
    seconds = recording.seconds
    if seconds < kind.shortest:
        message = f"It lasts {seconds:.1f} s; at least {kind.shortest:.0f} s are required. Record a longer one."
        return Refusal(kind.name, code="recording_too_short", message=message)
    if seconds > kind.longest:
        message = f"It lasts over {kind.longest:.0f} s. Cut it, or record a shorter one."
        return Refusal(kind.name, code="recording_too_long", message=message)
    return None


def _loudness(kind: Kind, recording: Recording) -> Refusal | None:
    level = recording.levels.speech_db
    if level >= _QUIETEST:
        return None
    message = f"It is silent, or nearly: {level:.0f} dB. Check the microphone, and speak louder or closer to it."
    return Refusal(kind.name, code="recording_silent", message=message)


def _noise(kind: Kind, recording: Recording) -> Refusal | None:
    levels = recording.levels
    if levels.noise_below_db >= _LEAST_ABOVE_NOISE or levels.speech_db < _QUIETEST:
        return None
    message = (
        f"The noise is only {levels.noise_below_db:.0f} dB below the speech; at least {_LEAST_ABOVE_NOISE:.0f} dB are "
        "required. Record in a quiet room, close to the microphone."
    )
    return Refusal(kind.name, code="recording_noisy", message=message)


def _clipping(kind: Kind, recording: Recording) -> Refusal | None:
    clipped = recording.levels.clipped
    if clipped <= _MOST_CLIPPED:
        return None
    message = f"It is clipped: {clipped:.1%} of it is cut off at the peak. Lower the microphone's level."
    return Refusal(kind.name, code="recording_clipped", message=message)


def _speech(kind: Kind, recording: Recording) -> Refusal | None:
    levels = recording.levels
    if levels.speech_seconds >= kind.speech or levels.speech_db < _QUIETEST or recording.seconds < kind.shortest:
        return None
    message = (
        f"It contains {levels.speech_seconds:.1f} s of speech; at least {kind.speech} s are required. "
        "Speak without long pauses."
    )
    return Refusal(kind.name, code="recording_little_speech", message=message)


_GATES = (_length, _loudness, _noise, _clipping, _speech)
