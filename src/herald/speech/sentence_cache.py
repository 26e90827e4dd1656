"""Synthesis of sentences through the cache."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from herald.errors import Unavailable
from herald.speech.audio.codings import Encoded, SentenceCoder
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


class EncodedSentence(NamedTuple):
    """An encoded sentence, and the frame at which each phoneme id ends."""

    encoded: Encoded
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
        return self._recalled(
            [ids, *style],
            parse=lambda value: unpacked(value, ids=len(ids), hop=self._hop),
            make=lambda: (speak(), Sentences(spoken=1)),
            pack=packed,
        )

    def encoded(
        self, ids: list[int], coder: SentenceCoder, speak: Callable[[], Said]
    ) -> tuple[EncodedSentence, Sentences]:
        """Return the encoded sentence of `ids`, as `said` does. Its samples are not cached: frames are much smaller."""

        def make() -> tuple[EncodedSentence, Sentences]:
            said = speak()
            return EncodedSentence(coder.encoded(said.samples), said.ends), Sentences(spoken=1)

        return self._recalled(
            [coder.key, ids],
            parse=lambda value: unpacked_encoded(value, ids=len(ids), hop=self._hop),
            make=make,
            pack=packed_encoded,
        )

    def _recalled[Made](
        self,
        what: list[Any],
        *,
        parse: Callable[[bytes], Made | None],
        make: Callable[[], tuple[Made, Sentences]],
        pack: Callable[[Made], bytes],
    ) -> tuple[Made, Sentences]:
        """Return what the memory has, or make it and store it there."""
        if (memory := self._memory) is None:
            return make()
        key = _sha256(json.dumps([*self._about, *what], separators=(",", ":")).encode()).hexdigest()
        value, available = _ask(lambda: memory.get(key))
        known = parse(value) if value else None
        if known:
            return known, Sentences(reused=1)
        damaged = int(value is not None)
        if damaged:
            import logging  # noqa: PLC0415  3 ms, not needed for the first audio

            logging.getLogger(__name__).warning("A cached sentence was damaged. It is synthesized again.")
        made, sentences = make()
        if available:
            _, available = _ask(lambda: memory.put(key, pack(made)))
        return made, sentences + Sentences(unanswered=int(not available), damaged=damaged)


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


def packed_encoded(sentence: EncodedSentence) -> bytes:
    """Serialize an encoded sentence: SHA-256 of the rest, the ends and the length as int32, the frames."""
    numbers = [*sentence.ends.tolist(), sentence.encoded.length]
    body = np.array(numbers, "<i4").tobytes() + sentence.encoded.data
    return _sha256(body).digest() + body


def unpacked_encoded(value: bytes, *, ids: int, hop: int) -> EncodedSentence | None:
    """Parse an encoded sentence of `ids` phoneme ids; return None if it is damaged."""
    body, head = memoryview(value)[_DIGEST:], (ids + 1) * _NUMBER
    if len(body) <= head or _sha256(body).digest() != value[:_DIGEST]:
        return None
    *ends, length = np.frombuffer(body, "<i4", ids + 1).tolist()
    if length <= 0 or ends != sorted(ends) or ends[0] < 0:
        return None
    return EncodedSentence(Encoded(bytes(body[head:]), length, ends[-1] * hop), np.array(ends, np.int64))


def _ask[Value](ask: Callable[[], Value]) -> tuple[Value | None, bool]:
    """Return the memory's answer, and whether the memory was available."""
    try:
        return ask(), True
    except Unavailable:
        return None, False


def _sha256(data: bytes | memoryview) -> "HASH":
    from hashlib import sha256  # noqa: PLC0415  2 ms, needed only with a memory

    return sha256(data)
