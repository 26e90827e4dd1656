"""Synthesize speech: text in, audio out. Independent of AWS, environment variables and jobs.

from herald.speech import default_voice, encode

audio = default_voice().synthesize("Your appointment is confirmed.")
mp3 = encode(audio, "mp3")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from herald.speech.audio.encoding import StreamEncoder, encode, encode_stream
    from herald.speech.audio_chunk import Audio, AudioChunk
    from herald.speech.memory import LocalMemory, Memory, Sentences
    from herald.speech.pauses import Pauses
    from herald.speech.reading import spoken_form
    from herald.speech.voice import Voice, default_voice

__all__ = [
    "Audio",
    "AudioChunk",
    "LocalMemory",
    "Memory",
    "Pauses",
    "Sentences",
    "StreamEncoder",
    "Voice",
    "default_voice",
    "encode",
    "encode_stream",
    "spoken_form",
]

_MODULES = {
    "Audio": "audio_chunk",
    "AudioChunk": "audio_chunk",
    "encode": "audio.encoding",
    "encode_stream": "audio.encoding",
    "StreamEncoder": "audio.encoding",
    "LocalMemory": "memory",
    "Memory": "memory",
    "Pauses": "pauses",
    "Sentences": "memory",
    "spoken_form": "reading",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
    """Import public names on first use, so that listing voices does not load onnxruntime."""
    if name not in __all__:
        raise AttributeError(f"module 'herald.speech' has no attribute '{name}'")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"herald.speech.{_MODULES.get(name, 'voice')}"), name)
