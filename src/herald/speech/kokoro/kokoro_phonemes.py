"""Convert text to phonemes for Kokoro, in every language that needs no dictionary of its own.

American English uses misaki's lexicon, as in Kokoro's training, and other European languages and Hindi espeak-ng,
through herald.speech.phonemes and its lock.
"""

import re
import unicodedata
from pathlib import Path

from herald.errors import InvalidRequest
from herald.speech.kokoro.kokoro_languages import JAPANESE, LANGUAGES, language_of
from herald.speech.phonemes import Phonemes

_ELLIPSIS = re.compile(r"(?:\.{2,}|…)+")
_ESPEAK_VOICES = {"en": "en-gb-x-rp", "es": "es", "fr": "fr", "hi": "hi", "it": "it", "pt": "pt-br"}
_AFFRICATES = {"tʃ": "ʧ", "dʒ": "ʤ", "ts": "ʦ", "dz": "ʣ"}
"""Sounds that Kokoro's training wrote with one letter."""
_AFFRICATE = re.compile("|".join(_AFFRICATES))


def phonemize(text: str, language: str | None, *, speaker: str = "", lexicon: Path | None = None) -> str:
    """Return the phonemes of a text in the language of `language_of`; raise InvalidRequest for Japanese and others."""
    primary, _, region = language_of(text, language, speaker).lower().partition("-")
    if primary == "en" and not region.endswith("gb") and lexicon:
        reader = Phonemes(kind="misaki", espeak_voice="en-us", ids={}, folder=lexicon.parent)
        return " ".join("".join(sentence) for sentence in reader.sentences(text))
    espeak_voice = "en-us" if primary == "en" and not region.endswith("gb") else _ESPEAK_VOICES.get(primary)
    if espeak_voice:
        sounds = _espeak(text, espeak_voice)
        return sounds if primary == "en" else _AFFRICATE.sub(lambda found: _AFFRICATES[found[0]], sounds)
    supported = ", ".join(sorted({*LANGUAGES.values()} - {JAPANESE}))
    raise InvalidRequest(
        f"This voice supports {supported}, and Japanese on the GPU.", param="language", code="unsupported_language"
    )


def _espeak(text: str, espeak_voice: str) -> str:
    """Return phonemes with punctuation; keep ellipses, which espeak-ng drops with the following space."""
    reader = Phonemes(kind="espeak", espeak_voice=espeak_voice, ids={})
    parts = [reader.sentences(part) if part.strip() else [] for part in _ELLIPSIS.split(text)]
    spoken = "… ".join(" ".join("".join(sentence) for sentence in part) for part in parts)
    return unicodedata.normalize("NFC", spoken)
