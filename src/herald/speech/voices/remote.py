"""Voices that are published for a deployment: known from an index, and fetched when they are first spoken."""

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
from herald.speech.voices.folders import making, sha256_of

MOST_BYTES = 400_000_000
"""Bytes of fetched voices that a function keeps at once, and so the most that one voice may have. Lambda's /tmp has
512 MiB, and SnapStart allows no more."""
FRESH = 60.0
"""Seconds for which what the index says is taken to be still true."""
MISS = 1.0
"""Seconds after which the index is read again for a voice that is not in it."""
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
"""Of a voice or of one of its files: no path leads out of its folder."""
_PUBLISH_AGAIN = "Publish the voice again: herald voices publish"


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file of a published voice."""

    size: int
    """Bytes."""
    sha256: str
    """In hex."""


@dataclass(frozen=True, kw_only=True)
class RemoteVoice:
    """A published voice. Its `info` has no path on this machine until the voice is fetched."""

    info: VoiceInfo
    files: Mapping[str, RemoteFile]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


class VoiceGone(Exception):
    """A file of a published voice is missing: the voice was replaced or removed after the index was read."""


class VoiceSource(Protocol):
    """Where published voices are: herald.aws has the real one. Unavailable where it does not answer now."""

    def index(self) -> Mapping[str, RemoteVoice]:
        """Return the voices that are published now, by their ids."""
        ...

    def fetch(self, voice: RemoteVoice, name: str, path: Path) -> None:
        """Write a file of a voice to `path`. VoiceGone where it is missing."""
        ...


class RemoteCatalog(Catalog):
    """The voices of this machine and those published for the deployment; several threads may use it.

    A voice of this machine wins over a published one of the same id.
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
        """Fetch voices into `cache`, at most `most_bytes` of them: the least recently used make room for others."""
        super().__init__(folders)
        self._index = _Index(source, clock)
        self._source = source
        self._cache = cache
        self._most_bytes = most_bytes
        # Those of an earlier process of the same environment take space too.
        self._here = OrderedDict((card.parent, _size(card.parent)) for card in sorted(cache.glob(f"*/*/{CARD}")))
        self._changing = Lock()
        self._fetching: defaultdict[str, Lock] = defaultdict(Lock)
        self._all = _All(self.local, self._index)

    @property
    def voices(self) -> Mapping[str, VoiceInfo]:
        """All voices by their ids. Only a voice that is not on this machine needs the index."""
        return self._all

    def ready(self, voice: str) -> VoiceInfo:
        """Return a voice whose files are on this machine, fetched now if need be.

        UnknownVoice where there is none; VoiceNotFetched where it is too large, or not the files that were published.
        """
        if voice in self.local:
            return self.local[voice]
        with self._fetching[voice]:
            for max_age in (FRESH, 0.0):  # an older index may lack a voice, or name files that were replaced
                remote = self._index.read(max_age=max_age, for_voice=voice).get(voice)
                with suppress(VoiceGone):
                    if remote:
                        return self._fetched(remote)
        if remote:
            raise VoiceNotFetched(f"Files of the voice {voice} are missing. {_PUBLISH_AGAIN} {voice}")
        raise UnknownVoice("There is no voice of that name.", param="voice")

    def _fetched(self, voice: RemoteVoice) -> VoiceInfo:
        folder = self._cache / voice.info.checksum / voice.info.id
        if folder.is_dir():
            with self._changing:
                self._here[folder] = voice.size
                self._here.move_to_end(folder)
        else:
            self._make_room(voice)
            self._fetch(voice, folder)
        return voice.info.at(folder)

    def _make_room(self, voice: RemoteVoice) -> None:
        if voice.size > self._most_bytes:
            raise VoiceNotFetched(
                f"The voice {voice.info.id} has {voice.size:,} bytes; functions have room for {self._most_bytes:,}."
            )
        while True:
            with self._changing:
                if sum(self._here.values()) + voice.size <= self._most_bytes:
                    return
                oldest, _ = self._here.popitem(last=False)
            self.removed(oldest)
            shutil.rmtree(oldest.parent, ignore_errors=True)

    def _fetch(self, voice: RemoteVoice, folder: Path) -> None:
        with making(folder, replace=False) as made:
            for name, file in voice.files.items():
                self._source.fetch(voice, name, made / name)
                if sha256_of(made / name) != file.sha256:
                    raise VoiceNotFetched(
                        f"{name} of the voice {voice.info.id} is not the file that was published. "
                        f"{_PUBLISH_AGAIN} {voice.info.id}"
                    )
        with self._changing:
            self._here[folder] = voice.size


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


class _Index:
    """The index of published voices, read again when it may have changed."""

    def __init__(self, source: VoiceSource, clock: Callable[[], float]) -> None:
        self._source = source
        self._clock = clock
        self._lock = Lock()
        self._voices: Mapping[str, RemoteVoice] = {}
        self._read_at: float | None = None

    def read(self, *, max_age: float = FRESH, for_voice: str | None = None) -> Mapping[str, RemoteVoice]:
        """Return the voices of an index that is at most `max_age` seconds old.

        Where it cannot be read now, an older one does, unless it lacks `for_voice`; else Unavailable.
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
    """The voices of this machine, then those of the index."""

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
