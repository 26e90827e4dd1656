"""Search a pronouncing dictionary in a sorted, memory-mapped text file."""

import mmap
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

type Readings = Mapping[str, str]
"""The phonemes of a word by its part of speech; the key "" applies to all other parts of speech."""

LEXICON = "lexicon.txt"
"""File name of the lexicon in the folder of a voice."""
_MAX_CACHED_WORDS = 4096
_MODEL_PHONEMES = str.maketrans("ɾʔ", "Tt")
"""Phonemes of misaki's dictionaries for which the models use another letter."""


class Dictionary:
    """A dictionary of pronunciations. Each line has a word, a tab, and its readings, separated by "|".

    A reading for a part of speech is written as "NOUN=phonemes". Opening takes no time: the file is mapped, and each
    search reads about twenty lines.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.find = lru_cache(_MAX_CACHED_WORDS)(self._find)

    def _find(self, word: str) -> Readings | None:
        wanted = word.encode() + b"\t"
        low, high = 0, len(self._lines)
        while low < high:
            start = self._lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._lines.find(b"\n", start) + 1
            line = self._lines[start:end]
            if line.startswith(wanted):
                readings = line[len(wanted) :].decode().rstrip("\n").split("|")
                return {tag: phonemes for tag, _, phonemes in (one.rpartition("=") for one in readings)}
            if line < wanted:
                low = end
            else:
                high = start
        return None


def write_lexicon(path: Path, readings: Mapping[str, Readings]) -> None:
    """Write the file of a Dictionary; omit words with characters of its syntax."""
    lines = {
        word.encode() + b"\t": "|".join(f"{tag}={sound}" if tag else sound for tag, sound in found.items()).encode()
        for word, found in readings.items()
        if not set(word) & set("\t\n")
    }
    path.write_bytes(b"".join(word + lines[word] + b"\n" for word in sorted(lines)))


def merge(dictionaries: list[Path]) -> dict[str, Readings]:
    """Merge misaki's dictionaries; later ones take precedence. Some words have several readings."""
    import gzip  # noqa: PLC0415  only voices are prepared with it
    import json  # noqa: PLC0415

    words: dict[str, Any] = {}
    for dictionary in dictionaries:
        with gzip.open(dictionary, "rt", encoding="utf-8") as file:
            words |= json.load(file)
    readings = {word: found if isinstance(found, dict) else {"DEFAULT": found} for word, found in words.items()}
    return {
        word: {
            "" if kind == "DEFAULT" else kind: sound.translate(_MODEL_PHONEMES)
            for kind, sound in found.items()
            if sound
        }
        for word, found in readings.items()
    }
