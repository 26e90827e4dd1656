"""Find models in local folders, and download them on first use.

A model is a folder with the voice's name: its files, and voice.json with the checksum of each.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from gpu.engines import ENGINES
from herald.errors import EngineNotInstalled, UnknownVoice, VoiceNotFetched, VoiceNotPrepared
from herald.speech.voices.catalog import CARD, CARDS, VoiceInfo, prepared_info, read_card
from herald.speech.voices.folders import atomic_folder, verify

type Fetch = Callable[[str, Path], bool]
"""Download the file "voice/name" to a path; return whether it exists. Raise VoiceNotFetched on failure."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
"""Valid name of a voice or file; excludes path traversal."""


class Store:
    """The available models. Thread-safe."""

    def __init__(self, folders: Sequence[Path], *, cache: Path, fetch: Fetch | None) -> None:
        """Search `folders`, then `cache`; download missing models to `cache` with `fetch`."""
        self._folders = [*folders, cache]
        self._cache = cache
        self._fetch = fetch
        self._fetching: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def find(self, voice: str) -> VoiceInfo:
        """Return a voice with its files on this machine; raise UnknownVoice, VoiceNotPrepared or EngineNotInstalled."""
        if not _NAME.fullmatch(voice):
            raise UnknownVoice("Unknown voice.", param="voice")
        info = self._find_local(voice) or self._download(voice)
        if info is None and (CARDS / voice / CARD).is_file():
            raise VoiceNotPrepared(
                f"The model of the voice {voice} is neither in a model folder nor at the source of models. "
                "Pack it (gpu/README.md), or set --source."
            )
        if info is None:
            raise UnknownVoice("Unknown voice.", param="voice")
        if info.engine not in ENGINES:
            raise EngineNotInstalled(f"The voice {voice} needs the engine '{info.engine}', which is not installed.")
        return info

    def _find_local(self, voice: str) -> VoiceInfo | None:
        found = next((folder / voice for folder in self._folders if (folder / voice / CARD).is_file()), None)
        return prepared_info(found) if found else None

    def _download(self, voice: str) -> VoiceInfo | None:
        if self._fetch is None:
            return None
        with self._fetching[voice]:
            return self._find_local(voice) or self._download_model(voice, self._fetch)

    def _download_model(self, voice: str, fetch: Fetch) -> VoiceInfo | None:
        with atomic_folder(self._cache / voice) as made:
            if not fetch(f"{voice}/{CARD}", made / CARD):
                return None
            for name in read_card(made).get("checksums", {}):
                if not (_NAME.fullmatch(name) and fetch(f"{voice}/{name}", made / name)):
                    raise VoiceNotFetched(f"The model of the voice {voice} is incomplete: {name[:100]} is missing.")
            verify(made)
        return self._find_local(voice)


def size_of(info: VoiceInfo) -> int:
    """Return the total bytes of a model's files, which is about its memory usage."""
    return sum(file.stat().st_size for file in info.path.iterdir() if file.is_file())
