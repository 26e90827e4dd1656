"""Where spoken sentences are kept, so that none is spoken twice."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

SOUND = 2
"""Version of the sound. Raise it with every change after which the same voice says the same text audibly otherwise:
in what is said (phonemes, pauses, numbers), in how (noise, limiter, resampling), in the encoders' settings. Changes of
a voice need not raise it, their checksum tells; nor does speed, nor the order of floating point additions."""


class Memory(Protocol):
    """Keeps spoken sentences by their keys. Several threads use it at once.

    It only saves work: it may forget, and where it raises herald.errors.Unavailable, speaking goes on without it.
    """

    def get(self, key: str, /) -> bytes | None:
        """What was put under a key (SHA-256 in hex), if it is still there."""
        ...

    def put(self, key: str, value: bytes, /) -> None:
        """Keep some 90 kB for each second of speech. The same key always comes with the same value."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """How many sentences were spoken for a text, and how many were not: they were known, or had come before in it.

    `unanswered` tells at how many of the spoken ones the memory was unavailable, `damaged` at how many it had something
    else than was put there.
    """

    spoken: int = 0
    reused: int = 0
    unanswered: int = 0
    damaged: int = 0

    def __add__(self, other: "Sentences") -> "Sentences":
        """Those of both."""
        return Sentences(
            spoken=self.spoken + other.spoken,
            reused=self.reused + other.reused,
            unanswered=self.unanswered + other.unanswered,
            damaged=self.damaged + other.damaged,
        )


class LocalMemory:
    """Keeps the sentences that were used last within this process; with an `outer` memory, in front of that."""

    def __init__(self, limit: int, *, outer: Memory | None = None) -> None:
        """Keep up to `limit` bytes."""
        self._limit = limit
        self._outer = outer
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str, /) -> bytes | None:
        """What is kept here, else what the outer memory knows, which is then kept here too."""
        with self._lock:
            value = self._kept.get(key)
            if value is not None:
                self._kept.move_to_end(key)
        if value is None and self._outer is not None and (value := self._outer.get(key)) is not None:
            self._keep(key, value)
        return value

    def put(self, key: str, value: bytes, /) -> None:
        """Keep it here, and in the outer memory."""
        self._keep(key, value)
        if self._outer is not None:
            self._outer.put(key, value)

    def _keep(self, key: str, value: bytes) -> None:
        with self._lock:
            self._size += len(value) - len(self._kept.pop(key, b""))
            self._kept[key] = value
            while self._size > self._limit:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)
