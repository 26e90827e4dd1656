"""The catalogue of published Piper voices, or a mirror of it."""

import difflib
import json
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from herald.errors import UnknownVoice, VoiceNotFetched
from herald.speech.voices.download import Download, read

PIPER_VOICES = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
"""Base address of the catalogue, voices.json, and of its files."""
MODEL_CARD = "MODEL_CARD"
LISTED = "'herald voices add --list' lists all voices."

_LARGEST_CATALOGUE = 8 << 20
"""Maximum size in bytes; the real one has 250,000."""
_LARGEST_FILE = 1 << 31
"""Maximum size of an ONNX file in bytes."""
_PART = re.compile(r"[^./\\][^/\\]*")
"""A path component other than ".." and hidden names."""
_MD5 = re.compile(r"[0-9a-f]{32}")
_SUGGESTIONS = 5


@dataclass(frozen=True, kw_only=True)
class CatalogVoice:
    """A voice of the published catalogue."""

    key: str
    language: str
    quality: str
    speakers: int
    aliases: tuple[str, ...]
    """Former names."""
    config: Download
    model: Download
    card: Download | None
    """The model card, which states the licence."""

    @property
    def size(self) -> int:
        """Download size in bytes."""
        return self.config.size + self.model.size

    def matches(self, text: str) -> bool:
        """Return whether a name or the language contains `text`."""
        return any(text.casefold() in one.casefold() for one in (self.key, self.language, *self.aliases))


class Published:
    """A catalogue, downloaded on first use; its methods raise VoiceNotFetched on failure."""

    def __init__(self, base: str = PIPER_VOICES) -> None:
        """`base` is the address of the folder that contains voices.json."""
        self._base = _checked(base.removesuffix("/voices.json").rstrip("/"))

    @cached_property
    def voices(self) -> dict[str, CatalogVoice]:
        """The voices by key, sorted, without invalid entries."""
        found = {}
        for key, entry in sorted(self._entries.items()):
            with suppress(VoiceNotFetched):
                found[key] = self._voice(key, entry)
        return found

    def find(self, name: str) -> CatalogVoice:
        """Return the voice with that key or alias; raise UnknownVoice, with similar names."""
        name = unicodedata.normalize("NFC", name)
        if name in self._entries:
            return self._voice(name, self._entries[name])
        for voice in self.voices.values():
            if name in voice.aliases:
                return voice
        similar = [key for key, voice in self.voices.items() if name and voice.matches(name)]
        similar = similar or difflib.get_close_matches(name, self.voices, n=_SUGGESTIONS)
        hint = f" Did you mean {', '.join(similar[:_SUGGESTIONS])}?" if similar else ""
        raise UnknownVoice(f"There is no published voice '{name}'.{hint} {LISTED}", param="voice")

    def search(self, text: str) -> list[CatalogVoice]:
        """Return the voices with `text` in a name or language; raise UnknownVoice if there are none."""
        found = [voice for voice in self.voices.values() if voice.matches(text)]
        if not found:
            raise UnknownVoice(f"No published voice matches '{text}'. {LISTED}")
        return found

    @cached_property
    def _entries(self) -> dict[str, Any]:
        url = f"{self._base}/voices.json"
        try:
            entries = json.loads(read(url, limit=_LARGEST_CATALOGUE))
        except (ValueError, RecursionError):
            raise VoiceNotFetched(f"{url} is not a catalogue of voices: it is not JSON.") from None
        if not isinstance(entries, dict):
            raise VoiceNotFetched(f"{url} is not a catalogue of voices: it is not a JSON object.")
        return {unicodedata.normalize("NFC", key): entry for key, entry in entries.items()}

    def _voice(self, key: str, entry: Any) -> CatalogVoice:  # noqa: ANN401  any JSON
        try:
            files = {}
            for path, about in entry["files"].items():
                kind = next((ending for ending in (".onnx", ".onnx.json", MODEL_CARD) if path.endswith(ending)), path)
                files[kind] = self._file(path, about)
            return CatalogVoice(
                key=_part(key),
                language=_language(entry["language"]),
                quality=_text(entry.get("quality", "unknown")),
                speakers=_number(entry.get("num_speakers", 1)),
                aliases=tuple(map(str, entry.get("aliases", ()))),
                config=files[".onnx.json"],
                model=files[".onnx"],
                card=files.get(MODEL_CARD),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise VoiceNotFetched(
                f"The entry {key!r:.80} of {self._base}/voices.json is invalid: {error!s:.200}."
            ) from error

    def _file(self, path: str, about: dict[str, Any]) -> Download:
        for part in path.split("/"):
            _part(part)
        if not _MD5.fullmatch(about["md5_digest"]):
            raise ValueError(f"the checksum of {path}")
        return Download(url=f"{self._base}/{quote(path)}", size=_number(about["size_bytes"]), md5=about["md5_digest"])


def _checked(base: str) -> str:
    try:
        parts = urlsplit(base)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise VoiceNotFetched(
            f"'{base}' is not a valid address of a catalogue; it must begin with https:// or http://."
        )
    return base


def _part(name: str) -> str:
    if not _PART.fullmatch(_text(name)):
        raise ValueError(f"the name {name!r:.80}")
    return name


def _text(value: object) -> str:
    if not (isinstance(value, str) and value.isprintable()):
        raise ValueError(f"the text {value!r:.80}")
    return value


def _number(value: object) -> int:
    if not (isinstance(value, int) and 0 < value <= _LARGEST_FILE):
        raise ValueError(f"the number {value!r:.80}")
    return value


def _language(language: dict[str, Any]) -> str:
    name, country = _text(language.get("name_english", "")), _text(language.get("country_english", ""))
    return f"{name} ({country})" if name and country else name or _text(language["code"])
