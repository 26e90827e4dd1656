"""Synthesize items of batches, and reuse sentences from this process, the bucket, and packs of shared sentences."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from threading import Lock

from herald.batches.batch_ports import NO_TRAFFIC, SpokenItem, SpokenPack, Traffic
from herald.batches.items import Item
from herald.batches.shared_sentences import pack_key
from herald.errors import InvalidInput, Unavailable
from herald.jobs.script import Script, audio_key
from herald.runtime.script_speaker import ScriptSpeaker
from herald.speech.memory import LocalMemory, Memory

_SENTENCES = 256 << 20
"""Bytes of sentences cached in memory."""
_TENANTS = 4
_KEY = 64
"""Characters of the key of a sentence: SHA-256 in hexadecimal."""
_LENGTH = 4


class CountingMemory:
    """Counts the reads and writes of another memory, which are billed."""

    def __init__(self, outer: Memory) -> None:
        self._outer = outer
        self._lock = Lock()
        self.traffic = Traffic()

    def get(self, key: str, /) -> bytes | None:
        """Return a value of the other memory, or None."""
        self._count(Traffic(read=1))
        return self._outer.get(key)

    def put(self, key: str, value: bytes, /) -> None:
        """Store a value in the other memory."""
        self._count(Traffic(written=1, bytes=len(value)))
        self._outer.put(key, value)

    def _count(self, traffic: Traffic) -> None:
        with self._lock:
            self.traffic += traffic


class NearMemory:
    """The part of a memory that is in this process."""

    def __init__(self, memory: LocalMemory) -> None:
        self.get, self.put = memory.found, memory.keep


class RecordingMemory:
    """Records the entries of another memory that are read or written."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.entries: dict[str, bytes] = {}

    def get(self, key: str, /) -> bytes | None:
        """Return a value of the other memory, or None."""
        if (value := self._memory.get(key)) is not None:
            self.entries[key] = value
        return value

    def put(self, key: str, value: bytes, /) -> None:
        """Store a value in the other memory."""
        self.entries[key] = value
        self._memory.put(key, value)


class _TenantMemory:
    """The sentences of one tenant."""

    def __init__(self, bucket: Memory) -> None:
        self.bucket = CountingMemory(bucket)
        self.all = LocalMemory(_SENTENCES // _TENANTS, outer=self.bucket)
        self.near = NearMemory(self.all)
        self.packs: set[str] = set()

    def load(self, key: str) -> bool:
        """Read a pack, unless it was read before; return whether it exists."""
        if key in self.packs:
            return True
        if (body := self.bucket.get(key)) is None:
            return False
        for name, value in unpacked_entries(body):
            self.near.put(name, value)
        self.packs.add(key)
        return True


class CachingSpeaker:
    """Synthesizes items with this function's engine, reusing sentences that were synthesized before.

    Single sentences are stored in the bucket only if `is_costly(voice)`, that is, if synthesizing one costs more.
    """

    def __init__(
        self, speaker: ScriptSpeaker, bucket: Callable[[str], Memory], *, is_costly: Callable[[str], bool]
    ) -> None:
        self._speaker = speaker
        self._is_costly = cache(is_costly)
        # One cache per recent tenant, so that a tenant's sentences are never reused for another.
        self._tenant = lru_cache(_TENANTS)(lambda tenant: _TenantMemory(bucket(tenant)))

    def speak(self, script: Script, *, tenant: str, time_left: Callable[[], float]) -> SpokenItem:
        """Synthesize a script of one line."""
        known = self._tenant(tenant)
        before = known.bucket.traffic
        memory: Memory = known.all if self._is_costly(script.lines[0].voice) else known.near
        file, sentences = self._speaker.speak_from_memory(script, time_left=time_left, memory=memory)
        traffic = known.bucket.traffic - before
        return SpokenItem(file=file, spoken=sentences.spoken, reused=sentences.reused, traffic=traffic)

    def speak_pack(
        self, key: str, sentences: Sequence[Item], *, tenant: str, time_left: Callable[[], float]
    ) -> SpokenPack:
        """Synthesize sentences that several items share, and store them as a pack, unless it exists.

        A sentence that cannot be synthesized alone is left out.
        """
        known = self._tenant(tenant)
        before, spoken = known.bucket.traffic, 0
        if not known.load(key):
            recording = RecordingMemory(known.near)
            used = []
            for sentence in sentences:
                script, planned = sentence.script, sentence
                with suppress(InvalidInput):
                    file, counts = self._speaker.speak_from_memory(script, time_left=time_left, memory=recording)
                    spoken += counts.spoken
                    planned = sentence.model_copy(update={"audio_key": audio_key(script, tenant, file.voices)})
                used.append(planned)
            key = pack_key(used)
            known.bucket.put(key, packed_entries(recording.entries))
            known.packs.add(key)
        return SpokenPack(key=key, spoken=spoken, traffic=known.bucket.traffic - before)

    def learn(self, keys: Sequence[str], *, tenant: str) -> Traffic:
        """Load the packs that exist, so that their sentences are reused; stop if the bucket is unavailable."""
        known = self._tenant(tenant)
        before = known.bucket.traffic
        with suppress(Unavailable):
            for key in keys:
                known.load(key)
        return known.bucket.traffic - before if keys else NO_TRAFFIC


def packed_entries(entries: dict[str, bytes]) -> bytes:
    """Serialize the entries of a pack: for each, its key, the length of its value in four bytes, and the value."""
    return b"".join(key.encode() + len(value).to_bytes(_LENGTH) + value for key, value in entries.items())


def unpacked_entries(body: bytes) -> list[tuple[str, bytes]]:
    """Parse the entries of a pack. Each value contains a checksum, which is verified when it is used."""
    entries, at = [], 0
    while at < len(body):
        value = at + _KEY + _LENGTH
        end = value + int.from_bytes(body[at + _KEY : value])
        entries.append((body[at : at + _KEY].decode("ascii", "replace"), body[value:end]))
        at = end
    return entries
