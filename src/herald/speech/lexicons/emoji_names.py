"""The names of emoji as a lexicon: herald:emoji, for requests that want them spoken. Without it, they are silent."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256

from herald.speech.lexicons.lexicon import Entry, Lexicon, Tree

EMOJI = "herald:emoji"
"""Its name in requests. No lexicon of a tenant can have it, as those names have no colon."""
EMOJI_LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
"""Those that the front end reads; herald.speech.reading."""
EMOJI_VERSION = "2.16"
"""Release of the package `emoji`, whose names are those of Unicode's CLDR. It is part of the keys of files."""
_ORNAMENTS = (range(0x2190, 0x2C00), range(0x1F000, 0x1FB00))
"""Blocks of arrows, signs and pictographs. Those that are no emoji have names in English only."""


@dataclass(frozen=True)
class EmojiNames(Lexicon):
    """The names of emoji in one language. They are loaded when a text is searched for them: 0.2 s once per process."""

    entries: tuple[Entry, ...] = ()
    """Always empty: `tree` has the names."""

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the language and the version of the names, in hexadecimal."""
        return sha256(f"{EMOJI} {self.language} {EMOJI_VERSION}".encode()).hexdigest()

    @cached_property
    def tree(self) -> Tree:
        """The names by the characters of their emoji."""
        return _names(self.language or "en").tree


@cache
def _names(language: str) -> Lexicon:
    """Return each emoji of the package with its name in a language; in English, other pictographs too."""
    import emoji  # noqa: PLC0415  0.2 s

    emoji.config.load_language(language)
    # Not every new emoji has a name in every language.
    names = {one: data[language] for one, data in emoji.EMOJI_DATA.items() if language in data}
    if language == "en":
        every = (chr(code) for block in _ORNAMENTS for code in block)
        others = {one: unicodedata.name(one, "").lower() for one in every if unicodedata.category(one) == "So"}
        names = others | names
    entries = ((one, " ".join(re.sub(r"[:_“”()]", " ", name).split())) for one, name in names.items())
    return Lexicon(tuple(Entry(one, alias=name, exact=True) for one, name in entries if name), language)


@cache
def emoji_names() -> tuple[EmojiNames, ...]:
    """Return the lexicon of each language."""
    return tuple(EmojiNames(language=language) for language in EMOJI_LANGUAGES)
