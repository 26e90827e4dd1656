"""Synthesis of sentences through the cache."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from herald.errors import Unavailable
from herald.speech.memory import Memory, Sentences
from herald.speech.model import Floats, Frames

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

_DIGEST = 32
"""Size of a SHA-256 digest in bytes."""
_NUMBER = 4
"""Size of each number of a packed sentence in bytes."""


class Said(NamedTuple):
    """A synthesized sentence: its samples, and the frame at which each phoneme id ends."""

    samples: Floats
    ends: Frames


class SentenceCache:
    """Synthesizes sentences that are not in the memory, and stores them there; without a memory, all of them.

    `about` returns everything besides the phoneme ids that determines the sound; it is called only with a memory. `hop`
    is the number of samples per frame.
    """

    def __init__(self, memory: Memory | None, *, about: Callable[[], list[Any]], hop: int) -> None:
        self._memory = memory
        self._about = about() if memory is not None else []
        self._hop = hop

    def said(self, ids: list[int], speak: Callable[[], Said], *, style: Sequence[Any] = ()) -> tuple[Said, Sentences]:
        """Return the sentence of `ids` from the memory or from `speak`, with counts. Ignore an unavailable memory.

        `style` is what else determines its sound.
        """
        memory = self._memory
        if memory is None:
            return speak(), Sentences(spoken=1)
        key = _digest([*self._about, ids, *style])
        value, available = _ask(lambda: memory.get(key))
        known = unpacked(value, ids=len(ids), hop=self._hop) if value else None
        if known:
            return known, Sentences(reused=1)
        damaged = int(value is not None)
        if damaged:
            import logging  # noqa: PLC0415  3 ms, not needed for the first audio

            logging.getLogger(__name__).warning("A cached sentence was damaged. It is synthesized again.")
        made = speak()
        if available:
            _, available = _ask(lambda: memory.put(key, packed(made)))
        return made, Sentences(spoken=1, unanswered=int(not available), damaged=damaged)


def packed(said: Said) -> bytes:
    """Serialize a sentence: SHA-256 of the rest, the ends as int32, the samples as float32, all little-endian."""
    body = said.ends.astype("<i4").tobytes() + said.samples.astype("<f4").tobytes()
    return _sha256(body).digest() + body


def unpacked(value: bytes, *, ids: int, hop: int) -> Said | None:
    """Parse a packed sentence of `ids` phoneme ids; return None if it is damaged."""
    body = memoryview(value)[_DIGEST:]
    if len(body) % _NUMBER or len(body) <= ids * _NUMBER or _sha256(body).digest() != value[:_DIGEST]:
        return None
    ends = np.frombuffer(body, "<i4", ids).astype(np.int64)
    samples = np.frombuffer(body, "<f4", offset=ids * _NUMBER)
    whole = len(samples) == ends[-1] * hop and np.all(np.diff(ends, prepend=1) >= 0)
    return Said(samples, ends) if whole and np.abs(samples).max() <= 1 else None  # false for NaN


def _ask[Value](ask: Callable[[], Value]) -> tuple[Value | None, bool]:
    """Return the memory's answer, and whether the memory was available."""
    try:
        return ask(), True
    except Unavailable:
        return None, False


def _digest(decides: list[Any]) -> str:
    return _sha256(json.dumps(decides, separators=(",", ":")).encode()).hexdigest()


def _sha256(data: bytes | memoryview) -> "HASH":
    from hashlib import sha256  # noqa: PLC0415  2 ms, needed only with a memory

    return sha256(data)
