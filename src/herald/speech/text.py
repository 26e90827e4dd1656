"""Checks that a text can be spoken."""

import unicodedata

from herald.errors import InvalidText, NothingToSpeak

_LINE_BREAKS_AND_TABS = frozenset("\t\n\r\x0b\x0c\x85")


def speakable(text: str) -> str:
    """The text in Unicode's composed form (NFC), as it goes to the voice: equal writings sound equal.

    InvalidText for control characters, unpaired surrogates and code points that are no characters; NothingToSpeak for a
    text without any letter or digit. Neither repeats the text.
    """
    bad = next((at for at, character in enumerate(text) if _unspeakable(character)), None)
    if bad is not None:
        raise InvalidText(
            f"Character {bad + 1} is U+{ord(text[bad]):04X}, which is no text. Remove it and try again.", param="input"
        )
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
