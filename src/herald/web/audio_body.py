"""The body of a response with audio: the bytes of its file, or server-sent events in the format of OpenAI's API.

Word marks are an extension: https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event
"""

import json
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from herald.speech.engine import Piece
from herald.speech.limits import Limits

if TYPE_CHECKING:
    from herald.speech.marks import Mark

EVENTS = "text/event-stream"


def file_bytes(pieces: Generator[Piece]) -> Generator[bytes]:
    """Yield the parts of a file."""
    with closing(pieces):
        for piece in pieces:
            yield piece.data


def events(pieces: Generator[Piece], *, characters: int, offsets: Sequence[int]) -> Generator[bytes]:
    """Yield the events of a text: each piece's marks and audio, then a final event with the usage.

    `offsets` are those to send for each character of the text, and for its end. One token is one character, the unit of
    quotas; audio counts no tokens.
    """
    with closing(pieces):
        for piece in pieces:
            marks = {"type": "herald.speech.marks", "marks": [_shown(mark, offsets) for mark in piece.marks]}
            audio = {"type": "speech.audio.delta", "audio": b64encode(piece.data).decode()}
            yield (event(marks) if piece.marks else b"") + (event(audio) if piece.data else b"")
    usage = {"input_tokens": characters, "output_tokens": 0, "total_tokens": characters}
    yield event({"type": "speech.audio.done", "usage": usage})


def _shown(mark: "Mark", offsets: Sequence[int]) -> dict[str, Any]:
    return asdict(mark) | {"text_start": offsets[mark.text_start], "text_end": offsets[mark.text_end]}


def event(fields: Mapping[str, Any]) -> bytes:
    """Encode one event. It has no `event:` field: OpenAI's clients read the type from the data."""
    return b"data: " + json.dumps(fields, separators=(",", ":")).encode() + b"\n\n"


def error_event(error: Mapping[str, Any]) -> bytes:
    """Encode the final event of a stream that failed; `error` is an error body."""
    return event({"type": "error", **error})


def primed(body: Generator[bytes]) -> Generator[bytes]:
    """Advance a body to its first part, so that errors surface before the response headers are sent."""
    first = next(body)

    def whole() -> Generator[bytes]:
        with closing(body):
            yield first
            yield from body

    return whole()


def collect(body: Generator[bytes], *, time_left: Callable[[], float], max_bytes: float) -> bytes:
    """Return a whole body. Raises OutOfTime or AudioTooLarge when a limit is exceeded."""
    limits = Limits(time_left=time_left, max_bytes=max_bytes)
    whole = bytearray()
    with closing(body):
        for part in body:
            whole += part
            limits.check(len(whole))
    return bytes(whole)
