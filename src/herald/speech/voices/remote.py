"""Voices published for a deployment: listed in an index, and downloaded on first use."""

import re
import shutil
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

from herald.errors import Unavailable, UnknownVoice, VoiceNotFetched
from herald.speech.voices.catalog import CARD, Catalog, VoiceInfo
from herald.speech.voices.folders import TEMPORARY_PREFIX, atomic_folder, sha256_of

MOST_BYTES = 400_000_000
"""Maximum bytes of downloaded voices per function, and so of a single voice. Lambda's /tmp has 512 MiB, the maximum
with SnapStart."""
FRESH = 60.0
"""Seconds for which the index is cached."""
MISS = 1.0
"""Minimum seconds between reads of the index for voices that are not in it."""
ABANDONED = 1_200.0
"""Seconds after which a download belongs to a process that died: functions run for at most 15 minutes."""
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
"""Valid name of a voice or of one of its files; excludes path traversal."""
_PUBLISH_AGAIN = "Publish the voice again: herald voices publish"


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file of a published voice."""

    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal."""


@dataclass(frozen=True, kw_only=True)
class RemoteVoice:
    """A published voice. The path in `info` is meaningless until the voice is downloaded."""

    info: VoiceInfo
    files: Mapping[str, RemoteFile]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


class VoiceGone(Exception):
    """A file of a published voice is missing: the voice was replaced or removed after the index was read."""


class VoiceSource(Protocol):
    """Storage of published voices, implemented in herald.aws. Methods raise Unavailable on temporary failure."""

    def index(self) -> Mapping[str, RemoteVoice]:
        """Return the published voices by id."""
        ...

    def fetch(self, voice: RemoteVoice, name: str, path: Path) -> None:
        """Download a file of a voice to `path`; raise VoiceGone if it is missing."""
        ...


class RemoteCatalog(Catalog):
    """The voices of this machine and those published for the deployment. Thread-safe.

    A voice of this machine takes precedence over a published one with the same id.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        source: VoiceSource,
        cache: Path,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Download voices to `cache`; evict the least recently used ones above `most_bytes`."""
        super().__init__(folders)
        self._index = _Index(source, clock)
        self._source = source
        self._cache = cache
        self._most_bytes = most_bytes
        # Include the voices of an earlier process in the same execution environment.
        self._downloaded = OrderedDict((card.parent, _size(card.parent)) for card in sorted(cache.glob(f"*/*/{CARD}")))
        self._changing = Lock()
        self._fetching: defaultdict[str, Lock] = defaultdict(Lock)
        self._all = _All(self.local, self._index)

    @property
    def voices(self) -> Mapping[str, VoiceInfo]:
        """All voices by id. The index is read only for voices that are not on this machine."""
        return self._all

    def ready(self, voice: str) -> VoiceInfo:
        """Return a voice with its files on this machine; download it if necessary.

        Raise UnknownVoice, or VoiceNotFetched if the voice is too large or its files do not match the index.
        """
        if voice in self.local and not self.local[voice].needs_gpu:  # for those, this machine has only the card
            return self.local[voice]
        with self._fetching[voice]:
            for max_age in (FRESH, 0.0):  # a cached index may lack the voice, or list replaced files
                remote = self._index.read(max_age=max_age, for_voice=voice).get(voice)
                with suppress(VoiceGone):
                    if remote:
                        return self._fetched(remote)
        if remote:
            raise VoiceNotFetched(f"Files of the voice {voice} are missing. {_PUBLISH_AGAIN} {voice}")
        raise UnknownVoice("Unknown voice.", param="voice")

    def _fetched(self, voice: RemoteVoice) -> VoiceInfo:
        folder = self._cache / voice.info.checksum / voice.info.id
        if folder.is_dir():
            with self._changing:
                self._downloaded[folder] = voice.size
                self._downloaded.move_to_end(folder)
        else:
            self._make_room(voice)
            self._fetch(voice, folder)
        return voice.info.at(folder)

    def _make_room(self, voice: RemoteVoice) -> None:
        if voice.size > self._most_bytes:
            raise VoiceNotFetched(
                f"The voice {voice.info.id} has {voice.size:,} bytes; the limit is {self._most_bytes:,}."
            )
        # /tmp still has the temporary folders of earlier processes.
        for leftover in self._cache.glob(f"*/{TEMPORARY_PREFIX}*"):
            with suppress(FileNotFoundError):  # another process has just finished it
                if time.time() - leftover.stat().st_mtime > ABANDONED:
                    shutil.rmtree(leftover, ignore_errors=True)
        while True:
            with self._changing:
                if sum(self._downloaded.values()) + voice.size <= self._most_bytes:
                    return
                oldest, _ = self._downloaded.popitem(last=False)
            self.removed(oldest)
            shutil.rmtree(oldest.parent, ignore_errors=True)

    def _fetch(self, voice: RemoteVoice, folder: Path) -> None:
        with atomic_folder(folder, replace=False) as made:
            for name, file in voice.files.items():
                self._source.fetch(voice, name, made / name)
                if sha256_of(made / name) != file.sha256:
                    raise VoiceNotFetched(
                        f"{name} of the voice {voice.info.id} does not have the published checksum. "
                        f"{_PUBLISH_AGAIN} {voice.info.id}"
                    )
        with self._changing:
            self._downloaded[folder] = voice.size


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


class _Index:
    """A cache of the index of published voices."""

    def __init__(self, source: VoiceSource, clock: Callable[[], float]) -> None:
        self._source = source
        self._clock = clock
        self._lock = Lock()
        self._voices: Mapping[str, RemoteVoice] = {}
        self._read_at: float | None = None

    def read(self, *, max_age: float = FRESH, for_voice: str | None = None) -> Mapping[str, RemoteVoice]:
        """Return the voices of an index that is at most `max_age` seconds old.

        If it cannot be read, return the cached one; raise Unavailable if there is none or if it lacks `for_voice`.
        """
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at >= max_age:
                try:
                    self._voices = self._source.index()
                    self._read_at = self._clock()
                except Unavailable:
                    if self._read_at is None or (for_voice is not None and for_voice not in self._voices):
                        raise
            return self._voices


class _All(Mapping[str, VoiceInfo]):
    """The voices of this machine and of the index, as one mapping."""

    def __init__(self, local: Mapping[str, VoiceInfo], index: _Index) -> None:
        self._local = local
        self._index = index

    def __getitem__(self, voice: str) -> VoiceInfo:
        if voice in self._local:
            return self._local[voice]
        found = self._index.read(for_voice=voice)
        if voice not in found:
            found = self._index.read(for_voice=voice, max_age=MISS)
        return found[voice].info

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({**self._local, **self._index.read()}))

    def __len__(self) -> int:
        return len({**self._local, **self._index.read()})
