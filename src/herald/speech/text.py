"""Checks that a text can be spoken."""

import re
import unicodedata

from herald.errors import InvalidText, NothingToSpeak, SsmlNotSupported

_LINE_BREAKS_AND_TABS = frozenset("\t\n\r\x0b\x0c\x85")

_SSML = re.compile(r"[\s\ufeff]*(<\?xml|<!doctype|</?speak\b)", re.IGNORECASE)
"""How a document in SSML (W3C, version 1.1) begins."""


def speakable(text: str) -> str:
    """The text in Unicode's composed form (NFC), as it goes to the voice: equal writings sound equal.

    InvalidText for control characters, unpaired surrogates and code points that are no characters; NothingToSpeak for a
    text without any letter or digit; SsmlNotSupported. None repeats the text.
    """
    # What can be printed can be spoken; most texts are told by that, and need no look at each character.
    bad = None if text.isprintable() else next((at for at, one in enumerate(text) if _unspeakable(one)), None)
    if bad is not None:
        raise InvalidText(
            f"Character {bad + 1} is U+{ord(text[bad]):04X}, which is no text. Remove it and try again.", param="input"
        )
    if _SSML.match(text):
        raise SsmlNotSupported("SSML is not spoken yet. Send the text without its tags.", param="input")
    composed = unicodedata.normalize("NFC", text)
    if not any(character.isalnum() for character in composed):
        raise NothingToSpeak("There is nothing to speak: the text has no letter and no digit.", param="input")
    return composed


def _unspeakable(character: str) -> bool:
    if character in _LINE_BREAKS_AND_TABS:
        return False
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004  Unicode 16.0, section 23.7
    return noncharacter or unicodedata.category(character) in {"Cc", "Cs"}
