"""Synthesize sentences, reusing cached ones."""

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


class Synthesized(NamedTuple):
    """A synthesized sentence: its samples, and the frame at which each phoneme id ends."""

    samples: Floats
    ends: Frames


class EncodedSentence(NamedTuple):
    """An encoded sentence, and the frame at which each phoneme id ends."""

    encoded: Encoded
    ends: Frames


class SentenceCache:
    """Synthesizes sentences that are not in the memory, and stores them there; without a memory, synthesizes all.

    `settings` returns everything besides the phoneme ids that determines the sound; it is called only with a memory.
    `hop` is the number of samples per frame.
    """

    def __init__(self, memory: Memory | None, *, settings: Callable[[], list[Any]], hop: int) -> None:
        self._memory = memory
        self._settings = settings() if memory is not None else []
        self._hop = hop

    def sentence(
        self, ids: list[int], synthesize: Callable[[], Synthesized], *, style: Sequence[Any] = ()
    ) -> tuple[Synthesized, Sentences]:
        """Return the sentence of `ids`, from the memory or `synthesize`, with counts. Ignore an unavailable memory.

        `style` contains the other properties that determine its sound.
        """
        return self._cached(
            [ids, *style],
            parse=lambda value: unpacked(value, ids=len(ids), hop=self._hop),
            make=lambda: (synthesize(), Sentences(spoken=1)),
            pack=packed,
        )

    def encoded_sentence(
        self, ids: list[int], coder: SentenceCoder, synthesize: Callable[[], Synthesized]
    ) -> tuple[EncodedSentence, Sentences]:
        """Return the encoded sentence of `ids`, with counts. Cache its frames, which are much smaller than samples."""

        def make() -> tuple[EncodedSentence, Sentences]:
            sentence = synthesize()
            return EncodedSentence(coder.encode(sentence.samples), sentence.ends), Sentences(spoken=1)

        return self._cached(
            [coder.key, ids],
            parse=lambda value: unpacked_encoded(value, ids=len(ids), hop=self._hop),
            make=make,
            pack=packed_encoded,
        )

    def _cached[Entry](
        self,
        key_parts: list[Any],
        *,
        parse: Callable[[bytes], Entry | None],
        make: Callable[[], tuple[Entry, Sentences]],
        pack: Callable[[Entry], bytes],
    ) -> tuple[Entry, Sentences]:
        """Return a sentence from the memory, or make it and store it there."""
        if (memory := self._memory) is None:
            return make()
        key = _sha256(json.dumps([*self._settings, *key_parts], separators=(",", ":")).encode()).hexdigest()
        value, available = _call(lambda: memory.get(key))
        cached = parse(value) if value else None
        if cached:
            return cached, Sentences(reused=1)
        damaged = int(value is not None)
        if damaged:
            import logging  # noqa: PLC0415  3 ms, not needed for the first audio

            logging.getLogger(__name__).warning("A cached sentence is damaged. It is synthesized again.")
        sentence, counts = make()
        if available:
            _, available = _call(lambda: memory.put(key, pack(sentence)))
        return sentence, counts + Sentences(unanswered=int(not available), damaged=damaged)


def packed(sentence: Synthesized) -> bytes:
    """Serialize a sentence: SHA-256 of the rest, the ends as int32, the samples as float32, all little-endian."""
    body = sentence.ends.astype("<i4").tobytes() + sentence.samples.astype("<f4").tobytes()
    return _sha256(body).digest() + body


def unpacked(value: bytes, *, ids: int, hop: int) -> Synthesized | None:
    """Parse a packed sentence of `ids` phoneme ids; return None if it is damaged."""
    body = memoryview(value)[_DIGEST:]
    if len(body) % _NUMBER or len(body) <= ids * _NUMBER or _sha256(body).digest() != value[:_DIGEST]:
        return None
    ends = np.frombuffer(body, "<i4", ids).astype(np.int64)
    samples = np.frombuffer(body, "<f4", offset=ids * _NUMBER)
    consistent = len(samples) == ends[-1] * hop and np.all(np.diff(ends, prepend=1) >= 0)
    return Synthesized(samples, ends) if consistent and np.abs(samples).max() <= 1 else None  # false for NaN


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


def _call[Value](call: Callable[[], Value]) -> tuple[Value | None, bool]:
    """Return the result of a call to the memory, and whether the memory was available."""
    try:
        return call(), True
    except Unavailable:
        return None, False


def _sha256(data: bytes | memoryview) -> "HASH":
    from hashlib import sha256  # noqa: PLC0415  2 ms, needed only with a memory

    return sha256(data)
