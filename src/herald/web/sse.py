"""Audio as server-sent events in the format of OpenAI's API, with word marks as an extension.

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
    """Yield the events of a text: each piece's marks and audio, then a final event with the usage."""
    with closing(pieces):
        for piece in pieces:
            yield b"".join(_of(piece))
    yield event({"type": "speech.audio.done", "usage": _usage(characters)})


def event(fields: Mapping[str, Any]) -> bytes:
    """Encode one event. It has no `event:` field: OpenAI's clients read the type from the data."""
    return b"data: " + json.dumps(fields, separators=(",", ":")).encode() + b"\n\n"


def error_event(error: Mapping[str, Any]) -> bytes:
    """Encode the final event of a stream that failed; `error` is an error body."""
    return event({"type": "error", **error})


def _of(piece: Piece) -> Generator[bytes]:
    if piece.marks:
        yield event({"type": "herald.speech.marks", "marks": [asdict(mark) for mark in piece.marks]})
    if piece.data:
        yield event({"type": "speech.audio.delta", "audio": b64encode(piece.data).decode()})


def _usage(characters: int) -> dict[str, int]:
    """Return the usage in OpenAI's format. One token is one character, the unit of quotas; audio counts no tokens."""
    return {"input_tokens": characters, "output_tokens": 0, "total_tokens": characters}
