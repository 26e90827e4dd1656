"""Validate and normalize texts, and count offsets in them."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from herald.errors import InvalidText, NothingToSpeak, SsmlNotSupported
from herald.speech.ssml.document import begins_ssml

if TYPE_CHECKING:
    from herald.speech.lexicons.lexicon import Lexicon

_LINE_BREAKS_AND_TABS = frozenset("\t\n\r\x0b\x0c\x85")
_NO_BREAKS = dict.fromkeys(map(ord, _LINE_BREAKS_AND_TABS), " ")

_ELEMENTS = "(?:speak|voice|prosody|say-as|phoneme|emphasis|break)"
_SSML_TAG = re.compile(rf"</{_ELEMENTS}\s*>|<{_ELEMENTS}\s+[a-z:]+\s*=[^<>]*>|<break\s*/>", re.IGNORECASE)
"""Tags that occur only in SSML. "a < b", "<3", "press <break>" and HTML's <p> are plain text."""
PROBE = "."
"""Text with which clients such as Home Assistant's openai_tts check an address and a key. It is silent."""
MOST_MARKS = 30
"""Maximum consecutive combining marks, as in the Stream-Safe Text Format (UAX #15, section 12.1). Normalization of a
run of marks takes quadratic time (insertion sort); natural languages stay far below the limit."""


def speakable(text: str, lexicons: Sequence["Lexicon"] = (), language: str | None = None) -> str:
    """Return the text in NFC, so that equivalent spellings sound the same.

    Raise InvalidText as `valid` does, and NothingToSpeak for a text without a letter or digit, unless it is PROBE or
    has signs that are in one of the lexicons for the language (None: in any lexicon).
    """
    composed = valid(text)
    if composed.strip() != PROBE and not _has_words(composed, lexicons, language):
        raise NothingToSpeak("Nothing to speak: the text contains no letter or digit.", param="input")
    return composed


def valid(text: str) -> str:
    """Return the text in NFC, even if it has nothing to speak.

    Raise InvalidText for control characters, unpaired surrogates, noncharacters and more than MOST_MARKS consecutive
    combining marks. The message does not contain the text.
    """
    # Printable text is valid; only other text is checked character by character.
    bad = (
        None
        if text.isprintable() or text.translate(_NO_BREAKS).isprintable()
        else next((at for at, one in enumerate(text) if _unspeakable(one)), None)
    )
    if bad is not None:
        raise InvalidText(
            f"Character {bad + 1} is U+{ord(text[bad]):04X}, which is not allowed in text. Remove it.", param="input"
        )
    _check_marks(text)
    return unicodedata.normalize("NFC", text)


def _has_words(text: str, lexicons: Sequence["Lexicon"], language: str | None) -> bool:
    if any(character.isalnum() for character in text):
        return True
    if not lexicons:
        return False
    from herald.speech.lexicons.lexicon import find_words  # noqa: PLC0415  2 ms, and few texts have a lexicon

    matches = (match for one in lexicons for match in find_words(text, [one], language or one.language or "en"))
    return next(matches, None) is not None


def _check_marks(text: str) -> None:
    if text.isascii():
        return
    marks = 0
    for at, character in enumerate(text, 1):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MOST_MARKS:
            raise InvalidText(
                f"More than {MOST_MARKS} consecutive combining marks, up to character {at}. Remove some of them.",
                param="input",
            )


def refuse_stray_ssml(text: str) -> None:
    """Raise SsmlNotSupported for a text with SSML tags that is not an SSML document."""
    if "<" in text and (begins_ssml(text) or _SSML_TAG.search(text)):
        raise SsmlNotSupported(
            "The text has SSML tags, but is not an SSML document. Write <speak>...</speak> around all of it, remove "
            "the tags, or send input_type 'text' to read them as text.",
            param="input",
        )


def usual_format(text: str) -> Literal["ssml", "plain"]:
    """Return ssml for a document, else plain; raise SsmlNotSupported for other texts with SSML tags."""
    if begins_ssml(text):
        return "ssml"
    refuse_stray_ssml(text)
    return "plain"


def _unspeakable(character: str) -> bool:
    if character in _LINE_BREAKS_AND_TABS:
        return False
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004  Unicode 16.0, section 23.7
    return noncharacter or unicodedata.category(character) in {"Cc", "Cs"}


type Offsets = Literal["characters", "utf16"]

_LAST_OF_ONE_UNIT = "\uffff"


def offsets_of(text: str, unit: Offsets) -> Sequence[int]:
    """Return the offset of each character of a text, and of its end, in a unit."""
    if unit == "characters" or not text or max(text) <= _LAST_OF_ONE_UNIT:
        return range(len(text) + 1)
    return [*accumulate((2 if one > _LAST_OF_ONE_UNIT else 1 for one in text), initial=0)]
