"""Audio as server-sent events, as OpenAI's API sends them, with marks of our own on request.

https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event
"""

import json
from base64 import b64encode
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any

from herald.speech.engine import Piece

MEDIA_TYPE = "text/event-stream"


def events(pieces: Generator[Piece], *, characters: int) -> Generator[bytes]:
    """The events of a text: its audio, marks before the audio that they belong to, and what was used at the end."""
    with closing(pieces):
        for piece in pieces:
            yield b"".join(_of(piece))
    yield event({"type": "speech.audio.done", "usage": _usage(characters)})


def event(fields: Mapping[str, Any]) -> bytes:
    """One event. It has no name: its data tells the type, which is what OpenAI's clients look at."""
    return b"data: " + json.dumps(fields, separators=(",", ":")).encode() + b"\n\n"


def error_event(error: Mapping[str, Any]) -> bytes:
    """The last event where the rest cannot be spoken; `error` is the body of an error."""
    return event({"type": "error", **error})


def _of(piece: Piece) -> Generator[bytes]:
    if piece.marks:
        yield event({"type": "herald.speech.marks", "marks": [asdict(mark) for mark in piece.marks]})
    if piece.data:
        yield event({"type": "speech.audio.delta", "audio": b64encode(piece.data).decode()})


def _usage(characters: int) -> dict[str, int]:
    """A token is a character of the text, which is what quotas count; audio has none."""
    return {"input_tokens": characters, "output_tokens": 0, "total_tokens": characters}
