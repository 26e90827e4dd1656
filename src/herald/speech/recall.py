"""Sentences that were spoken before, and those that are now."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from herald.errors import Unavailable
from herald.speech.memory import Memory, Sentences
from herald.speech.model import Floats, Frames

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

_DIGEST = 32
"""Bytes of a SHA-256."""
_NUMBER = 4
"""Bytes of each number of a packed sentence."""


class Said(NamedTuple):
    """A sentence as it sounds: its samples, and the frame at which each of its phoneme ids ends."""

    samples: Floats
    ends: Frames


class Recall:
    """Speaks what the memory does not know, and tells it; without a memory it speaks everything.

    `about` is what decides the sound beside the phonemes, asked for only where there is a memory; `hop` the samples of
    a frame.
    """

    def __init__(self, memory: Memory | None, *, about: Callable[[], list[Any]], hop: int) -> None:
        self._memory = memory
        self._about = about() if memory is not None else []
        self._hop = hop

    def said(self, ids: list[int], speak: Callable[[], Said]) -> tuple[Said, Sentences]:
        """The sentence of some phoneme ids. A memory that is unavailable is counted and gone without."""
        memory = self._memory
        if memory is None:
            return speak(), Sentences(spoken=1)
        key = _digest([*self._about, ids])
        value, answered = _answer(lambda: memory.get(key))
        known = unpacked(value, ids=len(ids), hop=self._hop) if value else None
        if known:
            return known, Sentences(reused=1)
        damaged = int(value is not None)
        if damaged:
            import logging  # noqa: PLC0415  3 ms that no first sound should wait for

            logging.getLogger(__name__).warning("A cached sentence was damaged. It is synthesized again.")
        made = speak()
        if answered:
            _, answered = _answer(lambda: memory.put(key, packed(made)))
        return made, Sentences(spoken=1, unanswered=int(not answered), damaged=damaged)


def packed(said: Said) -> bytes:
    """Return the SHA-256 of the rest; then, little-endian, the ends as int32 and the samples as float32."""
    body = said.ends.astype("<i4").tobytes() + said.samples.astype("<f4").tobytes()
    return _sha256(body).digest() + body


def unpacked(value: bytes, *, ids: int, hop: int) -> Said | None:
    """Return the sentence of so many phoneme ids; None where the value is not one that `packed` has made."""
    body = memoryview(value)[_DIGEST:]
    if len(body) % _NUMBER or len(body) <= ids * _NUMBER or _sha256(body).digest() != value[:_DIGEST]:
        return None
    ends = np.frombuffer(body, "<i4", ids).astype(np.int64)
    samples = np.frombuffer(body, "<f4", offset=ids * _NUMBER)
    whole = len(samples) == ends[-1] * hop and np.all(np.diff(ends, prepend=1) >= 0)
    return Said(samples, ends) if whole and np.abs(samples).max() <= 1 else None  # of NaN this is false


def _answer[Value](ask: Callable[[], Value]) -> tuple[Value | None, bool]:
    """What a memory answers, and whether it did."""
    try:
        return ask(), True
    except Unavailable:
        return None, False


def _digest(decides: list[Any]) -> str:
    return _sha256(json.dumps(decides, separators=(",", ":")).encode()).hexdigest()


def _sha256(data: bytes | memoryview) -> "HASH":
    from hashlib import sha256  # noqa: PLC0415  2 ms, which no text without a memory need wait for

    return sha256(data)
