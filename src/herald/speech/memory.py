"""Cache of synthesized sentences."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

SOUND = 6
"""Version of the audio, part of every cache key. Increment it with each change to the audio of texts: phonemes, pauses,
numbers, noise, limiter, resampling, encoder settings. Changes to a voice or a speed need no increment, because the
voice's checksum and the speed are part of the keys; nor does the order of floating point additions."""


class Memory(Protocol):
    """Cache of synthesized sentences. Implementations must be thread-safe.

    Entries may be evicted at any time. If it raises herald.errors.Unavailable, synthesis continues without it.
    """

    def get(self, key: str, /) -> bytes | None:
        """Return the value of a key (SHA-256 in hex), or None."""
        ...

    def put(self, key: str, value: bytes, /) -> None:
        """Store a value: 96 kB per second of speech as samples, 8 kB as MP3. A key always has the same value."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """Counts of synthesized and reused sentences. Reused ones were cached, or repeated within the text.

    `unanswered` counts the synthesized ones for which the memory was unavailable, `damaged` those for which it returned
    invalid data.
    """

    spoken: int = 0
    reused: int = 0
    unanswered: int = 0
    damaged: int = 0

    def __add__(self, other: "Sentences") -> "Sentences":
        """Add the counts."""
        return Sentences(
            spoken=self.spoken + other.spoken,
            reused=self.reused + other.reused,
            unanswered=self.unanswered + other.unanswered,
            damaged=self.damaged + other.damaged,
        )


class LocalMemory:
    """In-process LRU cache of sentences, optionally in front of an `outer` memory."""

    def __init__(self, limit: int, *, outer: Memory | None = None) -> None:
        """`limit` is the maximum size in bytes."""
        self._limit = limit
        self._outer = outer
        self._entries: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str, /) -> bytes | None:
        """Return the value of a key from this cache, else from the outer memory, and cache it."""
        value = self.found(key)
        if value is None and self._outer is not None and (value := self._outer.get(key)) is not None:
            self.keep(key, value)
        return value

    def put(self, key: str, value: bytes, /) -> None:
        """Store a value here and in the outer memory."""
        self.keep(key, value)
        if self._outer is not None:
            self._outer.put(key, value)

    def found(self, key: str, /) -> bytes | None:
        """Return the value of a key from this cache only, or None."""
        with self._lock:
            value = self._entries.get(key)
            if value is not None:
                self._entries.move_to_end(key)
            return value

    def keep(self, key: str, value: bytes, /) -> None:
        """Store a value in this cache only."""
        with self._lock:
            self._size += len(value) - len(self._entries.pop(key, b""))
            self._entries[key] = value
            while self._size > self._limit:
                _, oldest = self._entries.popitem(last=False)
                self._size -= len(oldest)
