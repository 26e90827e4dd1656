"""Where models are: folders of this machine, and what is fetched into one of them when it is first asked for.

A model is a folder of the voice's name: voice.json, which names the checksum of each other file, and those files.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from gpu.engines import ENGINES
from herald.errors import EngineNotInstalled, UnknownVoice, VoiceNotFetched, VoiceNotPrepared
from herald.speech.voices.catalog import CARD, CARDS, VoiceInfo, prepared_info, read_card
from herald.speech.voices.folders import making, verify

type Fetch = Callable[[str, Path], bool]
"""Fetch the file "voice/name" as a path; whether there is such a file. VoiceNotFetched where it cannot be had."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
"""Of a voice or a file: no path leads out of its folder."""


class Store:
    """The models that can be loaded. Several threads may ask at once."""

    def __init__(self, folders: Sequence[Path], *, cache: Path, fetch: Fetch | None) -> None:
        """Look into `folders`, then into `cache`, into which `fetch` brings what is in neither."""
        self._folders = [*folders, cache]
        self._cache = cache
        self._fetch = fetch
        self._fetching: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def find(self, voice: str) -> VoiceInfo:
        """What a voice is, its files being here; UnknownVoice, or EngineNotInstalled for an engine that is not here."""
        if not _NAME.fullmatch(voice):
            raise UnknownVoice("There is no voice of that name.", param="voice")
        info = self._here(voice) or self._fetched(voice)
        if info is None and (CARDS / voice / CARD).is_file():
            raise VoiceNotPrepared(
                f"The model of the voice {voice} is in no model folder, nor where models are fetched."
            )
        if info is None:
            raise UnknownVoice("There is no voice of that name.", param="voice")
        if info.engine not in ENGINES:
            raise EngineNotInstalled(f"The voice {voice} needs the engine '{info.engine}', which is not installed.")
        return info

    def _here(self, voice: str) -> VoiceInfo | None:
        found = next((folder / voice for folder in self._folders if (folder / voice / CARD).is_file()), None)
        return prepared_info(found) if found else None

    def _fetched(self, voice: str) -> VoiceInfo | None:
        if self._fetch is None:
            return None
        with self._fetching[voice]:
            return self._here(voice) or self._fetch_model(voice, self._fetch)

    def _fetch_model(self, voice: str, fetch: Fetch) -> VoiceInfo | None:
        with making(self._cache / voice) as made:
            if not fetch(f"{voice}/{CARD}", made / CARD):
                return None
            for name in read_card(made).get("checksums", {}):
                if not (_NAME.fullmatch(name) and fetch(f"{voice}/{name}", made / name)):
                    raise VoiceNotFetched(f"The model of the voice {voice} is not whole: {name[:100]} is missing.")
            verify(made)
        return self._here(voice)


def size_of(info: VoiceInfo) -> int:
    """Bytes of a model's files, which is about what they take in memory."""
    return sum(file.stat().st_size for file in info.path.iterdir() if file.is_file())
